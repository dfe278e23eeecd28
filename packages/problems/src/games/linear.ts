import { InputError, type Game, type Player } from '@stillpoint/operators';
import * as option from '../options.js';
import { game } from '../kinds/game.js';

/** The players of a game of two numbers: x minimises, y maximises. */
export const minMax: readonly Player[] = [
  { name: 'x', start: 0, end: 1 },
  { name: 'y', start: 1, end: 2 },
];

/**
 * The linear game with prescribed constants:
 *   f(x, y) = a·xy + (b/2)(x² − y²),  F(z) = (bx + ay, by − ax),  b = L²ρ,  a = √(L² − L⁴ρ²)
 * Its eigenvalues are b ± ia. If ρ < 0, F pushes away from the solution: the hard case. ρ and L are exact:
 * ⟨F(z), z⟩ = b‖z‖² = ρ‖F(z)‖², and F is linear, so that ρ is also its comonotonicity. Source: Pethick,
 * Latafat, Patrinos, Fercoq, Cevher, "Escaping limit cycles", 2022, arXiv 2302.09831 (its lower bound).
 * @throws InputError if |ρ|L > 1.
 */
export const linear = game({
  name: 'linear',
  about: 'the linear game with prescribed L and ρ; ρ < 0 pushes outwards',
  reference: 'Pethick, Latafat, Patrinos, Fercoq, Cevher 2022, arXiv 2302.09831',
  options: {
    lipschitz: option.number({ about: 'Lipschitz constant of F', symbol: 'L', above: 0, default: 1 }),
    weakMinty: option.number({ about: 'weak-Minty constant, |ρ| <= 1/L', symbol: 'ρ', default: 0 }),
  },
  make({ lipschitz: L, weakMinty: ρ }): Game {
    if (Math.abs(ρ) * L > 1)
      throw new InputError(`linear: weakMinty is ${ρ}; expected |weakMinty| <= 1/lipschitz = ${1 / L}`);
    const b = L * L * ρ;
    const a = L * Math.sqrt(Math.max(0, 1 - L * L * ρ * ρ));
    return {
      name: 'linear',
      dim: 2,
      players: minMax,
      start: [1, 0.5],
      operator(z, out) {
        const x = z[0]!;
        const y = z[1]!;
        out[0] = b * x + a * y;
        out[1] = b * y - a * x;
      },
      losses(z, out) {
        const x = z[0]!;
        const y = z[1]!;
        out[0] = a * x * y + (b / 2) * (x * x - y * y);
        out[1] = -out[0]!;
      },
      prices: { product: 1, transposedProduct: 1 }, // F is linear: as many multiplications
      jacobianVector(_, v, out, transposed) {
        const α = transposed ? -a : a;
        const v0 = v[0]!;
        const v1 = v[1]!;
        out[0] = b * v0 + α * v1;
        out[1] = b * v1 - α * v0;
      },
      facts: { lipschitz: L, weakMinty: ρ, comonotone: ρ, solution: [0, 0], zeroSum: true },
    };
  },
});

/**
 * The game f(x, y) = xy, the simplest on which simultaneous gradient steps fail. F(z) = (y, −x), L = 1, ρ =
 * 0, eigenvalues ±i, solution 0.
 */
export const bilinear = game({
  name: 'bilinear',
  about: 'min over x, max over y of xy: simultaneous gradient steps spiral out',
  reference: 'classical',
  options: {},
  make(): Game {
    return { ...linear({ lipschitz: 1, weakMinty: 0 }), name: 'bilinear', start: [1, 1] };
  },
});
