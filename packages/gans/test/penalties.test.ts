import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { compile, type EngineName } from '@stillpoint/engine';
import {
  auxiliaryClassifier,
  dragan,
  gradientPenalty,
  hinge,
  lecam,
  lossFrom,
  penalties,
  penaltyFrom,
  r1,
  r2,
  regularised,
  wasserstein,
  zeroCentredPenalty,
  type GanLoss,
  type Penalty,
  type Sees,
} from '../src/index.js';
import { lossIdentity } from '../src/identity.js';
import { seen } from './seen.js';

type T = tf.Tensor;

/** What a penalty adds to D's and to G's loss. */
async function added(
  { discriminator, generator }: Penalty,
  see: () => Partial<Sees>,
  engine: EngineName = 'cpu',
): Promise<{ readonly d: number; readonly g: number }> {
  const run = await compile(
    ({ zero }: { readonly zero: T }) => ({
      d: tf.add(zero, discriminator?.(seen(see())) ?? 0),
      g: tf.add(zero, generator?.(seen(see())) ?? 0),
    }),
    { inputs: { zero: [] }, engine },
  );
  const { d, g } = await run.run({ zero: new Float32Array(1) });
  await run.dispose();
  return { d: d[0]!, g: g[0]! };
}

/** D(x) = ⟨(3, 4), x⟩, whose slope is 5 everywhere. */
const linearly = (): Partial<Sees> => ({
  D: (x) => tf.matMul<tf.Tensor2D>(tf.reshape(x, [-1, 2]), tf.tensor2d([3, 4], [2, 1])),
  real: tf.tensor2d([1, 2, -3, 0.5], [2, 2]),
  generated: tf.tensor2d([0, 1, 2, -1], [2, 2]),
  uniform: (columns) => tf.fill([2, columns], 0.25),
});
/** D(x) = ½‖x‖², whose slope at x is ‖x‖. */
const radially = (): Partial<Sees> => ({
  ...linearly(),
  D: (x) => tf.mul(0.5, tf.sum(tf.square(x), 1, true)),
});

describe('penalties of the slope, by hand', () => {
  it.each([
    { penalty: gradientPenalty({ weight: 10 }), d: 160 },
    { penalty: gradientPenalty({ weight: 2, target: 3 }), d: 8 },
    { penalty: zeroCentredPenalty({ weight: 2 }), d: 50 },
    { penalty: r1({ weight: 4 }), d: 50 },
    { penalty: r2({ weight: 4 }), d: 50 },
    { penalty: dragan({ weight: 10 }), d: 160 },
  ])('$penalty.name, of a D whose slope is 5: $d, and nothing for G', async ({ penalty, d }) => {
    for (const engine of ['cpu', 'wasm'] as const) {
      const found = await added(penalty, linearly, engine);
      expect(Math.abs(found.d - d)).toBeLessThan(d * 2 ** -20);
      expect(found.g).toBe(0);
    }
  });
  // The points: real (1, 2), (−3, ½), generated (0, 1), (2, −1); a quarter real and three quarters generated
  // (¼, 1¼), (¾, −⅝).
  const mean = (...values: readonly number[]): number =>
    values.reduce((sum, x) => sum + x, 0) / values.length;
  const between = [Math.hypot(0.25, 1.25), Math.hypot(0.75, -0.625)];
  // The real numbers have mean ⅛ and deviation σ; δ = ¾ · ½ · σ · ¼ in each coordinate.
  const σ = Math.sqrt(mean(...[1, 2, -3, 0.5].map((x) => (x - 0.125) ** 2)));
  const δ = 0.75 * 0.5 * σ * 0.25;
  it.each([
    { penalty: gradientPenalty({ weight: 10 }), d: 10 * mean(...between.map((s) => (s - 1) ** 2)) },
    { penalty: zeroCentredPenalty({ weight: 2 }), d: 2 * mean(...between.map((s) => s * s)) },
    { penalty: r1({ weight: 4 }), d: 2 * mean(5, 9.25) },
    { penalty: r2({ weight: 4 }), d: 2 * mean(1, 5) },
    {
      penalty: dragan({ weight: 1 }),
      d: mean(...[Math.hypot(1 + δ, 2 + δ), Math.hypot(-3 + δ, 0.5 + δ)].map((s) => (s - 1) ** 2)),
    },
  ])('$penalty.name, of a D whose slope grows with ‖x‖: at the right points', async ({ penalty, d }) => {
    const found = await added(penalty, radially);
    expect(Math.abs(found.d - d)).toBeLessThan(d * 2 ** -20);
  });
  it('is TF-GAN’s for its D(x) = 2x in four dimensions: slope 4, penalty 9, and 1 · 2² with target 2', async () => {
    const fourfold = (): Partial<Sees> => ({
      D: (x) => tf.sum(tf.mul(2, x), 1, true),
      real: tf.ones([3, 4]),
      generated: tf.zeros([3, 4]),
      uniform: (columns) => tf.fill([3, columns], 0.5),
    });
    expect((await added(gradientPenalty({ weight: 1 }), fourfold)).d).toBeCloseTo(9, 5);
    expect((await added(gradientPenalty({ weight: 1, target: 2 }), fourfold)).d).toBeCloseTo(4, 5);
  });
  it('has a finite gradient where D is constant', async () => {
    const run = await compile(
      ({ a }: { readonly a: T }) => ({
        slope: tf.grad((w) =>
          gradientPenalty().discriminator!(
            seen({ ...linearly(), D: (x) => tf.matMul(tf.reshape(x, [2, 2]), tf.reshape(w, [2, 1])) }),
          ),
        )(a),
      }),
      { inputs: { a: [2] }, engine: 'cpu' },
    );
    expect(Array.from((await run.run({ a: new Float32Array(2) })).slope)).toEqual([0, 0]);
    await run.dispose();
  });
});

describe('LeCam', () => {
  it('is the squared distance beyond the other side’s average', async () => {
    const see = (): Partial<Sees> => ({
      logits: { real: tf.tensor2d([1, -2], [2, 1]), generated: tf.tensor2d([0.5, 3], [2, 1]) },
      averages: { real: tf.scalar(2), generated: tf.scalar(-1) },
    });
    // max(0, 1 + 1)² and max(0, −2 + 1)²; max(0, 2 − ½)² and max(0, 2 − 3)²
    expect((await added(lecam({ weight: 4 }), see)).d).toBe(4 * (4 / 2 + 2.25 / 2));
  });
});

describe('the auxiliary classifier', () => {
  // Unit test of tensorflow/gan (bc369b7).
  const generated = [10, 4.4, -5.5, 3.6, -4, 4.4, 5.2, 4.6, 1.1, 2.4, -3.5, 5.6, 1.1, 2.4, -3.5, 5.6];
  const real = [-2, 0.4, 12.5, 2.7, -1.2, 1.9, 12.3, 2.6, -2.4, -1.7, 2.5, 2.7, 1.1, 2.4, -3.5, 5.6];
  const labels = [0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0];
  const square = (values: readonly number[]): T => tf.tensor2d([...values], [4, 4]);
  const see = (times: number) => (): Partial<Sees> => ({
    classLogits: {
      real: square(real.map((x) => times * x)),
      generated: square(generated.map((x) => times * x)),
    },
    labels: { real: square(labels), generated: square(labels) },
  });
  it('is TF-GAN’s', async () => {
    const { d, g } = await added(auxiliaryClassifier(), see(1));
    expect(d).toBeCloseTo(9.4395, 5);
    expect(g).toBeCloseTo(3.84974, 5);
  });
  it('is finite for logits of a thousand', async () => {
    const { d, g } = await added(auxiliaryClassifier({ weight: 0.5 }), see(1000));
    // far from ties the cross-entropy is the largest logit less the label's
    const beyond = (logits: readonly number[]): number =>
      [0, 1, 2, 3].reduce((sum, row) => {
        const own = logits.slice(4 * row, 4 * row + 4);
        return sum + (Math.max(...own) - own[labels.slice(4 * row, 4 * row + 4).indexOf(1)]!) / 4;
      }, 0);
    expect(g / (500 * beyond(generated))).toBeCloseTo(1, 5);
    expect(d / (500 * (beyond(generated) + beyond(real)))).toBeCloseTo(1, 5);
  });
});

describe('specs of losses with penalties', () => {
  it.each([
    [
      'wasserstein(penalties=[gradient-penalty])',
      'wasserstein(penalties=[gradient-penalty(weight=10, target=1)])',
    ],
    [
      'relativistic(penalties=[r1(weight=10), r2(weight=5)])',
      'relativistic(function=softplus, penalties=[r1(weight=10),r2(weight=5)])',
    ],
    ['non-saturating(smoothing=0.1, penalties=[])', 'non-saturating(smoothing=0.1)'],
    ['hinge(penalties=[lecam])', 'hinge(penalties=[lecam(weight=0.3, decay=0.99)])'],
  ])('%s is %s, which is its own spec', (spec, name) => {
    expect(lossFrom(spec).name).toBe(name);
    expect(lossFrom(name).name).toBe(name);
    expect(lossIdentity(lossFrom(name))).toEqual(lossIdentity(lossFrom(spec)));
  });
  it.each(penalties)('$name: its defaults are those of its function, and its name is its spec', (row) => {
    const penalty = row.build({});
    expect(penalty.name.split('(')[0]).toBe(row.name);
    expect(penaltyFrom(penalty.name).identity).toEqual(penalty.identity);
    expect(penalty.reference).toBe(row.reference);
    expect(row.about && row.formula).toBeTruthy();
  });
  it('refuses what is not a penalty, and names the nearest', () => {
    expect(() => lossFrom('wasserstein(penalties=[gradient-penalti])')).toThrow(
      'unknown penalty "gradient-penalti"; did you mean gradient-penalty?',
    );
    expect(() => lossFrom('wasserstein(penalties=[r1(weigth=1)])')).toThrow(
      'unknown option of penalty r1 "weigth"; did you mean weight?',
    );
    expect(() => lossFrom('wasserstein(penalties=r1)')).toThrow(
      'loss wasserstein: penalties is r1; expected penalties as [r1(weight=10), r2(weight=10)]',
    );
    expect(() => lossFrom('wasserstein(penalties=[3])')).toThrow(
      'loss wasserstein: penalties is [3]; expected',
    );
    expect(() => r1({ weight: 0 })).toThrow('r1: weight is 0; expected a number > 0');
    expect(() => gradientPenalty({ target: Number.NaN })).toThrow('target is NaN; expected a number > 0');
    expect(() => lecam({ decay: 1 })).toThrow('decay is 1; expected a number >= 0 and < 1');
  });
  it('tell apart losses of one’s own by both parts', () => {
    const own: GanLoss = { ...hinge, name: 'mine' };
    const { identity: _, ...anonymous } = own;
    const [one, other] = [
      regularised(anonymous, [r1()]),
      regularised({ ...anonymous, generator: (fake) => tf.mean(fake) }, [r1()]),
    ];
    expect(one.name).toBe('mine(penalties=[r1(weight=10)])');
    expect(lossIdentity(one)).not.toEqual(lossIdentity(other));
    expect(lossIdentity(one)).not.toEqual(lossIdentity(regularised(anonymous, [r1({ weight: 9 })])));
    expect(regularised(own, [])).toBe(own);
  });
  it('a game keeps one moving average', () => {
    expect(() => regularised(hinge, [lecam(), lecam({ decay: 0.9 })])).toThrow('the decays 0.99 and 0.9');
  });
  it('the Wasserstein loss is bounded with a penalty of the slope, not with another', () => {
    expect(wasserstein.unbounded).toBe(true);
    for (const { name, build } of penalties) {
      const limits = !['lecam', 'auxiliary-classifier'].includes(name);
      expect(regularised(wasserstein, [build({})]).unbounded).toBe(!limits);
    }
  });
});
