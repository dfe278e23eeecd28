import { afterAll, describe, expect, it } from 'vitest';
import { multilevelProblem, start, type MultilevelProblem } from '@stillpoint/networks';
import * as tf from '@stillpoint/networks/tf';
import { distance } from '@stillpoint/operators';
import { gda, solveAsync } from '@stillpoint/optimizers';
import { trilevelParts, trilevelQuadratic, trilevelSolution, type LinearMap } from '@stillpoint/problems';
import type { Run, Section } from '@stillpoint/tracking';
import { poisoning } from '../src/papers/multilevel/poisoning.js';
import { judged, reproduce } from '../src/papers/reproduce.js';

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
const valueOf = async (problem: MultilevelProblem, z: Float32Array): Promise<number> => {
  const out = new Float32Array(1);
  await problem.losses!(z, out, asked);
  return out[0]!;
};

/** The columns of a map of three entries, as a constant of tfjs. */
const matrix = ({ times }: LinearMap): tf.Tensor2D =>
  tf.transpose(
    tf.tensor2d([0, 1, 2].map((j) => Array.from(times(Float64Array.of(+(j === 0), +(j === 1), +(j === 2)))))),
  );
const zero = start.constant([3, 1], 0);
const column = (x: ArrayLike<number>): tf.Tensor2D => tf.tensor2d(Array.from(x), [3, 1]);
const dot = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.sum(tf.mul(a, b));

/** The problem that `trilevelQuadratic` computes in float64, here from its losses alone. */
const quadratics = (
  steps: number,
  options: { readonly derivatives?: 'reverse' | 'forward'; readonly engine?: 'native' | 'wasm' | 'cpu' } = {},
): Promise<MultilevelProblem> => {
  const { A2, A3, B21, B23, B31, B32, c2, c3, a } = trilevelParts(3, 1);
  const half = (A: LinearMap, x: tf.Tensor): tf.Tensor => tf.mul(0.5, dot(x, tf.matMul(matrix(A), x)));
  return kept(
    multilevelProblem({
      levels: { first: { x: zero }, second: { y: zero }, third: { w: zero } },
      losses: {
        first: ({ first: { x }, second: { y }, third: { w } }) =>
          tf.mul(0.5, tf.addN([x, y, w].map((own, i) => tf.sum(tf.square(tf.sub(own, column(a[i]!))))))),
        second: ({ first: { x }, second: { y }, third: { w } }) =>
          tf.sub(
            half(A2, y),
            dot(y, tf.addN([tf.matMul(matrix(B21), x), tf.matMul(matrix(B23), w), column(c2)])),
          ),
        third: ({ first: { x }, second: { y }, third: { w } }) =>
          tf.sub(
            half(A3, w),
            dot(w, tf.addN([tf.matMul(matrix(B31), x), tf.matMul(matrix(B32), y), column(c3)])),
          ),
      },
      steps,
      stepSize: 0.3,
      ...options,
    }),
  );
};
const z = Float32Array.of(0.5, -1, 0.25);
/** Some 200 sums of products of numbers below 4 are rounded to float32. */
const ROUNDED = 200 * 4 * 2 ** -24;

describe('three levels', () => {
  it.each([
    ['native', 'reverse'],
    ['native', 'forward'],
    ['wasm', 'reverse'],
    ['cpu', 'forward'],
  ] as const)(
    'on %s have the closed form’s gradient and products, in %s mode',
    async (engine, derivatives) => {
      const problem = await quadratics(3, { engine, derivatives });
      const exact = trilevelQuadratic({ steps: 3 });
      const expected = new Float64Array(3);
      exact.operator(z, expected);
      expect(distance(Float64Array.from(await gradientOf(problem, z)), expected)).toBeLessThan(ROUNDED);
      const value = new Float64Array(1);
      exact.losses!(z, value);
      expect(Math.abs((await valueOf(problem, z)) - value[0]!)).toBeLessThan(ROUNDED);
      const [v, Hv, found] = [Float32Array.of(1, 2, -1), new Float64Array(3), new Float32Array(3)];
      exact.jacobianVector!(z, v, Hv, false);
      for (const transposed of [false, true]) {
        await problem.jacobianVector!(z, v, found, transposed, asked);
        expect(distance(Float64Array.from(found), Hv)).toBeLessThan(ROUNDED);
      }
    },
  );
});

it('levels come to the nested problem as T grows, with projected steps too', async () => {
  const exact = trilevelSolution();
  const distances: number[] = [];
  for (const steps of [1, 2, 5]) {
    const problem = await quadratics(steps);
    // L of F₁ is below 2, its condition number too: 40 steps leave 0.5⁴⁰
    const { z: end } = await solveAsync(problem, gda({ stepSize: 0.5 }), { steps: 40, tolerance: 1e-6 });
    distances.push(distance(Float64Array.from(end), exact));
    expect(
      distance(Float64Array.from(end), Float64Array.from(trilevelQuadratic({ steps }).facts!.solution!)),
    ).toBeLessThan(ROUNDED);
  }
  expect(distances[1]).toBeLessThan(distances[0]!);
  expect(distances[2]).toBeLessThan(distances[1]!);
});

describe('the claims of data poisoning', () => {
  it('hold of few seeds, and fail where the two forms change places', { timeout: 180_000 }, async () => {
    const few = poisoning.with!({ seeds: 2, draws: 10 });
    const [result] = await reproduce([few], { quick: true, processes: 1 });
    const { sections } = result!;
    const verdicts = (made: readonly Section[]): readonly string[] =>
      few.claims.map((claim) => judged(claim, made, true).verdict);
    // two are judged with ten seeds or more
    const of = (verdict: string) => [verdict, 'not tried here', 'not tried here', verdict];
    expect(verdicts(sections)).toEqual(of('reproduced'));
    const exchanged = (run: Run): Run => {
      const other = sections[0]!.runs.find(({ label, seed }) => label !== run.label && seed === run.seed);
      return { ...run, values: other!.values };
    };
    const spoilt = sections.map((section) => ({ ...section, runs: section.runs.map(exchanged) }));
    expect(verdicts(spoilt)).toEqual(of('not reproduced'));
    expect(verdicts([])).toEqual(poisoning.claims.map(() => 'not tried here'));
  });
});
