import { defaultPrices, withLipschitz } from '@stillpoint/operators';
import type { EngineProblem } from '@stillpoint/networks';
import { hasFullOperator, lipschitzNear, probeAsync } from '@stillpoint/optimizers/drivers';
import type { Column, Plot, Section } from '@stillpoint/tracking';
import { methodsFor } from './methods-for.js';
import { contendersOf } from './contenders.js';
import { ownAuc } from './own-auc.js';
import { ownGan } from './own-gan.js';
import { measuredLosses, playerPlots } from './player-plots.js';
import { sectionOf } from './section.js';
import { keepForProblem, keptOnce, type Shared } from './trial/identity.js';
import { buildOf, sourcesOf, type Compared } from './trial/method-source.js';
import { withFiles, type ModuleSource } from './trial/module-source.js';
import { runTrials } from './trial/pool.js';
import { HELD_OUT_DRAWS } from './trial/problem-trial.js';
import type { TrialRecord } from './trial/record.js';
import { endedTrial } from './trial/trial-folder.js';
import type { ProblemTrial } from './trial/trial.js';
import { inlineWorker, placesFor, type Places } from './trial/worker.js';

/** Options of {@link compareOnProblem}. */
export interface ProblemComparison extends Places {
  readonly title: string;
  /** Specs, and methods of your own. Default: those that suit the problem, with their default step sizes. */
  readonly methods?: readonly Compared[];
  /** Runs of each method, each with a start and draws of its own. Default 1. */
  readonly seeds?: number;
  /** Budget of oracle calls of each method, or of method steps. Default 2,000 calls. */
  readonly calls?: number;
  readonly steps?: number;
  /**
   * Where a process finds the problem. If it is given, each run has a process of its own. Otherwise, and if a
   * method is an object, all runs are made one by one in this process.
   */
  readonly source?: ModuleSource;
  /**
   * A folder in which each run of a spec keeps a run directory. A run that it holds already, of the same file
   * and with the same options, is read if it has ended, and goes on bit for bit if not. Default: nothing is
   * kept. Methods of files and objects, whose code may have changed, are run again.
   */
  readonly folder?: string;
  /** Seconds between two checkpoints of a run. Default 30, more where writing takes over 1 % of it. */
  readonly checkpointSeconds?: number;
  /**
   * Called whenever a run has made progress, with the records of all runs and a function that returns the
   * section they make so far.
   */
  readonly onProgress?: (records: readonly TrialRecord<ProblemTrial>[], section: () => Section) => void;
  /** Stops the runs. The section then says which were stopped and which were never begun. */
  readonly signal?: AbortSignal;
}

/**
 * Runs methods on a problem that an engine computes, as `problemFromLosses`, `problemFromResiduals` and
 * `ganGame` make them: from the same starts, with the same draws and budget. If the problem states no L and a
 * method needs it, 2L̂ is used, estimated at the start.
 */
export async function compareOnProblem(problem: EngineProblem, options: ProblemComparison): Promise<Section> {
  const { title, methods = methodsFor(problem), seeds = 1, calls, steps, signal, onProgress } = options;
  const budget = steps === undefined ? { calls: calls ?? 2000 } : { steps };
  const file = options.source && {
    ...(await withFiles(options.source)),
    engine: problem.engine.name,
  };
  const { sources, given: own } = await sourcesOf(methods);
  const builds = await Promise.all(sources.map(async (source) => buildOf(source, own)));
  const { facts = {} } = problem;
  let needed = false;
  const read = (): number => {
    needed = true;
    return 1;
  };
  for (const build of builds) build(withLipschitz(facts, read), problem);
  const estimate = needed ? await estimated(problem) : undefined;
  const built = builds.map((build) => build(withLipschitz(facts, () => estimate ?? 1)));
  const contenders = contendersOf(built, sources);
  const inline = file === undefined || own.length > 0;
  const shared: Shared | undefined =
    options.folder === undefined
      ? undefined
      : {
          folder: options.folder,
          data: { identity: problem.identity ?? problem.name, file: file?.files ?? null },
          engine: `${problem.engine.name} (${problem.engine.version})`,
          ...(options.checkpointSeconds === undefined ? {} : { everySeconds: options.checkpointSeconds }),
        };
  const trials = Array.from({ length: seeds }, (_, s) =>
    sources.map((source, i): ProblemTrial => {
      const trial: ProblemTrial = {
        kind: 'problem',
        problem: file ?? null,
        method: typeof source === 'string' ? contenders[i]!.method : source,
        seed: s + 1,
        lipschitz: estimate ?? null,
        ...budget,
      };
      if (shared === undefined || typeof source !== 'string') return trial;
      return { ...trial, keep: keepForProblem(trial, contenders[i]!.method, title, shared) };
    }),
  )
    .flat()
    .map(keptOnce());
  const names = problem.players.map(({ name }) => name);
  const alone = names.length === 1;
  const full = hasFullOperator(problem);
  const gan = await ownGan(problem);
  const auc = ownAuc(problem);
  const columns: readonly Column[] = [
    ...(gan?.columns ?? []),
    ...(auc ? [auc.column] : []),
    ...(alone
      ? [{ name: `full loss ${names[0]!}`, label: 'loss', better: 'lower', digits: 4 } as const]
      : []),
    { name: 'residual', label: 'residual', better: 'lower', digits: 3 },
  ];
  const headline = columns[0]!.name;
  const where = full
    ? 'all data, without sampling'
    : `the mean of ${HELD_OUT_DRAWS} draws that no run trains on`;
  const made = (records: readonly TrialRecord<ProblemTrial>[]): Section => {
    const begun = records.find(({ engine: used }) => used !== '');
    return sectionOf(records, contenders, {
      title,
      problem: problem.name,
      about: aboutProblem(problem),
      players: names,
      prices: defaultPrices(names.length), // until trials report the problem's own
      terms: problem.terms?.count ?? 1,
      columns,
      headline,
      seeds,
      identity: { problem: problem.identity ?? problem.name, ...budget },
      plotsOf: () => [
        ...(gan?.plots ?? []),
        ...(auc ? [auc.plot] : []),
        ...plotsOf(
          names,
          columns.filter((column) => column !== auc?.column),
        ),
      ],
      valuesOf: (series) =>
        Object.fromEntries(columns.map(({ name }) => [name, series[name]?.y.at(-1) ?? null])),
      settings: {
        problem: [problem.name, ...(gan?.warnings ?? [])].join('. Note: '),
        budget: steps === undefined ? `${budget.calls ?? 2000} oracle calls each` : `${steps} steps each`,
        'step sizes':
          estimate === undefined
            ? 'as given, or each method’s default (“Methods, in full”)'
            : `as given, or each method’s default with L = ${short(estimate)}, twice an estimate at the start (“Methods, in full”)`,
        seeds: `1 to ${seeds}; a seed gives every method the same start and the same draws`,
        engine: begun ? `${begun.engine} (${begun.version}), float32` : 'none started',
        residual: `‖z − J(z − γF(z))‖/γ, the norm of F where there is no constraint; of ${where}`,
        ...gan?.settings,
        'what is measured':
          'z, the point that each method recommends (of lookahead the slow point); seconds are those of the method and its oracle, without measuring',
      },
    });
  };
  const records = await runTrials(trials, {
    ...placesFor(options, inline ? inlineWorker({ problem, methods: own }) : undefined),
    ...(signal ? { signal } : {}),
    ended: (trial) => trial.keep && endedTrial(trial, trial.keep),
    ...(onProgress ? { onProgress: (now) => onProgress(now, () => made(now)) } : {}),
  });
  return made(records);
}

/** 2L̂ at the start of the problem, of all of it or of draw 0. */
async function estimated(problem: EngineProblem): Promise<number> {
  const sample = hasFullOperator(problem) ? 'all' : 'same';
  const start = problem.initialise(0);
  const { value } = await probeAsync(problem, start, (asked) => lipschitzNear(asked, start, sample));
  return 2 * value.lipschitz || 1;
}

function plotsOf(players: readonly string[], columns: readonly Column[]): readonly Plot[] {
  return [
    ...columns.map(({ name, label }): Plot => ({
      name: label,
      title: `${label} against oracle calls`,
      draw: 'lines',
      panels: [{ series: name }],
      // a player's loss may have either sign; all else is a distance
      y: { label, scale: name.startsWith('full loss') ? 'symlog' : 'log' },
    })),
    ...(players.length > 1 ? [measuredLosses(players)] : []),
    ...playerPlots(players),
  ];
}

function aboutProblem(problem: EngineProblem): string {
  const { players, terms, facts = {} } = problem;
  const who = players.map(({ name, start, end }) => `${name} (${end - start})`).join(', ');
  const data =
    terms === undefined
      ? 'draw' in problem
        ? 'Gradients are of draws.'
        : 'The gradients are exact.'
      : `A mean over ${terms.count} rows${terms.drawn === undefined ? '' : `, ${terms.drawn} in a draw`}.`;
  const known = [facts.lipschitz !== undefined && `L = ${short(facts.lipschitz)}`].filter(Boolean);
  return `Players ${who}. ${data} ${known.length > 0 ? `Known: ${known.join(', ')}.` : 'No constants stated.'}`;
}
const short = (x: number): string => String(Number(x.toPrecision(5)));
