import { box, projection, type Game } from '@stillpoint/operators';
import { minMax } from './linear.js';
import * as option from '../options.js';
import { game } from '../kinds/game.js';

const inBox = projection(box({ lower: -1.1, upper: 1.1 }));

/**
 * PolarGame, on the box ‖z‖∞ ≤ 11/10:
 *   F(z) = (−y + c·x, x + c·y),  c = (a/16)(r² − 1)(16r² − 9)
 * A rotation with limit cycles at r = 1 and r = 3/4 around the solution 0. No potential, so no losses. With u
 * = r², ‖J‖ = √((c + c′u)² + 1) + |c′u|, largest at the corner u = 121/50; ρ = min c/(1 + c²), at u = 25/32.
 * Source: Pethick et al., arXiv 2302.09831, example 3; both closed forms agree with its values at a = 1, 3/4,
 * 1/3.
 */
export const polar = game({
  name: 'polar',
  about: 'a rotation with two limit cycles, on a box; a larger a is harder',
  reference: 'Pethick, Latafat, Patrinos, Fercoq, Cevher 2022, arXiv 2302.09831',
  options: {
    a: option.number({ about: 'strength of the radial field', above: 0, default: 1 }),
  },
  make({ a }): Game {
    const u = 121 / 50;
    const stretch = (a / 16) * (48 * u * u - 50 * u + 9);
    const shear = (a / 16) * (32 * u * u - 25 * u);
    const least = (-49 * a) / 1024;
    return {
      name: 'polar',
      dim: 2,
      players: minMax,
      start: [1, 0.5],
      operator(z, out) {
        const x = z[0]!;
        const y = z[1]!;
        const r2 = x * x + y * y;
        const c = (a / 16) * (r2 - 1) * (16 * r2 - 9);
        out[0] = -y + c * x;
        out[1] = x + c * y;
      },
      jacobianVector(z, v, out, transposed) {
        const x = z[0]!;
        const y = z[1]!;
        const r2 = x * x + y * y;
        const c = (a / 16) * (r2 - 1) * (16 * r2 - 9);
        const slope = (a / 8) * (32 * r2 - 25) * (x * v[0]! + y * v[1]!);
        const β = transposed ? -1 : 1;
        const v0 = v[0]!;
        const v1 = v[1]!;
        out[0] = c * v0 - β * v1 + slope * x;
        out[1] = c * v1 + β * v0 + slope * y;
      },
      constraint: {
        prox: (z, _, player) => (player === undefined ? inBox(z) : inBox(z, player, player + 1)),
      },
      facts: {
        lipschitz: Math.sqrt(stretch * stretch + 1) + Math.abs(shear),
        weakMinty: least > -1 ? least / (1 + least * least) : -0.5,
        solution: [0, 0],
        where: 'on the set',
      },
    };
  },
});
