import type { Vector } from '../contracts/index.js';
import { InputError, shown } from '../specs/errors.js';
import { eigh } from '../linear-algebra/eigh.js';
import { expectOptions } from '../specs/expect.js';
import { isFiniteVector, norm, rescale, scale } from '../vectors/vectors.js';
import { indicator, largestSize, proximalFunction, roundings, type ProximalFunction } from './contract.js';

/** The second-order cone {(t, x): ‖x‖₂ ≤ t}; t is the first entry of the slice. */
export function secondOrderCone(): ProximalFunction {
  return proximalFunction({
    name: 'second-order-cone',
    is: { cone: true },
    value: (z, start, end, slack) =>
      indicator(norm(z, start + 1, end) - z[start]!, slack + roundings(z, start, end)),
    conjugateValue: (z, start, end, slack) =>
      indicator(norm(z, start + 1, end) + z[start]!, slack + roundings(z, start, end)),
    prox(z, _, start, end) {
      const length = norm(z, start + 1, end);
      if (Math.abs(z[start]!) + length < Infinity || !isFiniteVector(z.subarray(start, end)))
        return ontoCone(z, length, start, end);
      // a cone contains all multiples of its points: if the norm is beyond float64, scale down first
      scale(z, 2 ** -64, start, end);
      ontoCone(z, norm(z, start + 1, end), start, end);
      scale(z, 2 ** 64, start, end);
    },
  });
}

/** The projection onto the second-order cone, in place; `length` is ‖x‖₂. */
function ontoCone(z: Vector, length: number, start: number, end: number): void {
  const t = z[start]!;
  if (length <= t) return;
  if (length <= -t) return void z.fill(0, start, end);
  const half = (t + length) / 2;
  z[start] = half;
  rescale(z, length, half, start + 1, end);
}

/** The most rows a matrix may have: scratch then takes half a GiB. */
const LARGEST = 8192;

/**
 * The cone of positive semidefinite matrices: `size`² entries, row after row. A matrix that is not symmetric
 * is outside; the projection begins with (Z + Zᵀ)/2.
 */
export function psdCone(options: { readonly size: number }): ProximalFunction {
  const { size } = expectOptions('psd-cone', options, '{ size: 2 }');
  if (!Number.isInteger(size) || size < 1 || size > LARGEST) {
    throw new InputError(
      `psd-cone: size is ${shown(size)}; expected the number of rows, a whole number from 1 to ${LARGEST}`,
    );
  }
  const a = new Float64Array(size * size);
  /** a = (Z + Zᵀ)/2; returns max |Z − Zᵀ|/2. */
  const symmetrise = (z: Vector, start: number): number => {
    let skew = 0;
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) {
        const [x, y] = [z[start + i * size + j]!, z[start + j * size + i]!];
        a[i * size + j] = a[j * size + i] = x / 2 + y / 2;
        skew = Math.max(skew, Math.abs(x / 2 - y / 2));
      }
    return skew;
  };
  /** The largest eigenvalue of sign·(Z + Zᵀ)/2; NaN if an entry is not finite. */
  const extreme = (sign: number): number => {
    if (!Number.isFinite(largestSize(a, 0, a.length))) return NaN;
    const { values } = eigh(a, { vectors: false });
    return sign > 0 ? values[size - 1]! : -values[0]!;
  };
  return proximalFunction({
    name: 'psd-cone',
    length: size * size,
    is: { cone: true },
    value: (z, start, end, slack) =>
      indicator(Math.max(symmetrise(z, start), extreme(-1)), slack + roundings(z, start, end)),
    conjugateValue(z, start, end, slack) {
      // the inner product of a skew part with a symmetric matrix is 0
      symmetrise(z, start);
      return indicator(extreme(1), slack + roundings(z, start, end));
    },
    prox(z, _, start, end) {
      symmetrise(z, start);
      // NaN, as from other projections, so that the run reports it
      if (!Number.isFinite(largestSize(a, 0, a.length))) return void z.fill(NaN, start, end);
      const { values, vectors } = eigh(a);
      if (!(values[0]! >= 0)) {
        // add up the positive part: subtracting the negative part would leave its roundings
        a.fill(0);
        values.forEach((x, m) => {
          if (x > 0)
            for (let i = 0; i < size; i++)
              for (let j = 0; j <= i; j++)
                a[i * size + j] = a[j * size + i] =
                  a[i * size + j]! + x * vectors[m * size + i]! * vectors[m * size + j]!;
        });
      }
      z.set(a, start);
    },
  });
}
