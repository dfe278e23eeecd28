import { describe, expect, it } from 'vitest';
import { naturalResidual, type Problem, type Vector } from '@stillpoint/operators';
import { batchBilinear, problemFrom, problemsOf, sampledQuadratic } from '../src/index.js';

const whole = { sample: undefined, player: undefined, losses: undefined, buffers: {} };
async function asked(game: Problem, z: Vector, sample: unknown, player?: number): Promise<Float64Array> {
  const out = new Float64Array(game.dim).fill(NaN);
  await game.operator(z, out, { ...whole, sample, player });
  return out;
}

describe.each(problemsOf('sampled game').rows)('$name', (row) => {
  /** So many that two draws differ. */
  const points = Array.from({ length: 40 }, (_, i) => [Math.cos(i), Math.sin(2 * i)]);
  const { problem: game, exact: expected } = row.build(
    'dimension' in row.options
      ? { dimension: 7, batch: 3 }
      : 'points' in row.options
        ? { points, batch: 3 }
        : {},
  );
  const z = Float64Array.from({ length: game.dim }, (_, i) => 0.3 - 0.1 * i);
  it('draws purely: the same call gives the same gradient, another call, player or worker another', async () => {
    const first = await asked(game, z, game.draw!(4));
    expect(await asked(game, z, game.draw!(4))).toEqual(first);
    expect(await asked(game, z, game.draw!(5))).not.toEqual(first);
    expect(await asked(game, z, game.draw!(4, undefined, 1))).not.toEqual(first);
  });
  it('a joint question hands each player what it would draw alone', async () => {
    const joint = await asked(game, z, game.draw!(9));
    for (const [p, { start, end }] of game.players.entries())
      expect(Array.from((await asked(game, z, game.draw!(9, p), p)).subarray(start, end))).toEqual(
        Array.from(joint.subarray(start, end)),
      );
  });
  it('is right in the mean: 40,000 draws, five standard errors', async () => {
    const wanted = new Float64Array(game.dim);
    expected.operator(z, wanted);
    const [sum, squares] = [new Float64Array(game.dim), new Float64Array(game.dim)];
    const n = 40_000;
    for (let call = 0; call < n; call++) {
      const g = await asked(game, z, game.draw!(call));
      g.forEach((x, i) => {
        sum[i] = (sum[i] ?? 0) + x / n;
        squares[i] = (squares[i] ?? 0) + (x * x) / n;
      });
    }
    sum.forEach((mean, i) =>
      expect(Math.abs(mean - (wanted[i] ?? NaN))).toBeLessThanOrEqual(
        5 * Math.sqrt(((squares[i] ?? 0) - mean * mean) / n) + 1e-12,
      ),
    );
  });
  it('has products with the Jacobian of a sample, both ways', async () => {
    const sample = game.draw!(2);
    const v = Float64Array.from({ length: game.dim }, (_, i) => Math.sin(3 * i + 1));
    const h = 2 ** -17;
    const [up, down] = [
      await asked(
        game,
        z.map((x, i) => x + h * (v[i] ?? 0)),
        sample,
      ),
      await asked(
        game,
        z.map((x, i) => x - h * (v[i] ?? 0)),
        sample,
      ),
    ];
    const [Jv, JTu] = [new Float64Array(game.dim), new Float64Array(game.dim)];
    await game.jacobianVector?.(z, v, Jv, false, { ...whole, sample });
    // F is affine: rounding/h only
    Jv.forEach((x, i) => expect(x).toBeCloseTo(((up[i] ?? NaN) - (down[i] ?? NaN)) / (2 * h), 8));
    const u = v.map((_, i) => Math.cos(2 * i));
    await game.jacobianVector?.(z, u, JTu, true, { ...whole, sample });
    const inner = (p: Float64Array, q: Float64Array): number =>
      p.reduce((sum, x, i) => sum + x * (q[i] ?? NaN), 0);
    expect(inner(u, Jv)).toBeCloseTo(inner(JTu, v), 13); // ⟨u, Jv⟩ = ⟨Jᵀu, v⟩
  });
  it('its mean has the stated solution', () =>
    expect(
      naturalResidual(
        expected,
        Float64Array.from(expected.facts?.solution ?? []),
        new Float64Array(game.dim),
      ),
    ).toBeLessThan(1e-15));
});

describe('values', () => {
  it.each(['mean', 'sum'] as const)(
    'finite sum, gradients=%s: F by hand from the terms; the terms have F as their mean; a full batch is F; a batch is of different terms',
    async (gradients) => {
      const [n, B] = [6, 2];
      const { game, expected } = batchBilinear({ dimension: n, batch: B, gradients, seed: 4 });
      const z = Float64Array.from({ length: 2 * n }, (_, i) => Math.cos(i));
      const L = gradients === 'mean' ? 1 / n : B / n;
      expect(expected.facts).toMatchObject({ lipschitz: L, comonotone: 0 });
      const wanted = new Float64Array(2 * n);
      expected.operator(z, wanted);
      const at = expected.facts?.solution ?? [];
      wanted.forEach((x, i) =>
        expect(x).toBeCloseTo(
          i < n ? L * ((z[n + i] ?? 0) - (at[n + i] ?? 0)) : -L * ((z[i - n] ?? 0) - (at[i - n] ?? 0)),
          14,
        ),
      ); // F = L·R(z − z*), R the rotation
      const sum = new Float64Array(2 * n);
      for (let i = 0; i < n; i++)
        (await asked(game, z, game.terms!.sample([i]))).forEach((x, k) => {
          sum[k] = (sum[k] ?? 0) + x / n;
        });
      sum.forEach((x, k) => expect(x).toBeCloseTo(wanted[k] ?? NaN, 14));
      const full = batchBilinear({ dimension: n, batch: n, gradients, seed: 4 });
      const all = await asked(full.game, z, full.game.draw(3));
      all.forEach((x, k) =>
        expect(x).toBeCloseTo(
          ((wanted[k] ?? NaN) * (gradients === 'mean' ? 1 : n)) / (gradients === 'mean' ? 1 : B),
          13,
        ),
      );
      for (let call = 0; call < 20; call++)
        for (const chosen of game.draw(call)) expect(new Set(chosen).size).toBe(B);
    },
  );
  it('a term depends on the players as x_i y_i alone, with a linear part on every entry', async () => {
    const n = 5;
    const { game } = batchBilinear({ dimension: n, batch: 1, gradients: 'mean', seed: 2 });
    const zero = await asked(game, new Float64Array(2 * n), game.terms!.sample([3]));
    expect(zero.every((x) => x !== 0)).toBe(true);
    const moved = await asked(
      game,
      Float64Array.from({ length: 2 * n }, (_, i) => i + 1),
      game.terms!.sample([3]),
    );
    moved.forEach((x, i) =>
      expect(x - (zero[i] ?? NaN)).toBeCloseTo(i === 3 ? n + 4 : i === n + 3 ? -4 : 0, 13),
    );
  });
  it('the linear parts of the source: entries of variance 1/n, over 100 terms; five standard errors', () => {
    const { expected } = batchBilinear({ dimension: 100, batch: 16, gradients: 'mean', seed: 1 });
    const sums = expected.facts?.solution ?? []; // 200 sums of 100 such entries: variance 1
    expect(Math.abs(sums.reduce((total, x) => total + x * x, 0) / 200 - 1)).toBeLessThan(
      5 * Math.sqrt(2 / 200),
    );
  });
  it('noise 0 is the deterministic game', async () => {
    const { game, expected } = sampledQuadratic({ lipschitz: 1, weakMinty: -0.1, noise: 0, seed: 1 });
    const wanted = new Float64Array(2);
    expected.operator(Float64Array.of(1, 1), wanted);
    expect(await asked(game, Float64Array.of(1, 1), game.draw(0))).toEqual(wanted);
  });
  it('is named by its full spec; what is unknown is refused', () => {
    expect(problemFrom('sampled-bilinear').problem.name).toBe('sampled-bilinear(noise=1, seed=1)');
    expect(() => problemFrom('sampled-bilinaer')).toThrow('did you mean sampled-bilinear?');
    expect(() => problemFrom('sampled-bilinear(noise=-1)')).toThrow('noise is -1');
    expect(() => problemFrom('batch-bilinear(dimension=3, batch=4)')).toThrow(
      'batch is 4; expected at most dimension = 3',
    );
    expect(() => problemFrom('batch-bilinear(gradients=max)')).toThrow(
      'gradients is max; expected one of mean, sum',
    );
    expect(() => problemFrom('sampled-bilinear(gda)')).toThrow('takes options only');
  });
});
