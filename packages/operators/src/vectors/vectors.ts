import type { Player, Vector } from '../contracts/index.js';
import { InputError } from '../specs/errors.js';
import { longAdam, longDot, longFinite, longMix, longScale, longSquares, longWaxpy } from './long.js';
import { LONG } from './memory.js';

// The kernels. Methods touch elements only through these: inner loops stay monomorphic, and a space may lend
// other memory. Arithmetic is float64, rounded when it is stored. For 256 entries or more, if all vectors are
// float32, every operation is rounded to float32, and every scalar (γ, β₁, 1 − β₁, …) once, before the loop;
// `amsgradDirection` alone stays float64. Sums are always float64. From 256 entries on, kernels work in SIMD
// on vectors from `lendMemory`; this changes no bit, except that the payload of a NaN may differ. Vectors
// passed together must be identical or must not overlap.

/** out = z + a·g on [start, end). */
export function waxpy(
  out: Vector,
  z: Vector,
  a: number,
  g: Vector,
  start = 0,
  end: number = out.length,
): void {
  if (end - start >= LONG && longWaxpy(out, z, a, g, start, end)) return;
  for (let i = start; i < end; i++) out[i] = z[i]! + a * g[i]!;
}

/** z = (1 − t)z + t·w. */
export function mix(z: Vector, t: number, w: Vector): void {
  if (z.length >= LONG && longMix(z, t, w)) return;
  for (let i = 0; i < z.length; i++) z[i] = z[i]! + t * (w[i]! - z[i]!);
}

/** z = c·z on [start, end). */
export function scale(z: Vector, c: number, start = 0, end: number = z.length): void {
  if (end - start >= LONG && longScale(z, c, start, end)) return;
  for (let i = start; i < end; i++) z[i] = c * z[i]!;
}

/** out = a. Returns out. */
export function copy(out: Vector, a: Vector): Vector {
  if (out.length >= LONG && out.length === a.length) out.set(a);
  else for (let i = 0; i < out.length; i++) out[i] = a[i]!;
  return out;
}

/** z = c on [start, end), also where z was NaN. Returns z. */
export function fill(z: Vector, c: number, start = 0, end: number = z.length): Vector {
  return z.fill(c, start, end);
}

/** out = a on [start, end); the rest of out stays. Returns out. */
export function copyRange(out: Vector, a: Vector, start: number, end: number): Vector {
  for (let i = start; i < end; i++) out[i] = a[i]!;
  return out;
}

/** out = v on the player's slice, 0 elsewhere. Returns out. */
export function onlyPlayer(out: Vector, v: Vector, { start, end }: Pick<Player, 'start' | 'end'>): Vector {
  return copyRange(fill(out, 0), v, start, end);
}

/** ⟨a, b⟩ on [start, end). */
export function dot(a: Vector, b: Vector, start = 0, end: number = a.length): number {
  if (end - start >= LONG) return longDot(a, b, start, end);
  let sum = 0;
  for (let i = start; i < end; i++) sum += a[i]! * b[i]!;
  return sum;
}

/**
 * ‖a‖₂ on [start, end): exact to about n roundings if float64 can hold it, even if the squares overflow or
 * underflow.
 */
export function norm(a: Vector, start = 0, end: number = a.length): number {
  const square = dot(a, a, start, end);
  const unit = unitOf(square);
  if (unit === 1) return Math.sqrt(square);
  let scaled = 0;
  for (let i = start; i < end; i++) scaled += (a[i]! * unit) ** 2;
  return Math.sqrt(scaled) / unit;
}

/**
 * The factor by which entries are multiplied before they are squared, given the sum of their squares without
 * it. It is a power of 2, so that it rounds only entries too small to matter. A sum below 2⁻⁹⁶⁰ may have lost
 * digits of squares below 2⁻¹⁰²²; then entries are below 2⁻⁴⁸⁰.
 */
function unitOf(sumOfSquares: number): number {
  return sumOfSquares === Infinity ? 2 ** -560 : sumOfSquares < 2 ** -960 ? 2 ** 600 : 1;
}

/** ‖a − b‖₂, as exact as `norm`. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const square = a.length >= LONG ? longSquares(a, b) : shortSquares(a, b);
  const unit = unitOf(square);
  if (unit === 1) return Math.sqrt(square);
  let scaled = 0;
  // Large entries are scaled first, since their difference may overflow; of small differences it is the
  // entries that may be large.
  if (unit < 1) for (let i = 0; i < a.length; i++) scaled += (a[i]! * unit - b[i]! * unit) ** 2;
  else for (let i = 0; i < a.length; i++) scaled += ((a[i]! - b[i]!) * unit) ** 2;
  return Math.sqrt(scaled) / unit;
}

function shortSquares(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}

/**
 * Scales z on [start, end) from its norm `from` to the norm `to` ≥ 0, even if `to / from` or the norm itself
 * is beyond the range of floating-point numbers. If an entry is not finite, NaN is left there.
 */
export function rescale(z: Vector, from: number, to: number, start = 0, end: number = z.length): void {
  if (from === Infinity) {
    // finite entries whose norm is beyond float64, or an infinite entry, for which the norm stays infinite
    scale(z, 2 ** -64, start, end);
    from = norm(z, start, end);
  }
  const factor = to / from;
  const least = z instanceof Float32Array ? 2 ** -126 : 2 ** -1022;
  if (to === 0 || (factor >= least && factor <= 1 / least)) return scale(z, factor, start, end);
  const root = Math.sqrt(to) / Math.sqrt(from);
  scale(z, root, start, end);
  scale(z, root, start, end);
}

/** Whether every element is finite. One sum decides, since x − x is 0 for finite x and NaN otherwise. */
export function isFiniteVector(z: ArrayLike<number>): boolean {
  const known = z.length >= LONG ? longFinite(z) : undefined;
  if (known !== undefined) return known;
  let probe = 0;
  for (let i = 0; i < z.length; i++) probe += z[i]! - z[i]!;
  return probe === 0;
}

/**
 * Scales g on [start, end) to ‖g‖₂ = max if it is longer. Returns the norm before. A NaN or ±∞ in g leaves a
 * NaN there. In float32 the new norm may exceed max by a few roundings.
 * @throws InputError unless max ≥ 0.
 */
export function clipByNorm(g: Vector, max: number, start = 0, end: number = g.length): number {
  if (!(max >= 0)) throw new InputError(`clipByNorm to ${max}; expected a number >= 0`);
  const length = norm(g, start, end);
  if (length > max) rescale(g, length, max, start, end);
  return length;
}

/** Constants of one Adam update, computed once per step and player. */
export interface AdamUpdate {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** 1 − β₁ᵗ. */
  readonly correction1: number;
  /** 1 − β₂ᵗ. */
  readonly correction2: number;
}

/** m, v ← moments of g;  g ← m̂ / (√v̂ + ε)  on [start, end): the Adam direction replaces the gradient. */
export function adamDirection(
  g: Vector,
  m: Vector,
  v: Vector,
  update: AdamUpdate,
  start = 0,
  end: number = g.length,
): void {
  const { beta1, beta2, epsilon } = update;
  const scale1 = 1 / update.correction1; // one division per entry instead of three
  const scale2 = 1 / update.correction2;
  if (
    end - start >= LONG &&
    longAdam(g, m, v, start, end, beta1, 1 - beta1, beta2, 1 - beta2, scale1, scale2, epsilon)
  )
    return;
  for (let i = start; i < end; i++) {
    const gi = g[i]!;
    const mi = beta1 * m[i]! + (1 - beta1) * gi;
    const vi = beta2 * v[i]! + (1 - beta2) * gi * gi;
    m[i] = mi;
    v[i] = vi;
    g[i] = (scale1 * mi) / (Math.sqrt(scale2 * vi) + epsilon);
  }
}
