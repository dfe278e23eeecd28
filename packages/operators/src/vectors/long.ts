import { isVector, type Vector } from '../contracts/index.js';
import { adam32, mix32, scale32, waxpy32 } from './float32.js';
import { adamKernel, addressOf, kernelsOf } from './memory.js';

// What the kernels do on long vectors: SIMD if all lie in one lent memory, otherwise the same operations in a
// loop. A function does nothing and returns false if the kernel's ordinary float64 loop applies: all vectors
// are float64, or precisions are mixed.

const fround = Math.fround;
const isNarrow = (z: Vector): z is Float32Array => z instanceof Float32Array;

export function longWaxpy(out: Vector, z: Vector, a: number, g: Vector, start: number, end: number): boolean {
  const kernels = kernelsOf(start, end, out, z, g);
  if (kernels !== undefined)
    kernels.waxpy(addressOf(out, start), addressOf(z, start), a, addressOf(g, start), end - start);
  else if (isNarrow(out) && isNarrow(z) && isNarrow(g)) waxpy32(out, z, a, g, start, end);
  else return false;
  return true;
}

export function longMix(z: Vector, t: number, w: Vector): boolean {
  const kernels = kernelsOf(0, z.length, z, w);
  if (kernels !== undefined) kernels.mix(addressOf(z), t, addressOf(w), z.length);
  else if (isNarrow(z) && isNarrow(w)) mix32(z, t, w);
  else return false;
  return true;
}

export function longScale(z: Vector, c: number, start: number, end: number): boolean {
  const kernels = kernelsOf(start, end, z);
  if (kernels !== undefined) kernels.scale(addressOf(z, start), c, end - start);
  else if (isNarrow(z)) scale32(z, c, start, end);
  else return false;
  return true;
}

/** The scalars as in `adam32`, in float64. */
export function longAdam(
  g: Vector,
  m: Vector,
  v: Vector,
  start: number,
  end: number,
  beta1: number,
  rest1: number,
  beta2: number,
  rest2: number,
  scale1: number,
  scale2: number,
  epsilon: number,
): boolean {
  const kernels = kernelsOf(start, end, g, m, v);
  const kernel = kernels && adamKernel(kernels, isNarrow(g));
  if (kernel)
    kernel(
      addressOf(g, start),
      addressOf(m, start),
      addressOf(v, start),
      end - start,
      beta1,
      rest1,
      beta2,
      rest2,
      scale1,
      scale2,
      epsilon,
    );
  else if (isNarrow(g) && isNarrow(m) && isNarrow(v))
    adam32(
      g,
      m,
      v,
      start,
      end,
      fround(beta1),
      fround(rest1),
      fround(beta2),
      fround(rest2),
      fround(scale1),
      fround(scale2),
      fround(epsilon),
    );
  else return false;
  return true;
}

/**
 * Σ a_i b_i on [start, end): eight sums side by side over whole blocks of eight entries, then the sum of
 * these, then the remaining entries one by one.
 */
export function longDot(a: Vector, b: Vector, start: number, end: number): number {
  const kernels = kernelsOf(start, end, a, b);
  if (kernels !== undefined) return kernels.dot(addressOf(a, start), addressOf(b, start), end - start);
  let [s0, s1, s2, s3, s4, s5, s6, s7] = [0, 0, 0, 0, 0, 0, 0, 0];
  const whole = end - ((end - start) % 8);
  for (let i = start; i < whole; i += 8) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
    s2 += a[i + 2]! * b[i + 2]!;
    s3 += a[i + 3]! * b[i + 3]!;
    s4 += a[i + 4]! * b[i + 4]!;
    s5 += a[i + 5]! * b[i + 5]!;
    s6 += a[i + 6]! * b[i + 6]!;
    s7 += a[i + 7]! * b[i + 7]!;
  }
  let sum = s0 + s2 + (s4 + s6) + (s1 + s3 + (s5 + s7));
  for (let i = whole; i < end; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Σ (a_i − b_i)², in the order of `longDot`. */
export function longSquares(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const kernels = isVector(a) && isVector(b) ? kernelsOf(0, a.length, a, b) : undefined;
  if (kernels !== undefined && isVector(a) && isVector(b))
    return kernels.squares(addressOf(a), addressOf(b), a.length);
  let [s0, s1, s2, s3, s4, s5, s6, s7] = [0, 0, 0, 0, 0, 0, 0, 0];
  const whole = a.length - (a.length % 8);
  for (let i = 0; i < whole; i += 8) {
    s0 += (a[i]! - b[i]!) ** 2;
    s1 += (a[i + 1]! - b[i + 1]!) ** 2;
    s2 += (a[i + 2]! - b[i + 2]!) ** 2;
    s3 += (a[i + 3]! - b[i + 3]!) ** 2;
    s4 += (a[i + 4]! - b[i + 4]!) ** 2;
    s5 += (a[i + 5]! - b[i + 5]!) ** 2;
    s6 += (a[i + 6]! - b[i + 6]!) ** 2;
    s7 += (a[i + 7]! - b[i + 7]!) ** 2;
  }
  let sum = s0 + s2 + (s4 + s6) + (s1 + s3 + (s5 + s7));
  for (let i = whole; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}

/** Whether every entry is finite; undefined if z is not in a lent memory. */
export function longFinite(z: ArrayLike<number>): boolean | undefined {
  const kernels = isVector(z) ? kernelsOf(0, z.length, z) : undefined;
  return kernels !== undefined && isVector(z) ? kernels.finite(addressOf(z), z.length) === 1 : undefined;
}
