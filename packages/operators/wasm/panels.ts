// The product of ../src/linear-algebra/matrix.ts, to the bit; see vectors.ts.

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
