import type { Data, Ledger } from '@stillpoint/operators';

/** A number, or null if it is missing: JSON has no NaN. */
export type Measure = number | null;

/**
 * How a run ended. `ended`: by its method’s own stopping rule; `rounding`: the residual reached the precision
 * of the numbers, above the tolerance; `stopped`: the user interrupted it; `failed`: its process died or
 * threw.
 */
export const runStatuses = [
  'converged',
  'ended',
  'rounding',
  'budget',
  'diverged',
  'non-finite',
  'stopped',
  'failed',
] as const;

/** One of {@link runStatuses}. */
export type RunStatus = (typeof runStatuses)[number];

/**
 * Numbers along a run, thinned: y over x. x are oracle calls, except in `measured` and `bound` (steps) and
 * `path`.
 */
export interface Series {
  readonly x: readonly number[];
  readonly y: readonly Measure[];
}

/** What a run generates after `calls` calls: points, or images as a PNG in base64. */
export type Snapshot =
  | { readonly calls: number; readonly points: readonly (readonly [x: number, y: number])[] }
  | { readonly calls: number; readonly png: string; readonly width: number; readonly height: number };

/**
 * What a theorem says of a run. The run's series `measured` and `bound` are over steps. `holds`: what was
 * measured is nowhere above the bound. If it is, a constant that the problem states is wrong.
 */
export interface BoundClaim {
  readonly claim: 'bound';
  readonly theorem: string;
  /** What is bounded: `best ‖Hz̄ − Hz‖²`. */
  readonly measure: string;
  /** The conditions and the inequality. */
  readonly statement: string;
  readonly source: string;
  readonly holds: boolean;
}

/** A claim about one run: a theorem's bound, or the reason why no theorem bounds it. */
export type RunClaim = BoundClaim | { readonly claim: 'no-bound'; readonly reason: string };

/** One run of one method on one problem with one seed. */
export interface Run {
  /** Plain data that names everything the run depends on: problem, method, seed, start, budget. */
  readonly identity: Data;
  /** A short name of the method, unique in its section. Its runs with other seeds have the same label. */
  readonly label: string;
  /** The full spec, from which the method can be built again. */
  readonly method: string;
  /** The group within which the method is ranked, as `gradient methods`. */
  readonly group: string;
  /** Null if nothing is random. */
  readonly seed: number | null;
  /**
   * The seed of the run that this is a copy of: the problem is exact and the method draws nothing, so that
   * one run serves every seed.
   */
  readonly copyOf?: number;
  readonly status: RunStatus;
  /** The status in a sentence. */
  readonly message: string;
  /** What was asked of the problem. */
  readonly ledger: Ledger;
  /** The ledger at the section's prices. */
  readonly calls: number;
  /** Seconds of the method and its oracle, without measuring. Null if they were not reported. */
  readonly seconds: Measure;
  /** The values by which the run is judged, by column. */
  readonly values: { readonly [column: string]: Measure };
  /** What the method counted, by name: how many times a clip engaged. */
  readonly figures?: { readonly [name: string]: Measure };
  readonly series: { readonly [name: string]: Series };
  readonly pictures: readonly Snapshot[];
  readonly claims: readonly RunClaim[];
}
