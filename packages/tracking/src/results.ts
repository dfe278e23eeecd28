// What a comparison leaves behind: plain data, written as results.json and read by the report.

/** A number, or null where there is none: JSON has no NaN. */
export type Measure = number | null;

/**
 * How one run ended. `rounding`: at the precision of its numbers, where the tolerance cannot be told apart
 * from rounding; `stopped`: interrupted by the user; `failed`: the process died or threw.
 */
export type RunStatus =
  | 'converged'
  | 'rounding'
  | 'budget'
  | 'diverged'
  | 'non-finite'
  | 'stopped'
  | 'failed';

interface Run {
  /** The full spec, which builds the method again. */
  readonly method: string;
  /** A short name, unique in its section. */
  readonly label: string;
  readonly family: 'gradient' | 'adam';
  readonly status: RunStatus;
  /** The status in words. */
  readonly message: string;
  readonly steps: number;
  readonly oracleCalls: number;
  /** Of the method and its oracle alone, without measuring. Null where it was not told. */
  readonly seconds: Measure;
}

/** What a theorem promises of a run, beside what was measured; or why none promises anything. */
export type Theory =
  | {
      readonly theorem: string;
      /** What is bounded: `best ‖Hz̄ − Hz‖²`. */
      readonly measure: string;
      /** Under which conditions, by what. */
      readonly statement: string;
      readonly source: string;
      /**
       * Thinned. `broken`: somewhere more was measured than the theorem allows, or the run diverged: a
       * constant the game states is wrong.
       */
      readonly curve: readonly {
        readonly steps: number;
        readonly measured: number;
        readonly bound: Measure;
      }[];
      readonly broken: boolean;
    }
  | { readonly reason: string };

/** One method on a deterministic game. */
export interface GameRun extends Run {
  readonly theory?: Theory;
  readonly residual: Measure;
  readonly distance: Measure;
  /** Of 2-D games: points visited, thinned. */
  readonly path: readonly (readonly [x: number, y: number])[];
  readonly curve: readonly { readonly calls: number; readonly residual: number }[];
}

/** A comparison on a deterministic game. */
export interface GameSection {
  readonly kind: 'game';
  readonly title: string;
  readonly about: string;
  /** Sentences, the most important first. */
  readonly verdict: readonly string[];
  /** Of 2-D games: −F on a grid (the way gradient descent–ascent would go), and the solution. */
  readonly field?: {
    readonly names: readonly [string, string];
    readonly x: readonly [number, number];
    readonly y: readonly [number, number];
    readonly arrows: readonly {
      readonly x: number;
      readonly y: number;
      readonly u: number;
      readonly v: number;
    }[];
    readonly solution?: readonly [number, number];
  };
  readonly runs: readonly GameRun[];
  readonly settings: { readonly [name: string]: string };
}

/** What generated examples look like at one time of a run. */
export type Snapshot =
  | { readonly calls: number; readonly points: readonly (readonly [x: number, y: number])[] }
  | { readonly calls: number; readonly png: string; readonly width: number; readonly height: number };

/** What each player did since the point before, by name: means over its steps. */
export interface PlayerPoint {
  readonly calls: number;
  readonly losses: { readonly [player: string]: Measure };
  /** ‖gradient‖₂ of the player's own loss in its own parameters, at the points the method asked about. */
  readonly gradientNorms: { readonly [player: string]: Measure };
  /**
   * Cosine of the angle between successive displacements of the recommended point: 1 straight on, 0 at right
   * angles, −1 back and forth.
   */
  readonly rotations: { readonly [player: string]: Measure };
}

/** One method on a GAN with one seed. */
export interface GanRun extends Run {
  readonly seed: number;
  /**
   * What the run is judged by: the median of its last measurements (`settings` say of how many). Empty if it
   * was never measured.
   */
  readonly result: { readonly [metric: string]: Measure };
  /** Metrics by name at several times. */
  readonly measures: readonly {
    readonly calls: number;
    readonly values: { readonly [metric: string]: Measure };
  }[];
  readonly players: readonly PlayerPoint[];
  readonly snapshots: readonly Snapshot[];
}

/** A column of numbers: its name, unit and what the best value is. */
export interface MetricColumn {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly better: 'lower' | 'higher';
  readonly digits: number;
  /** What a perfect sampler gets, where known. */
  readonly best?: number;
  readonly bestLabel?: string;
}

/** A run's result reaches the goal if every metric named is at least (or at most) this. */
export type Goal = { readonly [metric: string]: { readonly atLeast: number } | { readonly atMost: number } };

/** A comparison on a GAN. */
export interface GanSection {
  readonly kind: 'gan';
  readonly title: string;
  readonly about: string;
  readonly verdict: readonly string[];
  readonly metrics: readonly MetricColumn[];
  /** The metric drawn against oracle calls. */
  readonly headline: string;
  readonly goal?: Goal;
  readonly goalWords?: string;
  /** 2-D data: where the modes are, drawn under the samples. */
  readonly centres?: readonly (readonly [number, number])[];
  /** Samples this near to a centre count as good; they are drawn apart from the others. */
  readonly within?: number;
  readonly seeds: number;
  readonly calls: number;
  readonly runs: readonly GanRun[];
  readonly settings: { readonly [name: string]: string };
}

/** A comparison on one game or one GAN. */
export type Section = GameSection | GanSection;

/** All that a comparison leaves: what results.json holds and the report is made of. */
export interface Results {
  readonly title: string;
  /** The command that makes these results again. */
  readonly command: string;
  readonly interrupted: boolean;
  /** What was to be compared and was never begun. */
  readonly notBegun?: readonly string[];
  readonly sections: readonly Section[];
  /** Versions and machine, by name. */
  readonly environment: { readonly [name: string]: string };
}

/** Whether a run came to an end of its own: one that failed or was stopped says nothing about its method. */
export function finished({ status }: { readonly status: RunStatus }): boolean {
  return status !== 'failed' && status !== 'stopped';
}

/**
 * What a run on a GAN is judged by: what it measured before it overflowed, failed or was stopped is no
 * result.
 */
export function resultOf({ status, result }: Pick<GanRun, 'status' | 'result'>): GanRun['result'] {
  return status === 'budget' || status === 'converged' ? result : {};
}

/** Whether a run on a GAN ended at the goal. */
export function solved(goal: Goal, run: Pick<GanRun, 'status' | 'result'>): boolean {
  return reaches(goal, resultOf(run));
}

/** Whether a run's last measures reach the goal; false where it has none. */
export function reaches(goal: Goal, values: { readonly [metric: string]: Measure }): boolean {
  return Object.entries(goal).every(([metric, bound]) => {
    const value = values[metric];
    if (value === null || value === undefined) return false;
    return 'atLeast' in bound ? value >= bound.atLeast : value <= bound.atMost;
  });
}

/**
 * The median of the last `tail` measurements, metric by metric: training that has settled still dips now and
 * then, and one measurement may catch it there. A missing value counts as the worst. The upper median where
 * their number is even.
 */
export function settledMeasures(
  measures: GanRun['measures'],
  tail: number,
): { readonly [metric: string]: Measure } {
  const last = measures.slice(-tail);
  const names = Object.keys(last[0]?.values ?? {});
  return Object.fromEntries(
    names.map((name) => {
      const sorted = last.map(({ values }) => values[name] ?? Infinity).sort((a, b) => a - b);
      const median = sorted[Math.floor(sorted.length / 2)] ?? Infinity;
      return [name, Number.isFinite(median) ? median : null];
    }),
  );
}

/** Mean and standard error of the finite values. */
export function meanAndError(values: readonly Measure[]): {
  readonly n: number;
  readonly mean: number;
  readonly error: number;
} {
  const finite = values.filter((x): x is number => x !== null && Number.isFinite(x));
  const n = finite.length;
  const mean = finite.reduce((a, b) => a + b, 0) / n;
  return { n, mean, error: Math.sqrt(finite.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1) / n) };
}

/** Fewer seeds than this: single values and no ranking. */
export const SEEDS_TO_RANK = 5;
