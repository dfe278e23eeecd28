/**
 * The largest probability that `tries` failures in a row leave possible at this confidence: the exact upper
 * bound 1 − p^(1/n), p = 1 − confidence, which is at most log(1/p)/n. 1 if there were none.
 */
export const afterFailures = (tries: number, confidence: number): number =>
  tries === 0 ? 1 : -Math.expm1(Math.log1p(-confidence) / tries);

/** P(X ≤ k) of a binomial X of n tries, each a success with probability ω in (0, 1). */
function binomialUpTo(k: number, n: number, ω: number): number {
  let term = n * Math.log1p(-ω); // the logarithm of P(X = 0)
  let sum = Math.exp(term);
  for (let i = 1; i <= k; i++) {
    term += Math.log((n - i + 1) / i) + Math.log(ω) - Math.log1p(-ω);
    sum += Math.exp(term);
  }
  return sum;
}

/**
 * The upper bound of Clopper and Pearson for a probability ω of which k of n independent tries were
 * successes: with this confidence ω is no larger. It solves P(X ≤ k) = 1 − confidence.
 */
export function atMost(k: number, n: number, confidence: number): number {
  if (k >= n) return 1;
  if (k === 0) return afterFailures(n, confidence);
  let [low, high] = [k / n, 1];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (binomialUpTo(k, n, middle) > 1 - confidence) low = middle;
    else high = middle;
  }
  return high;
}

/** The lower bound: with this confidence ω is no smaller. */
export const atLeast = (k: number, n: number, confidence: number): number => 1 - atMost(n - k, n, confidence);
