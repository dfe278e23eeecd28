import type { Facts } from '@stillpoint/operators';

/** How `gameMethods` chooses step sizes, in words for a report. */
export const gameStepSizes =
  '0.9/L; past-extragradient 0.45/L, the gda in lookahead 0.3/L, methods with Adam’s direction 0.1/L';

/**
 * What runs on a game when nobody says otherwise, each inside its theory on a monotone game. Step sizes lie
 * inside the open intervals, 0.9/L and 0.45/L: at 1/L itself extragradient stands still on xy. Without L the
 * registry asks for a step size.
 *
 * Lookahead around gda: with τ = 10 and λ = 1/2 the map is the polynomial ½ + ½(1 − γs)¹⁰ of F's matrix; at
 * γ = 0.3/L it is nonexpansive for every s of the half disc |s| ≤ L, Re s ≥ 0; at 1/L with τ = 20 it is not.
 * Around extragradient every τ and λ converge, as extragradient does; the long ones leave the cycles of
 * forsaken and polar.
 */
export function gameMethods({ lipschitz: L }: Facts = {}): readonly string[] {
  const γ = (share: number): string => (L === undefined ? '' : `stepSize=${share / L}`);
  return [
    `gda(${γ(0.9)})`,
    `alternating-gda(${γ(0.9)})`,
    `extragradient(${γ(0.9)})`,
    `past-extragradient(${γ(0.45)})`,
    `rapp(${γ(0.9)})`,
    `lookahead(gda(${γ(0.3)}), steps=10)`,
    `lookahead(extragradient(${γ(0.9)}), steps=40, weight=0.7)`,
    `adam(${γ(0.1)})`,
    `extra-adam(${γ(0.1)})`,
  ];
}
