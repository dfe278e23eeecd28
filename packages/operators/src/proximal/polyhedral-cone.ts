import type { Vector } from '../contracts/index.js';
import { matrixOf } from '../linear-algebra/matrix.js';
import { nonnegativeSolver } from '../linear-algebra/nonnegative.js';
import { InputError } from '../specs/errors.js';
import { expectOptions, expectPositive } from '../specs/expect.js';
import { norm, scale } from '../vectors/vectors.js';
import {
  expectFunction,
  indicator,
  largestSize,
  proximalFunction,
  roundings,
  type ProximalFunction,
} from './contract.js';

/**
 * The cone {z : ⟨gⱼ, z⟩ ≥ 0 for all j}. The projection is z + Σ μⱼgⱼ with the μ ≥ 0 that make it shortest
 * (Moreau), by nonnegative least squares: exact to rounding. Rows of `normals` are the gⱼ; one that is 0 says
 * nothing. @throws InputError for rows of different lengths.
 */
export function polyhedralCone(options: {
  readonly normals: readonly (readonly number[])[];
}): ProximalFunction {
  const { normals } = expectOptions('polyhedral-cone', options, '{ normals: [[1,0],[1,1]] }');
  const { rows, columns: n, entries } = matrixOf(normals);
  const G = entries.slice();
  // a normal's length says nothing, and with unit normals ⟨g, z⟩ is a distance
  for (let j = 0; j < rows; j++) {
    const length = norm(G, j * n, (j + 1) * n);
    if (length > 0) scale(G, 1 / length, j * n, (j + 1) * n);
  }
  /** The largest distance to a half-space that does not hold z. */
  const missed = (z: Vector, start: number): number => {
    let most = 0;
    for (let j = 0; j < rows; j++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += G[j * n + i]! * z[start + i]!;
      // NaN stays
      if (!(sum >= -most)) most = -sum;
    }
    return most;
  };
  const fit = nonnegativeSolver(G, n);
  const scratch = new Float64Array(n);
  const project = (z: Vector, start: number, end: number): void => {
    const size = largestSize(z, start, end);
    if (!(size < Infinity)) return void z.fill(NaN, start, end);
    // the second pass clears the roundings of the first, which are those of the longer z
    for (let pass = 0; pass < 3 && missed(z, start) > roundings(z, start, end); pass++) {
      const unit = largestSize(z, start, end);
      for (let i = 0; i < n; i++) scratch[i] = -z[start + i]! / unit;
      const { residual } = fit(scratch);
      for (let i = 0; i < n; i++) z[start + i] = -residual[i]! * unit;
    }
    if (largestSize(z, start, end) <= 8 * n * 2 ** -53 * size) z.fill(0, start, end);
  };
  return proximalFunction({
    name: 'polyhedral-cone',
    length: n,
    is: { cone: true },
    value: (z, start, end, slack) => indicator(missed(z, start), slack + roundings(z, start, end)),
    conjugateValue(z, start, end, slack) {
      const p = z.slice(start, end);
      project(p, 0, n);
      return indicator(norm(p), slack + roundings(z, start, end));
    },
    prox: (z, _, start, end) => project(z, start, end),
  });
}

/**
 * f(z) = weight·‖z‖₂ on a cone K, ∞ outside. Its prox shortens the projection p of z by γ·weight: for z =
 * tu, u of length 1 in K, the objective is t²/2 − t⟨z, u⟩ + γ·weight·t and a constant, and the largest ⟨z,
 * u⟩ is ‖p‖, where u = p/‖p‖. Its conjugate is the indicator of ‖p‖ ≤ weight. @throws InputError for what is
 * no cone.
 */
export function conicNorm(
  cone: ProximalFunction,
  options: { readonly weight?: number } = {},
): ProximalFunction {
  const { weight = 1 } = expectOptions('conic-norm', options, '{ weight: 0.5 }');
  expectFunction('conic-norm', cone);
  if (!cone.is.cone)
    throw new InputError(`conic-norm of ${cone.name}; expected a cone, as nonnegative or second-order-cone`);
  expectPositive('conic-norm', 'weight', weight);
  return proximalFunction({
    name: 'conic-norm',
    length: cone.length,
    is: { homogeneous: true },
    value: (z, start, end, slack) => cone.value(z, start, end, slack) + weight * norm(z, start, end),
    conjugateValue(z, start, end, slack) {
      const p = z.slice(start, end);
      cone.prox(p, 1);
      return indicator(norm(p) - weight, slack + roundings(z, start, end, weight));
    },
    prox(z, γ, start, end, note) {
      cone.prox(z, 1, start, end, note);
      const length = norm(z, start, end);
      scale(z, length > γ * weight ? 1 - (γ * weight) / length : length >= 0 ? 0 : NaN, start, end);
    },
  });
}
