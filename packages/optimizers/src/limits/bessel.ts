/**
 * Λ_ν(x) = Γ(ν + 1)(2/x)^ν J_ν(x), with Λ_ν(0) = 1, for ν > −1 and x ≥ 0: the solution of
 * Λ″ + ((2ν + 1)/x)Λ′ + Λ = 0 that is smooth at 0.
 *
 * By Miller's algorithm: J_(ν+k) up to a common factor from J_(ν+k−1) = (2(ν + k)/x)J_(ν+k) − J_(ν+k+1),
 * which is stable downwards, and the factor from Neumann's expansion (DLMF 10.23.15)
 *   (x/2)^ν/Γ(ν + 1) = J_ν + Σ_(k≥1) c_k J_(ν+2k),   c_k = (ν + 2k)(ν + 1)…(ν + k − 1)/k!
 * so that no Γ is needed. It takes x + O(x^⅓) steps. The error is some x·2⁻⁵³ of the size of Λ's oscillation.
 */
export function normalisedBessel(ν: number, x: number): number {
  if (x * x <= (ν + 1) * 2 ** -52) return 1; // 1 − x²/(4(ν + 1)) rounds to it
  // J_(ν+n) is below 1e-20 of its largest neighbours from here on: it falls as Airy's function at 14·2^⅓
  const pairs = Math.ceil((x + 14 * Math.cbrt(x) + 30) / 2);
  const rising = new Float64Array(pairs + 1); // (ν + 1)…(ν + k − 1)/k!
  rising[1] = 1;
  for (let k = 2; k <= pairs; k++) rising[k] = (rising[k - 1]! * (ν + k - 1)) / k;
  let [above, here, sum] = [0, 2 ** -500, 0];
  for (let n = 2 * pairs; n > 0; n--) {
    if (n % 2 === 0) sum += (ν + n) * rising[n / 2]! * here;
    [above, here] = [here, ((2 * (ν + n)) / x) * here - above];
    if (Math.abs(here) > 2 ** 500) {
      above *= 2 ** -900;
      here *= 2 ** -900;
      sum *= 2 ** -900;
    }
  }
  return here / (here + sum);
}
