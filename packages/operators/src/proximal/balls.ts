import type { Vector } from '../contracts/index.js';
import { expectOptions, expectPositive } from '../specs/expect.js';
import { norm, rescale } from '../vectors/vectors.js';
import { box } from './box.js';
import {
  indicator,
  largestSize,
  proximalFunction,
  roundings,
  sumOfSizes,
  type ProximalFunction,
} from './contract.js';
import { ontoSimplex } from './cut.js';

/** The index of the largest |z_i| in the slice. */
function placeOfLargest(z: Vector, start: number, end: number): number {
  let place = start;
  for (let i = start + 1; i < end; i++) if (Math.abs(z[i]!) > Math.abs(z[place]!)) place = i;
  return place;
}

/**
 * The set {‖z‖₁ ≤ radius}: the projection maps the absolute values onto the simplex and restores the signs.
 * Duchi et al. 2008.
 */
export function l1Ball(options: { readonly radius: number }): ProximalFunction {
  const { radius } = expectOptions('l1-ball', options, '{ radius: 1 }');
  expectPositive('l1-ball', 'radius', radius);
  return proximalFunction({
    name: 'l1-ball',
    is: { set: true },
    value: (z, start, end, slack) =>
      indicator(sumOfSizes(z, start, end) - radius, slack + roundings(z, start, end, radius)),
    conjugateValue: (z, start, end) => radius * largestSize(z, start, end),
    prox(z, _, start, end) {
      if (sumOfSizes(z, start, end) <= radius) return;
      const sizes = new Float64Array(end - start);
      for (let i = start; i < end; i++) sizes[i - start] = Math.abs(z[i]!);
      ontoSimplex(sizes, radius, 0, sizes.length);
      for (let i = start; i < end; i++) z[i] = z[i]! < 0 ? -sizes[i - start]! : sizes[i - start]!;
    },
    lmo(g, out, start, end) {
      const place = placeOfLargest(g, start, end);
      const corner = g[place]! > 0 ? -radius : radius;
      out.fill(0, start, end);
      out[place] = corner;
    },
    gauge: (z, start, end) => sumOfSizes(z, start, end) / radius,
    diameter: () => 2 * radius,
    atoms: (n) => ({
      groups: Array.from({ length: n }, (_, i) => ({ start: i, end: i + 1, norm: radius })),
    }),
  });
}

/** The set {‖z‖₂ ≤ radius}. */
export function l2Ball(options: { readonly radius: number }): ProximalFunction {
  const { radius } = expectOptions('l2-ball', options, '{ radius: 1 }');
  expectPositive('l2-ball', 'radius', radius);
  return proximalFunction({
    name: 'l2-ball',
    is: { set: true },
    value: (z, start, end, slack) =>
      indicator(norm(z, start, end) - radius, slack + roundings(z, start, end, radius)),
    conjugateValue: (z, start, end) => radius * norm(z, start, end),
    prox(z, _, start, end) {
      const length = norm(z, start, end);
      if (length > radius) rescale(z, length, radius, start, end);
    },
    lmo(g, out, start, end) {
      const length = norm(g, start, end);
      for (let i = start; i < end; i++) out[i] = -g[i]!;
      if (length > 0) rescale(out, length, radius, start, end);
    },
    gauge: (z, start, end) => norm(z, start, end) / radius,
    diameter: () => 2 * radius,
    atoms: (n) => ({ groups: [{ start: 0, end: n, norm: radius }] }),
  });
}

/** The set {‖z‖∞ ≤ radius}. */
export function linfBall(options: { readonly radius: number }): ProximalFunction {
  const { radius } = expectOptions('linf-ball', options, '{ radius: 1 }');
  expectPositive('linf-ball', 'radius', radius);
  return proximalFunction({ ...box({ lower: -radius, upper: radius }), name: 'linf-ball' });
}
