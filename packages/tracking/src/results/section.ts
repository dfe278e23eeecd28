import type { Prices } from '@stillpoint/operators';
import type { Run, RunStatus } from './run.js';

/** A column of numbers: its name in a run's `values`, its unit, and how values are shown and compared. */
export interface Column {
  readonly name: string;
  readonly label: string;
  readonly unit?: string;
  readonly better: 'lower' | 'higher';
  /** Significant digits. */
  readonly digits: number;
  /** Digits after the point, in place of significant digits. */
  readonly decimals?: number;
  /** The value of a perfect run, if it is known. */
  readonly best?: number;
  readonly bestLabel?: string;
}

/** Bounds on values, by column: at least, or at most, a number. */
export type Bounds = {
  readonly [column: string]: { readonly atLeast: number } | { readonly atMost: number };
};

/** A goal. A run reaches it if it ends with one of the statuses and every value within its bound. */
export interface Goal {
  /** What a run that reaches it has done: `solved`, `converged on`. */
  readonly verb: string;
  /** The same as the heading of a column: `solved`. */
  readonly column: string;
  readonly statuses: readonly RunStatus[];
  readonly values: Bounds;
  /** The goal in a sentence. */
  readonly words?: string;
}

/** An arrow of a vector field. */
export interface Arrow {
  readonly x: number;
  readonly y: number;
  readonly u: number;
  readonly v: number;
}

interface PlotWords {
  /** Part of the file's name: `residual`. */
  readonly name: string;
  /** `residual against oracle calls`. */
  readonly title: string;
  /** How to read the picture. */
  readonly note?: string;
}

/** Series against oracle calls, a line for each run. Several series are drawn side by side. */
export interface LinesPlot extends PlotWords {
  readonly draw: 'lines';
  readonly panels: readonly { readonly title?: string; readonly series: string }[];
  readonly y: {
    readonly label: string;
    readonly scale: 'linear' | 'log' | 'symlog';
    readonly domain?: readonly [number, number];
    /** Whether the axis includes 0. */
    readonly zero?: boolean;
    /** Whether values of a run that diverges are cut off, so that they do not hide the others. */
    readonly cut?: boolean;
  };
  /** A value to compare with, drawn dashed. */
  readonly reference?: { readonly value: number; readonly label: string };
  /** Whether each value is marked by a dot. */
  readonly dots?: boolean;
}

/** A column's value at the end of each run, as a mark. */
export interface EndsPlot extends PlotWords {
  readonly draw: 'ends';
  readonly column: string;
}

/** For games of two numbers: each run's path, its series `path`, over a vector field. */
export interface PlanePlot extends PlotWords {
  readonly draw: 'plane';
  readonly names: readonly [string, string];
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly arrows: readonly Arrow[];
  readonly solution?: readonly [number, number];
}

/** A theorem's bound over what was measured, a panel for each run. */
export interface BoundsPlot extends PlotWords {
  readonly draw: 'bounds';
}

/** Each run's pictures over time. */
export interface SamplesPlot extends PlotWords {
  readonly draw: 'samples';
  /** Where the modes of a mixture are, drawn under the samples. */
  readonly centres?: readonly (readonly [number, number])[];
  /** Samples nearer to a centre than this count as good and are drawn in another colour. */
  readonly within?: number;
  /**
   * Points in the square |x|, |y| ≤ reach are drawn, in data units. Default: 1.6 times the distance of the
   * farthest centre; without centres, that of the farthest point.
   */
  readonly reach?: number;
}

/** A series of each run as dots, y over x, neither of which need be calls. */
export interface ScatterPlot extends PlotWords {
  readonly draw: 'scatter';
  readonly series: string;
  /** A series of each run that is drawn as a line in its colour, such as what a theorem says. */
  readonly line?: string;
  readonly x: { readonly label: string; readonly scale: 'linear' | 'log' };
  readonly y: { readonly label: string; readonly scale: 'linear' | 'log' };
}

/** A picture of a section as data: how it is drawn, and of which series. */
export type Plot = LinesPlot | EndsPlot | PlanePlot | BoundsPlot | SamplesPlot | ScatterPlot;

/** The run that a claim is about. */
export interface Named {
  readonly label: string;
  readonly seed: number | null;
}

/** How many of a method's finished runs reached the goal; `asked` is how many runs it was to have. */
export interface Reached {
  readonly label: string;
  readonly reached: number;
  readonly finished: number;
  readonly asked: number;
}

/** A conclusion that the runs of a section allow, as data. */
export type Claim =
  | { readonly claim: 'nothing-run' }
  | { readonly claim: 'none-finished' }
  /** No finished run reached the goal; `incomplete`: some runs did not finish. */
  | { readonly claim: 'none-reached'; readonly incomplete: boolean }
  /** Which methods reached the goal with the fewest calls; `among` is their group if there are several. */
  | {
      readonly claim: 'fewest-calls';
      readonly among: string | null;
      readonly calls: number;
      readonly labels: readonly string[];
      readonly others: readonly { readonly label: string; readonly calls: number }[];
      /** Where there are several: calls are means over these, of methods that reached it with each. */
      readonly seeds?: number;
    }
  /** How often each method reached the goal. */
  | { readonly claim: 'reached'; readonly seeds: number; readonly methods: readonly Reached[] }
  /** Methods of one group in order; `tie`: not distinguishable from the one before. */
  | {
      readonly claim: 'ranking';
      readonly group: string;
      readonly by: string;
      readonly goal: boolean;
      readonly order: readonly (Reached & { readonly mean: number; readonly tie: boolean })[];
    }
  | {
      readonly claim: 'unranked';
      readonly methods: readonly { readonly label: string; readonly finished: number }[];
    }
  | { readonly claim: 'few-seeds'; readonly seeds: number }
  /** Methods that draw from a distribution, which no residual ranks. */
  | { readonly claim: 'samplers'; readonly labels: readonly string[] }
  /** Between which values each method's runs ended. */
  | {
      readonly claim: 'values';
      readonly column: string;
      readonly methods: readonly { readonly label: string; readonly least: number; readonly most: number }[];
    }
  /** The least and the largest value of all runs, and the value of a perfect run in words. */
  | {
      readonly claim: 'range';
      readonly column: string;
      readonly unit: string | null;
      readonly better: 'lower' | 'higher';
      readonly least: number;
      readonly most: number;
      readonly best: string | null;
    }
  /** Between how many calls each method's runs needed to a target; null where none reached it. */
  | {
      readonly claim: 'to-target';
      /** The target in words. */
      readonly target: string;
      readonly methods: readonly {
        readonly label: string;
        readonly reached: number;
        readonly finished: number;
        readonly least: number | null;
        readonly most: number | null;
      }[];
    }
  /** Which options each method's trials chose; null if they are not complete, or none has a value. */
  | {
      readonly claim: 'tuned';
      readonly trials: number;
      readonly seeds: number;
      readonly methods: readonly { readonly method: string; readonly chosen: string | null }[];
    }
  /** Runs that ended with this status without reaching the goal. */
  | {
      readonly claim: 'short';
      readonly status: RunStatus;
      readonly runs: readonly (Named & { readonly value: number | null; readonly message: string })[];
    }
  | { readonly claim: 'failed'; readonly runs: readonly (Named & { readonly message: string })[] }
  | { readonly claim: 'stopped'; readonly runs: readonly Named[] }
  | { readonly claim: 'not-begun'; readonly runs: readonly Named[] }
  /** Runs whose measurement is above their theorem's bound. */
  | {
      readonly claim: 'bound-broken';
      readonly runs: readonly { readonly label: string; readonly theorem: string }[];
    }
  /** A comparison of one short run each, of which only the pictures are to be judged. */
  | { readonly claim: 'look'; readonly budget: string };

/** The comparison of methods on one problem. */
export interface Section {
  readonly title: string;
  /** The problem's name within a sentence. */
  readonly problem: string;
  readonly about: string;
  readonly runs: readonly Run[];
  readonly columns: readonly Column[];
  /** The column by which methods are compared. */
  readonly headline: string;
  readonly goal?: Goal;
  /** How many runs each method has. */
  readonly seeds: number;
  readonly players: readonly string[];
  /** What each answer of the oracle costs, in calls. */
  readonly prices: Prices;
  /** The number of terms of a finite sum; the ledger then counts terms. 1 if the problem is no sum. */
  readonly terms: number;
  readonly plots: readonly Plot[];
  readonly settings: { readonly [name: string]: string };
  readonly claims: readonly Claim[];
  /** The claims in sentences, the most important first. */
  readonly verdict: readonly string[];
}

/** The number of the format that this version writes and reads. */
export const FORMAT = 1;

/** The results of a comparison, which results.json holds and of which the report is made. */
export interface Results {
  readonly format: typeof FORMAT;
  readonly title: string;
  /** The command that makes these results again. */
  readonly command: string;
  readonly interrupted: boolean;
  /** The problems whose comparison was not begun. */
  readonly notBegun: readonly string[];
  readonly sections: readonly Section[];
  /** Versions and machine, by name. */
  readonly environment: { readonly [name: string]: string };
}
