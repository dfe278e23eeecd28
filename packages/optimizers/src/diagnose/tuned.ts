import type { Eigenvalues, Method, State } from '@stillpoint/operators';
import { multiplier } from '../certificates/multiplier.js';
import { isNoBound } from '../certificates/types.js';

/**
 * The factor by which one call of F multiplies the error in the long run, on a linear F with these
 * eigenvalues: the largest |multiplier|, to the power of 1 over the calls of one period. Eigenvalues of a
 * billionth of the largest count as 0: along them F does not move z. Undefined for a method that is no fixed
 * linear map.
 * @param calls calls per step.
 */
export function rateOn(
  method: Pick<Method<State>, 'name' | 'options'>,
  { re, im }: Eigenvalues,
  calls: number,
): number | undefined {
  const largest = Math.hypot(re[0] ?? 0, im[0] ?? 0);
  let [worst, seen] = [0, false];
  for (let k = 0; k < re.length; k++) {
    // conjugates have the same radius
    if (im[k]! < 0 || !(Math.hypot(re[k]!, im[k]!) > 1e-9 * largest)) continue;
    const found = multiplier(method, [re[k]!, im[k]!]);
    if (isNoBound(found)) return undefined;
    worst = Math.max(worst, found.radius ** (1 / (found.period * calls)));
    seen = true;
  }
  return seen ? worst : undefined;
}

/** Step sizes tried, as shares of 1/L: 2⁻⁷ … 2², four in each octave. */
const SHARES = Array.from({ length: 37 }, (_, k) => 2 ** ((k - 28) / 4));

/**
 * The step size, a share of 1/L, with which a method contracts fastest per call on a linear F with these
 * eigenvalues; undefined if it contracts with none.
 */
export function tunedShare(
  build: (share: number) => Method<State>,
  eigenvalues: Eigenvalues,
  calls: number,
): { readonly share: number; readonly rate: number } | undefined {
  let best: { readonly share: number; readonly rate: number } | undefined;
  const look = (share: number): void => {
    const rate = rateOn(build(share), eigenvalues, calls);
    if (rate !== undefined && rate < 1 - 1e-12 && !(best !== undefined && best.rate <= rate))
      best = { share, rate };
  };
  for (const share of SHARES) look(share);
  if (best === undefined) return undefined;
  const { share: middle } = best;
  for (let k = -6; k <= 6; k++) look(middle * 2 ** (k / 28));
  return best;
}
