/** log Γ(k/2) for whole k > 0: by recursion from Γ(½) = √π and Γ(1) = 1. */
function logGammaHalf(k: number): number {
  let value = k % 2 === 0 ? 0 : Math.log(Math.PI) / 2;
  for (let j = k % 2 === 0 ? 2 : 1; j < k; j += 2) value += Math.log(j / 2);
  return value;
}

/**
 * P(‖x‖ < radius) for x ~ N(0, I) in `dim` dimensions: the regularised lower incomplete gamma function
 * P(dim/2, radius²/2) by its power series (Abramowitz and Stegun 1964, 6.5.29). In two dimensions it is 1 −
 * e^{−radius²/2}.
 */
export function chiBelow(radius: number, dim: number): number {
  const x = (radius * radius) / 2;
  const a = dim / 2;
  let term = Math.exp(a * Math.log(x) - x - logGammaHalf(dim + 2));
  if (term === 0) return x > a ? 1 : 0; // 0 or 1 to all digits of float64
  let sum = 0;
  for (let k = 1; term > sum * 1e-17; k++) {
    sum += term;
    term *= x / (a + k);
  }
  return Math.min(sum, 1);
}
