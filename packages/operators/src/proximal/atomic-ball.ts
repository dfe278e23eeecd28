import type { Atoms, Vector } from '../contracts/index.js';
import { InputError } from '../specs/errors.js';
import { expectList, expectOptions, expectPositive } from '../specs/expect.js';
import { norm, rescale } from '../vectors/vectors.js';
import { indicator, largestEntry, proximalFunction, roundings, type ProximalFunction } from './contract.js';
import { ontoSimplex } from './cut.js';
import { groupsOf } from './norms.js';
import { boxSection } from './section.js';

/**
 * The hull of vectors of given lengths, one for each of consecutive groups of entries:
 *   {Σ ‖z_g‖₂/norms_g ≤ 1}
 * `groups` holds their sizes, in order; null: each entry is a group, and the set is a ball of a weighted ℓ₁
 * norm. The projection takes the groups' lengths to the simplex, cut along the norms. Yuan, Lin 2006.
 */
export function atomicBall(options: {
  readonly norms: readonly number[];
  readonly groups?: readonly number[] | null;
}): ProximalFunction {
  const { norms, groups = null } = expectOptions('atomic-ball', options, '{ norms: [1,2] }');
  expectList('atomic-ball', 'norms', norms, 'numbers > 0, one for each group, as [1,2]');
  norms.forEach((length, g) => expectPositive('atomic-ball', `norms[${g}]`, length));
  const sizes = groups ?? norms.map(() => 1);
  const { length, each } = groupsOf('atomic-ball', sizes);
  if (sizes.length !== norms.length)
    throw new InputError(
      `atomic-ball: norms has ${norms.length} entries; expected ${sizes.length}, one for each group`,
    );
  const simplex = boxSection({ lower: 0, upper: Infinity, sum: 1, normal: norms.map((size) => 1 / size) });
  return hull('atomic-ball', length, norms, each, (lengths) => simplex.prox(lengths, 1));
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
  const norms = groups.map(() => radius);
  return hull('group-l1-ball', length, norms, each, (lengths) =>
    ontoSimplex(lengths, radius, 0, lengths.length),
  );
}

/** The hull of atoms in groups; `shorten` projects lengths onto those at which the gauge is 1. */
function hull(
  name: string,
  length: number | undefined,
  norms: readonly number[],
  each: ReturnType<typeof groupsOf>['each'],
  shorten: (lengths: Float64Array) => void,
): ProximalFunction {
  const largest = norms.reduce((most, size) => Math.max(most, size), 0);
  /** Of each group, what `of` makes of its length and its norm. */
  const measure = (z: Vector, start: number, end: number, of: (x: number, size: number) => number) => {
    const found = new Float64Array(norms.length);
    each(start, end, (from, to, g) => (found[g] = of(norm(z, from, to), norms[g]!)));
    return found;
  };
  const gauge = (z: Vector, start: number, end: number): number =>
    measure(z, start, end, (x, size) => x / size).reduce((sum, c) => sum + c, 0);
  const scores = (g: Vector, start: number, end: number): Float64Array =>
    measure(g, start, end, (x, size) => x * size);
  return proximalFunction({
    name,
    length,
    is: { set: true },
    value: (z, start, end, slack) =>
      indicator(largest * (gauge(z, start, end) - 1), slack + roundings(z, start, end, largest)),
    conjugateValue: (z, start, end) => largestEntry(scores(z, start, end), 0, norms.length),
    prox(z, _, start, end) {
      if (gauge(z, start, end) <= 1) return;
      const lengths = measure(z, start, end, (x) => x);
      const short = lengths.slice();
      shorten(short);
      each(start, end, (from, to, g) => {
        if (lengths[g]! > 0) rescale(z, lengths[g]!, short[g]!, from, to);
      });
    },
    lmo(g, out, start, end) {
      const found = scores(g, start, end);
      const place = found.reduce((best, x, g) => (x > found[best]! ? g : best), 0);
      each(start, end, (from, to, at) => {
        if (at !== place || found[at] === 0) return void out.fill(0, from, to);
        const own = norm(g, from, to);
        for (let i = from; i < to; i++) out[i] = -g[i]!;
        rescale(out, own, norms[at]!, from, to);
      });
    },
    gauge,
    diameter: () => 2 * largest,
    atoms(n): Atoms {
      const groups: Atoms['groups'][number][] = [];
      each(0, n, (start, end, g) => groups.push({ start, end, norm: norms[g]! }));
      return { groups };
    },
  });
}
