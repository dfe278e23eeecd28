import type { Prices } from '@stillpoint/operators';
import type { Run, RunStatus } from './run.js';

/** A column of numbers: its name in `values`, its unit, and what the best value is. */
export interface Column {
  readonly name: string;
  readonly label: string;
  readonly unit?: string;
  readonly better: 'lower' | 'higher';
  /** Significant digits. */
  readonly digits: number;
  /** Digits after the point, instead. */
  readonly decimals?: number;
  /** What a perfect run gets, where known. */
  readonly best?: number;
  readonly bestLabel?: string;
}

/** A value is at least, or at most, this. */
export type Bounds = {
  readonly [column: string]: { readonly atLeast: number } | { readonly atMost: number };
};

/** What a run is to reach: it ended in one of these ways, with every value named within its bound. */
export interface Goal {
  /** What a run does that reaches it: `solved`, `converged on`. */
  readonly verb: string;
  /** The same as a column's name: `solved`. */
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
  /** In the name of a file: `residual`. */
  readonly name: string;
  /** `residual against oracle calls`. */
  readonly title: string;
  /** How to read it. */
  readonly note?: string;
}

/** Series against calls, a line a run; side by side where there are several. */
export interface LinesPlot extends PlotWords {
  readonly draw: 'lines';
  readonly panels: readonly { readonly title?: string; readonly series: string }[];
  readonly y: {
    readonly label: string;
    readonly scale: 'linear' | 'log' | 'symlog';
    readonly domain?: readonly [number, number];
    /** Whether the axis includes 0. */
    readonly zero?: boolean;
    /** Whether what one run that explodes would hide of the others is cut off. */
    readonly cut?: boolean;
  };
  /** A value to compare with, dashed. */
  readonly reference?: { readonly value: number; readonly label: string };
  /** Whether each value is marked by a dot. */
  readonly dots?: boolean;
}

/** A column's value at the end of each run, as a mark. */
export interface EndsPlot extends PlotWords {
  readonly draw: 'ends';
  readonly column: string;
}

/** Of two numbers: where each run went, the series `path`, over a vector field. */
export interface PlanePlot extends PlotWords {
  readonly draw: 'plane';
  readonly names: readonly [string, string];
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly arrows: readonly Arrow[];
  readonly solution?: readonly [number, number];
}

/** A theorem's bound over what was measured, a panel a run. */
export interface BoundsPlot extends PlotWords {
  readonly draw: 'bounds';
}

/** Each run's pictures over time. */
export interface SamplesPlot extends PlotWords {
  readonly draw: 'samples';
  /** Of points: where modes are, drawn under the samples. */
  readonly centres?: readonly (readonly [number, number])[];
  /** Samples this near to a centre count as good; they are drawn apart from the others. */
  readonly within?: number;
}

/** A picture of a section, as data: what is drawn, of which series. */
export type Plot = LinesPlot | EndsPlot | PlanePlot | BoundsPlot | SamplesPlot;

/** A run as a claim names it. */
export interface Named {
  readonly label: string;
  readonly seed: number | null;
}

/** How many of a method's finished runs reached the goal; `asked`: how many runs were wanted. */
export interface Reached {
  readonly label: string;
  readonly reached: number;
  readonly finished: number;
  readonly asked: number;
}

/** What the runs of a section allow one to say, as data. */
export type Claim =
  | { readonly claim: 'nothing-run' }
  | { readonly claim: 'none-finished' }
  /** No finished run reached the goal; `incomplete`: some runs did not finish. */
  | { readonly claim: 'none-reached'; readonly incomplete: boolean }
  /** Which methods reached the goal with the fewest calls; `among`: the group, where there are others. */
  | {
      readonly claim: 'fewest-calls';
      readonly among: string | null;
      readonly calls: number;
      readonly labels: readonly string[];
      readonly others: readonly { readonly label: string; readonly calls: number }[];
    }
  /** Which methods reached the goal how often. */
  | { readonly claim: 'reached'; readonly seeds: number; readonly methods: readonly Reached[] }
  /** Methods of one group in order; `tie`: no different from the one before. */
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
  /** The values of all runs together, beside the best there is. */
  | {
      readonly claim: 'range';
      readonly column: string;
      readonly least: number;
      readonly most: number;
      readonly best: number | null;
    }
  /** Runs that ended short of the goal, by how. */
  | {
      readonly claim: 'short';
      readonly status: RunStatus;
      readonly runs: readonly (Named & { readonly value: number | null; readonly message: string })[];
    }
  | { readonly claim: 'failed'; readonly runs: readonly (Named & { readonly message: string })[] }
  | { readonly claim: 'stopped'; readonly runs: readonly Named[] }
  | { readonly claim: 'not-begun'; readonly runs: readonly Named[] }
  /** Runs that did more than their theorem allows. */
  | {
      readonly claim: 'bound-broken';
      readonly runs: readonly { readonly label: string; readonly theorem: string }[];
    }
  /** One short run each, to be looked at. */
  | { readonly claim: 'look'; readonly budget: string };

/** Methods on one problem. */
export interface Section {
  readonly title: string;
  /** The problem's name, as sentences use it. */
  readonly problem: string;
  readonly about: string;
  readonly runs: readonly Run[];
  readonly columns: readonly Column[];
  /** The column by which methods are compared. */
  readonly headline: string;
  readonly goal?: Goal;
  /** Runs of each method. */
  readonly seeds: number;
  readonly players: readonly string[];
  /** What each answer costs in calls. */
  readonly prices: Prices;
  /** How many terms one pass over the data has; the ledger counts terms. 1 where the problem is no sum. */
  readonly terms: number;
  readonly plots: readonly Plot[];
  readonly settings: { readonly [name: string]: string };
  readonly claims: readonly Claim[];
  /** The claims in sentences, the most important first. */
  readonly verdict: readonly string[];
}

/** The number of the format that is written and read. */
export const FORMAT = 1;

/** All that a comparison leaves: what results.json holds and the report is made of. */
export interface Results {
  readonly format: typeof FORMAT;
  readonly title: string;
  /** The command that makes these results again. */
  readonly command: string;
  readonly interrupted: boolean;
  /** What was to be compared and was never begun. */
  readonly notBegun: readonly string[];
  readonly sections: readonly Section[];
  /** Versions and machine, by name. */
  readonly environment: { readonly [name: string]: string };
}
