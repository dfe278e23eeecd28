// The kernels' loops for long float32 vectors: each operation is rounded to float32, as in SIMD. (For + − × ÷
// √, rounding the float64 result gives the same bits: Figueroa, "When is double rounding innocuous?", 1995.)
// Scalars are rounded once, before the loop.

const fround = Math.fround;

/** out = z + a·g on [start, end). */
export function waxpy32(
  out: Float32Array,
  z: Float32Array,
  a: number,
  g: Float32Array,
  start: number,
  end: number,
): void {
  const a32 = fround(a);
  for (let i = start; i < end; i++) out[i] = z[i]! + fround(a32 * g[i]!);
}

/** z = z + t(w − z). */
export function mix32(z: Float32Array, t: number, w: Float32Array): void {
  const t32 = fround(t);
  for (let i = 0; i < z.length; i++) z[i] = z[i]! + fround(t32 * fround(w[i]! - z[i]!));
}

/** z = c·z on [start, end). */
export function scale32(z: Float32Array, c: number, start: number, end: number): void {
  const c32 = fround(c);
  for (let i = start; i < end; i++) z[i] = c32 * z[i]!;
}

/**
 * m = β₁m + rest₁g,  v = β₂v + rest₂g²,  g = scale₁m / (√(scale₂v) + ε)  on [start, end). The scalars are
 * already rounded to float32.
 */
export function adam32(
  g: Float32Array,
  m: Float32Array,
  v: Float32Array,
  start: number,
  end: number,
  beta1: number,
  rest1: number,
  beta2: number,
  rest2: number,
  scale1: number,
  scale2: number,
  epsilon: number,
): void {
  for (let i = start; i < end; i++) {
    const gi = g[i]!;
    const mi = fround(fround(beta1 * m[i]!) + fround(rest1 * gi));
    const vi = fround(fround(beta2 * v[i]!) + fround(fround(rest2 * gi) * gi));
    m[i] = mi;
    v[i] = vi;
    g[i] = fround(scale1 * mi) / fround(fround(Math.sqrt(fround(scale2 * vi))) + epsilon);
  }
}
