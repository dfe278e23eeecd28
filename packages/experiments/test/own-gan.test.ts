import { describe, expect, it } from 'vitest';
import { imageSet, ring } from '@stillpoint/datasets';
import { ganGame, lossFrom, type GanOptions } from '@stillpoint/gans';
import { mlp, network, spectralNorm, start } from '@stillpoint/networks';
import * as tf from '@stillpoint/networks/tf';
import type { Section } from '@stillpoint/tracking';
import { gda, train } from '@stillpoint/optimizers';
import { compareOnProblem } from '../src/problem-comparison.js';
import { measuring } from '../src/trial/problem-trial.js';

describe('a GAN of one’s own, compared', () => {
  const compared = async (
    loss: string,
    options: Partial<GanOptions> = {},
    steps = 2,
    method = 'gda(stepSize=0.001)',
  ): Promise<Section> => {
    const gan = await ganGame({
      generator: mlp({ sizes: [2, 4, 2] }),
      discriminator: mlp({ sizes: [2, 4, 1] }),
      data: ring({ modes: 8 }),
      loss: lossFrom(loss),
      batch: 4,
      seed: 3,
      engine: 'cpu',
      ...options,
    });
    const section = await compareOnProblem(gan, {
      title: 'mine',
      methods: [method],
      steps,
    });
    await gan.dispose();
    return section;
  };
  const missing = 'Note: the loss wasserstein has no lower bound for D while nothing limits D’s slope';

  it('says in its settings and in each run what its loss lacks', async () => {
    const { settings, runs } = await compared('wasserstein');
    expect(settings['problem']).toContain(missing);
    expect(runs.map(({ message }) => message?.includes(missing))).toEqual([true]);
  });

  it('says nothing of the kind where the loss lacks nothing', async () => {
    const { settings, runs } = await compared('wasserstein(penalties=[gradient-penalty])');
    expect(settings['problem']).toMatch(/^gan\(/);
    for (const text of [settings['problem'], runs[0]?.message]) expect(text).not.toContain('Note:');
  });

  it('is measured on few images too, and its settings say that these are what it trains on', async () => {
    const [count, shape] = [3, [2, 2, 1]];
    const { settings, runs } = await compared('non-saturating', {
      data: imageSet({
        name: 'three',
        describe: 'all black, so that any generated brightness is a distance',
        shape,
        bytes: new Uint8Array(count * 4),
        labels: new Uint8Array(count),
      }),
      // G returns its bias: images that are white everywhere, at distance 2 from black ones
      generator: network({
        inputs: 1,
        outputs: shape,
        independent: true,
        parameters: () => ({ bias: start.constant([4], 1) }),
        apply: ({ bias }, z) => tf.reshape(tf.add(tf.mul(z, 0), bias), [-1, ...shape]),
      }),
      discriminator: network({
        inputs: shape,
        outputs: 1,
        independent: true,
        parameters: () => ({ w: start.constant([4, 1], 0) }),
        apply: ({ w }, x) => tf.matMul(tf.reshape(x, [-1, 4]), w),
      }),
    });
    expect(settings['sliced Wasserstein']).toContain(
      '1000 generated against 1000 real ones, of the 3 trained on',
    );
    // Along a direction u the distance is |⟨d, u⟩| with d = (2, 2, 2, 2). On the unit sphere of four
    // dimensions E|u₁| = 4/(3π) and E u₁² = 1/4; 128 directions are averaged.
    const [expected, deviation] = [
      16 / (3 * Math.PI),
      4 * Math.sqrt((1 / 4 - (4 / (3 * Math.PI)) ** 2) / 128),
    ];
    const distance = Number(runs[0]?.values['slicedWasserstein']);
    expect(Math.abs(distance - expected)).toBeLessThan(4 * deviation);
  });

  it('is measured with what its discriminator remembers at the end of the run, not with how that began', async () => {
    const options = {
      discriminator: spectralNorm(mlp({ sizes: [2, 4, 1] })),
      loss: lossFrom('hinge'),
    };
    const gan = await ganGame({
      generator: mlp({ sizes: [2, 4, 2] }),
      data: ring({ modes: 8 }),
      batch: 4,
      seed: 3,
      engine: 'cpu',
      ...options,
    });
    const run = await train(gan, gda({ stepSize: 0.1 }), { start: gan.initialise(0), steps: 5, seed: 1 });
    const begun = Object.fromEntries(
      gan.buffers!.map(({ name, start: at }) => [name, Float32Array.from(at!)]),
    );
    const measure = measuring(gan);
    const first = await measure(run.z, begun);
    const last = await measure(run.z, run.checkpoint.buffers);
    await gan.dispose();
    const { runs } = await compared('hinge', { ...options, seed: 3 }, 5, 'gda(stepSize=0.1)');
    expect(runs[0]?.values['residual']).toBe(last['residual']);
    expect(last['residual']).not.toBe(first['residual']);
  });
});
