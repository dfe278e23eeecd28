import { describe, expect, it } from 'vitest';
import { norm, normal, uniform, type Game, type Problem, type Vector } from '@stillpoint/operators';
import { gameFrom, problemFrom } from '@stillpoint/problems';
import { iterate, solve, solveWith, train } from '../src/index.js';
import { methodFrom } from '../src/registry.js';
import { scaled } from './helpers.js';

/** Steps until ‖∇f‖ ≤ ε, f never rising. */
function stepsTo(ε: number, game: Game, spec: string): number {
  const [F, loss] = [new Float64Array(game.dim), new Float64Array(1)];
  game.losses!(Float64Array.from(game.start!), loss);
  let [k, last] = [0, loss[0]!];
  for (const { z } of iterate(game, methodFrom(spec, game.facts))) {
    k++;
    game.losses!(z, loss);
    if (loss[0]! > last) throw new Error(`f rises in step ${k} of ${spec}`);
    last = loss[0]!;
    game.operator(z, F);
    if (norm(F) <= ε) return k;
  }
  throw new Error('the run never ends');
}
const quartic = (start: number): Game => problemFrom(`power(start=${start})`).exact;
/** h = 1/(2(ML₁ + L₀)) of theorem 6, M = |f′(x₀)| = 4x₀³, L₀ = 16, L₁ = 1. */
const plain = (start: number): string => `gda(stepSize=${1 / (2 * (4 * start ** 3 + 16))})`;
/** η = 1/(10L₀), ηc = min(1, 1/(10L₁)) of theorem 3. */
const theorem3 = 'clipped-gradient(stepSize=0.00625, threshold=16)';

/** Own counts, found with numpy, too. */
describe('x⁴ from x₀ until |f′| ≤ ε, L₀ = 16, L₁ = 1', () => {
  it.each([
    [3, 0.1, 238, 48, 356],
    [3, 0.01, 1089, 217, 1675],
    [10, 0.1, 308, 69, 11_728],
    [10, 0.01, 1159, 238, 54_489],
    [30, 0.1, 508, 129, 315_804],
    [30, 0.01, 1359, 298, 1_465_965],
  ])(
    'x₀ = %f, ε = %f: theorem 3 %i, min(1/(2L₀), 1/(3L₁|f′|)) %i, gradient descent %i',
    (start, ε, clipped, longest, descent) => {
      const game = quartic(start);
      expect(stepsTo(ε, game, theorem3)).toBe(clipped);
      // the defaults are these steps, and so are those of Vankov et al. with step=clipped
      expect(stepsTo(ε, game, 'clipped-gradient')).toBe(longest);
      expect(stepsTo(ε, game, 'generalised-smooth-gradient(step=clipped)')).toBe(longest);
      expect(stepsTo(ε, game, plain(start))).toBe(descent);
    },
  );
  it('grows with x₀ by 10 steps per unit, 1/(ηc), if clipped, and as its cube if not', () => {
    const clipped = [30, 60, 120, 240].map((start) => stepsTo(0.1, quartic(start), theorem3));
    expect(clipped.slice(1).map((count, i) => count - clipped[i]!)).toEqual([300, 600, 1200]);
    // as long as |f′| is above c steps are equal; below it nothing depends on x₀ but the place in a step
    const descent = [5, 10, 20].map((start) => stepsTo(0.1, quartic(start), plain(start)));
    for (const [i, count] of descent.slice(1).entries())
      // h is 1/(8x₀³ + 32): the ratio is 8 but for 32 beside 1000, and for the first steps from x₀
      expect(count / descent[i]! / 8).toBeCloseTo(1, 1);
  });
  it('Theorem 3 as a rate: at most 20·max(L₀D/ε², L₁D/ε) steps', () => {
    for (const start of [3, 10, 30])
      for (const ε of [0.1, 0.01]) {
        const D = start ** 4;
        expect(stepsTo(ε, quartic(start), theorem3)).toBeLessThanOrEqual(
          20 * Math.max((16 * D) / ε ** 2, D / ε),
        );
      }
  });
});

/** F = c everywhere, so that a step shows its length. */
const constant = (c: readonly number[]): Game => ({
  name: 'constant',
  dim: c.length,
  players: [{ name: 'x', start: 0, end: c.length }],
  start: c.map(() => 0),
  operator: (_, out) => {
    out.set(c);
  },
});
const lengthOf = (spec: string, G: number): number =>
  norm(solve(constant([0.6 * G, -0.8 * G]), methodFrom(spec), { steps: 1 }).z);

describe('step sizes', () => {
  it('½h_c ≤ h_n ≤ h_c if γη_c = η_n and η_c = η_n/β', () => {
    const random = uniform(new Float64Array(600), { seed: 1, purpose: 'step sizes' });
    for (let i = 0; i < 600; i += 3) {
      const [ηn, β, G] = [0, 1, 2].map((j) => 10 ** (6 * random[i + j]! - 3));
      const clipped = lengthOf(`clipped-gradient(stepSize=${ηn! / β!}, threshold=${β})`, G!);
      const normalised = lengthOf(`normalised-gradient(stepSize=${ηn}, offset=${β})`, G!);
      expect(normalised).toBeLessThanOrEqual(clipped * (1 + 1e-14));
      expect(normalised).toBeGreaterThanOrEqual((clipped / 2) * (1 - 1e-14));
    }
    // both ends: at G = β the half, far from it the whole
    expect(lengthOf('normalised-gradient(stepSize=1, offset=2)', 2)).toBeCloseTo(0.5, 14);
    expect(lengthOf('clipped-gradient(stepSize=0.5, threshold=2)', 2)).toBeCloseTo(1, 14);
    expect(lengthOf('normalised-gradient(stepSize=1, offset=2)', 2e9)).toBeCloseTo(1, 8);
  });
  it('of Vankov et al.: optimal ≥ simplified ≥ clipped, each by its formula', () => {
    for (const [L0, L1] of [
      [2, 3],
      [0, 0.5],
      [4, 1e-9],
      [1e-3, 40],
    ] as const)
      for (const G of [1e-6, 0.1, 1, 7, 1e5]) {
        const [optimal, simplified, clipped] = ['optimal', 'simplified', 'clipped'].map(
          (step) => lengthOf(`generalised-smooth-gradient(L0=${L0}, L1=${L1}, step=${step})`, G) / G,
        );
        const u = (L1 * G) / (L0 + L1 * G);
        // ln(1 + u)/u by its series where u is small
        expect(
          (optimal! * (L0 + L1 * G)) / (u < 1e-4 ? 1 - u / 2 + u ** 2 / 3 : Math.log(1 + u) / u),
        ).toBeCloseTo(1, 11);
        expect(simplified! * (L0 + 1.5 * L1 * G)).toBeCloseTo(1, 13);
        expect(clipped! * Math.max(2 * L0, 3 * L1 * G)).toBeCloseTo(1, 13);
        expect(optimal).toBeGreaterThanOrEqual(simplified! * (1 - 1e-14));
        expect(simplified).toBeGreaterThanOrEqual(clipped! * (1 - 1e-14));
      }
  });
  it('of the parameter-free form, along one direction: Σ t^(−3/4)/7', () => {
    const { z } = solve(
      constant([3, -4]),
      methodFrom('normalised-momentum(stepSize=0.14285714285714285, form=parameter-free)'),
      { steps: 50 },
    );
    let sum = 0;
    for (let t = 1; t <= 50; t++) sum += t ** -0.75 / 7;
    expect(z[0]).toBeCloseTo(-0.6 * sum, 13);
    expect(z[1]).toBeCloseTo(0.8 * sum, 13);
  });
  it('are 0 where F is 0', () => {
    for (const spec of [
      'normalised-gradient',
      'normalised-momentum',
      'clip-momentum(stepSize=1)',
      'clipped-gradient(stepSize=1)',
      'generalised-smooth-gradient(L0=0, L1=1)',
    ])
      expect(Array.from(solve(constant([0, 0]), methodFrom(spec), { steps: 3 }).z)).toEqual([0, 0]);
  });
});

describe('equal methods', () => {
  const bits = (game: Game, spec: string, steps = 60): readonly number[] =>
    Array.from(solve(game, methodFrom(spec, game.facts), { steps }).z);
  const same = (one: string, other: string): void => {
    for (const name of ['forsaken', 'bilinear', 'quadratic', 'lq-game', 'cournot'])
      expect(bits(gameFrom(name), one), name).toEqual(bits(gameFrom(name), other));
    for (const name of ['power', 'exponential(dimension=3)', 'ridge(examples=20)'])
      expect(bits(problemFrom(name).exact, one), name).toEqual(bits(problemFrom(name).exact, other));
  };
  it.each([
    ['clipped-gradient(stepSize=0.01, threshold=1e300)', 'gda(stepSize=0.01)'],
    [
      'clipped-gradient(stepSize=0.01, threshold=0.5)',
      'transform(gda(stepSize=0.01), clip-by-global-norm(threshold=0.5))',
    ],
    ['normalised-momentum(stepSize=0.05, momentum=0)', 'normalised-gradient(stepSize=0.05, offset=0)'],
    ['generalised-smooth-gradient(L0=128, L1=0)', 'gda(stepSize=0.0078125)'],
    ['generalised-smooth-gradient(L0=128, L1=0, step=simplified)', 'gda(stepSize=0.0078125)'],
  ])('%s and %s, bit for bit', (one, other) => {
    if (one.startsWith('generalised'))
      // of one player
      for (const name of ['exponential(dimension=3)', 'ridge(examples=20)'])
        expect(bits(problemFrom(name).exact, one)).toEqual(bits(problemFrom(name).exact, other));
    else same(one, other);
  });
  it.each([
    // m = g, and only the momentum or only the gradient counts
    [
      'clip-momentum(stepSize=0.01, threshold=0.5, momentum=0, mixture=1)',
      'clipped-gradient(stepSize=0.01, threshold=0.5)',
    ],
    [
      'clip-momentum(stepSize=0.01, threshold=0.5, momentum=0)',
      'clipped-gradient(stepSize=0.01, threshold=0.5)',
    ],
    [
      'clip-momentum(stepSize=0.01, threshold=0.5, momentum=0.9, mixture=0)',
      'clipped-gradient(stepSize=0.01, threshold=0.5)',
    ],
    // soft clipping of g is a normalised step: ηc/(‖g‖ + c)
    [
      'clip-momentum(stepSize=0.01, threshold=0.5, mixture=0, form=soft)',
      'normalised-gradient(stepSize=0.005, offset=0.5)',
    ],
  ])('%s and %s, to rounding', (one, other) => {
    for (const game of [gameFrom('forsaken'), gameFrom('bilinear'), problemFrom('power').exact]) {
      const [a, b] = [bits(game, one), bits(game, other)];
      // 60 steps of some roundings, contracting or nearly so
      a.forEach((x, i) => expect(x).toBeCloseTo(b[i]!, 12));
    }
  });
  it('clip-momentum with ν = 1 and no clip is sgd-momentum with dampening β, but for its first gradient', () => {
    // m₁ = (1 − β)g, and g in PyTorch’s convention; both are linear in F, along one direction of a constant F
    const steps = 40;
    const { z } = solve(
      constant([1]),
      methodFrom('clip-momentum(stepSize=0.1, threshold=1e9, momentum=0.9, mixture=1)'),
      { steps },
    );
    let [m, x] = [0, 0];
    for (let k = 0; k < steps; k++) {
      m = 0.9 * m + 0.1;
      x -= 0.1 * m;
    }
    expect(z[0]).toBeCloseTo(x, 13);
    const other = solve(
      constant([1]),
      methodFrom('sgd-momentum(stepSize=0.1, momentum=0.9, dampening=0.9)'),
      { steps },
    ).z[0]!;
    // the first gradient has weight 1 in place of 0.1: 0.9·Σ 0.9ᵏ more
    expect(z[0]! - other).toBeCloseTo(0.1 * 0.9 * ((1 - 0.9 ** steps) / 0.1), 13);
  });
  it('a mixture, hard and soft, written out on two given gradients', () => {
    const given = [
      [3, 4],
      [0.3, -0.4],
    ];
    for (const soft of [false, true]) {
      let k = 0;
      const game: Game = { ...constant([0, 0]), operator: (_, out) => out.set(given[k++] ?? [0, 0]) };
      const spec = `clip-momentum(stepSize=0.5, threshold=2, momentum=0.75, mixture=0.25, form=${soft ? 'soft' : 'hard'})`;
      const states = iterate(game, methodFrom(spec));
      states.next();
      const { z } = states.next().value;
      const share = (v: readonly number[]): number =>
        soft ? 1 / (1 + Math.hypot(...v) / 2) : Math.min(1, 2 / Math.hypot(...v));
      let m = [0, 0];
      let x = [0, 0];
      for (const g of given) {
        m = m.map((mi, i) => 0.75 * mi + 0.25 * g[i]!);
        x = x.map((xi, i) => xi - 0.5 * (0.25 * share(m) * m[i]! + 0.75 * share(g) * g[i]!));
      }
      x.forEach((xi, i) => expect(z[i]).toBeCloseTo(xi, 14));
    }
  });
});

describe('normalised momentum, written out on three given gradients', () => {
  const given = [
    [3, 4],
    [0.3, -0.4],
    [-5, 1],
  ];
  it.each([
    ['momentum=0.75', (t: number) => (t === 1 ? 0 : 0.75), () => 0.5], // at first m = g
    ['form=parameter-free', (t: number) => 1 - t ** -0.5, (t: number) => 0.5 * t ** -0.75],
  ] as const)('%s', (options, β, η) => {
    let k = 0;
    const game: Game = { ...constant([0, 0]), operator: (_, out) => out.set(given[k++]!) };
    const states = iterate(game, methodFrom(`normalised-momentum(stepSize=0.5, ${options})`));
    let m = [0, 0];
    let x = [0, 0];
    for (const [i, g] of given.entries()) {
      m = m.map((mi, j) => β(i + 1) * mi + (1 - β(i + 1)) * g[j]!);
      x = x.map((xi, j) => xi - (η(i + 1) * m[j]!) / Math.hypot(...m));
      const { z } = states.next().value;
      x.forEach((xi, j) => expect(z[j]).toBeCloseTo(xi, 14));
    }
  });
});

describe('units, with the defaults of a problem that states (L₀, L₁)', () => {
  const methods = [
    'clipped-gradient',
    'normalised-gradient',
    'clip-momentum',
    'clip-momentum(form=soft)',
    'generalised-smooth-gradient',
    'generalised-smooth-gradient(step=simplified)',
    'generalised-smooth-gradient(step=clipped)',
    'normalised-momentum',
    'clipped-extragradient',
    'generalised-smooth-extragradient',
  ];
  const path = (game: Game, spec: string): readonly number[] =>
    Array.from(solve(game, methodFrom(spec, game.facts), { steps: 50 }).z);
  it.each(methods)('%s: f times 2^±30 has the same iterates, bit for bit', (spec) => {
    for (const name of ['power(dimension=3)', 'exponential(rate=0.7)', 'polynomial']) {
      const game = problemFrom(name).exact;
      for (const s of [2 ** 30, 2 ** -30])
        expect(path(scaled(game, s), spec), name).toEqual(path(game, spec));
    }
  });
  it.each(methods)('%s: f(x/t) has t times the iterates, bit for bit', (spec) => {
    const game = problemFrom('exponential(dimension=2, start=3)').exact;
    for (const t of [2 ** 20, 2 ** -20]) {
      const stretched: Game = {
        ...game,
        start: game.start!.map((x) => t * x),
        operator(z, out) {
          game.operator(
            z.map((x) => x / t),
            out,
          );
          for (let i = 0; i < out.length; i++) out[i] = out[i]! / t;
        },
        facts: { generalisedSmooth: { L0: 1 / t / t, L1: 1 / t } },
      };
      expect(path(stretched, spec).map((x) => x / t)).toEqual(path(game, spec));
    }
  });
});

describe('runs from batches', () => {
  it.each([
    'clipped-gradient(stepSize=0.5, threshold=0.3)',
    'clip-momentum(stepSize=0.5, threshold=0.3, momentum=0.9)',
    'normalised-gradient(stepSize={kind=power, from=0.3, steps=20})',
    'normalised-momentum(stepSize=1, form=parameter-free)',
  ])('%s: the mean gradient falls, and figures count what was clipped', async (spec) => {
    const { problem, exact } = problemFrom('logistic(examples=200, dimension=5, batch=20)');
    const start = Float64Array.from(exact.start!).fill(3);
    const size = (z: Vector): number => {
      const F = new Float64Array(exact.dim);
      exact.operator(z, F);
      return norm(F);
    };
    const { z, checkpoint } = await train(problem, methodFrom(spec), { start, steps: 2000 });
    expect(size(z)).toBeLessThan(size(start) / 5);
    const method = methodFrom(spec);
    const figures = method.figures?.(checkpoint.state);
    if (spec.startsWith('clip')) {
      const counts = Object.entries(figures ?? {}).filter(([name]) => name.startsWith('norms seen'));
      expect(counts.map(([, count]) => count)).toEqual(counts.map(() => 2000));
      const engaged = Object.entries(figures ?? {}).find(([name]) => name.startsWith('engaged'))![1];
      expect(engaged).toBeGreaterThan(0);
      expect(engaged).toBeLessThan(2000);
    }
  });
  it('a normalised step along the mean of gradients ends nearer than along a gradient', async () => {
    // F = z + noise of deviation 10: a normalised gradient is a direction of noise mostly
    const noisy: Problem<Float64Array> = {
      name: 'noisy',
      dim: 20,
      players: [{ name: 'x', start: 0, end: 20 }],
      draw: (call: number) => normal(new Float64Array(20), { seed: 3, purpose: 'noise', call }, 0, 10),
      operator: (z, out, { sample }) => {
        for (let i = 0; i < 20; i++) out[i] = z[i]! + (sample?.[i] ?? 0);
      },
    };
    const end = async (spec: string): Promise<number> =>
      norm((await train(noisy, methodFrom(spec), { start: new Float64Array(20).fill(3), steps: 6000 })).z);
    expect(await end('normalised-momentum(stepSize=0.01, momentum=0.99)')).toBeLessThan(
      (await end('normalised-gradient(stepSize=0.01)')) / 1.3,
    );
  });
});

it('an L is not asked for where (L₀, L₁) is stated', () => {
  for (const spec of [
    'generalised-smooth-gradient',
    'clipped-gradient',
    'normalised-gradient',
    'clip-momentum',
  ]) {
    const { estimate } = solveWith(quartic(3), (facts) => methodFrom(spec, facts), { steps: 5 });
    expect(estimate).toBeUndefined();
  }
});

it('options that say nothing of f are refused', () => {
  expect(() => methodFrom('generalised-smooth-gradient(L0=0, L1=0)')).toThrow(
    'L0 and L1 are 0; expected one of them to be > 0',
  );
  expect(() => methodFrom('generalised-smooth-gradient')).toThrow('needs L0');
  expect(() => methodFrom('clipped-gradient(stepSize=1, threshold=0)')).toThrow(
    'threshold is 0; expected a number > 0',
  );
});
