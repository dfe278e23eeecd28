/** A polynomial c₀ + c₁x + … + c_nxⁿ, lowest power first. */
export type Coefficients = readonly number[];

/** The value at x, by Horner's rule. */
export const valueAt = (c: Coefficients, x: number): number => c.reduceRight((sum, ck) => sum * x + ck, 0);

/** The derivative; that of a constant is 0. */
export const derivative = (c: Coefficients): Coefficients =>
  c.length < 2 ? [0] : c.slice(1).map((ck, k) => (k + 1) * ck);

/** a + t·b. */
export const plus = (a: Coefficients, t: number, b: Coefficients): Coefficients =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, k) => (a[k] ?? 0) + t * (b[k] ?? 0));

/** Without the highest powers that have no weight. */
export const trimmed = (c: Coefficients): Coefficients => c.slice(0, c.findLastIndex((ck) => ck !== 0) + 1);

/**
 * The real points where the polynomial changes sign, in order, each to rounding. Between two sign changes of
 * its derivative it is monotone, so that there is one at most, which is bisected.
 */
export function signChanges(coefficients: Coefficients): readonly number[] {
  const c = trimmed(coefficients);
  const highest = c.at(-1);
  if (c.length < 2 || highest === undefined) return [];
  // beyond 1 + max|c_k/c_n| the highest power decides the sign
  const far = 1 + Math.max(...c.slice(0, -1).map((ck) => Math.abs(ck / highest)));
  const ends = [-far, ...signChanges(derivative(c)), far];
  return ends.slice(1).flatMap((high, i) => {
    const low = ends[i]!;
    const sign = Math.sign(valueAt(c, low));
    // a zero that is itself an end belongs to the interval that it closes
    if (sign === 0 || sign === Math.sign(valueAt(c, high))) return [];
    let [a, b] = [low, high];
    for (;;) {
      const middle = a + (b - a) / 2;
      if (!(middle > a && middle < b)) return [b];
      if (Math.sign(valueAt(c, middle)) === sign) a = middle;
      else b = middle;
    }
  });
}
