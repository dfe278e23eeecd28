import * as tf from '@tensorflow/tfjs-core';
import { compile } from '@stillpoint/engine';
import { afterAll, describe, expect, it } from 'vitest';
import { distance, norm } from '@stillpoint/operators';
import { conditionalGradient, gda, solveAsync } from '@stillpoint/optimizers';
import { innerSteps, multilevelProblem, start, type MultilevelProblem } from '../src/index.js';

const opened: MultilevelProblem[] = [];
const kept = async (making: Promise<MultilevelProblem>): Promise<MultilevelProblem> => {
  const problem = await making;
  opened.push(problem);
  return problem;
};
afterAll(async () => {
  for (const problem of opened) await problem.dispose();
});
const asked = { player: undefined, sample: undefined, losses: undefined, buffers: {} };
const gradientOf = async (problem: MultilevelProblem, z: Float32Array): Promise<Float32Array> => {
  const out = new Float32Array(z.length);
  await problem.operator(z, out, asked);
  return out;
};
/** min over λ of (y − 1)² with y = argmin of ½(y − 2λ)² + c·¼y⁴, which is not quadratic. */
const bilevel = (options: {
  readonly steps?: number;
  readonly stepSize?: number;
  readonly derivatives?: 'reverse' | 'forward';
  readonly constraint?: string;
}): Promise<MultilevelProblem> =>
  kept(
    multilevelProblem({
      name: 'quartic',
      levels: { up: { λ: start.constant([2], 0.5) }, down: { y: start.constant([2], 0) } },
      losses: {
        up: ({ up, down }) =>
          tf.add(tf.sum(tf.square(tf.sub(down.y, 1))), tf.mul(0.1, tf.sum(tf.square(up.λ)))),
        down: ({ up, down }) =>
          tf.add(
            tf.mul(0.5, tf.sum(tf.square(tf.sub(down.y, tf.mul(2, up.λ))))),
            tf.mul(0.25, tf.sum(tf.square(tf.square(down.y)))),
          ),
      },
      stepSize: 0.3,
      ...options,
    }),
  );

describe('two levels', () => {
  it('differentiate a nonlinear descent exactly in both modes', async () => {
    const at = Float32Array.of(0.7, -0.4);
    /** T steps and their derivative by hand, in float64, entry by entry. */
    const byHand = Array.from(at, (λ) => {
      let [y, dy] = [0, 0];
      for (let t = 0; t < 6; t++)
        [y, dy] = [y - 0.3 * (y - 2 * λ + y ** 3), dy - 0.3 * ((1 + 3 * y ** 2) * dy - 2)];
      return 2 * (y - 1) * dy + 0.2 * λ;
    });
    for (const derivatives of ['reverse', 'forward'] as const) {
      const problem = await bilevel({ steps: 6, derivatives });
      // some 60 roundings of numbers below 8
      expect(
        distance(Float64Array.from(await gradientOf(problem, at)), Float64Array.from(byHand)),
      ).toBeLessThan(60 * 8 * 2 ** -24);
    }
  });
  it('have the implicit derivative for many steps', async () => {
    const at = Float32Array.of(0.7, -0.4);
    const problem = await bilevel({ steps: 40 });
    // y + y³ = 2λ, and dy/dλ = 2/(1 + 3y²); |1 − 0.3(1 + 3y²)| ≤ 0.7, and 0.7⁴⁰ is 6e-7
    const implicit = Array.from(at, (λ) => {
      let y = 0;
      for (let k = 0; k < 100; k++) y -= (y + y ** 3 - 2 * λ) / (1 + 3 * y ** 2);
      return (2 * (y - 1) * 2) / (1 + 3 * y ** 2) + 0.2 * λ;
    });
    expect(
      distance(Float64Array.from(await gradientOf(problem, at)), Float64Array.from(implicit)),
    ).toBeLessThan(400 * 8 * 2 ** -24);
    const [lower] = await problem.lowerSolutions(at);
    expect(lower!.name).toBe('down');
    const y = Array.from(lower!.tensors['y']!);
    y.forEach((yi, i) => expect(yi + yi ** 3).toBeCloseTo(2 * at[i]!, 5));
    expect(lower!.loss[1]).toBeLessThan(lower!.loss[0]);
    expect(lower!.gradient[1]).toBeLessThan(1e-5);
  });
  it('stay in the set of the top level, by any method', async () => {
    const free = await bilevel({ steps: 12 });
    const boxed = await bilevel({ steps: 12, constraint: 'box(lower=-1, upper=0.6)' });
    const { z: inside } = await solveAsync(free, gda({ stepSize: 0.3 }), { steps: 100, tolerance: 1e-5 });
    expect(Math.min(...inside)).toBeGreaterThan(0.7);
    for (const method of [gda({ stepSize: 0.3 }), conditionalGradient()]) {
      const { z: end } = await solveAsync(boxed, method, { steps: 60, tolerance: 1e-5 });
      expect(norm(end.map((x) => x - 0.6))).toBeLessThan(1e-6);
    }
  });
  it('say what a gradient costs', async () => {
    const [few, more, most] = await Promise.all([4, 8, 12].map((steps) => bilevel({ steps })));
    expect(few!.about).toContain('; a gradient goes through 4 steps of down');
    // each further step costs the same
    const operations = [few!, more!, most!].map((problem) => problem.operations());
    expect(operations[2]! - operations[1]!).toBe(operations[1]! - operations[0]!);
    expect(operations[1]!).toBeGreaterThan(1.8 * operations[0]!);
    expect(few!.prices!.losses).toBeLessThan(1);
  });
});

it('steps of one descent begin anew in another that has the very same start', async () => {
  const square =
    (x: tf.Tensor) =>
    (y: tf.Tensor): tf.Scalar =>
      tf.sum(tf.square(tf.sub(y, x)));
  const once = { steps: 1, stepSize: 0.25 };
  const compiled = await compile(
    ({ a, from }: { readonly a: tf.Tensor; readonly from: tf.Tensor }) => ({
      slope: tf.grad((outside) => {
        const x = innerSteps(square(tf.mul(outside, 2)), from, once);
        return tf.sum(innerSteps(square(x), from, once));
      })(a),
    }),
    { inputs: { a: [1], from: [1] } },
  );
  // x = 1 − ½(1 − 2a) = ½ + a, and the end is 1 − ½(1 − x) = ¾ + a/2
  const { slope } = await compiled.run({ a: Float32Array.of(3), from: Float32Array.of(1) });
  expect(Array.from(slope)).toEqual([0.5]);
  await compiled.dispose();
});

describe('what cannot be is refused', () => {
  const loose = (options: object): Promise<unknown> => Reflect.apply(multilevelProblem, undefined, [options]);
  const two = {
    levels: { a: { x: [1] }, b: { y: [1] } },
    losses: { a: () => tf.scalar(0), b: () => tf.scalar(0) },
    stepSize: 0.1,
  };
  it.each([
    [
      { stepSize: 0.9 },
      /10 steps of 0\.9 take the loss of down from .* so they are too long; expected a stepSize of down below 2\/L/,
    ],
    [
      { stepSize: 3, steps: 50 },
      /50 steps of 3 take the loss of down from 1 to (NaN|Infinity), so they are too long; expected .*: 1 at its start, so below 2$/,
    ],
  ])('steps that are too long, with the limit: %o', async (options, message) => {
    const problem = bilevel(options);
    if (options.stepSize === 0.9) {
      // shorter than 2/L where the descent begins, too long where it comes to
      const far = await problem;
      await expect(gradientOf(far, Float32Array.of(60, 60))).rejects.toThrow(message);
    } else await expect(problem).rejects.toThrow(message);
  });
  it.each([
    [{ ...two, levels: { a: { x: [1] } } }, 'levels has a alone; expected two levels or more'],
    [{ ...two, levels: 3 }, 'levels is 3; expected the shapes of each level'],
    [{ ...two, losses: { a: two.losses.a } }, 'losses.b is undefined; expected a function for each level'],
    [{ ...two, losses: { ...two.losses, c: 1 } }, 'unknown level of own problem in its losses "c"'],
    [{ ...two, stepSize: undefined }, 'stepSize is undefined; expected a number > 0 and below 2/L'],
    [{ ...two, stepSize: { a: 1 } }, 'unknown lower level of own problem in its stepSize "a"'],
    [{ ...two, steps: 0 }, 'steps is 0; expected a whole number from 1 to 1000'],
    [{ ...two, derivatives: 'forwards' }, 'did you mean forward?'],
    [
      { ...two, levels: { a: { x: [65] }, b: { y: [1] } }, derivatives: 'forward' },
      'a has 65 numbers; expected at most 64',
    ],
    [{ ...two, stepsize: 1 }, 'did you mean stepSize?'],
    [{ ...two, losses: { ...two.losses, b: () => 3 } }, 'the loss of b is 3; expected a scalar'],
    [two, 'the loss of b does not depend on the tensors of b'],
  ])('%#: %o', async (options, message) => {
    await expect(loose(options)).rejects.toThrow(message);
  });
});
