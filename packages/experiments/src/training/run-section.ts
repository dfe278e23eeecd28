import { defaultPrices, formatSpec, type Ledger } from '@stillpoint/operators';
import { pricesOf } from '@stillpoint/optimizers';
import { methodFrom, specOf } from '@stillpoint/optimizers/registry';
import type { Column, Measure, Plot, Run, RunStatus, Section, Series, Snapshot } from '@stillpoint/tracking';
import { groupOf } from '../groups.js';
import { playerPlots } from '../player-plots.js';
import { claimsOf } from '../verdict/claims.js';
import { sentencesOf } from '../verdict/sentences.js';
import type { TrainConfig } from './config.js';
import type { Row } from './monitors.js';
import type { Trained } from './problem.js';
import { isMethodFile } from './method.js';

/** The column of how different the generated examples are. */
const diversity: Column = {
  name: 'diversity',
  label: 'diversity',
  better: 'higher',
  digits: 3,
  best: 1,
  bestLabel: 'real examples: 1',
};

/** The pictures of a run: what it generates, each measured number, and its players. */
function plotsOf(
  columns: readonly Column[],
  players: readonly string[],
  generates: boolean,
): readonly Plot[] {
  return [
    ...(generates ? [{ name: 'samples', title: 'what it generates', draw: 'samples' } as const] : []),
    ...columns.map(({ name, label, unit, best, bestLabel = 'best possible' }): Plot => ({
      name,
      title: `${label} against oracle calls`,
      draw: 'lines',
      panels: [{ series: name }],
      y: {
        label: unit === undefined ? label : `${label}, ${unit}`,
        scale: name === 'residual' ? 'log' : 'linear',
        zero: name !== 'residual',
      },
      dots: true,
      ...(best === undefined ? {} : { reference: { value: best, label: bestLabel } }),
    })),
    ...playerPlots(players),
  ];
}

/** What a run's report states besides the run: the section without runs, written when it begins. */
export function sectionOfRun(
  name: string,
  config: TrainConfig,
  { problem, gan, measurer, columns, warnings }: Trained,
): Section {
  const players = problem.players.map((player) => player.name);
  const shown = gan === undefined ? columns : [...columns, diversity];
  const { engine } = problem;
  return {
    title: name,
    problem: config.file ?? config.preset ?? config.data ?? problem.name,
    about: [problem.about, ...warnings].join('. Note: '),
    runs: [],
    columns: shown,
    headline: shown[0]?.name ?? 'residual',
    seeds: 1,
    players,
    prices: { ...defaultPrices(players.length), shares: pricesOf(problem).shares },
    terms: problem.terms?.count ?? 1,
    plots: plotsOf(shown, players, gan !== undefined),
    settings: {
      problem: problem.name,
      engine: `${engine.name} (${engine.version}), ${engine.threads} thread${engine.threads === 1 ? '' : 's'}`,
      budget: `${config.calls} oracle calls`,
      seed: String(config.seed),
      ...(config.initialisation === null ? {} : { initialisation: config.initialisation }),
      ...measurer?.settings,
      ...(gan === undefined
        ? {}
        : {
            diversity:
              'the variance of generated examples, summed over coordinates, as a share of that of real ones',
          }),
      'what is measured':
        'z, the point that the method recommends (of lookahead the slow point); seconds are those of the method and its oracle, without measuring',
    },
    claims: [],
    verdict: [],
  };
}

/** What is left of a run, whether it ended or not. */
export interface RunRemains {
  readonly name: string;
  readonly config: TrainConfig;
  readonly rows: readonly Row[];
  readonly pictures: readonly Snapshot[];
  readonly ledger: Ledger;
  readonly calls: number;
  readonly seconds: number;
  readonly status: RunStatus;
  readonly message: string;
  /** Its warnings and incidents, in words. */
  readonly happened: readonly string[];
}

/** Rows as series over calls. */
export function seriesOf(rows: readonly Row[]): { readonly [name: string]: Series } {
  const series: { [name: string]: { readonly x: number[]; readonly y: Measure[] } } = {};
  for (const { calls, values } of rows)
    for (const [name, value] of Object.entries(values)) {
      const one = (series[name] ??= { x: [], y: [] });
      one.x.push(calls);
      one.y.push(value);
    }
  return series;
}

/** A run as a section of a report holds it. */
export function runOf(
  { name, config, rows, pictures, ledger, calls, seconds, status, message }: RunRemains,
  columns: readonly Column[],
): Run {
  const spec = config.method ?? '';
  const known = isMethodFile(spec) ? undefined : specOf(methodFrom(spec, { lipschitz: 1 }));
  const series = seriesOf(rows);
  return {
    identity: { preset: config.preset, file: config.file, data: config.data, seed: config.seed },
    label: name,
    method: known === undefined ? spec : formatSpec(known),
    group: known === undefined ? 'methods of your own' : groupOf(known),
    seed: config.seed,
    status,
    message,
    ledger,
    calls,
    seconds,
    values: Object.fromEntries(columns.map((column) => [column.name, series[column.name]?.y.at(-1) ?? null])),
    series,
    pictures,
    claims: [],
  };
}

/** The sections of runs that are reported side by side: one for each problem. */
export function sectionsWith(
  runs: readonly { readonly section: Section; readonly remains: RunRemains }[],
): readonly Section[] {
  const problems = [...new Set(runs.map(({ section }) => section.problem))];
  return problems.map((problem): Section => {
    const group = runs.filter(({ section }) => section.problem === problem);
    const [first] = group;
    const names = new Set<string>();
    const all = group.flatMap(({ section }) => section.columns);
    const columns = all.filter(({ name }) => !names.has(name) && names.add(name));
    const plotted = new Set<string>();
    const plots = group
      .flatMap(({ section }) => section.plots)
      .filter(({ name }) => !plotted.has(name) && plotted.add(name));
    const made = group.map(({ remains }) => runOf(remains, columns));
    const base = first!.section;
    const claims = claimsOf({ runs: made, columns, headline: base.headline, seeds: 1 }).filter(
      ({ claim }) => group.length > 1 || claim !== 'few-seeds',
    );
    const happened = group.flatMap(({ remains }) =>
      remains.happened.map((words) => (group.length > 1 ? `${remains.name}: ${words}` : words)),
    );
    const settings = group.length === 1 ? base.settings : sharedSettings(group);
    return {
      ...base,
      title: group.length === 1 ? base.title : base.problem,
      runs: made,
      columns,
      plots,
      settings,
      claims,
      verdict: [...sentencesOf(claims, { problem: base.problem }), ...happened],
    };
  });
}

/** The settings of several runs: those that differ name their runs. */
function sharedSettings(
  group: readonly { readonly section: Section; readonly remains: RunRemains }[],
): Section['settings'] {
  const keys = [...new Set(group.flatMap(({ section }) => Object.keys(section.settings)))];
  return Object.fromEntries(
    keys.map((key) => {
      const values = group.map(
        ({ section, remains }) => [remains.name, section.settings[key] ?? '–'] as const,
      );
      const [first] = values;
      const same = values.every(([, value]) => value === first?.[1]);
      return [key, same ? (first?.[1] ?? '') : values.map(([name, value]) => `${name}: ${value}`).join('; ')];
    }),
  );
}
