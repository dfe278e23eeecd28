import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { spectralNorm, type Network } from '@stillpoint/networks';
import { decodeCheckpoint, encodeCheckpoint, norm } from '@stillpoint/operators';
import { alternatingAdam, gda, train } from '@stillpoint/optimizers';
import { lossFrom, nonSaturating } from '../src/index.js';
import { ganGraphs } from '../src/graphs.js';
import { BATCH, labelled, plain, make, partsOf, reading, lossesOf } from './labelled-gan.js';
import { images, small } from './small-gan.js';

// What a game hands its loss, and what it draws for that.

describe('what is drawn', () => {
  it.each([
    ['hinge', ['noise', 'real'], ['noise']],
    ['relativistic', ['noise', 'real'], ['noise', 'real']],
    ['hinge(penalties=[r1])', ['noise', 'real'], ['noise']],
    ['wasserstein(penalties=[gradient-penalty])', ['noise', 'real', 'uniform'], ['noise']],
    ['r3gan', ['noise', 'real'], ['noise', 'real']],
  ])('for %s is what each player’s loss reads', async (loss, D, G) => {
    const game = await make({ loss: lossFrom(loss) });
    expect(partsOf(game)).toEqual([D, G]);
    await game.dispose();
  });
  it('D and G draw real examples and noise of their own, as pure functions of (call, player, worker)', async () => {
    const game = await make({ loss: lossFrom('relativistic') });
    const { D, G } = game.draw(4);
    expect(G?.real).toEqual(labelled.batch(BATCH, { seed: 3, call: 4, player: 1, worker: 0 }));
    expect(D?.real).not.toEqual(G?.real);
    expect(D?.noise).not.toEqual(G?.noise);
    expect(game.draw(4, 1)).toEqual({ G });
    await game.dispose();
  });
  it('each request for uniform numbers is for columns of their own', async () => {
    const game = await make({
      loss: reading((_, { uniform }) => {
        const [a, b] = [uniform(1), uniform(2)];
        return tf.add(tf.mean(a), tf.mul(100, tf.mean(b)));
      }),
    });
    const { uniform } = game.draw(0).G!;
    expect(uniform).toHaveLength(3 * BATCH);
    expect(Math.min(...uniform!)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform!)).toBeLessThan(1);
    const mean = (columns: readonly number[]): number =>
      uniform!.reduce((sum, x, i) => sum + (columns.includes(i % 3) ? x : 0), 0) / (columns.length * BATCH);
    expect((await lossesOf(game))[1]).toBeCloseTo(mean([0]) + 100 * mean([1, 2]), 4);
    await game.dispose();
  });
  it('a loss sees D and G as the functions whose logits and examples it got', async () => {
    const game = await make({
      loss: reading((fake, { D, G, generated, noise, logits, real }) => {
        const off = (a: tf.Tensor, b: tf.Tensor): tf.Scalar => tf.max(tf.abs(tf.sub(a, b)));
        return tf.max(
          tf.stack([
            off(D(generated), fake),
            off(G(noise), generated),
            off(logits.generated, fake),
            off(logits.real, D(real)),
          ]),
        );
      }),
    });
    expect((await lossesOf(game))[1]).toBe(0);
    await game.dispose();
  });
  it.each([
    // passes of two convolutions: D on both sets, G's loss on its own; then its points, or G's real examples
    ['hinge', 2 + 2],
    ['wasserstein(penalties=[gradient-penalty])', 2 + 2 + 2],
    // the penalty differentiates the pass of the logits, which is then apart for each set
    ['hinge(penalties=[r1])', 4 + 2],
    ['r3gan', 4 + 4],
  ])('D makes no pass twice: the losses of %s take %i convolutions', async (loss, convolutions) => {
    const options = { classes: undefined, samples: 4, engine: 'wasm', threads: 1 } as const;
    const graphs = ganGraphs({ ...small, ...options, loss: lossFrom(loss) });
    await graphs.joint();
    const { graph } = await graphs.losses();
    expect(graph?.nodes.filter(({ operation }) => operation.op === 'Conv')).toHaveLength(convolutions);
    await graphs.dispose();
  });
  it('what a loss first reads inside tf.grad it may read again outside', async () => {
    const game = await make({
      loss: reading((_, { D, logits, real }) => {
        const slope = tf.grad((x) => tf.sum(tf.mul(D(x), tf.mean(logits.real))))(real);
        return tf.add(tf.mean(slope), tf.mean(logits.real));
      }),
    });
    expect(Number.isFinite((await lossesOf(game))[1])).toBe(true);
    await game.dispose();
  });
  it('the losses and gradients of one player are those of the joint question', async () => {
    for (const loss of ['r3gan', 'wasserstein(penalties=[gradient-penalty])', 'hinge(penalties=[r1])']) {
      const game = await make({ loss: lossFrom(loss) });
      const z = game.initialise(1);
      const sample = game.draw(2);
      const [joint, alone] = [new Float32Array(game.dim), new Float32Array(game.dim)];
      const [all, own] = [new Float32Array(2), new Float32Array(2)];
      await game.operator(z, joint, { sample, player: undefined, losses: all, buffers: {} });
      for (const player of [0, 1])
        await game.operator(z, alone, { sample: game.draw(2, player), player, losses: own, buffers: {} });
      // D on both sets is one batch in one graph and two in another: a few roundings
      expect(norm(alone.map((x, i) => x - joint[i]!))).toBeLessThan(2 ** -20 * norm(joint));
      expect(own[0]).toBeCloseTo(all[0]!, 4);
      expect(own[1]).toBeCloseTo(all[1]!, 4);
      await game.dispose();
    }
  });
  it('reads averages or class logits only where the loss states them', async () => {
    await expect(make({ loss: reading((_, { averages }) => tf.mean(averages.real)) })).rejects.toThrow(
      'reading reads moving averages of the logits; expected it to state their decay',
    );
    await expect(make({ loss: reading((_, { classLogits }) => tf.mean(classLogits.real)) })).rejects.toThrow(
      'reading reads class logits; expected it to state `classifies: true`',
    );
  });
});

describe('random layers', () => {
  it('get numbers of their own for D on real, D on generated examples and G, all drawn by the game', async () => {
    const noisy = (inner: Network): Network => ({
      ...inner,
      noise: 1,
      apply: (parameters, x, context) =>
        inner.apply(parameters, context.noise === undefined ? x : tf.add(x, context.noise), context),
    });
    const game = await make({ generator: noisy(plain.generator), discriminator: noisy(plain.discriminator) });
    expect(partsOf(game)).toEqual([
      ['noise', 'randomG', 'randomGenerated', 'randomReal', 'real'],
      ['noise', 'randomG', 'randomGenerated'],
    ]);
    const { randomG, randomGenerated, randomReal } = game.draw(1).D!;
    expect(randomReal).not.toEqual(randomGenerated);
    expect(randomG).not.toEqual(randomGenerated);
    expect(randomReal).toHaveLength(BATCH);
    await game.dispose();
  });
});

describe('moving averages', () => {
  const loss = lossFrom('hinge(penalties=[lecam(weight=0.3, decay=0.75)])');
  it('are plain means at first, then move by 1 − decay, on batches of their own', async () => {
    const game = await make({ loss });
    const logits = new Float32Array(3);
    expect(game.buffers).toEqual([{ name: 'logits', start: [0, 0, 0], length: 3 }]);
    const probe = await make({
      loss: {
        ...nonSaturating,
        name: 'means',
        discriminator: (real, fake) => tf.add(tf.mean(real), tf.mul(0, tf.mean(fake))),
      },
    });
    const expected: number[] = [];
    for (let step = 0; step < 6; step++) {
      const z = game.initialise(step);
      await game.advance!(z, { logits });
      const out = new Float32Array(2);
      const { real, noise } = game.draw(0).D!;
      const own = labelled.batch(BATCH, { seed: 3, call: step, player: 2, worker: 0 });
      expect(own).toHaveLength(real!.length);
      await probe.losses!(z, out, {
        sample: { D: { real: own, noise: noise! }, G: { noise: noise! } },
        player: undefined,
        losses: undefined,
        buffers: {},
      });
      const before = expected.at(-1) ?? 0;
      expected.push(before + Math.max(0.25, 1 / (step + 1)) * (out[0]! - before));
      expect(logits[0]).toBeCloseTo(expected.at(-1)!, 5);
      expect(logits[2]).toBe(step + 1);
    }
    await game.dispose();
    await probe.dispose();
  });
  it('and spectral norm’s vectors are saved with a run, which continues to the bit', async () => {
    const game = await make({ loss, discriminator: spectralNorm(plain.discriminator) });
    const method = alternatingAdam({ stepSize: 0.01 });
    const whole = await train(game, method, { start: game.initialise(1), steps: 8 });
    const half = await train(game, method, { start: game.initialise(1), steps: 5 });
    const from = decodeCheckpoint(encodeCheckpoint(half.checkpoint));
    expect(Object.keys(from.buffers)).toContain('logits');
    const rest = await train(game, method, { from, steps: 8 });
    expect(rest.z).toEqual(whole.z);
    expect(rest.checkpoint.buffers).toEqual(whole.checkpoint.buffers);
    await game.dispose();
  });
});

describe('the Wasserstein loss', () => {
  it('warns while nothing limits D’s slope', async () => {
    for (const [options, warns] of [
      [{ loss: lossFrom('wasserstein') }, true],
      [{ loss: lossFrom('wasserstein(penalties=[lecam])') }, true],
      [{ loss: lossFrom('wasserstein(penalties=[gradient-penalty])') }, false],
      [{ loss: lossFrom('wasserstein'), discriminator: spectralNorm(plain.discriminator) }, false],
      [{ loss: lossFrom('wasserstein'), constraint: { D: 'box(lower=-0.01, upper=0.01)' } }, false],
      [{ loss: lossFrom('wasserstein'), constraint: { G: 'box(lower=-1, upper=1)' } }, true],
      [{}, false],
    ] as const) {
      const game = await make(options);
      expect(game.warnings.length > 0).toBe(warns);
      if (warns) expect(game.warnings[0]).toContain('wasserstein(penalties=[gradient-penalty])');
      await game.dispose();
    }
  });
});

describe('training', () => {
  it.each([
    ['hinge', spectralNorm(plain.discriminator), spectralNorm(small.discriminator)],
    ['wasserstein(penalties=[gradient-penalty])', plain.discriminator, small.discriminator],
    ['r3gan', plain.discriminator, small.discriminator],
  ] as const)(
    'a step of %s goes down along each player’s own gradient, on points and images',
    async (loss, onPoints, onImages) => {
      for (const options of [
        { discriminator: onPoints },
        { discriminator: onImages, generator: small.generator, data: images },
      ]) {
        const game = await make({ loss: lossFrom(loss), ...options });
        const steps = 5;
        const { status, z } = await train(game, gda({ stepSize: 0.01 }), {
          start: game.initialise(1),
          steps,
        });
        expect(status).toBe('budget');
        expect(norm(z.map((x, i) => x - game.initialise(1)[i]!))).toBeGreaterThan(0);
        // D's loss along its own gradient: h‖g‖ less, up to the second order
        const buffers = Object.fromEntries(
          game.buffers?.map(({ name, start }) => [name, Float32Array.from(start ?? [])]) ?? [],
        );
        const question = { sample: game.draw(9), player: undefined, losses: undefined, buffers };
        const [g, before, after] = [new Float32Array(game.dim), new Float32Array(2), new Float32Array(2)];
        await game.operator(z, g, question);
        await game.losses!(z, before, question);
        for (const [p, { start, end }] of game.players.entries()) {
          const own = norm(g.subarray(start, end));
          const h = 1e-3 / own;
          await game.losses!(
            z.map((x, i) => (i >= start && i < end ? x - h * g[i]! : x)),
            after,
            question,
          );
          expect((before[p]! - after[p]!) / (h * own ** 2)).toBeCloseTo(1, 1);
        }
        await game.dispose();
      }
    },
  );
});
