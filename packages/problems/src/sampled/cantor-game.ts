import { InputError, randomFrom, subset, type Game } from '@stillpoint/operators';
import { indicesOf, type Indices } from '../minimisations/finite-sum.js';
import * as option from '../options.js';
import { affineGame } from '../games/affine.js';
import { minMax } from '../games/linear.js';
import { sampledGame, type Sampled } from '../kinds/sampled-game.js';

/**
 * The game of `cantor`: f(x, y) is the mean over n points (a, b) of
 *   (μ/2)(x − a)² + ω(x − a)(y − b) − (μ/2)(y − b)²,  Fᵢ(z) = M(z − cᵢ),  M = [[μ, ω], [−ω, μ]]
 * A stochastic step of gda is z⁺ = (I − ηM)z + ηMcᵢ: it shrinks the plane by r = √((1 − ημ)² + η²ω²) and
 * turns it, towards one of the points. If the n copies of the set that the iterates fill do not overlap, its
 * dimension is log n/(−log r); for r < 1/(1 + m), m the largest distance of two points over the smallest,
 * they do not. With ημ = ηω = ½ and two points it is the twindragon, a set with an inside: its dimension is
 * 2. μ = 0 is bilinear: r > 1, and every step expands. The start is c₁, which is in the set. Draws are the
 * same terms for both players.
 * @throws InputError for points that are not of the plane, or a batch of more terms than there are.
 */
export const cantorGame = sampledGame({
  name: 'cantor-game',
  about: 'a few points that pull the plane towards them and turn it: stochastic gda fills a fractal',
  reference: 'after Camuto et al. 2021, arXiv 2106.04881',
  options: {
    points: option.matrix({
      about: 'the points of the plane, one a row',
      symbol: 'c',
      default: [
        [0, 0],
        [1, 0],
        [0, 1],
      ],
    }),
    curvature: option.number({ about: 'curvature for x and against y', symbol: 'μ', from: 0, default: 1 }),
    coupling: option.number({ about: 'coupling of x and y, which rotates', symbol: 'ω', default: 0.5 }),
    batch: option.integer({ about: 'terms in a batch', symbol: 'B', from: 1, to: 10_000, default: 1 }),
    seed: option.seed({ default: 1 }),
  },
  make({ points, curvature: μ, coupling: ω, batch, seed }): Sampled<Indices> {
    const n = points.length;
    if (points.some((point) => point.length !== 2))
      throw new InputError(
        `cantor-game: a point has ${points[0]!.length} entries; expected 2, as [[0,0],[1,0]]: one for each player`,
      );
    if (batch > n)
      throw new InputError(`cantor-game: batch is ${batch}; expected at most ${n}, the number of points`);
    const over = (of: Indices): readonly (readonly number[])[] => of?.map((i) => points[i]!) ?? points;
    const centre = (of: Indices): readonly [number, number] => {
      const rows = over(of);
      const mean = (p: 0 | 1): number => rows.reduce((sum, point) => sum + point[p]!, 0) / rows.length;
      return [mean(0), mean(1)];
    };
    const [a, b] = centre(undefined);
    const mean = affineGame({
      name: 'cantor-game',
      players: minMax,
      M: Float64Array.of(μ, ω, -ω, μ),
      q: Float64Array.of(-μ * a - ω * b, ω * a - μ * b),
      start: points[0]!,
      facts: { zeroSum: true },
    });
    const expected: Game = {
      ...mean,
      terms: { count: n, sample: (indices) => indices },
      operator(z, out, asked) {
        const [cx, cy] = centre(indicesOf(asked?.sample));
        const [x, y] = [z[0]! - cx, z[1]! - cy];
        out[0] = μ * x + ω * y;
        out[1] = μ * y - ω * x;
      },
      losses(z, out, asked) {
        const rows = over(indicesOf(asked?.sample));
        const value = rows.reduce((sum, [cx, cy]) => {
          const [x, y] = [z[0]! - cx!, z[1]! - cy!];
          return sum + (μ * (x * x - y * y)) / 2 + ω * x * y;
        }, 0);
        out[0] = value / rows.length;
        out[1] = -out[0];
      },
    };
    return {
      expected,
      game: {
        ...expected,
        mean: expected,
        terms: { count: n, drawn: batch, sample: (indices) => indices },
        draw: (call, _player, worker = 0) =>
          subset(n, batch, randomFrom({ seed, purpose: 'batch', worker })(call)),
      },
    };
  },
});
