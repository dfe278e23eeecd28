import { shortNumber } from '@stillpoint/operators';
import type { MethodEnd, Space, Vector } from '@stillpoint/operators';
import type { AdamState } from '../transforms/adam.js';
import { afterFailures } from './confidence.js';

/** Why an ascent had no end, if one had none. */
export type Outcome = 'none' | 'unbounded' | 'overshoot';

/** The state of a greedy method. */
export type GreedyState = {
  readonly z: Vector;
  /** The point that was accepted last: z, unless a wrapper has moved it. */
  readonly seen: Vector;
  /** Of the proposal, if it is Adam’s. */
  readonly moments: readonly AdamState[];
  /** f_old, f at `seen`. */
  f: number;
  /** ‖∇_y f‖ at `seen`. */
  slope: number;
  /** The first slope of the run, to which the growth of later ones is compared. */
  first: number;
  /** Proposals so far, and the ascent at the start. */
  i: number;
  accepted: number;
  rejected: number;
  rejectedInARow: number;
  /** Ascents that made all their steps at a point that would otherwise have been accepted. */
  unfinished: number;
  outcome: Outcome;
};

/** The state at the start z₀. */
export const greedyState = (space: Space, z0: Vector, moments: readonly AdamState[]): GreedyState => ({
  z: space.copy(z0),
  seen: space.copy(z0),
  moments,
  f: 0,
  slope: 0,
  first: 0,
  i: 0,
  accepted: 0,
  rejected: 0,
  rejectedInARow: 0,
  unfinished: 0,
  outcome: 'none',
});

type Counts = Pick<GreedyState, 'accepted' | 'rejectedInARow'>;

/** What a run of a greedy method counted, and what it certifies at z. */
export function greedyFigures(s: GreedyState): { readonly [name: string]: number } {
  const { accepted, rejected, rejectedInARow, unfinished, f, slope } = s;
  if (accepted === 0) return { accepted, rejected, unfinished };
  const { here, overRun } = chances(s);
  return {
    accepted,
    rejected,
    rejectedInARow,
    unfinished,
    f,
    gradient: slope,
    improvementAtMost: here,
    improvementAtMostOverRun: overRun,
  };
}

/** The confidence of what is certified. */
const CONFIDENCE = 0.95;

/**
 * The bound of the chance that a proposal at z lowers f enough, r of them having failed. `overRun` allows for
 * the choice of z among all points that were accepted: the j-th one is given p/(j(j + 1)), and these add up
 * to p.
 */
const chances = (
  { accepted: j, rejectedInARow: r }: Counts,
  confidence: number = CONFIDENCE,
): { readonly here: number; readonly overRun: number } => ({
  here: afterFailures(r, confidence),
  overRun: afterFailures(r, 1 - (1 - confidence) / Math.max(1, j * (j + 1))),
});

/** How a greedy run ended: by more than `rejections` rejections in a row, or by an ascent without an end. */
export function greedyEnd(
  state: GreedyState,
  { rejections, decrease }: { readonly rejections: number; readonly decrease: number },
): MethodEnd | undefined {
  const { outcome, rejectedInARow: r, slope } = state;
  if (outcome === 'unbounded')
    return {
      status: 'diverged',
      message: 'Diverged: sup over y is not bounded. f and its gradient grew without end in an ascent.',
    };
  if (outcome === 'overshoot')
    return {
      status: 'diverged',
      message: 'Diverged: the ascent moved ever further while f fell, so its stepSize is too long.',
    };
  if (r <= rejections) return undefined;
  const { here, overRun } = chances(state);
  return {
    status: 'ended',
    message: `Ended at an approximate local equilibrium: ‖∇_y f‖ is ${shortNumber(slope)}, and ${r} proposals in a row did not lower f by ${decrease}, so with ${100 * CONFIDENCE} % confidence at most ${shortNumber(100 * here)} % of the proposals there do (${shortNumber(100 * overRun)} % where the choice of this point among ${state.accepted} is allowed for).`,
  };
}
