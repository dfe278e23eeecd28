import type { Status } from '../drivers/run.js';

/**
 * What an estimate says of its constant. `exactly`: to rounding, if F is affine, which is how it looked at
 * every point at which it was evaluated. `at least`, `at most`: the constant lies on that side, since only a
 * part of space was seen. `about`: neither.
 */
export type Says = 'exactly' | 'at least' | 'at most' | 'about';

/** A constant that was estimated. */
export interface Estimate {
  readonly name:
    | 'lipschitz'
    | 'stronglyMonotone'
    | 'comonotone'
    | 'weakMinty'
    | 'oneSided'
    | 'rotation'
    | 'L0'
    | 'L1'
    | 'polyakLojasiewicz'
    | 'noise'
    | 'gradCosine'
    | 'gradient';
  /** As in papers: L, μ, ρ. */
  readonly symbol: string;
  /** What it is, in words and symbols. */
  readonly about: string;
  readonly says: Says;
  /** Null if there is no finite one. */
  readonly value: number | null;
  /** How it was estimated, and at which points. */
  readonly from: string;
  /** What the problem states of it. */
  readonly stated?: number;
}

/** Eigenvalues of the Jacobian at a point. */
export interface Spectrum {
  readonly at: 'start' | 'end';
  /** Whether these are all eigenvalues; else Ritz values, of which the outermost are near eigenvalues. */
  readonly whole: boolean;
  readonly re: readonly number[];
  readonly im: readonly number[];
}

/** What kind of problem it is. */
export interface Kind {
  readonly kind:
    | 'affine'
    | 'rotating'
    | 'not rotating'
    | 'pushing outwards'
    | 'monotone'
    | 'strongly monotone'
    | 'flat'
    | 'stiff'
    | 'noisy'
    | 'one-sided'
    | 'steep where the gradient is large'
    | 'at rest';
  /** One sentence, with the number that shows it. */
  readonly words: string;
}

/** What is known of a method on this problem. */
export interface Judged {
  /** The method with its numbers, as the command line takes it. */
  readonly spec: string;
  /** Where its numbers are from. */
  readonly chosen: string;
  /** The theorem whose conditions the constants allow. */
  readonly theorem?: { readonly name: string; readonly statement: string; readonly source: string };
  /** Why there is none. */
  readonly reason?: string;
  /** The factor by which one call multiplies the error near the point where the spectrum was taken. */
  readonly rate?: number;
  /** Its run from the start, if it was tried. */
  readonly tried?: { readonly status: Status; readonly calls: number; readonly residual: number };
}

/** The recommended method. */
export interface Advice {
  readonly spec: string;
  /** Why, in sentences. */
  readonly why: readonly string[];
  /** What would change it. */
  readonly unless: readonly string[];
  /** Whether a theorem covers it, with the constants stated or estimated. */
  readonly covered: boolean;
  /** The best of the methods that a theorem covers, if the advice itself is not covered. */
  readonly safe?: string;
}

/** A problem as probes found it. All of it is plain data. */
export interface Diagnosis {
  readonly problem: string;
  readonly dim: number;
  readonly players: readonly string[];
  readonly constrained: boolean;
  readonly sampled: boolean;
  /** At how many points F was evaluated, by kind. */
  readonly points: { readonly [kind: string]: number };
  readonly estimates: readonly Estimate[];
  readonly spectra: readonly Spectrum[];
  readonly kinds: readonly Kind[];
  /** Points of a run from the start: what turned there, and each player’s gradient. */
  readonly path: readonly {
    /** Calls of the run before it. */
    readonly at: number;
    /** The share of imaginary parts in Σ|λ|, not a run’s step cosine; null where no Jacobian was computed. */
    readonly rotation: number | null;
    /** ‖F_p‖ by player. */
    readonly gradients: readonly number[];
  }[];
  /** Smoothness against the gradient, at points of that run and around it. */
  readonly smoothness: readonly { readonly gradient: number; readonly smoothness: number }[];
  readonly methods: readonly Judged[];
  /** Null if no method came nearer to a solution than the start, or if the start is one. */
  readonly advice: Advice | null;
  /** The calls used: for the estimates, and by the runs that tried methods. */
  readonly calls: { readonly estimates: number; readonly trials: number };
  /** What it cannot know. */
  readonly limits: readonly string[];
}
