import {
  copy,
  distance,
  dot,
  fill,
  norm,
  roundoff,
  scale,
  waxpy,
  type Asking,
  type Space,
  type Vector,
} from '@stillpoint/operators';
import type { SpaceWith } from '../needs.js';
import { armijo, roundingOf } from './armijo.js';
import { curvaturePairs, pairsOf } from './curvature-pairs.js';
import { dampedLeastSquares } from './damped-least-squares.js';
import type { InnerEnd } from './inner-end.js';
import { regularised } from './regularised.js';
import { firstTrial, hiddenBy, wolfe } from './wolfe.js';

/** How a minimisation of φ(v) = f(v) + ‖v − z‖²/(2η) ended. */
export interface ProximalEnd extends InnerEnd {
  /** Whether φ(v) ≤ φ(z); where rounding may hide that, whether the gradient of φ is smaller at v. */
  readonly fell: boolean;
}

/** When it ends. */
export interface ProximalStop {
  /** η. */
  readonly stepSize: number;
  /** ‖∇φ(v)‖, or its size in the metric of the steps, as a share of that at z. */
  readonly tolerance: number;
  readonly most: number;
}

const silent = { note: () => {} };
/** A distance that is rounding of v. */
const rounding = (v: Vector): number => 16 * roundoff(v) * norm(v);

/** Minimises φ from v = z, on one sample. */
export type ProximalSolver = (v: Vector, z: Vector) => Asking<ProximalEnd>;

/**
 * By Gauss–Newton steps with Armijo's rule, for f = ½‖r‖² + λh: with D = 1/η + λh″ each step solves
 *   (JᵀJ + D)x = Jᵀr + (v − z)/η + λ∇h,   v ← v − αx
 * on the shorter side of J, by Woodbury's identity where r is shorter than z. On linear r without regulariser
 * one step is exact. It ends where ⟨x, ∇φ⟩ is at most tolerance² times that at z, where x is rounding of v,
 * and where ⟨x, ∇φ⟩ is rounding of φ and no longer falls. The first question is on a fresh sample, all others
 * on the same.
 */
export function proximalGaussNewton(
  space: SpaceWith<'residuals'>,
  { stepSize: η, tolerance, most }: ProximalStop,
): ProximalSolver {
  const { objective, derivatives, weight: λ } = regularised(space);
  const [p, D, x, trial] = [space.vector(), space.vector(), space.vector(), space.vector()];
  const r = space.vector(space.residuals);
  const solve = dampedLeastSquares(space);
  return function* (v, z) {
    copy(v, z);
    copy(r, yield { want: 'residual', at: v, sample: 'fresh' });
    const from = objective(r, v);
    let [φ, first, last] = [from, 0, Infinity];
    const fell = (): boolean => φ <= from || (φ - from <= hiddenBy(from, v) && last < first);
    for (let iterations = 1; ; iterations++) {
      derivatives(v, p, D); // λ∇h and h″
      for (let i = 0; i < space.dim; i++) D[i] = λ * D[i]! + 1 / η;
      waxpy(p, p, 1 / η, v);
      waxpy(p, p, -1 / η, z);
      const decrease = yield* solve(x, { at: v, r, p, D });
      if (iterations === 1) first = decrease;
      const still = norm(x) <= rounding(v); // a step that v does not notice
      // below what φ can show, a step is judged by what is left after it
      const hidden = roundingOf(φ, v);
      const rests = still || (Math.abs(decrease) <= hidden && !(decrease < last / 4));
      last = decrease;
      if (rests || !(decrease > tolerance ** 2 * first)) {
        // what is left may round to less than 0
        const reached = rests || Math.abs(decrease) <= tolerance ** 2 * Math.abs(first);
        return { iterations, reached, fell: fell() };
      }
      function* along(α: number): Asking<number> {
        waxpy(trial, v, -α, x);
        copy(r, yield { want: 'residual', at: trial });
        return objective(r, trial) + distance(trial, z) ** 2 / (2 * η);
      }
      // where rounding of r hides what is left, no step is found: that is no failure if little is left
      const α = yield* armijo(silent, { from: φ, decrease, halvings: 40, rounding: hidden }, along);
      // in float32 a short step may round to none
      if (α === 0 || distance(trial, v) === 0)
        return { iterations, reached: decrease <= tolerance * first, fell: fell() };
      copy(v, trial);
      φ = objective(r, v) + distance(v, z) ** 2 / (2 * η);
      if (iterations === most) return { iterations, reached: false, fell: fell() };
    }
  };
}

/** Pairs that the inner L-BFGS keeps. */
const HISTORY = 10;

/** A smooth function beside f: adds its gradient at v to `out`, and returns its value. */
export type Addend = (v: Vector, out: Vector) => number;

/** When a minimisation of f and an addend ends. */
export interface LbfgsStop {
  /** ‖∇φ(v)‖ at its end at most; a function of what it is at the start. */
  readonly least: (atStart: number) => number;
  readonly most: number;
  /** 1/η is a bound from below of the addend's curvature; Infinity if there is none. */
  readonly stepSize: number;
}

/**
 * Minimises φ = f + addend from v by L-BFGS with a Wolfe search, for any f of one player. The first question
 * is on a fresh sample, all others on the same.
 */
export function lbfgsWith(
  space: Space,
  addend: Addend,
  { least: leastOf, most, stepSize: η }: LbfgsStop,
): (v: Vector) => Asking<ProximalEnd> {
  const { remember, direction } = curvaturePairs(space);
  const pairs = pairsOf(space, HISTORY);
  const [w, g, next, d, losses] = [
    space.vector(),
    space.vector(),
    space.vector(),
    space.vector(),
    space.vector(1),
  ];
  function* φ(at: Vector, out: Vector, sample: 'fresh' | 'same' = 'same'): Asking<number> {
    copy(out, yield { want: 'gradient', at, sample, losses: fill(losses, NaN) });
    return losses[0]! + addend(at, out);
  }
  const find = wolfe(space, (at, out) => φ(at, out));
  return function* (v) {
    pairs.count = 0;
    let objective = yield* φ(v, g, 'fresh');
    const [from, steepness] = [objective, norm(g)];
    const least = leastOf(steepness);
    const fell = (): boolean =>
      objective <= from || (objective - from <= hiddenBy(from, v) && norm(g) < steepness);
    for (let iterations = 0; ; iterations++) {
      // φ has curvature 1/η at least where f is convex: v is then within η‖g‖ of its minimum
      if (η * norm(g) <= rounding(v)) return { iterations, reached: true, fell: fell() };
      if (!(norm(g) > least)) return { iterations, reached: norm(g) <= least, fell: fell() };
      if (iterations === most) return { iterations, reached: false, fell: fell() };
      direction(d, pairs, g);
      if (!(dot(g, d) < 0)) {
        pairs.count = 0; // rounding has made it indefinite
        scale(copy(d, g), -1);
      }
      const found = yield* find(w, next, v, d, {
        loss: objective,
        slope: dot(g, d),
        // φ has curvature 1/η at least, unless f bends down
        first: pairs.count === 0 ? Math.min(η, firstTrial(g, norm(v) || 1, 'gradient')) : 1,
      });
      if (!found.decreased) return { iterations, reached: false, fell: fell() };
      remember(pairs, w, v, next, g);
      copy(v, w);
      copy(g, next);
      objective = found.loss;
    }
  };
}

/**
 * By {@link lbfgsWith}. It ends where ‖∇φ(v)‖ is at most `tolerance` times ‖∇f(z)‖.
 */
export function proximalLbfgs(space: Space, { stepSize: η, tolerance, most }: ProximalStop): ProximalSolver {
  const centre = space.vector();
  const pull: Addend = (v, out) => {
    waxpy(out, out, 1 / η, v);
    waxpy(out, out, -1 / η, centre);
    return distance(v, centre) ** 2 / (2 * η);
  };
  const solve = lbfgsWith(space, pull, { least: (first) => tolerance * first, most, stepSize: η });
  return function* (v, z) {
    copy(centre, z);
    copy(v, z);
    return yield* solve(v);
  };
}
