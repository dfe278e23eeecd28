import { distance, dot, norm, waxpy, type Problem, type Vector } from '@stillpoint/operators';
import type { LocalJacobian } from '../probes/local-jacobian.js';
import type { Visited } from './visited.js';

/** Constants of F that were found by asking. */
export interface Constants {
  /** L, ‖F(z) − F(w)‖ ≤ L‖z − w‖: at least this. */
  readonly lipschitz: number;
  /** μ, ⟨ΔF, Δz⟩ ≥ μ‖Δz‖²: at most this; may be negative. */
  readonly stronglyMonotone: number;
  /** ρ, ⟨ΔF, Δz⟩ ≥ ρ‖ΔF‖²: at most this. Undefined if a direction shows that there is none. */
  readonly comonotone: number | undefined;
  /** ρ, ⟨F(z), z − z*⟩ ≥ ρ‖F(z)‖², against the point z* that is known or was found; undefined without one. */
  readonly weakMinty: number | undefined;
  /** Whether F(z) − F(w) = J(z − w) at all pairs of points that were compared, to rounding. */
  readonly affine: boolean;
  /** How many pairs of points were compared. */
  readonly pairs: number;
}

/** The share of 1/L, or of L, below which a constant is rounding. */
const ROUNDING = 1e-9;

/** Whether J(w − z) is F(w) − F(z), to the error of J and the rounding of F. */
function explains({ entries, error, norm: size }: LocalJacobian, from: Visited, to: Visited): boolean {
  if (entries === undefined) return false;
  const n = from.z.length;
  const length = distance(from.z, to.z);
  let wrong = 0;
  for (let i = 0; i < n; i++) {
    let sum = to.F[i]! - from.F[i]!;
    for (let j = 0; j < n; j++) sum -= entries[i * n + j]! * (to.z[j]! - from.z[j]!);
    wrong = Math.hypot(wrong, sum);
  }
  const rounding = 2 ** -50 * n * (norm(to.F) + norm(from.F) + size * (norm(to.z) + norm(from.z)));
  return wrong <= 4 * error * size * n * length + rounding;
}

/** A number that is no more than rounding of `unit` counts as 0. */
const settled = (x: number, unit: number, error: number): number =>
  Math.abs(x) <= Math.max(ROUNDING, 4 * error) * unit ? 0 : x;

/**
 * The constants of F from its Jacobians and from all pairs of points that were visited. A pair is compared
 * only if F changed by much more than its rounding.
 * @param solution z*, if one is known or was found.
 */
export function constantsFrom(
  { dim }: Pick<Problem, 'dim'>,
  visited: readonly Visited[],
  jacobians: readonly LocalJacobian[],
  solution: ArrayLike<number> | undefined,
): Constants {
  let [L, μ, ρ, none] = [0, Infinity, Infinity, false];
  let error = 0;
  for (const { norm: size, leastSymmetric, comonotone, error: wrong } of jacobians) {
    L = Math.max(L, size);
    μ = Math.min(μ, leastSymmetric);
    if (comonotone === undefined) none = true;
    else ρ = Math.min(ρ, comonotone);
    error = Math.max(error, wrong);
  }
  let pairs = 0;
  const [ΔF, Δz] = [new Float64Array(dim), new Float64Array(dim)];
  const take = (): void => {
    const [f, z] = [norm(ΔF), norm(Δz)];
    L = Math.max(L, f / z);
    const product = dot(ΔF, Δz);
    μ = Math.min(μ, product / z / z);
    if (f > 0) ρ = Math.min(ρ, product / f / f);
    pairs++;
  };
  for (const [i, a] of visited.entries())
    for (const b of visited.slice(i + 1)) {
      waxpy(ΔF, b.F, -1, a.F);
      waxpy(Δz, b.z, -1, a.z);
      // below that, the differences are made of rounding: that of z, and that of a computation of F
      const [ofZ, ofF] = [2 ** 10 * unit(a.z), 2 ** 14 * unit(a.z)];
      if (norm(Δz) > ofZ * (norm(a.z) + norm(b.z)) && norm(ΔF) > ofF * (norm(a.F) + norm(b.F))) take();
    }
  const [first] = jacobians;
  const [origin, ...others] = visited;
  const affine =
    first?.entries !== undefined &&
    origin !== undefined &&
    others.length > 0 &&
    others.every((other) => explains(first, origin, other));
  const comonotone = !(L > 0) ? 0 : none ? undefined : settled(ρ, 1 / L, error);
  const weakMinty = solution && mintyOf(visited, solution, L, error);
  return {
    lipschitz: L,
    stronglyMonotone: settled(μ, L, error),
    comonotone,
    // what holds for all pairs holds for those with z*, which is itself known only nearly
    weakMinty:
      weakMinty !== undefined && comonotone !== undefined && (affine || comonotone >= 0)
        ? Math.max(weakMinty, comonotone)
        : weakMinty,
    affine,
    pairs,
  };
}

/** The least ⟨F(z), z − z*⟩/‖F(z)‖² over the points that are not z* to rounding. */
function mintyOf(
  visited: readonly Visited[],
  solution: ArrayLike<number>,
  L: number,
  error: number,
): number | undefined {
  const star = Float64Array.from(solution);
  const way = new Float64Array(star.length);
  const largest = visited.reduce((most, { z }) => Math.max(most, distance(z, star)), 0);
  let ρ = Infinity;
  for (const { z, F } of visited) {
    waxpy(way, z, -1, star);
    const [f, d] = [norm(F), norm(way)];
    // z* may itself be wrong by a thousandth of the path
    if (f > 0 && d > 0.03 * largest) ρ = Math.min(ρ, dot(F, way) / f / f);
  }
  return ρ === Infinity ? undefined : settled(ρ, 1 / L, error);
}

const unit = (z: Vector): number => (z instanceof Float32Array ? 2 ** -24 : 2 ** -53);
