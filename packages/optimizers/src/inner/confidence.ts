/**
 * The largest probability that `tries` failures in a row leave possible at this confidence: the exact upper
 * bound 1 − p^(1/n), p = 1 − confidence, which is at most log(1/p)/n. 1 if there were none.
 */
export const afterFailures = (tries: number, confidence: number): number =>
  tries === 0 ? 1 : -Math.expm1(Math.log1p(-confidence) / tries);
