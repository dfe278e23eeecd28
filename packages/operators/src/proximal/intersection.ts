import type { Vector } from '../contracts/index.js';
import { InputError } from '../specs/errors.js';
import { expectCount, expectOptions, expectPositive } from '../specs/expect.js';
import { distance, isFiniteVector } from '../vectors/vectors.js';
import { entryOf, type PerEntry } from './box.js';
import {
  expectFunction,
  largestSize,
  proximalFunction,
  type ProximalFunction,
  type Section,
} from './contract.js';
import { sectionSet } from './section.js';

/** How a projection by Dykstra's algorithm ended. */
export interface Dykstra {
  /** Projections onto each set. */
  readonly cycles: number;
  /**
   * The certificate: what was found is the exact projection, but for rounding, onto the intersection of the
   * sets each moved by at most this far. It is also within this distance of each set.
   */
  readonly moved: number;
  /** Whether `moved` is within the tolerance; false where the cycles ran out, as on sets that do not meet. */
  readonly reached: boolean;
}

/** When Dykstra's algorithm ends. */
export interface DykstraOptions {
  /** Relative to the largest entry of the point found, or of the sets' points. Default 1e-13. */
  readonly tolerance?: number;
  /** Cycles at most. Default 10,000. */
  readonly cycles?: number;
}

/**
 * x ← its projection onto the intersection of sets, in place: for each set in turn, with corrections qᵢ = 0
 * at first,
 *   xᵢ = Pᵢ(x + qᵢ),   qᵢ ← x + qᵢ − xᵢ,   x ← xᵢ
 * At any time z − x = Σqᵢ with qᵢ normal to set i at xᵢ. So x is the projection of z onto the intersection of
 * the sets moved by x − xᵢ, and max ‖x − xᵢ‖ says how far it is from done, also while it stalls. A start many
 * times farther away than the sets are large may stall for as many cycles. Boyle, Dykstra, "A method for
 * finding projections onto the intersection of convex sets in Hilbert spaces", 1986.
 */
export function dykstra(
  sets: readonly ProximalFunction[],
  x: Float64Array,
  options: DykstraOptions = {},
): Dykstra {
  const { tolerance = 1e-13, cycles: most = 10_000 } = expectOptions(
    'dykstra',
    options,
    '{ tolerance: 1e-13, cycles: 10000 }',
  );
  expectPositive('dykstra', 'tolerance', tolerance);
  expectCount('dykstra', 'cycles', most);
  sets.forEach((set) => expectSet('dykstra', set));
  const parts = sets.map((set) => ({ set, q: new Float64Array(x.length), at: new Float64Array(x.length) }));
  const size = largestSize(x, 0, x.length);
  for (let cycles = 1; ; cycles++) {
    for (const { set, q, at } of parts) {
      for (let i = 0; i < x.length; i++) at[i] = q[i] = x[i]! + q[i]!;
      set.prox(at, 1);
      for (let i = 0; i < x.length; i++) q[i] = q[i]! - at[i]!;
      x.set(at);
    }
    let [moved, own] = [0, 0];
    for (const { at } of parts) {
      moved = Math.max(moved, distance(x, at));
      own = Math.max(own, largestSize(at, 0, at.length));
    }
    // rounding of x + q leaves so much
    const floor = 4 * x.length * 2 ** -53 * size;
    const reached = moved <= Math.max(tolerance * own, floor);
    if (reached || cycles === most || !Number.isFinite(moved)) return { cycles, moved, reached };
  }
}

function expectSet(owner: string, set: ProximalFunction): void {
  expectFunction(owner, set);
  if (!set.is.set) throw new InputError(`${owner} of ${set.name}; expected sets, as simplex()`);
}

/** A dual number of entries: all, or those of a list. */
const merged = (a: PerEntry, b: PerEntry, choose: (x: number, y: number) => number): PerEntry => {
  if (typeof a === 'number' && typeof b === 'number') return choose(a, b);
  const length = typeof a === 'number' ? (typeof b === 'number' ? 1 : b.length) : a.length;
  return Array.from({ length }, (_, i) => choose(entryOf(a, i), entryOf(b, i)));
};
const same = (a: NonNullable<Section['plane']>, b: NonNullable<Section['plane']>): boolean =>
  a.value === b.value && JSON.stringify(a.normal) === JSON.stringify(b.normal);

/** What two sections have in common, where that is one. */
function common(a: Section, b: Section): Section | undefined {
  if (a.plane && b.plane && !same(a.plane, b.plane)) return undefined;
  return {
    lower: merged(a.lower, b.lower, Math.max),
    upper: merged(a.upper, b.upper, Math.min),
    plane: a.plane ?? b.plane,
  };
}

/**
 * The intersection of sets. Boxes and one hyperplane (so a simplex and a box, too) make a box section, whose
 * projection, linear minimiser and support function are exact; for any other sets the projection is
 * Dykstra's. Where that ran out, `note` is told so.
 * @throws InputError for what are no sets, sets of different lengths, and an empty box.
 */
export function intersection(
  sets: readonly ProximalFunction[],
  options: DykstraOptions = {},
): ProximalFunction {
  if (!Array.isArray(sets) || sets.length === 0)
    throw new InputError('intersection of nothing; expected sets, as intersection(simplex, box(upper=0.5))');
  sets.forEach((set) => expectSet('intersection', set));
  const length = sets.find((set) => set.length !== undefined)?.length;
  for (const { name, length: n = length } of sets)
    if (n !== length)
      throw new InputError(`intersection: ${name} takes ${n} entries; another set takes ${length}`);
  const rest: ProximalFunction[] = [];
  let [section, sections]: [Section | undefined, ProximalFunction[]] = [undefined, []];
  for (const set of sets) {
    const both: Section | undefined = set.section && (section ? common(section, set.section) : set.section);
    if (both === undefined) rest.push(set);
    else [section, sections] = [both, [...sections, set]];
  }
  const cut = section && sections.length > 1 ? [sectionSet('intersection', section)] : sections;
  const parts = [...cut, ...rest];
  const [first] = parts;
  if (parts.length === 1 && first)
    return proximalFunction({
      ...first,
      name: 'intersection',
      conjugateValue: first.support ? first.conjugateValue : null,
    });
  const all = (holds: (set: ProximalFunction) => boolean): boolean => parts.every(holds);
  const value = (z: Vector, start: number, end: number, slack: number): number =>
    parts.reduce((sum, set) => sum + set.value(z, start, end, slack), 0);
  return proximalFunction({
    name: 'intersection',
    length,
    is: { set: true, cone: all(({ is }) => is.cone), affine: all(({ is }) => is.affine) },
    value: (z, start, end, slack) =>
      value(z, start, end, slack + (options.tolerance ?? 1e-13) * largestSize(z, start, end)),
    conjugateValue: null,
    prox(z, _, start, end, note) {
      const x = Float64Array.from(z.subarray(start, end));
      if (!isFiniteVector(x)) return void z.fill(NaN, start, end);
      let ended = dykstra(parts, x, options);
      // the first misses by roundings of z, the second by those of where it is
      if (ended.reached && value(x, 0, x.length, 0) > 0) ended = dykstra(parts, x, options);
      if (!ended.reached)
        note?.(
          `the projection onto an intersection (Dykstra) ended after ${ended.cycles} cycles before its tolerance: the sets may not meet`,
        );
      z.set(x, start);
    },
  });
}
