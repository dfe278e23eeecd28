import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { compile, type EngineName } from '@stillpoint/engine';
import {
  hinge,
  leastSquares,
  lossFrom,
  losses,
  nonSaturating,
  r3gan,
  relativistic,
  relativisticAverage,
  relativisticFunctions,
  saddle,
  smoothed,
  wasserstein,
  type GanLoss,
} from '../src/index.js';
import { seen } from './seen.js';

interface Evaluated {
  readonly d: number;
  readonly g: number;
  /** Slopes of D's loss in the real and in the fake logits, and of G's in the fake ones. */
  readonly slopes: readonly [readonly number[], readonly number[], readonly number[]];
}

/** Both losses of some logits, and their slopes. */
async function evaluate(
  loss: GanLoss,
  real: readonly number[],
  fake: readonly number[],
  engine: EngineName = 'cpu',
): Promise<Evaluated> {
  // D is the identity, so that an example is its logit
  const discriminator = (r: tf.Tensor, f: tf.Tensor): tf.Scalar =>
    loss.discriminator(r, f, seen({ real: r, generated: f, logits: { real: r, generated: f } }));
  const run = await compile(
    ({ r, f }: { readonly r: tf.Tensor; readonly f: tf.Tensor }) => {
      const generator = (y: tf.Tensor): tf.Scalar =>
        loss.generator(y, seen({ real: r, generated: y, logits: { real: r, generated: y } }));
      const [dr, df] = tf.grads((x, y) => discriminator(x!, y!))([r, f]);
      return {
        d: discriminator(r, f),
        g: generator(f),
        dr: dr!,
        df: df!,
        gf: tf.grad((y) => generator(y))(f),
      };
    },
    { inputs: { r: [real.length, 1], f: [fake.length, 1] }, engine },
  );
  const { d, g, dr, df, gf } = await run.run({ r: Float32Array.from(real), f: Float32Array.from(fake) });
  await run.dispose();
  return { d: d[0]!, g: g[0]!, slopes: [[...dr], [...df], [...gf]] };
}

const σ = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const pearson = leastSquares({ real: 1, fake: -1, generator: 0 });

/**
 * The formula of each loss, written again for one logit: its value and slope for D on real, D on fake and G.
 */
type Term = readonly [value: (x: number) => number, slope: (x: number) => number];
const crossEntropy: readonly [Term, Term] = [
  [(x) => softplus(-x), (x) => -σ(-x)],
  [softplus, σ],
];
const square = (label: number): Term => [(x) => (x - label) ** 2 / 2, (x) => x - label];
const climb: Term = [(x) => -x, () => -1];
const formulas: readonly { readonly loss: GanLoss; readonly terms: readonly [Term, Term, Term] }[] = [
  { loss: nonSaturating, terms: [...crossEntropy, [(x) => softplus(-x), (x) => -σ(-x)]] },
  { loss: saddle, terms: [...crossEntropy, [(x) => -softplus(x), (x) => -σ(x)]] },
  {
    loss: hinge,
    terms: [
      [(x) => Math.max(0, 1 - x), (x) => (x < 1 ? -1 : 0)],
      [(x) => Math.max(0, 1 + x), (x) => (x > -1 ? 1 : 0)],
      climb,
    ],
  },
  { loss: wasserstein, terms: [climb, [(x) => x, () => 1], climb] },
  {
    loss: smoothed(saddle, 0.1),
    terms: [
      [(x) => softplus(-x) + 0.1 * x, (x) => 0.1 - σ(-x)],
      [softplus, σ],
      [(x) => -softplus(x), (x) => -σ(x)],
    ],
  },
  { loss: leastSquares(), terms: [square(1), square(0), square(1)] },
  { loss: pearson, terms: [square(1), square(-1), square(0)] },
];

// Unit tests of tensorflow/gan (bc369b7) and torchgan (fe86d7c).
const tfGan = [
  [-5, 1.4, 12.5, 2.7],
  [10, 4.4, -5.5, 3.6],
] as const;
const tfGanAverage = [[-2, 0.4, 12.5, 2.7], tfGan[1]] as const;
const torchGan = [
  [1.3, 2.9, 8.4, 6.3],
  [4.8, 1.2, -3.5, 5.9],
] as const;

describe('published values', () => {
  it.each([
    // TF-GAN's loss of G is smaller by the constant softplus(−1)
    { source: 'TF-GAN', loss: saddle, logits: tfGan, d: 5.83387, g: -4.82408 + softplus(-1) },
    { source: 'TF-GAN', loss: hinge, logits: tfGan, d: 6.75, g: -3.125 },
    { source: 'TF-GAN', loss: wasserstein, logits: tfGan, d: 0.225, g: -3.125 },
    { source: 'TF-GAN', loss: leastSquares(), logits: tfGan, d: 41.73375, g: 17.69625 },
    // its label_smoothing of 0.25 is a label of 1 − 0.25/2
    { source: 'TF-GAN', loss: smoothed(nonSaturating, 0.125), logits: tfGan, d: 6.19637, g: 1.38582 },
    { source: 'TF-GAN', loss: relativisticAverage(), logits: tfGanAverage, d: 4.3901137, g: 4.9401137 },
    { source: 'torchgan', loss: wasserstein, logits: torchGan, d: -2.625, g: -2.1 },
    { source: 'torchgan', loss: leastSquares(), logits: torchGan, d: 19.76125, g: 7.3425 },
    // D's loss is that of the non-saturating game
    { source: 'torchgan', loss: saddle, logits: torchGan, d: 3.1251488 },
  ])('$source: $loss.name', async ({ loss, logits: [real, fake], d, g }) => {
    const found = await evaluate(loss, real, fake);
    expect(found.d).toBeCloseTo(d, 5); // as many digits as are published
    if (g !== undefined) expect(found.g).toBeCloseTo(g, 5);
  });
});

describe.each(formulas)('$loss.name', ({ loss, terms: [onReal, onFake, ofG] }) => {
  const [real, fake] = [
    [-100, -3, -0.75, 0, 0.25, 2, 7, 100],
    [-100, -6, -1.5, -0.5, 0, 1.25, 5, 100],
  ];
  const mean = (f: (x: number) => number, x: readonly number[]): number =>
    x.reduce((sum, value) => sum + f(value), 0) / x.length;

  it.each(['cpu', 'wasm'] as const)(
    'is its formula, with its slopes, up to logits of ±100 (%s)',
    async (engine) => {
      const { d, g, slopes } = await evaluate(loss, real, fake, engine);
      const [expectedD, expectedG] = [mean(onReal[0], real) + mean(onFake[0], fake), mean(ofG[0], fake)];
      // Sums of 8 terms in float32, each rounded a few times: 32 ulps of the largest.
      const ulp = (f: (x: number) => number, x: readonly number[]): number =>
        2 ** -24 * Math.max(1, ...x.map((value) => Math.abs(f(value))));
      expect(Math.abs(d - expectedD)).toBeLessThan(32 * (ulp(onReal[0], real) + ulp(onFake[0], fake)));
      expect(Math.abs(g - expectedG)).toBeLessThan(32 * ulp(ofG[0], fake));
      (
        [
          [onReal, real],
          [onFake, fake],
          [ofG, fake],
        ] as const
      ).forEach(([[, slope], x], part) =>
        x.forEach((value, i) => {
          expect(Math.abs(slopes[part]![i]! - slope(value) / x.length)).toBeLessThan(
            (8 * ulp(slope, [value])) / x.length,
          );
        }),
      );
    },
  );

  it('has the slopes of central differences of its values', async () => {
    const [r, f] = [
      [-2, 0.5, 3],
      [-1.5, 0.25, 2],
    ]; // no kink of the hinge within a step
    const { slopes } = await evaluate(loss, r, f);
    const h = 2 ** -6;
    for (let i = 0; i < 3; i++) {
      const moved = (x: readonly number[], by: number): number[] =>
        x.map((value, j) => (j === i ? value + by : value));
      const [realUp, realDown] = [
        await evaluate(loss, moved(r, h), f),
        await evaluate(loss, moved(r, -h), f),
      ];
      const [fakeUp, fakeDown] = [
        await evaluate(loss, r, moved(f, h)),
        await evaluate(loss, r, moved(f, -h)),
      ];
      // Third derivatives are below 1/10, so h²/6 of that; the values, below 8, are off by 2⁻²⁰ each, divided
      // by 2h.
      const bound = h ** 2 / 60 + 2 ** -20 / h;
      expect(Math.abs((realUp.d - realDown.d) / (2 * h) - slopes[0][i]!)).toBeLessThan(bound);
      expect(Math.abs((fakeUp.d - fakeDown.d) / (2 * h) - slopes[1][i]!)).toBeLessThan(bound);
      expect(Math.abs((fakeUp.g - fakeDown.g) / (2 * h) - slopes[2][i]!)).toBeLessThan(bound);
    }
  });
});

describe('relativistic losses', () => {
  const f = {
    softplus,
    hinge: (t: number) => Math.max(0, 1 + t),
    'least-squares': (t: number) => (1 + t) ** 2,
  };
  const [real, fake] = [
    [-100, -3, -0.75, 0, 0.25, 2, 7, 100],
    [100, -6, -1.5, -0.5, 0, 1.25, 5, -100],
  ];
  const mean = (x: readonly number[]): number => x.reduce((sum, value) => sum + value, 0) / x.length;
  it.each(relativisticFunctions)('are their formulas with %s', async (name) => {
    const paired = await evaluate(relativistic({ function: name }), real, fake);
    const t = fake.map((x, i) => x - real[i]!);
    const size = 2 ** -21 * Math.max(...t.map((x) => f[name](Math.abs(x))));
    expect(Math.abs(paired.d - mean(t.map((x) => f[name](x))))).toBeLessThan(size);
    expect(Math.abs(paired.g - mean(t.map((x) => f[name](-x))))).toBeLessThan(size);
    const average = await evaluate(relativisticAverage({ function: name }), real, fake);
    const against = (a: readonly number[], b: readonly number[]): number =>
      mean(a.map((x) => f[name](mean(b) - x))) + mean(b.map((x) => f[name](x - mean(a))));
    expect(Math.abs(average.d - against(real, fake))).toBeLessThan(size);
    expect(Math.abs(average.g - against(fake, real))).toBeLessThan(size);
  });
  it('R3GAN’s is the paired loss plus γ/2 of both squared slopes, here 1', async () => {
    const [plain, whole] = [
      await evaluate(relativistic(), [1, 2], [0.5, -1]),
      await evaluate(r3gan({ weight: 3 }), [1, 2], [0.5, -1]),
    ];
    expect(whole.d - plain.d).toBeCloseTo(3, 5);
    expect(whole.g).toBe(plain.g);
  });
  it('refuse an unknown function, and what has no label refuses smoothing', () => {
    const loose = (name: unknown): unknown => Reflect.apply(relativistic, undefined, [{ function: name }]);
    expect(() => loose('softmax')).toThrow(
      'relativistic: function is "softmax"; expected one of softplus, hinge, least-squares',
    );
    expect(() => smoothed(hinge, 0.1)).toThrow(
      'hinge has no label to smooth; expected nonSaturating or saddle',
    );
    expect(() => smoothed(saddle, 1)).toThrow('saddle: smoothing is 1; expected a number >= 0 and < 1');
    expect(smoothed(saddle, 0)).toBe(saddle);
  });
});

describe('the registry of losses', () => {
  it('builds every row; a loss’s name is its spec', () => {
    expect(losses.map(({ name }) => name)).toEqual([
      'non-saturating',
      'saddle',
      'hinge',
      'wasserstein',
      'least-squares',
      'relativistic',
      'relativistic-average',
      'r3gan',
      'unrolled',
    ]);
    for (const { name, about, assumptions, reference, takes, build } of losses) {
      const loss = takes === 'one' ? build({}, [saddle]) : build({});
      expect(loss.name.split('(')[0]).toBe(name);
      expect(lossFrom(loss.name).name).toBe(loss.name);
      expect(loss.reference).toBe(takes === 'one' ? `${saddle.reference}; ${reference}` : reference);
      expect(about && assumptions).toBeTruthy();
    }
    expect(lossFrom('least-squares').name).toBe('least-squares(real=1, fake=0, generator=1)');
    expect(lossFrom('least-squares(fake=-1, generator=0)').name).toBe(pearson.name);
  });

  // what a D ahead does to G's loss is in unrolled.test.ts
  it.each(losses.filter(({ takes }) => takes !== 'one'))(
    '$name: zeroSum: $zeroSum agrees with the losses and gradients',
    async ({ zeroSum, build }) => {
      const real = [0.5, -2, 3, 1];
      const [one, other] = [
        await evaluate(build({}), real, [-3, -0.5, 1, 4]),
        await evaluate(build({}), real, [2, 0, -1.5, -6]),
      ];
      // Zero-sum: on the same generated examples the losses add up to a number that G cannot change, and the
      // slopes are opposite. The values are below 8, the sums have few terms.
      const change = Math.abs(one.d + one.g - other.d - other.g);
      const slope = Math.max(
        ...[one, other].flatMap(({ slopes: [, d, g] }) => d.map((x, i) => Math.abs(x + g[i]!))),
      );
      if (zeroSum) expect(Math.max(change, slope)).toBeLessThan(2 ** -19);
      else expect(Math.min(change, slope)).toBeGreaterThan(0.1);
    },
  );

  it('refuses unknown names, options and values, and names the nearest known one', () => {
    expect(() => lossFrom('hing')).toThrow('unknown loss "hing"; did you mean hinge?');
    expect(() => lossFrom('least-squares(reel=1)')).toThrow(
      'unknown option of loss least-squares "reel"; did you mean real?',
    );
    expect(() => lossFrom('least-squares(real=one)')).toThrow(
      'loss least-squares: real is one; expected a number',
    );
    expect(() => lossFrom('hinge(margin=1)')).toThrow('unknown option of loss hinge "margin"');
    expect(() => lossFrom('hinge(saddle)')).toThrow('loss hinge takes options only; found saddle');
    expect(() => leastSquares({ real: Number.NaN })).toThrow(
      'least-squares: real is NaN; expected a finite number',
    );
    expect(() => lossFrom('least-squares(real=0)')).toThrow(
      'least-squares: real and fake are both 0; expected two different labels, such as 1 and 0',
    );
  });
});
