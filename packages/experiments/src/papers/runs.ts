import { defaultPrices, emptyLedger, type Data, type Game, type Ledger } from '@stillpoint/operators';
import {
  labelsIn,
  type Column,
  type Measure,
  type Plot,
  type Run,
  type RunStatus,
  type Section,
} from '@stillpoint/tracking';
import { compareOnGame, type GameComparison } from '../game-comparison.js';
import { playedFrom } from '../trial/game-source.js';
import type { TrialRecord } from '../trial/record.js';
import type { FigureOptions } from './paper.js';

/** The share of trials that is done. */
export function sharesOf(records: readonly TrialRecord[]): number {
  const done = records.reduce((sum, { status, fraction }) => sum + (status === 'waiting' ? 0 : fraction), 0);
  return Math.min(1, done / Math.max(1, records.length));
}

/**
 * Runs methods on a game: one of the registry, by its spec, or an exact one. They are run in this process:
 * starting one takes longer than they do.
 */
export async function onGame(
  game: string | Game,
  comparison: Omit<GameComparison, 'source' | 'signal' | 'onProgress' | 'processes'>,
  { signal, onProgress }: FigureOptions,
): Promise<Section> {
  return compareOnGame(typeof game === 'string' ? playedFrom(game) : game, {
    ...comparison,
    ...(signal ? { signal } : {}),
    onProgress: (records) => onProgress?.(sharesOf(records), comparison.title),
  });
}

/**
 * The runs of a comparison's method, by seed. `place` is that among the methods of the comparison, all of
 * which have runs: a section has those of the first method first.
 */
export function runsAt(section: Section | undefined, place: number): readonly Run[] {
  if (section === undefined) return [];
  const label = labelsIn(section)[place];
  return section.runs.filter((run) => run.label === label);
}

/** A column of runs; NaN where a run has no value. */
export const valuesOf = (runs: readonly Run[], column: string): readonly number[] =>
  runs.map((run) => run.values[column] ?? NaN);

/** A row of {@link tableSection}. */
export interface Row {
  readonly label: string;
  /** The method's spec, or what was run, in words. */
  readonly method: string;
  readonly seed?: number;
  readonly status?: RunStatus;
  readonly message?: string;
  readonly values: { readonly [column: string]: Measure };
  readonly series?: Run['series'];
  readonly pictures?: Run['pictures'];
  /** What was asked of the problem, and that in calls. Default: nothing. */
  readonly ledger?: Ledger;
  readonly calls?: number;
}

/** What steps of one gradient each ask of a problem of one player. */
export const gradientSteps = (steps: number): Required<Pick<Row, 'ledger' | 'calls'>> => ({
  ledger: { ...emptyLedger(1), steps, gradients: [steps] },
  calls: steps,
});

/** A section of rows that were measured otherwise than by a comparison: a table, with pictures if any. */
export function tableSection(frame: {
  readonly title: string;
  readonly problem: string;
  readonly about: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly plots?: readonly Plot[];
  readonly settings?: { readonly [name: string]: string };
  readonly verdict: readonly string[];
  readonly players?: readonly string[];
  /** What every row depends on beside its method and seed. */
  readonly identity: { readonly [name: string]: Data };
}): Section {
  const { title, problem, about, columns, rows, plots = [], settings = {}, verdict, identity } = frame;
  const players = frame.players ?? ['x'];
  return {
    title,
    problem,
    about,
    columns,
    headline: columns[0]!.name,
    seeds: Math.max(1, new Set(rows.flatMap(({ seed }) => seed ?? [])).size),
    players,
    prices: defaultPrices(players.length),
    terms: 1,
    plots,
    settings,
    claims: [],
    verdict,
    runs: rows.map(({ label, method, seed = null, status = 'budget', message = '', ...row }) => ({
      identity: { ...identity, method, seed },
      label,
      method,
      group: 'methods',
      seed,
      status,
      message,
      ledger: row.ledger ?? emptyLedger(players.length),
      calls: row.calls ?? 0,
      seconds: null,
      values: row.values,
      series: row.series ?? {},
      pictures: row.pictures ?? [],
      claims: [],
    })),
  };
}
