import { describe, expect, it } from 'vitest';
import { naturalResidual, type StochasticGame, type Vector } from '@stillpoint/operators';
import { batchBilinear, stochasticGameFrom, stochasticGames, stochasticQuadratic } from '../src/index.js';

const context = { buffers: {}, losses: new Float64Array(2) };
async function asked<S>(game: StochasticGame<S>, z: Vector, sample: S, player?: number): Promise<Float64Array> {
  const out = new Float64Array(game.dim).fill(NaN);
  await game.operator(z, out, sample, player, context);
  return out;
}

describe.each(stochasticGames)('$name', (row) => {
  const { game, expected } = row.build('dimension' in row.options ? { dimension: 7, batch: 3 } : {});
  const z = Float64Array.from({ length: game.dim }, (_, i) => 0.3 - 0.1 * i);
  it('draws purely: the same call gives the same gradient, another call, player or worker another', async () => {
    const first = await asked(game, z, game.draw(4));
    expect(await asked(game, z, game.draw(4))).toEqual(first);
    expect(await asked(game, z, game.draw(5))).not.toEqual(first);
    expect(await asked(game, z, game.draw(4, undefined, 1))).not.toEqual(first);
  });
  it('a joint question hands each player what it would draw alone', async () => {
    const joint = await asked(game, z, game.draw(9));
    for (const [p, { start, end }] of game.players.entries()) expect(Array.from((await asked(game, z, game.draw(9, p), p)).subarray(start, end))).toEqual(Array.from(joint.subarray(start, end)));
  });
  it('is right in the mean: 40,000 draws, five standard errors', async () => {
    const wanted = new Float64Array(game.dim);
    expected.operator(z, wanted);
    const [sum, squares] = [new Float64Array(game.dim), new Float64Array(game.dim)];
    const n = 40_000;
    for (let call = 0; call < n; call++) {
      const g = await asked(game, z, game.draw(call));
      g.forEach((x, i) => {
        sum[i] = (sum[i] ?? 0) + x / n;
        squares[i] = (squares[i] ?? 0) + (x * x) / n;
      });
    }
    sum.forEach((mean, i) => expect(Math.abs(mean - (wanted[i] ?? NaN))).toBeLessThanOrEqual(5 * Math.sqrt(((squares[i] ?? 0) - mean * mean) / n) + 1e-12));
  });
  it('its mean has the stated solution', () => expect(naturalResidual(expected, Float64Array.from(expected.facts?.solution ?? []), new Float64Array(game.dim))).toBeLessThan(1e-15));
});

describe('values', () => {
  it('the terms of the finite sum have F as their mean, exactly', async () => {
    const { game, expected } = batchBilinear({ dimension: 6, batch: 2, seed: 4 });
    const z = Float64Array.from({ length: 12 }, (_, i) => Math.cos(i));
    const sum = new Float64Array(12);
    for (let i = 0; i < (game.terms ?? 0); i++) (await asked(game, z, game.term?.(i) ?? [])).forEach((x, k) => { sum[k] = (sum[k] ?? 0) + x / 6; });
    const wanted = new Float64Array(12);
    expected.operator(z, wanted);
    sum.forEach((x, k) => expect(x).toBeCloseTo(wanted[k] ?? NaN, 14));
  });
  it('noise 0 is the deterministic game', async () => {
    const { game, expected } = stochasticQuadratic({ lipschitz: 1, weakMinty: -0.1, noise: 0, seed: 1 });
    const wanted = new Float64Array(2);
    expected.operator(Float64Array.of(1, 1), wanted);
    expect(await asked(game, Float64Array.of(1, 1), game.draw(0))).toEqual(wanted);
  });
  it('is named by its full spec; what is unknown is refused', () => {
    expect(stochasticGameFrom('stochastic-bilinear').game.name).toBe('stochastic-bilinear(noise=1, seed=1)');
    expect(() => stochasticGameFrom('stochastic-bilinaer')).toThrow('did you mean stochastic-bilinear?');
    expect(() => stochasticGameFrom('stochastic-bilinear(noise=-1)')).toThrow('noise is -1');
    expect(() => stochasticGameFrom('stochastic-bilinear(gda)')).toThrow('takes options only');
  });
});
