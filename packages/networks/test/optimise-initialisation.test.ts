import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { normal, type Vector } from '@stillpoint/operators';
import {
  gda,
  optimiseInitialisation,
  probeAsync,
  train,
  type OptimiseInitialisationOptions,
  type OptimisedInitialisation,
} from '@stillpoint/optimizers';
import { problemFromLosses } from '../src/index.js';

const [EXAMPLES, INPUTS, STEPS] = [64, 10, 40];
const SEEDS = [1, 2, 3];

/** A network of one’s own, and its mean square error on two blobs of deviation 1 with targets ±1. */
async function blobs(seed: number) {
  const y = Float32Array.from({ length: EXAMPLES }, (_, i) => (i % 2 === 0 ? -1 : 1));
  const centre = normal(new Float32Array(2 * INPUTS), { seed, purpose: 'centres' });
  const values = normal(new Float32Array(EXAMPLES * INPUTS), { seed, purpose: 'examples' }).map(
    (x, at) => x + centre[(Math.floor(at / INPUTS) % 2) * INPUTS + (at % INPUTS)]!,
  );
  return problemFromLosses({
    players: { model: { A: [INPUTS, 32], a: [32], B: [32, 32], b: [32], C: [32, 1], c: [1] } },
    data: { x: { shape: [EXAMPLES, INPUTS], values }, y },
    losses: ({ model: { A, a, B, b, C, c } }, { x, y: targets }) => {
      const first = tf.tanh(tf.add(tf.matMul(x, A), a));
      const second = tf.tanh(tf.add(tf.matMul(first, B), b));
      const outputs = tf.reshape(tf.add(tf.matMul(second, C), c), [-1]);
      return { model: tf.mean(tf.square(tf.sub(outputs, targets))) };
    },
  });
}

describe('optimiseInitialisation on a tanh network of 10-32-32-1 and 64 examples, D = 4, 100 iterations', () => {
  it.each(SEEDS)('raises GC within 1.05γ, unless the norm has a large weight; seed %i', async (seed) => {
    const problem = await blobs(seed);
    const start = problem.initialise(seed);
    const lossAfter = async (z: Vector): Promise<number> => {
      const { z: end } = await train(problem, gda({ stepSize: 0.05 }), { start: z, steps: STEPS });
      const { value } = await probeAsync(problem, end, function* () {
        return (yield { want: 'losses', at: end, sample: 'all' })[0]!;
      });
      return value;
    };
    const scaled = async (options: OptimiseInitialisationOptions): Promise<OptimisedInitialisation> => {
      const made = await optimiseInitialisation(problem, { start, ...options });
      expect(made.after[0]!.norm).toBeLessThan(1.05 * 2 * made.before[0]!.norm);
      return made;
    };
    try {
      for (const { before, after } of [
        await scaled({ target: 'gc' }),
        await scaled({ target: 'gc_gn_sqrt', weight: 0.01 }),
      ])
        expect(after[0]!.cosine).toBeGreaterThan(before[0]!.cosine);
      const { z } = await scaled({ target: 'gc_gn_sqrt', weight: 1 });
      expect(await lossAfter(z)).toBeLessThan(await lossAfter(start));
    } finally {
      await problem.dispose();
    }
  });
});
