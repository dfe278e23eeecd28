import * as tf from '@tensorflow/tfjs-core';
import { distance, norm, normal, type Vector } from '@stillpoint/operators';
import { adam, hessianTrace, probeAsync, train } from '@stillpoint/optimizers';
import { describe, expect, it } from 'vitest';
import {
  applyNetwork,
  countParameters,
  mlp,
  network,
  optimumShift,
  optimumShifter,
  parametersOf,
  problemFromLosses,
  spectralNorm,
  start,
  type Network,
} from '../src/index.js';

const draw = (length: number, purpose: string, of = 1): Float32Array =>
  normal(new Float32Array(length), { seed: 6, purpose }, 0, of);
const pointOf = (net: Network): Float32Array => draw(countParameters(net), 'z', 0.4);

// 8 → 100 rectified → 3, on 30 examples
const net = mlp({ sizes: [8, 100, 3] });
const z = pointOf(net);
const examples = draw(30 * 8, 'x');
const offset = 8 * 100 + 100;

describe('optimumShift', () => {
  it('makes the last matrix shorter and keeps the outputs, with and without the features', async () => {
    const probedBy = await optimumShift({ network: net, z, examples });
    const given = await optimumShift({
      network: net,
      z,
      examples,
      features: ([W, b], x) => tf.relu(tf.add(tf.matMul(x, W!), b!)),
    });
    for (const {
      accepted,
      change,
      norm: [before, after],
      rank,
      z: moved,
    } of [probedBy, given]) {
      expect([accepted, rank]).toEqual([true, 30]);
      expect(change).toBeLessThan(1e-5); // float32, sums of 100
      expect(after).toBeLessThan(0.8 * before);
      expect(norm(moved, offset, offset + 300)).toBeCloseTo(after, 4);
      // nothing else moves
      expect(moved.slice(0, offset)).toEqual(z.slice(0, offset));
      expect(moved.slice(offset + 300)).toEqual(z.slice(offset + 300));
    }
    expect(distance(probedBy.z, given.z)).toBeLessThan(1e-4 * norm(z));
  });
  it('lowers the trace of the Hessian and keeps the loss, on a problem of the same network', async () => {
    const targets = draw(30 * 3, 'y');
    const problem = await problemFromLosses({
      players: { model: parametersOf(net) },
      data: { x: { shape: [30, 8], values: examples }, y: { shape: [30, 3], values: targets } },
      losses: ({ model }, { x, y }) => ({
        model: tf.mean(tf.square(tf.sub(applyNetwork(net, model, x!), y!))),
      }),
    });
    const { z: moved } = await optimumShift({ network: net, z, examples });
    const lossAt = async (at: Float32Array): Promise<number> => {
      const out = new Float64Array(1);
      await problem.losses!(at, out, {
        player: undefined,
        sample: undefined,
        losses: undefined,
        buffers: {},
      });
      return out[0]!;
    };
    expect(await lossAt(moved)).toBeCloseTo(await lossAt(z), 4);
    const traceAt = async (at: Float32Array) =>
      (await probeAsync(problem, at, hessianTrace(at, { draws: 48 }))).value;
    const [before, after] = [await traceAt(z), await traceAt(moved)];
    expect(after.trace + 3 * (after.deviation + before.deviation)).toBeLessThan(before.trace);
    await problem.dispose();
  });
  it('moves a hidden layer whose features are given', async () => {
    const deep = mlp({ sizes: [8, 40, 20, 3] });
    const at = pointOf(deep);
    const found = await optimumShift({
      network: deep,
      z: at,
      examples: examples.slice(0, 10 * 8),
      layer: 'layers.1.weight',
      features: ([W, b], x) => tf.relu(tf.add(tf.matMul(x, W!), b!)),
    });
    expect([found.accepted, found.rank]).toEqual([true, 10]);
    expect(found.change).toBeLessThan(1e-4);
    expect(found.norm[1]).toBeLessThan(found.norm[0]);
  });
  it('of a batch is refused where outputs elsewhere change, and accepted where features have collapsed', async () => {
    const batch = examples.slice(0, 10 * 8);
    const refused = await optimumShift({ network: net, z, examples: batch, guard: examples });
    expect(refused.accepted).toBe(false);
    expect(refused.change).toBeGreaterThan(0.1);
    expect(refused.z).toEqual(z);
    expect(refused.z).not.toBe(z);
    // three classes, each with one feature vector: a batch that has all of them says all
    const means = draw(3 * 8, 'means');
    const collapsed = Float32Array.from(
      { length: 30 * 8 },
      (_, i) => means[(Math.floor(i / 8) % 3) * 8 + (i % 8)]!,
    );
    const near = collapsed.map((x, i) => x + 1e-5 * examples[i]!);
    const taken = await optimumShift({
      network: net,
      z,
      examples: collapsed.slice(0, 3 * 8),
      guard: near,
      tolerance: 1e-3,
    });
    expect([taken.accepted, taken.rank]).toEqual([true, 3]);
    expect(taken.norm[1]).toBeLessThan(0.5 * taken.norm[0]);
  });
  it('while a classifier is trained: flatter, and outputs change by no more than the tolerance', async () => {
    // three classes of points near a centre each; weights that begin far out, as z is
    const [centres, noise] = [draw(3 * 8, 'centres', 2), draw(60 * 8, 'noise', 0.01)];
    const x = noise.map((e, i) => centres[(Math.floor(i / 8) % 3) * 8 + (i % 8)]! + e);
    const y = Float32Array.from({ length: 60 * 3 }, (_, i) => Number(Math.floor(i / 3) % 3 === i % 3));
    const problem = await problemFromLosses({
      players: { model: parametersOf(net) },
      data: { x: { shape: [60, 8], values: x }, y: { shape: [60, 3], values: y } },
      losses: ({ model }, seen) => ({
        model: tf.mean(tf.square(tf.sub(applyNetwork(net, model, seen.x!), seen.y!))),
      }),
    });
    const tolerance = 0.05;
    const shifter = await optimumShifter({ network: net, batch: 12, guard: x, tolerance });
    const traceAt = async (at: Vector) =>
      (await probeAsync(problem, at, hessianTrace(at, { draws: 48 }))).value;
    const traces: Awaited<ReturnType<typeof traceAt>>[] = [];
    const plain = { steps: 180, start: z, seed: 1 };
    const { z: last } = await train(problem, adam({ stepSize: 0.003 }), {
      ...plain,
      moves: {
        every: 60,
        async to(at, steps) {
          const first = (steps / 60 - 1) * 12 * 8;
          const shift = await shifter.shift(at, x.slice(first, first + 12 * 8));
          expect(shift.accepted).toBe(shift.change <= tolerance);
          expect(shift.norm[1]).toBeLessThan(shift.norm[0]);
          if (shift.accepted) traces.push(await traceAt(at), await traceAt(shift.z));
          return shift.z;
        },
      },
    });
    // the first that is accepted
    const [before, after] = traces;
    expect(after!.trace + 3 * (after!.deviation + before!.deviation)).toBeLessThan(before!.trace);
    // and training that goes on does not undo it
    const [shifted, unshifted] = [
      await traceAt(last),
      await traceAt((await train(problem, adam({ stepSize: 0.003 }), plain)).z),
    ];
    expect(shifted.trace + 3 * (shifted.deviation + unshifted.deviation)).toBeLessThan(unshifted.trace);
    await Promise.all([shifter.dispose(), problem.dispose()]);
  });
  it('works on a network of the user’s own, and names a layer in which its outputs are not linear', async () => {
    const own = network({
      inputs: 4,
      outputs: 2,
      parameters: () => ({ W: start.normal([4, 30], 0.5), V: start.normal([30, 2], 0.5) }),
      apply: ({ W, V }, x) => tf.matMul(tf.tanh(tf.matMul(x, W!)), V!),
    });
    const at = pointOf(own);
    const x = draw(5 * 4, 'own');
    const found = await optimumShift({ network: own, z: at, examples: x });
    expect(found).toMatchObject({ accepted: true, rank: 5 });
    await expect(optimumShift({ network: own, z: at, examples: x, layer: 'W' })).rejects.toThrow(
      'are not linear in W; expected the last linear layer, or features',
    );
    const bent = network({
      inputs: 4,
      outputs: 2,
      parameters: () => ({ V: start.normal([4, 2], 0.5) }),
      apply: ({ V }, input) => tf.tanh(tf.matMul(input, V!)),
    });
    await expect(optimumShift({ network: bent, z: pointOf(bent), examples: x })).rejects.toThrow(
      'are not linear in V',
    );
  });
  it('refuses a network that keeps numbers between steps', async () => {
    const divided = spectralNorm(net);
    await expect(optimumShift({ network: divided, z, examples })).rejects.toThrow(
      'keeps numbers between steps; expected one whose outputs are a function',
    );
  });
  it.each([
    [{ z: new Float32Array(3) }, 'z is'],
    [{ examples: new Float32Array(9) }, 'examples is'],
    [{ guard: new Float32Array(0) }, 'guard is'],
    [{ tolerance: -1 }, 'tolerance is -1; expected a number >= 0'],
    [{ layer: 'layers.1.wieght' }, 'did you mean layers.1.weight?'],
    [
      { features: ([W]: readonly tf.Tensor[], x: tf.Tensor) => tf.matMul(x, W!), layer: 'layers.0.weight' },
      'expected 8 each',
    ],
  ])('refuses %j', async (more, message) => {
    await expect(optimumShift({ network: net, z, examples, ...more })).rejects.toThrow(message);
  });
});
