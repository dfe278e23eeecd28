// The kernels of ../src/vectors/vectors.ts for vectors that lie in one WebAssembly memory, 16 bytes at a
// time: the same operations in the same order as its loops and those of long.ts and float32.ts, so the same
// bits. AssemblyScript; ../scripts/build-wasm.mjs compiles it. A vector is the address of its first entry;
// all are of n entries of T, equal or disjoint, aligned or not. Adam's direction and the product with a
// matrix are modules of their own, adam.ts and panels.ts: a page that uses neither is spared them.

function waxpy<T>(out: usize, z: usize, a: T, g: usize, n: usize): void {
  const as = v128.splat<T>(a);
  const bytes = n * sizeof<T>();
  let i: usize = 0;
  for (const whole = bytes & ~15; i < whole; i += 16)
    v128.store(out + i, v128.add<T>(v128.load(z + i), v128.mul<T>(as, v128.load(g + i))));
  for (; i < bytes; i += sizeof<T>()) store<T>(out + i, load<T>(z + i) + a * load<T>(g + i));
}

function mix<T>(z: usize, t: T, w: usize, n: usize): void {
  const ts = v128.splat<T>(t);
  const bytes = n * sizeof<T>();
  let i: usize = 0;
  for (const whole = bytes & ~15; i < whole; i += 16) {
    const zs = v128.load(z + i);
    v128.store(z + i, v128.add<T>(zs, v128.mul<T>(ts, v128.sub<T>(v128.load(w + i), zs))));
  }
  for (; i < bytes; i += sizeof<T>()) store<T>(z + i, load<T>(z + i) + t * (load<T>(w + i) - load<T>(z + i)));
}

function scale<T>(z: usize, c: T, n: usize): void {
  const cs = v128.splat<T>(c);
  const bytes = n * sizeof<T>();
  let i: usize = 0;
  for (const whole = bytes & ~15; i < whole; i += 16) v128.store(z + i, v128.mul<T>(cs, v128.load(z + i)));
  for (; i < bytes; i += sizeof<T>()) store<T>(z + i, c * load<T>(z + i));
}

/**
 * Whether every entry is finite: x − x is +0 for a finite x, else NaN, and the bits of a NaN are not all
 * zero.
 */
function finite<T>(z: usize, n: usize): bool {
  const bytes = n * sizeof<T>();
  let seen = i32x4.splat(0);
  let i: usize = 0;
  // four at a time: half of the time of a short loop is the loop
  for (const blocks = bytes & ~63; i < blocks; i += 64) {
    const a = v128.load(z + i);
    const b = v128.load(z + i, 16);
    const c = v128.load(z + i, 32);
    const d = v128.load(z + i, 48);
    const ab = v128.or(v128.sub<T>(a, a), v128.sub<T>(b, b));
    seen = v128.or(seen, v128.or(ab, v128.or(v128.sub<T>(c, c), v128.sub<T>(d, d))));
  }
  for (const whole = bytes & ~15; i < whole; i += 16) {
    const zs = v128.load(z + i);
    seen = v128.or(seen, v128.sub<T>(zs, zs));
  }
  for (; i < bytes; i += sizeof<T>()) if (load<T>(z + i) - load<T>(z + i) !== 0) return false;
  return !v128.any_true(seen);
}

/** Two entries in float64. */
function two<T>(p: usize): v128 {
  return sizeof<T>() === 4 ? f64x2.promote_low_f32x4(v128.load64_zero(p)) : v128.load(p);
}

/** Eight sums in turn, then the remaining entries, as `longDot` in ../src/vectors/long.ts. */
function dot<T>(a: usize, b: usize, n: usize): f64 {
  const bytes = n * sizeof<T>();
  const block = 8 * sizeof<T>();
  const step = 2 * sizeof<T>();
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let i: usize = 0;
  for (const whole = bytes & ~(block - 1); i < whole; i += block) {
    s0 = f64x2.add(s0, f64x2.mul(two<T>(a + i), two<T>(b + i)));
    s1 = f64x2.add(s1, f64x2.mul(two<T>(a + i + step), two<T>(b + i + step)));
    s2 = f64x2.add(s2, f64x2.mul(two<T>(a + i + 2 * step), two<T>(b + i + 2 * step)));
    s3 = f64x2.add(s3, f64x2.mul(two<T>(a + i + 3 * step), two<T>(b + i + 3 * step)));
  }
  const s = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  let sum = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  for (; i < bytes; i += sizeof<T>()) sum += f64(load<T>(a + i)) * f64(load<T>(b + i));
  return sum;
}

function square(x: v128): v128 {
  return f64x2.mul(x, x);
}

/** ‖a − b‖², summed as `dot` sums. */
function squares<T>(a: usize, b: usize, n: usize): f64 {
  const bytes = n * sizeof<T>();
  const block = 8 * sizeof<T>();
  const step = 2 * sizeof<T>();
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let i: usize = 0;
  for (const whole = bytes & ~(block - 1); i < whole; i += block) {
    s0 = f64x2.add(s0, square(f64x2.sub(two<T>(a + i), two<T>(b + i))));
    s1 = f64x2.add(s1, square(f64x2.sub(two<T>(a + i + step), two<T>(b + i + step))));
    s2 = f64x2.add(s2, square(f64x2.sub(two<T>(a + i + 2 * step), two<T>(b + i + 2 * step))));
    s3 = f64x2.add(s3, square(f64x2.sub(two<T>(a + i + 3 * step), two<T>(b + i + 3 * step))));
  }
  const s = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  let sum = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  for (; i < bytes; i += sizeof<T>()) {
    const d = f64(load<T>(a + i)) - f64(load<T>(b + i));
    sum += d * d;
  }
  return sum;
}

export function waxpy32(out: usize, z: usize, a: f32, g: usize, n: usize): void {
  waxpy<f32>(out, z, a, g, n);
}
export function waxpy64(out: usize, z: usize, a: f64, g: usize, n: usize): void {
  waxpy<f64>(out, z, a, g, n);
}
export function mix32(z: usize, t: f32, w: usize, n: usize): void {
  mix<f32>(z, t, w, n);
}
export function mix64(z: usize, t: f64, w: usize, n: usize): void {
  mix<f64>(z, t, w, n);
}
export function scale32(z: usize, c: f32, n: usize): void {
  scale<f32>(z, c, n);
}
export function scale64(z: usize, c: f64, n: usize): void {
  scale<f64>(z, c, n);
}
export function finite32(z: usize, n: usize): bool {
  return finite<f32>(z, n);
}
export function finite64(z: usize, n: usize): bool {
  return finite<f64>(z, n);
}
export function dot32(a: usize, b: usize, n: usize): f64 {
  return dot<f32>(a, b, n);
}
export function dot64(a: usize, b: usize, n: usize): f64 {
  return dot<f64>(a, b, n);
}
export function squares32(a: usize, b: usize, n: usize): f64 {
  return squares<f32>(a, b, n);
}
export function squares64(a: usize, b: usize, n: usize): f64 {
  return squares<f64>(a, b, n);
}
