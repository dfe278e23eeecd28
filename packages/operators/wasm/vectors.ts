// The kernels of ../src/vectors/vectors.ts for vectors that lie in one WebAssembly memory, 16 bytes at a
// time: the same operations in the same order as its loops and those of long.ts and float32.ts, so the same
// bits. AssemblyScript; ../scripts/build-wasm.mjs compiles it. A vector is the address of its first entry;
// all are of n entries of T, equal or disjoint, aligned or not.

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

function adam<T>(
  g: usize,
  m: usize,
  v: usize,
  n: usize,
  β1: T,
  rest1: T,
  β2: T,
  rest2: T,
  scale1: T,
  scale2: T,
  ε: T,
): void {
  const bytes = n * sizeof<T>();
  let i: usize = 0;
  for (const whole = bytes & ~15; i < whole; i += 16) {
    const gs = v128.load(g + i);
    const ms = v128.add<T>(
      v128.mul<T>(v128.splat<T>(β1), v128.load(m + i)),
      v128.mul<T>(v128.splat<T>(rest1), gs),
    );
    const vs = v128.add<T>(
      v128.mul<T>(v128.splat<T>(β2), v128.load(v + i)),
      v128.mul<T>(v128.mul<T>(v128.splat<T>(rest2), gs), gs),
    );
    v128.store(m + i, ms);
    v128.store(v + i, vs);
    v128.store(
      g + i,
      v128.div<T>(
        v128.mul<T>(v128.splat<T>(scale1), ms),
        v128.add<T>(v128.sqrt<T>(v128.mul<T>(v128.splat<T>(scale2), vs)), v128.splat<T>(ε)),
      ),
    );
  }
  for (; i < bytes; i += sizeof<T>()) {
    const gi = load<T>(g + i);
    const mi: T = β1 * load<T>(m + i) + rest1 * gi;
    const vi: T = β2 * load<T>(v + i) + rest2 * gi * gi;
    store<T>(m + i, mi);
    store<T>(v + i, vi);
    store<T>(g + i, (scale1 * mi) / (sqrt<T>(scale2 * vi) + ε));
  }
}

/**
 * out = Σ x_i·m_i for a matrix m in panels of eight columns, each panel row after row, panel after panel:
 * sixteen bytes hold two sums, each added up row by row, as in ../src/linear-algebra/matrix.ts. The loop
 * takes two rows at a time, so their number is even.
 */
export function panels(out: usize, m: usize, x: usize, rows: usize, count: usize): void {
  const end = x + 8 * rows;
  for (let p: usize = 0; p < count; p++, out += 64) {
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let i = x; i < end; i += 16, m += 128) {
      const a = v128.load64_splat(i);
      s0 = f64x2.add(s0, f64x2.mul(v128.load(m), a));
      s1 = f64x2.add(s1, f64x2.mul(v128.load(m, 16), a));
      s2 = f64x2.add(s2, f64x2.mul(v128.load(m, 32), a));
      s3 = f64x2.add(s3, f64x2.mul(v128.load(m, 48), a));
      const b = v128.load64_splat(i, 8);
      s0 = f64x2.add(s0, f64x2.mul(v128.load(m, 64), b));
      s1 = f64x2.add(s1, f64x2.mul(v128.load(m, 80), b));
      s2 = f64x2.add(s2, f64x2.mul(v128.load(m, 96), b));
      s3 = f64x2.add(s3, f64x2.mul(v128.load(m, 112), b));
    }
    v128.store(out, s0);
    v128.store(out, s1, 16);
    v128.store(out, s2, 32);
    v128.store(out, s3, 48);
  }
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
export function adam32(
  g: usize,
  m: usize,
  v: usize,
  n: usize,
  β1: f32,
  rest1: f32,
  β2: f32,
  rest2: f32,
  scale1: f32,
  scale2: f32,
  ε: f32,
): void {
  adam<f32>(g, m, v, n, β1, rest1, β2, rest2, scale1, scale2, ε);
}
export function adam64(
  g: usize,
  m: usize,
  v: usize,
  n: usize,
  β1: f64,
  rest1: f64,
  β2: f64,
  rest2: f64,
  scale1: f64,
  scale2: f64,
  ε: f64,
): void {
  adam<f64>(g, m, v, n, β1, rest1, β2, rest2, scale1, scale2, ε);
}
