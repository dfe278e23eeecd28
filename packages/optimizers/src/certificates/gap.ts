import { InputError, eigh, normal, shown, type Game, type Vector } from '@stillpoint/operators';
import { checkGame, checkPoint } from '../drivers/door.js';
import { noBound, exact, type NoBound } from './types.js';

/** F(u) = Mu + q. */
export interface Affine {
  /** `[n, n]`, row after row. */
  readonly M: Float64Array;
  readonly q: Float64Array;
}

/** M and q from n + 1 values of F; undefined if F is not affine at three random points near the ball. */
export function affineParts(
  { dim: n, operator }: Pick<Game, 'dim' | 'operator'>,
  around: ArrayLike<number>,
  radius: number,
): Affine | undefined {
  const M = new Float64Array(n * n);
  const [at, centre, F] = [Float64Array.from(around), new Float64Array(n), new Float64Array(n)];
  operator(at, centre);
  for (let j = 0; j < n; j++) {
    at[j] = around[j]! + radius;
    operator(at, F);
    at[j] = around[j]!;
    for (let i = 0; i < n; i++) M[i * n + j] = (F[i]! - centre[i]!) / radius;
  }
  for (let call = 0; call < 3; call++) {
    const v = normal(new Float64Array(n), { seed: 0, purpose: 'is it affine', call }, 0, radius);
    for (let i = 0; i < n; i++) at[i] = around[i]! + v[i]!;
    operator(at, F);
    for (let i = 0; i < n; i++) {
      let [value, scale] = [centre[i]!, Math.abs(centre[i]!)];
      for (let j = 0; j < n; j++) {
        value += M[i * n + j]! * v[j]!;
        scale += Math.abs(M[i * n + j]! * v[j]!);
      }
      if (!(Math.abs(F[i]! - value) <= 1e-9 * (scale + Math.abs(F[i]!)))) return undefined;
    }
  }
  const q = centre.map((x, i) => {
    for (let j = 0; j < n; j++) x -= M[i * n + j]! * around[j]!;
    return x;
  });
  return { M, q };
}

/**
 * max of bᵀv − Σλ_i v_i² over ‖v‖ ≤ R, all λ ≥ 0: v_i = b_i/(2(λ_i + ν)) with the ν ≥ 0 that makes it fit.
 */
function concaveOnBall(λ: ArrayLike<number>, b: ArrayLike<number>, R: number): number {
  const entry = (i: number, ν: number): number => (b[i] === 0 ? 0 : b[i]! / (2 * (λ[i]! + ν)));
  const length = (ν: number): number => Math.hypot(...Array.from(b, (_, i) => entry(i, ν)));
  let ν = 0;
  if (!(length(0) <= R)) {
    let [low, high] = [0, Math.hypot(...Array.from(b)) / (2 * R)]; // at this ν it fits even if all λ are 0
    for (let t = 0; t < 200 && low < high; t++) {
      ν = (low + high) / 2;
      if (ν === low || ν === high) break;
      if (length(ν) > R) low = ν;
      else high = ν;
    }
    ν = high;
  }
  return Array.from(b).reduce((total, bi, i) => total + bi * entry(i, ν) - λ[i]! * entry(i, ν) ** 2, 0);
}

/**
 * The restricted gap of a monotone game without constraints at z: the maximum of ⟨F(u), z − u⟩ over ‖u −
 * around‖ ≤ radius, which is ≥ 0 for z in that ball and 0 at solutions in its interior only. It is exact for
 * affine F, for which it maximises a concave quadratic over a ball. For other F the result is a reason, since
 * sampling would bound the gap from the wrong side. For matrix games on simplices the gap over the whole
 * simplices is `dualityGap` of `@stillpoint/problems`. Takes n + 4 calls of F and a symmetric eigenvalue
 * decomposition. Source of the merit function: Nesterov, "Dual extrapolation and its applications", 2007.
 */
export function restrictedGap(
  game: Game,
  z: Vector,
  ball: { readonly around: ArrayLike<number>; readonly radius: number },
): number | NoBound {
  checkGame('restrictedGap', game);
  checkPoint('restrictedGap', game, z);
  const { around, radius }: { readonly around?: ArrayLike<number>; readonly radius?: number } = Object(ball);
  if (around?.length === undefined || radius === undefined) {
    throw new InputError(`restrictedGap: the ball is ${shown(ball)}; expected { around, radius }`);
  }
  const n = game.dim;
  if (around.length !== n || !(radius > 0 && Number.isFinite(radius)))
    return noBound(
      `the ball has a centre of ${around.length} numbers and radius ${radius}; expected ${n} and a number > 0`,
    );
  if (game.constraint)
    return noBound(
      'the gap of a game with constraints is not computed here; of a matrix game it is dualityGap of @stillpoint/problems',
    );
  const affine = affineParts(game, around, radius);
  if (affine === undefined) return noBound('F is not affine: the maximum over a ball cannot be certified');
  const { M, q } = affine;
  const symmetric = Float64Array.from(M, (x, at) => (x + M[(at % n) * n + Math.floor(at / n)]!) / 2);
  const { values, vectors } = eigh(symmetric);
  const [least, most] = [values[0] ?? 0, M.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0)];
  if (least < -1e-9 * n * most)
    return noBound(`F is not monotone: the least eigenvalue of its symmetric part is ${exact(least)}`);
  const Fc = Array.from(q, (x, i) => {
    for (let j = 0; j < n; j++) x += M[i * n + j]! * around[j]!;
    return x;
  });
  // u = around + v: ⟨Fc + Mv, d − v⟩, d = z − around, is ⟨Fc, d⟩ + ⟨Mᵀd − Fc, v⟩ − vᵀMv
  let gap = 0;
  const g = Array.from(Fc, (f, i) => {
    gap += f * (z[i]! - around[i]!);
    let sum = -f;
    for (let j = 0; j < n; j++) sum += M[j * n + i]! * (z[j]! - around[j]!);
    return sum;
  });
  const b = Array.from({ length: n }, (_, m) => g.reduce((sum, x, i) => sum + x * vectors[m * n + i]!, 0));
  return (
    gap +
    concaveOnBall(
      values.map((λ) => (λ < 1e-13 * most ? 0 : λ)),
      b,
      radius,
    )
  );
}
