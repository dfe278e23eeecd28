import type { Vector } from '../contracts/index.js';
import { InputError, shown } from '../specs/errors.js';
import { expectCount, expectFinite, expectList, expectOptions, expectPositive } from '../specs/expect.js';
import { entryOf, type PerEntry } from './box.js';
import { expectFunction, proximalFunction, roundings, type ProximalFunction } from './contract.js';

// New functions from existing ones. Intermediate values are float64, whatever the vector's precision; the
// precision enters only the slack by which a point may miss a set.

/** A float64 copy of the slice, with each entry mapped by `by`. */
function changed(z: Vector, start: number, end: number, by: (x: number, i: number) => number): Float64Array {
  const out = new Float64Array(end - start);
  for (let i = start; i < end; i++) out[i - start] = by(z[i]!, i - start);
  return out;
}

/** Whether f* is known in closed form: all but some sets. */
const hasConjugate = ({ is, support }: ProximalFunction): boolean => !is.set || support !== undefined;

/**
 * The convex conjugate f*(z) = sup ⟨z, u⟩ − f(u). Its prox is Moreau's: z − γ·prox_{f/γ}(z/γ), which rounds
 * relative to z. Moreau, "Proximité et dualité dans un espace hilbertien", 1965. @throws InputError if f is
 * not convex.
 */
export function conjugate(f: ProximalFunction): ProximalFunction {
  expectFunction('the conjugate', f);
  const { convex, set, affine, homogeneous, smooth, stronglyConvex, separable } = f.is;
  if (!convex)
    throw new InputError(
      `the conjugate of ${f.name}, which is not convex; Moreau's identity needs a convex function`,
    );
  return proximalFunction({
    name: 'conjugate',
    length: f.length,
    is: {
      set: homogeneous,
      homogeneous: set,
      affine: affine && homogeneous,
      smooth: stronglyConvex,
      stronglyConvex: smooth,
      separable,
    },
    value: (z, start, end, slack) => f.conjugateValue(z, start, end, slack),
    conjugateValue: (z, start, end, slack) => f.value(z, start, end, slack),
    prox(z, γ, start, end, note) {
      const u = changed(z, start, end, (x) => x / γ);
      f.prox(u, 1 / γ, 0, u.length, note);
      for (let i = start; i < end; i++) z[i] = z[i]! - γ * u[i - start]!;
    },
  });
}

/** f translated: z ↦ f(z − by). */
export function translation(f: ProximalFunction, options: { readonly by: PerEntry }): ProximalFunction {
  expectFunction('translation', f);
  const { by } = expectOptions('translation', options, '{ by: 1 }');
  const shifts = typeof by === 'number' ? [by] : by;
  expectFinite('translation', 'by', shifts);
  const length = typeof by === 'number' ? f.length : by.length;
  if (f.length !== undefined && length !== f.length)
    throw new InputError(
      `translation: by has ${length} entries; expected ${f.length}, as ${f.name} takes, or one number`,
    );
  const { convex, set, affine, smooth, stronglyConvex, separable } = f.is;
  const own = shifts.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const { lmo } = f;
  const forth = (z: Vector, start: number, end: number): Float64Array =>
    changed(z, start, end, (x, i) => x - entryOf(by, i));
  const back = (u: Float64Array, z: Vector, start: number): void =>
    u.forEach((x, i) => {
      z[start + i] = x + entryOf(by, i);
    });
  return proximalFunction({
    name: 'translation',
    length,
    is: { convex, set, affine, smooth, stronglyConvex, separable },
    value: (z, start, end, slack) =>
      f.value(forth(z, start, end), 0, end - start, slack + roundings(z, start, end, own)),
    conjugateValue: hasConjugate(f)
      ? (z, start, end, slack) => {
          let moved = 0;
          for (let i = start; i < end; i++) moved += entryOf(by, i - start) * z[i]!;
          return f.conjugateValue(z, start, end, slack) + moved;
        }
      : null,
    prox(z, γ, start, end, note) {
      const u = forth(z, start, end);
      f.prox(u, γ, 0, u.length, note);
      back(u, z, start);
    },
    lmo:
      lmo &&
      ((g, out, start, end) => {
        const u = changed(g, start, end, (x) => x);
        lmo(u, u);
        back(u, out, start);
      }),
    diameter: f.diameter,
  });
}

/** f scaled: z ↦ value·f(argument·z), value > 0, argument ≠ 0. */
export function scaling(
  f: ProximalFunction,
  options: { readonly value?: number; readonly argument?: number },
): ProximalFunction {
  expectFunction('scaling', f);
  const { value = 1, argument = 1 } = expectOptions('scaling', options, '{ value: 2, argument: -1 }');
  expectPositive('scaling', 'value', value);
  if (argument === 0 || !Number.isFinite(argument))
    throw new InputError(`scaling: argument is ${shown(argument)}; expected a number other than 0`);
  const steeper = value * argument ** 2;
  if (!(steeper > 0 && steeper < Infinity))
    throw new InputError(
      `scaling: value·argument² is ${steeper}, beyond float64, with value ${value} and argument ${argument}`,
    );
  const stretch = Math.abs(argument);
  const { lmo, gauge, diameter } = f;
  return proximalFunction({
    name: 'scaling',
    length: f.length,
    is: f.is,
    value: (z, start, end, slack) =>
      value *
      f.value(
        changed(z, start, end, (x) => argument * x),
        0,
        end - start,
        stretch * (slack + roundings(z, start, end)),
      ),
    conjugateValue: hasConjugate(f)
      ? (z, start, end, slack) =>
          value *
          f.conjugateValue(
            changed(z, start, end, (x) => x / (value * argument)),
            0,
            end - start,
            (slack + roundings(z, start, end)) / (value * stretch),
          )
      : null,
    prox(z, γ, start, end, note) {
      const u = changed(z, start, end, (x) => argument * x);
      f.prox(u, γ * value * argument ** 2, 0, u.length, note);
      u.forEach((x, i) => {
        z[start + i] = x / argument;
      });
    },
    lmo:
      lmo &&
      ((g, out, start, end) => {
        // ⟨g, z⟩ + value·f(argument·z) in u = argument·z; of a set, the length of g does not matter
        const u = changed(g, start, end, (x) => x / (f.is.set ? argument : value * argument));
        lmo(u, u);
        u.forEach((x, i) => {
          out[start + i] = x / argument;
        });
      }),
    gauge: gauge && ((z, start, end) => gauge(changed(z, start, end, (x) => argument * x))),
    diameter: diameter && ((n) => diameter(n) / stretch),
  });
}

/**
 * One function per block: z ↦ Σ f_b(z_b), blocks of `sizes` entries side by side. @throws InputError if sizes
 * do not fit the functions.
 */
export function separableSum(
  functions: readonly ProximalFunction[],
  options: { readonly sizes: readonly number[] },
): ProximalFunction {
  const { sizes } = expectOptions('separable-sum', options, '{ sizes: [2,3] }');
  if (!Array.isArray(functions) || functions.length === 0)
    throw new InputError(
      'separable-sum has no functions; expected at least one, as separable-sum(l1, simplex, sizes=[2,3])',
    );
  functions.forEach((f) => expectFunction('separable-sum', f));
  expectList('separable-sum', 'sizes', sizes, 'whole numbers, as [2,3]');
  if (sizes.length !== functions.length)
    throw new InputError(
      `separable-sum: sizes has ${sizes.length} entries; expected ${functions.length}, one per function`,
    );
  let length = 0;
  const blocks = functions.map((f, b) => {
    const size = sizes[b]!;
    expectCount('separable-sum', `sizes[${b}]`, size);
    if (f.length !== undefined && f.length !== size)
      throw new InputError(`separable-sum: sizes[${b}] is ${size}; expected ${f.length}, as ${f.name} takes`);
    const from = length;
    length += size;
    return { f, from, to: length };
  });
  const all = (holds: (f: ProximalFunction) => boolean): boolean => functions.every(holds);
  return proximalFunction({
    name: 'separable-sum',
    length,
    is: {
      convex: all((f) => f.is.convex),
      set: all((f) => f.is.set),
      affine: all((f) => f.is.affine),
      homogeneous: all((f) => f.is.homogeneous),
      smooth: all((f) => f.is.smooth),
      stronglyConvex: all((f) => f.is.stronglyConvex),
      separable: all((f) => f.is.separable),
    },
    value: (z, start, _, slack) =>
      blocks.reduce((sum, { f, from, to }) => sum + f.value(z, start + from, start + to, slack), 0),
    conjugateValue: all(hasConjugate)
      ? (z, start, _, slack) =>
          blocks.reduce(
            (sum, { f, from, to }) => sum + f.conjugateValue(z, start + from, start + to, slack),
            0,
          )
      : null,
    prox: (z, γ, start, _, note) =>
      blocks.forEach(({ f, from, to }) => f.prox(z, γ, start + from, start + to, note)),
    lmo: all((f) => f.lmo !== undefined)
      ? (g, out, start) => blocks.forEach(({ f, from, to }) => f.lmo?.(g, out, start + from, start + to))
      : undefined,
    gauge: all((f) => f.gauge !== undefined)
      ? (z, start) =>
          Math.max(...blocks.map(({ f, from, to }) => f.gauge?.(z, start + from, start + to) ?? 0))
      : undefined,
    diameter: all((f) => f.diameter !== undefined)
      ? () => Math.hypot(...blocks.map(({ f, from, to }) => f.diameter?.(to - from) ?? 0))
      : undefined,
  });
}
