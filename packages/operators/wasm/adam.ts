// Adam's direction, as in ../src/vectors/vectors.ts and float32.ts, to the bit; see vectors.ts.

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
