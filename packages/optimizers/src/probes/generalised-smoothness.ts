import {
  InputError,
  copy,
  distance,
  norm,
  shown,
  waxpy,
  type Asking,
  type Problem,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { pricing } from '../drivers/budget.js';
import type { Progress } from '../drivers/run.js';
import { smoothnessFit, type SmoothnessFit, type SmoothnessPoint } from './smoothness-fit.js';
import { probeAsync } from './probed.js';

/**
 * How steep ∇f is between two points of a run, for one player: ‖∇f(w) − ∇f(z)‖/‖w − z‖, w halfway from z to
 * z⁺, beside ‖∇f(z)‖. Both gradients are on the same sample. It asks for two gradients; undefined if the
 * points are equal or a gradient is not finite. Source: Zhang, He, Sra, Jadbabaie 2020, arXiv 1905.11881,
 * whose code draws anew between the two, so that its numbers contain that noise, too.
 * @param sample what F is evaluated on: draw 0 of a sampled problem, or all of it. Default: `same`, draw 0.
 */
export function* smoothnessBetween(
  z: Vector,
  next: Vector,
  sample: 'all' | 'same' = 'same',
): Asking<SmoothnessPoint | undefined> {
  const [w, g] = [z.slice(), z.slice()];
  waxpy(w, w, -1 / 2, z);
  waxpy(w, w, 1 / 2, next);
  const length = distance(w, z);
  if (!(length > 0)) return undefined;
  copy(g, yield { want: 'gradient', at: z, sample });
  const gradient = norm(g);
  const smoothness = distance(yield { want: 'gradient', at: w, sample }, g) / length;
  return Number.isFinite(gradient) && Number.isFinite(smoothness) ? { gradient, smoothness } : undefined;
}

/** Options of {@link smoothnessAlong}. */
export interface SmoothnessOptions {
  /** Every how many steps the smoothness of one is measured. Default: 1. */
  readonly every?: number;
  /** What F is evaluated on: draw 0 of a sampled problem, or all of it. Default: `same`, draw 0. */
  readonly sample?: 'all' | 'same';
}

/** What {@link smoothnessAlong} measures along a run. */
export interface SmoothnessAlong {
  /** To be given to `train`, or called at the start and after each step. */
  readonly observe: (progress: Pick<Progress<State>, 'state'>) => Promise<void>;
  /** What was measured so far, in the order of the steps. */
  readonly points: readonly SmoothnessPoint[];
  /** What it has asked for, in calls; the run does not count them. */
  readonly calls: () => number;
  /** (L₀, L₁) of what was measured so far, and the threshold that it suggests, as `smoothnessFit`. */
  readonly fit: (options?: { readonly quantile?: number; readonly threshold?: number }) => SmoothnessFit;
}

/**
 * Measures (L₀, L₁)-smoothness along a run of `train`, on one fixed batch:
 * `train(problem, method, { observe: along.observe })`, then `along.fit()`. What it asks is not counted as
 * the method's. A problem’s buffers are those of its start throughout.
 * @throws InputError for a problem of several players, whose F is no gradient.
 */
export function smoothnessAlong(problem: Problem, options: SmoothnessOptions = {}): SmoothnessAlong {
  const { every = 1, sample = 'same' } = options;
  if (problem.players.length !== 1)
    throw new InputError(
      `smoothnessAlong measures the gradient of one player’s loss; ${problem.name} has ${problem.players.map(({ name }) => name).join(', ')}`,
    );
  if (!Number.isSafeInteger(every) || every < 1)
    throw new InputError(`smoothnessAlong: every is ${shown(every)}; expected a whole number >= 1`);
  if (sample !== 'all' && sample !== 'same')
    throw new InputError(`smoothnessAlong: sample is ${shown(sample)}; expected "same" or "all"`);
  const points: SmoothnessPoint[] = [];
  const price = pricing(problem);
  let [k, calls] = [0, 0];
  let kept: Vector | undefined;
  return {
    points,
    calls: () => calls,
    fit: (how) => smoothnessFit(points, how),
    async observe({ state: { z } }) {
      if (k > 0 && (k - 1) % every === 0) {
        const from = kept ?? z;
        const { value, ledger } = await probeAsync(problem, z, () => smoothnessBetween(from, z, sample));
        calls += price(ledger);
        if (value !== undefined) points.push(value);
      }
      if (k % every === 0) kept = copy(kept ?? z.slice(), z);
      k++;
    },
  };
}
