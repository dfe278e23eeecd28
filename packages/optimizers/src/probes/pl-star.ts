import {
  InputError,
  copy,
  distance,
  dot,
  eigh,
  roundoff,
  shown,
  type Asking,
  type Problem,
  type Space,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { pricing } from '../drivers/budget.js';
import type { Progress } from '../drivers/run.js';
import { empiricalKernel } from './empirical-kernel.js';
import { probeAsync } from './probed.js';

/** What was measured at one point of a run. */
export interface PlStarPoint {
  /** Steps made before it. */
  readonly step: number;
  /** f − f*. */
  readonly loss: number;
  /** ½‖∇f‖²/(f − f*), the largest μ that the condition has here; NaN where f is f*, but for rounding. */
  readonly ratio: number;
  /** ‖z − z₀‖. */
  readonly moved: number;
  /** The least and the largest eigenvalue of the tangent kernel K = JJᵀ; absent unless it was asked for. */
  readonly eigenvalues?: readonly [least: number, largest: number];
}

/** The PL* condition along a run. */
export interface PlStar {
  readonly points: readonly PlStarPoint[];
  /** The least ratio: no larger μ has ½‖∇f‖² ≥ μ(f − f*) at all points. NaN if every point has f = f*. */
  readonly ratio: number;
  /** The least eigenvalue of the kernels, if they were asked for. */
  readonly eigenvalue?: number;
  /** What the probe asked for, in calls; the run does not count them. */
  readonly calls: number;
}

/** Options of {@link plStarAlong}. */
export interface PlStarOptions {
  /** Every how many steps the point is kept, from the start on. Default: 1. */
  readonly every?: number;
  /** Whether the kernel is asked for, 2n products at each point, n the residuals. Default: false. */
  readonly kernel?: boolean;
  /** f*, or a number below it. Default: the problem's own, or 0. */
  readonly optimum?: number;
  /** What F is evaluated on: draw 0 of a sampled problem, or all of it. Default: `same`, draw 0. */
  readonly sample?: 'all' | 'same';
}

/** What {@link plStarAlong} keeps of a run. */
export interface PlStarAlong {
  /** To be given to `solve` or `train`, or called at the start and after each step. */
  readonly observe: (progress: Pick<Progress<State>, 'state'>) => void;
  /** The memory that the points take so far, in bytes: one copy of z for each. */
  readonly bytes: () => number;
  /** Asks for the loss, the gradient and, if wanted, the kernel at each point kept. */
  readonly measure: () => Promise<PlStar>;
}

/**
 * Measures the PL* condition along a run of a problem of one player, ½‖∇f(z)‖² ≥ μ(f(z) − f*) on a set, in
 * two passes: `solve(problem, method, { observe: along.observe })` keeps points, `await along.measure()` asks
 * for f and ∇f there. For f = ½‖r‖² and f* = 0 the least eigenvalue of K = JJᵀ is such a μ, since ∇f = Jᵀr
 * makes ‖∇f‖² = rᵀKr; a wide network keeps it above 0. `plStarRadius` and `plStarRate` say what follows.
 * What was measured holds at the points of the run, and for no ball around them.
 * Source: Liu, Zhu, Belkin 2020, arXiv 2003.00307.
 * @throws InputError for a problem of several players, one without losses, or, with `kernel`, one without
 * residuals; and from `measure` if nothing was observed, or a loss is below f*.
 */
export function plStarAlong(problem: Problem, options: PlStarOptions = {}): PlStarAlong {
  const { every = 1, kernel = false, sample = 'same' } = options;
  const { name, players, residual } = problem;
  const known = problem.losses !== undefined;
  const optimum = options.optimum ?? problem.facts?.optimum ?? 0;
  if (players.length !== 1)
    throw new InputError(
      `plStarAlong measures the loss of one player; ${name} has ${players.map((player) => player.name).join(', ')}`,
    );
  if (!known && residual === undefined)
    throw new InputError(`plStarAlong needs the loss f; ${name} has neither losses nor residuals`);
  if (kernel && (residual === undefined || residual.regulariser !== undefined))
    throw new InputError(
      `plStarAlong: kernel is true; expected false for ${name}, which has ${residual === undefined ? 'no residuals' : 'a regulariser beside its residuals'}`,
    );
  if (!Number.isSafeInteger(every) || every < 1)
    throw new InputError(`plStarAlong: every is ${shown(every)}; expected a whole number >= 1`);
  if (!Number.isFinite(optimum))
    throw new InputError(`plStarAlong: optimum is ${shown(optimum)}; expected a finite number`);
  if (sample !== 'all' && sample !== 'same')
    throw new InputError(`plStarAlong: sample is ${shown(sample)}; expected "same" or "all"`);
  const kept: { readonly step: number; readonly z: Vector }[] = [];
  let k = 0;

  function* measured(space: Space): Asking<readonly PlStarPoint[]> {
    const points: PlStarPoint[] = [];
    const g = space.vector();
    for (const { step, z } of kept) {
      copy(g, yield { want: 'gradient', at: z, sample });
      let f: number;
      if (known) f = (yield { want: 'losses', at: z, sample })[0]!;
      else {
        const r = yield { want: 'residual', at: z, sample };
        f = dot(r, r) / 2;
      }
      const [loss, rounding] = [f - optimum, 64 * roundoff(z) * Math.abs(optimum)];
      if (loss < -rounding)
        throw new InputError(
          `plStarAlong: the loss of ${name} is ${f} after ${step} steps, below f* = ${optimum}; expected optimum to be the least loss, or below it`,
        );
      const ratio = loss > rounding ? dot(g, g) / 2 / loss : NaN;
      const point = { step, loss: Math.max(0, loss), ratio, moved: distance(z, kept[0]!.z) };
      if (kernel) {
        const { values } = eigh(yield* empiricalKernel(z)(problem, space), { vectors: false });
        points.push({ ...point, eigenvalues: [values[0]!, values.at(-1)!] });
      } else points.push(point);
    }
    return points;
  }
  return {
    observe({ state: { z } }) {
      if (k % every === 0) kept.push({ step: k, z: z.slice() });
      k++;
    },
    bytes: () => kept.reduce((sum, { z }) => sum + z.byteLength, 0),
    async measure() {
      const first = kept[0]?.z;
      if (first === undefined)
        throw new InputError(
          'plStarAlong: nothing was observed; expected observe to be given to a run first',
        );
      const { value: points, ledger } = await probeAsync(problem, first, (_, space) => measured(space));
      const least = (values: readonly number[]): number =>
        values.length === 0 ? NaN : values.reduce((low, x) => Math.min(low, x));
      return {
        points,
        ratio: least(points.map(({ ratio }) => ratio).filter((ratio) => !Number.isNaN(ratio))),
        ...(kernel && { eigenvalue: least(points.map(({ eigenvalues }) => eigenvalues![0])) }),
        calls: pricing(problem)(ledger),
      };
    },
  };
}

/** @throws InputError unless the number is finite, and > 0 or, where 0 is allowed, >= 0. */
function check(where: string, name: string, value: number, zero = false): void {
  if (!(Number.isFinite(value) && (value > 0 || (zero && value === 0))))
    throw new InputError(
      `${where}: ${name} is ${shown(value)}; expected a finite number ${zero ? '>=' : '>'} 0`,
    );
}

/**
 * √(8(f₀ − f*)/μ), the farthest that gradient descent goes from z₀ if PL* holds with μ on the ball of this
 * radius around it, and if ∇f is β-Lipschitz there and the step size η ≤ 1/β.
 *
 * Proof, with f* = 0 and g = ∇f: a step has f⁺ ≤ f − (η/2)‖g‖², and ‖g‖ ≥ √(2μf). So
 *   √f − √f⁺ ≥ (f − f⁺)/(2√f) ≥ η‖g‖²/(4√f) ≥ (√(2μ)/4)·‖ηg‖,
 * and the lengths of all steps add to 4√(f₀/(2μ)) at most; no step can be the first to leave the ball.
 * This is √(β/μ) times less than 2√(2βf₀)/μ, a radius in terms of β.
 * @param options loss: f₀ − f*; constant: μ.
 */
export function plStarRadius(options: { readonly loss: number; readonly constant: number }): number {
  const { loss, constant } = options;
  check('plStarRadius', 'loss', loss, true);
  check('plStarRadius', 'constant', constant);
  return Math.sqrt((8 * loss) / constant);
}

/**
 * (1 − ημ)ᵏ, the share of f₀ − f* that is left after k steps of gradient descent at most, if PL* holds with μ
 * on the way, ∇f is β-Lipschitz there, and η ≤ 1/β: f⁺ − f* ≤ f − f* − (η/2)‖∇f‖² ≤ (1 − ημ)(f − f*).
 * @param options stepSize: η, of at most 1/μ, as μ ≤ β; constant: μ.
 */
export function plStarRate(options: {
  readonly stepSize: number;
  readonly constant: number;
}): (steps: number) => number {
  const { stepSize, constant } = options;
  check('plStarRate', 'stepSize', stepSize);
  check('plStarRate', 'constant', constant);
  if (stepSize * constant > 1)
    throw new InputError(
      `plStarRate: stepSize is ${stepSize}; expected at most 1/constant = ${1 / constant}, as the theorem has η ≤ 1/β, and no constant is above β`,
    );
  return (steps) => (1 - stepSize * constant) ** steps;
}
