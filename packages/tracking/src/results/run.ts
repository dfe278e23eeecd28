import type { Data, Ledger } from '@stillpoint/operators';

/** A number, or null where there is none: JSON has no NaN. */
export type Measure = number | null;

/**
 * How one run ended. `rounding`: at the precision of its numbers, where the tolerance cannot be told apart
 * from rounding; `stopped`: interrupted by the user; `failed`: the process died or threw.
 */
export const runStatuses = [
  'converged',
  'rounding',
  'budget',
  'diverged',
  'non-finite',
  'stopped',
  'failed',
] as const;

/** One of {@link runStatuses}. */
export type RunStatus = (typeof runStatuses)[number];

/** Numbers along a run, thinned: y over x. x are calls, unless whoever draws it says otherwise. */
export interface Series {
  readonly x: readonly number[];
  readonly y: readonly Measure[];
}

/** What a run generates at one time: points, or an image as a PNG in base64. */
export type Snapshot =
  | { readonly calls: number; readonly points: readonly (readonly [x: number, y: number])[] }
  | { readonly calls: number; readonly png: string; readonly width: number; readonly height: number };

/**
 * What a theorem states of a run, beside what was measured: the series `measured` and `bound`, over steps.
 * `holds`: nowhere was more measured than the theorem allows. If it does not, a constant that the problem
 * states is wrong.
 */
export interface BoundClaim {
  readonly claim: 'bound';
  readonly theorem: string;
  /** What is bounded: `best ‖Hz̄ − Hz‖²`. */
  readonly measure: string;
  /** Under which conditions, by what. */
  readonly statement: string;
  readonly source: string;
  readonly holds: boolean;
}

/** What is claimed of one run: a theorem's bound, or why no theorem bounds it. */
export type RunClaim = BoundClaim | { readonly claim: 'no-bound'; readonly reason: string };

/** One run of one method with one seed, of whatever problem. */
export interface Run {
  /** Plain data that names everything the run depends on: problem, method, seed, start, budget. */
  readonly identity: Data;
  /** A short name of the method, unique in its section; runs with other seeds share it. */
  readonly label: string;
  /** The full spec, which builds the method again. */
  readonly method: string;
  /** Methods are ranked within their group only. In words: `gradient methods`. */
  readonly group: string;
  /** Null where nothing is random. */
  readonly seed: number | null;
  readonly status: RunStatus;
  /** The status in words. */
  readonly message: string;
  /** What was asked of the problem. */
  readonly ledger: Ledger;
  /** The ledger at the section's prices. */
  readonly calls: number;
  /** Of the method and its oracle alone, without measuring. Null where it was not reported. */
  readonly seconds: Measure;
  /** What the run is judged by, by column. */
  readonly values: { readonly [column: string]: Measure };
  /** What the method says the run should be read with, by name: how often a clip engaged. */
  readonly figures?: { readonly [name: string]: Measure };
  readonly series: { readonly [name: string]: Series };
  readonly pictures: readonly Snapshot[];
  readonly claims: readonly RunClaim[];
}
