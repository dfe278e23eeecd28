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
import { groupsOf } from './norms.js';

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
  });
}

/** The set {‖z‖∞ ≤ radius}. */
export function linfBall(options: { readonly radius: number }): ProximalFunction {
  const { radius } = expectOptions('linf-ball', options, '{ radius: 1 }');
  expectPositive('linf-ball', 'radius', radius);
  return proximalFunction({ ...box({ lower: -radius, upper: radius }), name: 'linf-ball' });
}

/**
 * The set {Σ‖z_g‖₂ ≤ radius} over consecutive groups: the projection takes the groups' lengths to the
 * simplex. `groups` holds their sizes, in order. Yuan, Lin 2006; Duchi et al. 2008.
 */
export function groupL1Ball(options: {
  readonly radius: number;
  readonly groups: readonly number[];
}): ProximalFunction {
  const { radius, groups } = expectOptions('group-l1-ball', options, '{ radius: 1, groups: [2,3] }');
  expectPositive('group-l1-ball', 'radius', radius);
  const { length, each } = groupsOf('group-l1-ball', groups);
  const lengths = new Float64Array(groups.length);
  const measure = (z: Vector, start: number, end: number): Float64Array => {
    each(start, end, (from, to, g) => (lengths[g] = norm(z, from, to)));
    return lengths;
  };
  const sum = (z: Vector, start: number, end: number): number =>
    sumOfSizes(measure(z, start, end), 0, lengths.length);
  return proximalFunction({
    name: 'group-l1-ball',
    length,
    is: { set: true },
    value: (z, start, end, slack) =>
      indicator(sum(z, start, end) - radius, slack + roundings(z, start, end, radius)),
    conjugateValue: (z, start, end) => radius * largestSize(measure(z, start, end), 0, lengths.length),
    prox(z, _, start, end) {
      if (sum(z, start, end) <= radius) return;
      const short = lengths.slice();
      ontoSimplex(short, radius, 0, short.length);
      each(start, end, (from, to, g) => {
        if (lengths[g]! > 0) rescale(z, lengths[g]!, short[g]!, from, to);
      });
    },
    lmo(g, out, start, end) {
      const place = placeOfLargest(measure(g, start, end), 0, lengths.length);
      each(start, end, (from, to, at) => {
        if (at !== place || lengths[at] === 0) return void out.fill(0, from, to);
        for (let i = from; i < to; i++) out[i] = -g[i]!;
        rescale(out, lengths[at]!, radius, from, to);
      });
    },
    gauge: (z, start, end) => sum(z, start, end) / radius,
    diameter: () => 2 * radius,
  });
}
