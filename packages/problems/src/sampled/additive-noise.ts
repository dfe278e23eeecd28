import { box, normal, projection, type Game, type Vector } from '@stillpoint/operators';
import { affineGame } from '../games/affine.js';
import { linear, minMax } from '../games/linear.js';
import { sampledGame, type Sampled } from '../kinds/sampled-game.js';
import * as option from '../options.js';
import { shapeOf } from './shape.js';

/**
 * F plus noise N(0, σ²I), a pure function of (seed, call, player, worker). A player's noise is the same
 * whether F is asked for that player alone or for all.
 */
function additive(expected: Game, σ: number, seed: number): Sampled<Vector> {
  const noiseOf = (call: number, player: number, worker: number): Vector => {
    const { start = 0, end = 0 } = expected.players[player] ?? {};
    return normal(
      new Float64Array(end - start),
      { seed, purpose: 'gradient noise', call, player, worker },
      0,
      σ,
    );
  };
  return {
    expected,
    game: {
      ...shapeOf(expected),
      mean: expected,
      draw(call, player, worker = 0) {
        const noise = new Float64Array(expected.dim).fill(player === undefined ? 0 : NaN);
        expected.players.forEach(({ start }, p) => {
          if (player === undefined || player === p) noise.set(noiseOf(call, p, worker), start);
        });
        return noise;
      },
      operator(z, out, { sample: noise, player }) {
        expected.operator(z, out);
        if (noise === undefined) return;
        const { start, end } =
          player === undefined ? { start: 0, end: out.length } : expected.players[player]!;
        for (let i = start; i < end; i++) out[i] = out[i]! + noise[i]!;
      },
      ...(expected.jacobianVector
        ? {
            jacobianVector: (z: Vector, v: Vector, out: Vector, transposed: boolean) =>
              expected.jacobianVector?.(z, v, out, transposed),
          }
        : {}),
    },
  };
}

/**
 * The linear game with prescribed L and ρ whose gradients have noise N(0, σ²I).
 * Source: the quadratic of Pethick, Fercoq, Latafat, Patrinos, Cevher 2023, arXiv 2302.09029 (L = 1, ρ =
 * −0.1, σ = 0.1, z₀ = (1, 1)).
 */
export const sampledQuadratic = sampledGame({
  name: 'sampled-quadratic',
  about: 'the linear game with noisy gradients',
  reference: 'Pethick, Fercoq, Latafat, Patrinos, Cevher 2023, arXiv 2302.09029',
  options: {
    lipschitz: option.number({ about: 'Lipschitz constant of F', symbol: 'L', above: 0, default: 1 }),
    weakMinty: option.number({ about: 'weak-Minty constant', symbol: 'ρ', default: -0.1 }),
    noise: option.number({
      about: 'standard deviation of each entry’s noise',
      symbol: 'σ',
      from: 0,
      default: 0.1,
    }),
    seed: option.seed({ default: 1 }),
  },
  make({ lipschitz, weakMinty, noise, seed }): Sampled<Vector> {
    return additive(
      { ...linear({ lipschitz, weakMinty }), name: 'sampled-quadratic', start: [1, 1] },
      noise,
      seed,
    );
  },
});

const unitBox = projection(box({ lower: -1, upper: 1 }));

/**
 * f(x, y) = (x − 0.9)(y − 0.9) on the box ‖z‖∞ ≤ 1; the gradients have noise N(0, σ²I). L = 1, monotone,
 * solution (0.9, 0.9), start 0. Source: the bilinear game of Pethick et al. 2023, arXiv 2302.09029 (σ = 1).
 */
export const sampledBilinear = sampledGame({
  name: 'sampled-bilinear',
  about: 'a bilinear game on a box with noisy gradients; its solution is near a corner',
  reference: 'Pethick, Fercoq, Latafat, Patrinos, Cevher 2023, arXiv 2302.09029',
  options: {
    noise: option.number({
      about: 'standard deviation of each entry’s noise',
      symbol: 'σ',
      from: 0,
      default: 1,
    }),
    seed: option.seed({ default: 1 }),
  },
  make({ noise, seed }): Sampled<Vector> {
    return additive(
      affineGame({
        name: 'sampled-bilinear',
        players: minMax,
        M: Float64Array.of(0, 1, -1, 0),
        q: Float64Array.of(-0.9, 0.9),
        start: [0, 0],
        losses(z, out) {
          out[0] = (z[0]! - 0.9) * (z[1]! - 0.9);
          out[1] = -out[0]!;
        },
        constraint: {
          prox: (z, _, player) => (player === undefined ? unitBox(z) : unitBox(z, player, player + 1)),
        },
        facts: { lipschitz: 1, comonotone: 0, weakMinty: 0, solution: [0.9, 0.9], zeroSum: true },
      }),
      noise,
      seed,
    );
  },
});
