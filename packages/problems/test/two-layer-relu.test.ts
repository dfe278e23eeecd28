import { describe, expect, it } from 'vitest';
import { dot, type Game, type Vector } from '@stillpoint/operators';
import { leastEigenvalue, limitKernel, problemFrom, twoLayerRelu, twoLayerTanh } from '../src/index.js';

const asked = { player: undefined, sample: undefined, losses: undefined, buffers: {} };
const residualAt = ({ residual }: Game, z: Vector): Float64Array => {
  const out = new Float64Array(residual!.length);
  void residual!.value(z, out, asked);
  return out;
};
const product = ({ residual, dim }: Game, z: Vector, v: Vector, transposed: boolean): Float64Array => {
  const out = new Float64Array(transposed ? dim : residual!.length).fill(NaN);
  void residual!.product(z, v, out, transposed, asked);
  return out;
};
/** JJᵀ at the start. */
function kernelAt(game: Game): Float64Array {
  const z = Float64Array.from(game.start!);
  const n = game.residual!.length;
  const rows = Array.from({ length: n }, (_, i) =>
    product(
      game,
      z,
      Float64Array.from({ length: n }, (__, j) => Number(i === j)),
      true,
    ),
  );
  return Float64Array.from({ length: n * n }, (_, at) => dot(rows[Math.floor(at / n)]!, rows[at % n]!));
}

const inner = (x: readonly number[], y: readonly number[]): number =>
  dot(Float64Array.from(x), Float64Array.from(y));

describe('two-layer-relu', () => {
  it('is its formula, written out on two units and two examples', () => {
    const inputs = [
      [1, 2],
      [-0.5, 0.25],
    ];
    const game = twoLayerRelu({ width: 2, layers: 'both', inputs, targets: [0.5, -1] });
    // w₁ = (1, 1), w₂ = (−2, 0), a = (3, −5): hidden (3, 0) and (0, 1)
    const z = Float64Array.of(1, 1, -2, 0, 3, -5);
    const expected = [9 / Math.SQRT2 - 0.5, -5 / Math.SQRT2 + 1];
    residualAt(game, z).forEach((r, i) => expect(r).toBeCloseTo(expected[i]!, 14));
    const F = new Float64Array(game.dim);
    game.operator(z, F);
    const [r1 = NaN, r2 = NaN] = expected.map((r) => r / Math.SQRT2);
    [3 * r1, 6 * r1, -5 * -0.5 * r2, -5 * 0.25 * r2, 3 * r1, r2].forEach((g, i) =>
      expect(F[i]).toBeCloseTo(g, 13),
    );
  });
  it.each([
    ['relu', 'first', twoLayerRelu],
    ['relu', 'both', twoLayerRelu],
    ['tanh', 'first', twoLayerTanh],
    ['tanh', 'both', twoLayerTanh],
  ] as const)('%s, %s: products are derivatives of the residual, and F = Jᵀr', (_, layers, make) => {
    const game = make({ width: 6, examples: 5, dimension: 3, layers, seed: 4 });
    const z = Float64Array.from(game.start!);
    const v = Float64Array.from({ length: game.dim }, (_, i) => Math.cos(2 + i));
    // of relu a piece is quadratic at most, so that the difference is exact but for rounding; of tanh
    // it errs by h²/6 times a third derivative, here below 2⁴
    const h = 2 ** -20;
    const [plus, minus] = [1, -1].map((sign) =>
      residualAt(
        game,
        z.map((x, i) => x + sign * h * v[i]!),
      ),
    );
    const along = product(game, z, v, false);
    along.forEach((d, i) => expect(Math.abs((plus![i]! - minus![i]!) / (2 * h) - d)).toBeLessThan(2 ** -27));
    const u = Float64Array.from({ length: 5 }, (_, i) => Math.sin(1 + i));
    expect(dot(u, along)).toBeCloseTo(dot(product(game, z, u, true), v), 13);
    const F = new Float64Array(game.dim);
    game.operator(z, F);
    product(game, z, residualAt(game, z), true).forEach((g, i) => expect(F[i]).toBeCloseTo(g, 13));
  });
  it('tanh: is its formula, written out on two units and an example', () => {
    const game = twoLayerTanh({ width: 2, layers: 'both', inputs: [[1, 2]], targets: [0.5] });
    const z = Float64Array.of(1, 1, -2, 0, 3, -5); // wᵀx = 3 and −2
    const f = (3 * Math.tanh(3) - 5 * Math.tanh(-2)) / Math.SQRT2;
    expect(residualAt(game, z)[0]).toBeCloseTo(f - 0.5, 14);
    const F = new Float64Array(game.dim);
    game.operator(z, F);
    const [by, s1, s2] = [(f - 0.5) / Math.SQRT2, Math.cosh(3) ** -2, Math.cosh(2) ** -2];
    [3 * s1, 6 * s1, -5 * s2, -10 * s2, Math.tanh(3), Math.tanh(-2)].forEach((g, i) =>
      expect(F[i]).toBeCloseTo(by * g, 13),
    );
  });
  it('makes unit inputs from its seed; the output weights are fixed signs unless they are learnt', () => {
    const { inputs, dim, start } = twoLayerRelu({ width: 400, examples: 4, dimension: 7 });
    for (const x of inputs) expect(inner(x, x)).toBeCloseTo(1, 14);
    expect([inputs.length, dim, start!.length]).toEqual([4, 2800, 2800]);
    const both = twoLayerRelu({ width: 400, examples: 4, dimension: 7, layers: 'both' });
    expect(both.start!.slice(0, 2800)).toEqual(start);
    const signs = Array.from(both.start!.slice(2800));
    expect(new Set(signs)).toEqual(new Set([-1, 1]));
    // ±10 standard deviations of a fair coin
    expect(Math.abs(signs.reduce((sum, a) => sum + a, 0))).toBeLessThan(10 * Math.sqrt(400));
  });
  it('takes data by spec, and refuses what does not fit', () => {
    const { exact } = problemFrom('two-layer-relu(width=3, inputs=[[1,0],[0,2]], targets=[1,2])');
    expect([exact.dim, exact.residual!.length]).toEqual([6, 2]);
    expect(() => problemFrom('two-layer-relu(targets=[1,2])')).toThrow('2 targets for 10 inputs');
    expect(() => problemFrom('two-layer-relu(inputs=[[1],[2,3]])')).toThrow(
      'expected rows of numbers, all of one length, as [[1,2],[3,4]]; null: seeded ones of length 1',
    );
    expect(() => problemFrom('two-layer-relu(width=2000000)')).toThrow('make 40000000 weights');
  });
});

describe('the limit kernel', () => {
  const inputs = [
    [1, 0, 0],
    [0.6, 0.8, 0],
    [-0.3, 2, 0.5],
    [-1, 0, 1e-3],
  ];
  const angle = (x: readonly number[], y: readonly number[]): number =>
    Math.acos(inner(x, y) / Math.sqrt(inner(x, x) * inner(y, y)));
  it('of the first layer is Sheppard’s formula, xᵢᵀxⱼ(1/4 + arcsin(ρ)/(2π))', () => {
    const H = limitKernel(inputs);
    inputs.forEach((x, i) =>
      inputs.forEach((y, j) => {
        const ρ = i === j ? 1 : Math.cos(angle(x, y));
        expect(H[4 * i + j]).toBeCloseTo(inner(x, y) * (1 / 4 + Math.asin(ρ) / (2 * Math.PI)), 12);
      }),
    );
  });
  it('of the second adds the mean of products, an integral over the directions of the plane', () => {
    const [first, both] = [limitKernel(inputs), limitKernel(inputs, { layers: 'both' })];
    const steps = 3 * 5000;
    inputs.forEach((x, i) =>
      inputs.forEach((y, j) => {
        const θ = i === j ? 0 : angle(x, y);
        const [from, to] = [θ - Math.PI / 2, Math.PI / 2];
        const h = (to - from) / steps;
        let sum = 0; // the midpoint rule: h²/24 of the second derivative, < 2 over a length < π
        for (let k = 0; k < steps; k++) {
          const φ = from + (k + 0.5) * h;
          sum += h * Math.cos(φ) * Math.cos(φ - θ);
        }
        const size = Math.sqrt(inner(x, x) * inner(y, y));
        const expected = first[4 * i + j]! + (size * 2 * sum) / (2 * Math.PI);
        expect(Math.abs(both[4 * i + j]! - expected)).toBeLessThan(size * h ** 2);
      }),
    );
  });
  it('is what the kernel of a wide network at its start tends to, within bounds for so many units', () => {
    const width = 20_000;
    const game = twoLayerRelu({ width, examples: 6, dimension: 5, seed: 3 });
    const [H, K] = [limitKernel(game.inputs), kernelAt(game)];
    // Hoeffding: a mean of `width` values, each 0 or xᵢᵀxⱼ, is off by more with probability 1e-9/21 at most
    const share = Math.sqrt(Math.log((2 * 21) / 1e-9) / (2 * width));
    H.forEach((h, at) => {
      const [i, j] = [Math.floor(at / 6), at % 6];
      const most = Math.abs(inner(game.inputs[i]!, game.inputs[j]!)) * share;
      expect(Math.abs(K[at]! - h)).toBeLessThan(most);
    });
    const both = twoLayerRelu({ width, examples: 6, dimension: 5, seed: 3, layers: 'both' });
    const [limit, found] = [limitKernel(both.inputs, { layers: 'both' }), kernelAt(both)];
    // the variance of a unit's product is below E[max(0, t)⁴] = 3/2: seven deviations, and the share above
    limit.forEach((h, at) =>
      expect(Math.abs(found[at]! - h)).toBeLessThan(share + 7 * Math.sqrt(1.5 / width)),
    );
  });
  it('λ₀ of two unit inputs is ½ − |h|, and 0 where two are parallel', () => {
    const at = (θ: number): number =>
      leastEigenvalue(
        limitKernel([
          [1, 0],
          [Math.cos(θ), Math.sin(θ)],
        ]),
      );
    for (const θ of [0.1, 1, 1.5, 2, 3])
      expect(at(θ)).toBeCloseTo(0.5 - Math.abs((Math.cos(θ) * (Math.PI - θ)) / (2 * Math.PI)), 14);
    expect(Math.abs(at(0))).toBeLessThan(1e-15);
  });
  it('refuses what are no rows', () => {
    expect(() => limitKernel([[1, 2], [3]])).toThrow('a row of the inputs is [3]');
    expect(() => limitKernel([])).toThrow('the inputs are []');
    expect(() => limitKernel([[1, NaN]])).toThrow('expected rows of finite numbers');
  });
});
