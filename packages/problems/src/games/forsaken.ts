import { box, l2Ball, projection, type Game, type Vector } from '@stillpoint/operators';
import { minMax } from './linear.js';
import { game } from '../kinds/game.js';

/** φ and its first two derivatives. */
interface Potential {
  readonly φ: (t: number) => number;
  readonly dφ: (t: number) => number;
  readonly ddφ: (t: number) => number;
}

/** φ(t) = at² + bt⁴ + ct⁶ by Horner's rule: multiplication rounds alike on every machine, powers need not. */
function polynomial(a: number, b: number, c: number): Potential {
  return {
    φ(t) {
      const u = t * t;
      return u * (a + u * (b + u * c));
    },
    dφ(t) {
      const u = t * t;
      return t * (2 * a + u * (4 * b + u * (6 * c)));
    },
    ddφ(t) {
      const u = t * t;
      return 2 * a + u * (12 * b + u * (30 * c));
    },
  };
}

/** f(x, y) = x(y − shift) + φ(x) − φ(y) with F = (y − shift + φ′(x), −x + φ′(y)): both Forsaken games. */
function coupled(
  shift: number,
  { φ, dφ, ddφ }: Potential,
): Pick<Game, 'operator' | 'losses' | 'jacobianVector'> {
  return {
    operator(z, out) {
      const x = z[0]!;
      const y = z[1]!;
      out[0] = y - shift + dφ(x);
      out[1] = -x + dφ(y);
    },
    losses(z, out) {
      const x = z[0]!;
      const y = z[1]!;
      out[0] = x * (y - shift) + φ(x) - φ(y);
      out[1] = -out[0]!;
    },
    jacobianVector(z, v, out, transposed) {
      const β = transposed ? -1 : 1;
      const v0 = v[0]!;
      const v1 = v[1]!;
      out[0] = ddφ(z[0]!) * v0 + β * v1;
      out[1] = -β * v0 + ddφ(z[1]!) * v1;
    },
  };
}

const inBox = projection(box({ lower: -1.5, upper: 1.5 }));

/**
 * Forsaken, on the box ‖z‖∞ ≤ 3/2:
 *   f = x(y − 0.45) + φ(x) − φ(y),  φ(t) = t²/4 − t⁴/2 + t⁶/6
 * One solution, and an attracting cycle around it. L is exact on the box; no weak-Minty constant in (−1/(2L),
 * 0] exists, so none is stated. Source: Hsieh, Mertikopoulos, Cevher, "The limits of min-max optimization
 * algorithms", 2021, arXiv 2006.09065, example 5.2.
 */
export const forsaken = game({
  name: 'forsaken',
  about: 'one solution inside an attracting cycle, on a box',
  reference: 'Hsieh, Mertikopoulos, Cevher 2021, arXiv 2006.09065',
  options: {},
  make(): Game {
    return {
      name: 'forsaken',
      dim: 2,
      players: minMax,
      start: [1, -0.8],
      ...coupled(0.45, polynomial(1 / 4, -1 / 2, 1 / 6)),
      constraint: {
        prox: (z, _, player) => (player === undefined ? inBox(z) : inBox(z, player, player + 1)),
      },
      facts: {
        lipschitz: Math.sqrt((993841 + 1089 * Math.sqrt(801761)) / 2) / 80,
        solution: [0.07802666873846009, 0.41193385136581984],
        zeroSum: true,
        where: 'on the set',
      },
    };
  },
});

const RADIUS = 4 / 3;
const inBall = projection(l2Ball({ radius: RADIUS }));

/** Projects one player onto the interval in which it may move while the other stays where it is. */
function clampInBall(z: Vector, player: number): void {
  const other = z[1 - player]!;
  const room = Math.sqrt(Math.max(0, RADIUS * RADIUS - other * other));
  z[player] = Math.min(room, Math.max(-room, z[player]!));
}

/**
 * Global Forsaken, on the ball ‖z‖₂ ≤ 4/3:
 *   f = xy + φ(x) − φ(y),  φ(t) = t²/3 − t⁴/3 + 2t⁶/21
 * Weak Minty holds. L is exact on the box ‖z‖∞ ≤ 4/3, hence a bound on the ball; ρ is the infimum over the
 * ball, found numerically and rounded down. Source: Pethick et al., arXiv 2302.09831, example 5.
 */
export const globalForsaken = game({
  name: 'global-forsaken',
  about: 'a variant of Forsaken for which weak Minty holds, on a ball',
  reference: 'Pethick, Latafat, Patrinos, Fercoq, Cevher 2022, arXiv 2302.09831',
  options: {},
  make(): Game {
    return {
      name: 'global-forsaken',
      dim: 2,
      players: minMax,
      start: [1.2, 1.2],
      ...coupled(0, polynomial(1 / 3, -1 / 3, 2 / 21)),
      constraint: {
        joint: true,
        prox: (z, _, player) => (player === undefined ? inBall(z) : clampInBall(z, player)),
      },
      facts: {
        lipschitz: Math.sqrt((74125591 + 9409 * Math.sqrt(59721901)) / 2) / 2835,
        weakMinty: -0.119732,
        solution: [0, 0],
        zeroSum: true,
        where: 'on the set',
      },
    };
  },
});
