import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import type { EngineName } from '@stillpoint/engine';
import { kingJames, textSet } from '@stillpoint/datasets';
import { InputError, norm, sizeOf, type Vector } from '@stillpoint/operators';
import { gda, train } from '@stillpoint/optimizers';
import { afterAll, describe, expect, it } from 'vitest';
import { CLOSE_INSIDE, formula, parametersAt } from './at-formulas.js';
import {
  crossEntropy,
  languageEnds,
  languageProblem,
  mlp,
  networkFrom,
  type CompiledProblem,
  type LanguageProblemOptions,
  type TokenData,
} from '../src/index.js';

/** A case of bench/pytorch/language.py. */
interface Case {
  readonly spec: string;
  readonly windows: readonly [number, number];
  readonly parameters: readonly (readonly number[])[];
  readonly loss: number;
  readonly gradients: readonly (readonly number[])[];
}
const { cases }: { readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL('fixtures/language.json', import.meta.url), 'utf8'),
);
const made: CompiledProblem[] = [];
afterAll(() => Promise.all(made.map((one) => one.dispose())));
const problemOf = async (options: LanguageProblemOptions): Promise<CompiledProblem> => {
  const problem = await languageProblem(options);
  made.push(problem);
  return problem;
};
/** The windows of the scripts: the same in each batch. */
const given = ([batch, length]: readonly [number, number]): TokenData => ({
  name: 'given',
  shape: [length],
  vocabulary: ['a', 'b', 'c', 'd', 'e'],
  batch: () => formula(batch * length, (i) => (3 * i + Math.floor((i * i) / 7)) % 5),
});
const lossAndGradient = async (problem: CompiledProblem, z: Vector) => {
  const [gradient, losses] = [new Float32Array(z.length), new Float64Array(1)];
  const sample = problem.draw?.(0);
  await problem.operator(z, gradient, { player: undefined, sample, losses, buffers: {} });
  return { loss: losses[0]!, gradient };
};

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
/** The loss of an LSTM of one layer, written down anew in float64. */
function lossOf(z: Float64Array, shapes: Case['parameters'], windows: Float32Array, length: number): number {
  let from = 0;
  const [table, kernel, recurrent, bias, weight, offset] = shapes.map((shape) => {
    const part = z.subarray(from, (from += sizeOf(shape)));
    return (i: number, j = 0): number => part[shape.length === 1 ? i : i * shape[1]! + j]!;
  });
  const [features, units, tokens] = [shapes[0]![1]!, shapes[2]![0]!, shapes[4]![1]!];
  const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);
  const sum = (n: number, f: (i: number) => number): number => upTo(n).reduce((s, i) => s + f(i), 0);
  let [total, count] = [0, 0];
  for (let at = 0; at < windows.length; at += length) {
    let h: readonly number[] = upTo(units).map(() => 0);
    let c = h;
    for (let t = at; t < at + length - 1; t++) {
      const before = h;
      const gates = upTo(4 * units).map(
        (g) =>
          bias!(g) +
          sum(features, (i) => table!(windows[t]!, i) * kernel!(i, g)) +
          sum(units, (i) => before[i]! * recurrent!(i, g)),
      );
      const gate = (part: number, u: number): number => gates[part * units + u]!;
      c = c.map((x, u) => sigmoid(gate(1, u)) * x + sigmoid(gate(0, u)) * Math.tanh(gate(2, u)));
      h = c.map((x, u) => sigmoid(gate(3, u)) * Math.tanh(x));
      const now = h;
      const logits = upTo(tokens).map((k) => offset!(k) + sum(units, (i) => now[i]! * weight!(i, k)));
      total += Math.log(sum(tokens, (k) => Math.exp(logits[k]!))) - logits[windows[t + 1]!]!;
      count++;
    }
  }
  return total / count;
}

describe.each(cases)('$spec on windows $windows', ({ spec, windows, parameters, loss, gradients }) => {
  const data = given(windows);
  const z = parametersAt(parameters);
  it.each<EngineName>(['native', 'wasm', 'cpu'])(
    'has the loss and gradient of PyTorch on %s',
    async (engine) => {
      const problem = await problemOf({
        data,
        network: networkFrom(spec, languageEnds(data)),
        batch: windows[0],
        engine,
      });
      expect(problem.blocks?.map(({ shape }) => shape)).toEqual(parameters);
      const found = await lossAndGradient(problem, z);
      expect(Math.abs(found.loss - loss)).toBeLessThan(CLOSE_INSIDE * loss);
      let at = 0;
      for (const [i, expected] of gradients.entries()) {
        const own = found.gradient.subarray(at, (at += expected.length));
        const error = Math.hypot(...own.map((v, k) => v - expected[k]!));
        expect(error, `parameter ${i}`).toBeLessThan(CLOSE_INSIDE * Math.hypot(...expected));
      }
      expect(at).toBe(problem.dim);
    },
  );
});

describe('languageProblem', () => {
  it('has the gradient of differences of a loss written down anew', async () => {
    const { spec, windows, parameters } = cases[0]!;
    const data = given(windows);
    const network = networkFrom(spec, languageEnds(data));
    const problem = await problemOf({ data, network, batch: windows[0] });
    const z = parametersAt(parameters);
    const { loss, gradient } = await lossAndGradient(problem, z);
    const at = (i: number, by: number): number => {
      const moved = Float64Array.from(z);
      moved[i] = moved[i]! + by;
      return lossOf(moved, parameters, problem.draw!(0)['windows']!.values, windows[1]);
    };
    expect(Math.abs(loss - at(0, 0))).toBeLessThan(CLOSE_INSIDE * loss);
    // float64: a difference over 2h has an error of h² and of 2⁻⁵³/h, less than 1e-9 with h = 1e-5
    const differences = z.map((_, i) => (at(i, 1e-5) - at(i, -1e-5)) / 2e-5);
    expect(Math.hypot(...gradient.map((g, i) => g - differences[i]!))).toBeLessThan(
      CLOSE_INSIDE * norm(gradient),
    );
  });

  it('begins at ln(number of tokens) where the last layer is 0, and draws windows of the text', async () => {
    const data = textSet({ name: 'mine', text: 'to be or not to be'.repeat(4), length: 6 });
    const problem = await problemOf({ data, network: networkFrom('lstm(units=3)', languageEnds(data)) });
    const z = problem.initialise(0);
    const { kernel, bias } = Object.fromEntries(
      Object.entries(problem.tensors(z)['model']!)
        .filter(([name]) => name.startsWith('dense'))
        .map(([name, values]) => [name.replace(/^.*\./, ''), values]),
    );
    kernel!.fill(0);
    bias!.fill(0);
    const { loss } = await lossAndGradient(problem, z);
    expect(Math.abs(loss - Math.log(data.vocabulary.length))).toBeLessThan(1e-6); // a few roundings of 2⁻²⁴
    const { shape, values } = problem.draw!(3, undefined, 2)['windows']!;
    expect(shape).toEqual([16, 6]);
    expect(values).toEqual(data.batch(16, { seed: 0, call: 3, worker: 2 }));
  });

  it('is trained: a text that repeats is known by heart', async () => {
    const data = textSet({ name: 'mine', text: 'abcd'.repeat(20), length: 9 });
    const network = networkFrom('lstm(units=8, embedding=4)', languageEnds(data));
    const problem = await problemOf({ data, network, batch: 8 });
    const { z } = await train(problem, gda({ stepSize: 4 }), { start: problem.start, steps: 150 });
    const { loss } = await lossAndGradient(problem, z);
    expect(loss).toBeLessThan(0.05); // at the start ln 4
  });

  it('begins on the shipped text near ln 62, since its logits start small', async () => {
    const { train: data } = await kingJames({ length: 9 });
    const problem = await problemOf({ data, network: networkFrom('lstm(units=4)', languageEnds(data)) });
    const { loss } = await lossAndGradient(problem, problem.start);
    expect(Math.abs(loss - Math.log(62))).toBeLessThan(0.1);
  });

  const data = given([2, 7]);
  const fitting = networkFrom('lstm(units=2)', languageEnds(data));
  it.each<[string, object, string]>([
    ['no data', { network: fitting }, 'data are undefined; expected windows of tokens'],
    ['data of points', { data: { shape: [2], batch: 1 }, network: fitting }, 'expected windows of tokens'],
    [
      'windows of one',
      { data: { ...data, shape: [1] }, network: fitting },
      'have shape [1]; expected [2] or',
    ],
    [
      'another network',
      { data, network: mlp({ sizes: [6, 5] }) },
      'takes 6 numbers and returns 5; expected [6]',
    ],
    ['batch 0', { data, network: fitting, batch: 0 }, 'batch is 0; expected a whole number > 0'],
  ])('refuses %s', async (_, options, message) => {
    const outcome = Promise.resolve(Reflect.apply(languageProblem, undefined, [options]));
    await expect(outcome).rejects.toThrow(message);
    await expect(outcome).rejects.toBeInstanceOf(InputError);
  });
});

describe('crossEntropy', () => {
  it('is finite at logits ±100, where softmax is 0 in float32', async () => {
    const logits = tf.tensor([[[100, -100]], [[-100, 100]]]);
    const loss = crossEntropy(logits, tf.tensor([[0], [0]]));
    expect((await loss.data())[0]).toBe(100); // (0 + 200)/2
  });
});
