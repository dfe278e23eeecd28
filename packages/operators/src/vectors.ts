import type { Vector } from './contracts.js';

// The kernels. Methods touch elements only through these: inner loops stay monomorphic, and a space may lend other memory.

/** out = z + a·g on [start, end). */
export function waxpy(out: Vector, z: Vector, a: number, g: Vector, start = 0, end: number = out.length): void {
  for (let i = start; i < end; i++) out[i] = z[i]! + a * g[i]!;
}

/** z = (1 − t)z + t·w. */
export function mix(z: Vector, t: number, w: Vector): void {
  for (let i = 0; i < z.length; i++) z[i] = z[i]! + t * (w[i]! - z[i]!);
}

/** z = c·z on [start, end). */
export function scale(z: Vector, c: number, start = 0, end: number = z.length): void {
  for (let i = start; i < end; i++) z[i] = c * z[i]!;
}

/** out = a, and answers out. */
export function copy(out: Vector, a: Vector): Vector {
  for (let i = 0; i < out.length; i++) out[i] = a[i]!;
  return out;
}

/** ⟨a, b⟩ on [start, end). */
export function dot(a: Vector, b: Vector, start = 0, end: number = a.length): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** ‖a‖₂ on [start, end). */
export function norm(a: Vector, start?: number, end?: number): number {
  return Math.sqrt(dot(a, a, start, end));
}

/** ‖a − b‖₂. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum);
}

/** Whether every element is finite: one sum in the good case, since x − x is NaN for NaN and ±∞. */
export function isFiniteVector(z: ArrayLike<number>): boolean {
  let probe = 0;
  for (let i = 0; i < z.length; i++) probe += z[i]! - z[i]!;
  return probe === 0;
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

/** m, v ← moments of g;  g ← m̂ / (√v̂ + ε)  on [start, end): the Adam direction, in place of the gradient. */
export function adamDirection(g: Vector, m: Vector, v: Vector, update: AdamUpdate, start = 0, end: number = g.length): void {
  const { beta1, beta2, epsilon } = update;
  const scale1 = 1 / update.correction1; // one division per entry instead of three
  const scale2 = 1 / update.correction2;
  for (let i = start; i < end; i++) {
    const gi = g[i]!;
    const mi = beta1 * m[i]! + (1 - beta1) * gi;
    const vi = beta2 * v[i]! + (1 - beta2) * gi * gi;
    m[i] = mi;
    v[i] = vi;
    g[i] = (scale1 * mi) / (Math.sqrt(scale2 * vi) + epsilon);
  }
}
