import type { Atoms, Vector } from '../contracts/index.js';
import { InputError, shown } from '../specs/errors.js';
import { expectCount, expectOptions } from '../specs/expect.js';

// A function f: Rⁿ → (−∞, ∞], closed, proper and convex, given by the operations that algorithms need. A set
// is represented by its indicator: 0 inside, ∞ outside. Organised as in ProximalOperators.jl (Stella,
// Antonello, Fält): small operators, predicates, calculus rules.

/** What is known of a function; false if it does not hold or is not known. */
export interface Predicates {
  readonly convex: boolean;
  /** The indicator of a set: its prox is the projection, whatever the step size. */
  readonly set: boolean;
  /** The indicator of an affine set: the projection is an affine map. */
  readonly affine: boolean;
  /** f(tz) = t·f(z) for t > 0: norms, support functions, cones. */
  readonly homogeneous: boolean;
  /** The indicator of a cone: a set and homogeneous. */
  readonly cone: boolean;
  /** Finite everywhere, with a Lipschitz gradient. */
  readonly smooth: boolean;
  /** f − (μ/2)‖·‖² is convex for some μ > 0. */
  readonly stronglyConvex: boolean;
  /** A sum of functions of one entry each: the prox works entry by entry. */
  readonly separable: boolean;
}

/** A set {lower ≤ z_i ≤ upper, ⟨normal, z⟩ = value} as plain data; numbers stand for all entries. */
export interface Section {
  readonly lower: number | readonly number[];
  readonly upper: number | readonly number[];
  readonly plane?: { readonly normal: number | readonly number[]; readonly value: number } | undefined;
}

/** Receives what a user should know of: that an iteration inside ended before its tolerance. */
export type Note = (what: string) => void;

/**
 * A convex function, given by its prox. All members work on the slice [start, end), by default the whole
 * vector, and read or change nothing else.
 */
export interface ProximalFunction {
  /** Its spec, if it was built from one. */
  readonly name: string;
  /** How many entries a slice must have. Absent: any number. */
  readonly length?: number;
  readonly is: Predicates;
  /**
   * f(z). Outside a set it is Infinity. Outside means farther than about 8n roundings of the entries (in the
   * vector's precision) plus `slack`, so that a projected point is inside. A point computed as a difference
   * of larger ones, such as a conjugate's prox, has their rounding error; a caller that knows this error
   * passes it as `slack`. Default: 0.
   */
  readonly value: (z: Vector, start?: number, end?: number, slack?: number) => number;
  /**
   * f*(z) = sup ⟨z, u⟩ − f(u); for a set, its support function. @throws InputError for a set whose support
   * function is not known.
   */
  readonly conjugateValue: (z: Vector, start?: number, end?: number, slack?: number) => number;
  /** z ← argmin_u f(u) + ‖u − z‖²/(2γ), in place, γ = stepSize: the resolvent (I + γ∂f)⁻¹. */
  readonly prox: (z: Vector, stepSize: number, start?: number, end?: number, note?: Note) => void;
  /**
   * The linear-minimisation oracle of a bounded set: out ← argmin ⟨g, u⟩ over it, or any one of them if there
   * are several. Of a function: argmin ⟨g, u⟩ + f(u). `out` may be `g`.
   */
  readonly lmo?: (g: Vector, out: Vector, start?: number, end?: number) => void;
  /** Of a set whose support function is known: sup ⟨z, u⟩ over it, `conjugateValue`. */
  readonly support?: (z: Vector, start?: number, end?: number) => number;
  /**
   * Of a set: inf { t > 0 : z ∈ t·set }, where it is known exactly. At most 1 on a set that contains 0; of
   * the simplex Σz_i/sum where z ≥ 0.
   */
  readonly gauge?: (z: Vector, start?: number, end?: number) => number;
  /** Of a bounded set of n entries: the largest distance between two of its points, where it is known. */
  readonly diameter?: (n: number) => number;
  /** Of the hull of atoms in n entries, or of a function of its gauge: the atoms, counted from entry 0. */
  readonly atoms?: (n: number) => Atoms;
  /** Of a box, a hyperplane, or a box in one: which. Intersections of these stay exact. */
  readonly section?: Section;
}

/** The parts of a function as its file writes them: every argument is given, and none is checked. */
export interface ProximalParts {
  readonly name: string;
  readonly length?: number | undefined;
  readonly is: Partial<Predicates>;
  /** f(z) of the slice. */
  readonly value: (z: Vector, start: number, end: number, slack: number) => number;
  /** f*(z) of the slice; null of a set whose support function is not known. */
  readonly conjugateValue: ((z: Vector, start: number, end: number, slack: number) => number) | null;
  /** The prox of γf, in place. */
  readonly prox: (z: Vector, γ: number, start: number, end: number, note?: Note) => void;
  /** Of a bounded set: out ← argmin ⟨g, u⟩ over it. */
  readonly lmo?: ((g: Vector, out: Vector, start: number, end: number) => void) | undefined;
  /** Of a set: inf { t > 0 : z ∈ t·set }. */
  readonly gauge?: ((z: Vector, start: number, end: number) => number) | undefined;
  /** Of a bounded set of n entries. */
  readonly diameter?: ((n: number) => number) | undefined;
  /** Of the hull of atoms in n entries, or of a function of its gauge. */
  readonly atoms?: ((n: number) => Atoms) | undefined;
  readonly section?: Section | undefined;
}

/** Predicates with what they imply: an affine set is a set, a cone is a homogeneous set. */
function implied({
  convex = true,
  cone = false,
  affine = false,
  set = false,
  homogeneous = false,
  smooth = false,
  stronglyConvex = false,
  separable = false,
}: Partial<Predicates>): Predicates {
  const isSet = set || affine || cone;
  const isHomogeneous = homogeneous || cone;
  return {
    convex,
    set: isSet,
    affine,
    homogeneous: isHomogeneous,
    cone: isSet && isHomogeneous,
    smooth,
    stronglyConvex,
    separable,
  };
}

/**
 * Makes a proximal function from its parts: fills in default slices and implied predicates (convex unless
 * stated otherwise), and checks lengths and step sizes. Its members throw InputError for a slice that is
 * empty, outside the vector or of another length than `length`, and for a step size that is not > 0.
 */
export function proximalFunction(parts: ProximalParts): ProximalFunction {
  const { name, length, is, value, conjugateValue, prox, lmo, gauge, diameter, atoms, section } =
    expectOptions('proximalFunction', parts, '{ name, is, value, conjugateValue, prox }');
  if (typeof name !== 'string' || name === '')
    throw new InputError(`proximalFunction: name is ${shown(name)}; expected text`);
  if (typeof is !== 'object' || is === null)
    throw new InputError(`${name}: the member "is" is ${shown(is)}; expected predicates, as { set: true }`);
  for (const [part, f] of Object.entries({
    value,
    ...(conjugateValue !== null && { conjugateValue }),
    prox,
    ...(lmo && { lmo }),
    ...(gauge && { gauge }),
    ...(diameter && { diameter }),
    ...(atoms && { atoms }),
  })) {
    if (typeof f !== 'function') throw new InputError(`${name}: ${part} is ${shown(f)}; expected a function`);
  }
  if (length !== undefined) expectCount(name, 'length', length);
  const check = (z: Vector, start: number, end: number): void => {
    if (!(start >= 0 && start < end && end <= z.length))
      throw new InputError(
        `${name} of the slice from ${start} to ${end}; expected a slice with at least one entry, of a vector of ${z.length}`,
      );
    if (length !== undefined && end - start !== length)
      throw new InputError(
        `${name} takes ${length} ${length === 1 ? 'entry' : 'entries'}; the slice from ${start} to ${end} has ${end - start}`,
      );
  };
  const predicates = implied(is);
  // of a cone the gauge is the indicator
  const gaugeOf =
    gauge ??
    (predicates.cone ? (z: Vector, start: number, end: number) => value(z, start, end, 0) : undefined);
  const conjugateOf = (z: Vector, start = 0, end = z.length, slack = 0): number => {
    check(z, start, end);
    if (conjugateValue === null)
      throw new InputError(`${name} has no support function that is known in closed form`);
    return conjugateValue(z, start, end, slack);
  };
  return {
    name,
    ...(length === undefined ? {} : { length }),
    is: predicates,
    value(z, start = 0, end = z.length, slack = 0) {
      check(z, start, end);
      return value(z, start, end, slack);
    },
    conjugateValue: conjugateOf,
    prox(z, stepSize, start = 0, end = z.length, note) {
      check(z, start, end);
      if (!(stepSize > 0 && stepSize < Infinity))
        throw new InputError(`the prox of ${name} with step size ${stepSize}; expected a number > 0`);
      prox(z, stepSize, start, end, note);
    },
    ...(lmo === undefined
      ? {}
      : {
          lmo(g: Vector, out: Vector, start = 0, end: number = out.length) {
            check(g, start, end);
            lmo(g, out, start, end);
          },
        }),
    ...(predicates.set &&
      conjugateValue !== null && {
        support: (z: Vector, start = 0, end = z.length) => conjugateOf(z, start, end),
      }),
    ...(gaugeOf && {
      gauge(z: Vector, start = 0, end = z.length) {
        check(z, start, end);
        return gaugeOf(z, start, end);
      },
    }),
    ...(diameter && { diameter }),
    ...(atoms && { atoms }),
    ...(section && { section }),
  };
}

/**
 * The value of an indicator: 0 if a bound is exceeded by at most `allowed`, otherwise Infinity, also for NaN.
 */
export function indicator(excess: number, allowed: number): number {
  return excess <= allowed ? 0 : Infinity;
}

/** ‖z‖∞ of the slice. */
export function largestSize(z: Vector, start: number, end: number): number {
  let most = 0;
  for (let i = start; i < end; i++) most = Math.max(most, Math.abs(z[i]!));
  return most;
}

/** The largest entry of the slice. */
export function largestEntry(z: Vector, start: number, end: number): number {
  let most = -Infinity;
  for (let i = start; i < end; i++) most = Math.max(most, z[i]!);
  return most;
}

/** ‖z‖₁ of the slice. */
export function sumOfSizes(z: Vector, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += Math.abs(z[i]!);
  return sum;
}

/**
 * How far a projection may miss its set: 8n roundings, in the precision of z, of its largest entry plus
 * `own`, the size of the set.
 */
export function roundings(z: Vector, start: number, end: number, own = 0): number {
  return (
    8 * (end - start) * (z instanceof Float32Array ? 2 ** -24 : 2 ** -53) * (own + largestSize(z, start, end))
  );
}

/** @throws InputError unless f is a function made by `proximalFunction`, as all here are. */
export function expectFunction(owner: string, f: ProximalFunction): void {
  const made =
    typeof f === 'object' &&
    f !== null &&
    typeof f.is === 'object' &&
    typeof f.prox === 'function' &&
    typeof f.value === 'function';
  if (!made)
    throw new InputError(
      `${owner} of ${shown(f)}; expected a proximal function, as l1Norm() or proxFrom('l1')`,
    );
}

/** Euclidean projection onto a closed convex set, in place, of the slice [start, end). */
export type Projection = (z: Vector, start?: number, end?: number) => void;

/**
 * The projection onto a set: `projection(box({ lower: 0, upper: 1 }))`. @throws InputError if the function is
 * not a set.
 */
export function projection(set: ProximalFunction): Projection {
  expectFunction('the projection', set);
  if (!set.is.set) throw new InputError(`the projection onto ${set.name}; expected a set, as simplex()`);
  return (z, start, end) => set.prox(z, 1, start, end);
}
