import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EngineName } from '@stillpoint/engine';
import { dcganDiscriminator, dcganGenerator, mlp, spectralNorm, type Network } from '@stillpoint/networks';
import { distance, norm, type Asked, type Buffers, type Vector } from '@stillpoint/operators';
import { besideLabels, ganGame, lossFrom, type Drawn, type GanGame, type GanSample } from '../src/index.js';

// F and its products with the losses of the field, second- and third-order terms included, against PyTorch
// (bench/pytorch/objectives.py) at one point, which formulas give.

interface Vectors {
  readonly F: readonly number[];
  readonly forward?: readonly number[];
  readonly transposed?: readonly number[];
}
type Kind = { readonly [loss: string]: Vectors };
type Kinds = 'dense' | 'conditional' | 'classified' | 'convolutional' | 'spectral';
const read = <K extends Kinds>(file: string): { readonly [kind in K]: Kind } =>
  JSON.parse(readFileSync(new URL(`fixtures/${file}`, import.meta.url), 'utf8'));
const plain = read<Kinds>('objectives.json');
const ahead = read<Exclude<Kinds, 'classified'>>('unrolled.json');
const torch: { readonly [kind in Kinds]: Kind } = {
  dense: { ...plain.dense, ...ahead.dense },
  conditional: { ...plain.conditional, ...ahead.conditional },
  classified: plain.classified,
  convolutional: { ...plain.convolutional, ...ahead.convolutional },
  spectral: { ...plain.spectral, ...ahead.spectral },
};

const CLASSES = 3;
const filled = (size: number, f: (i: number) => number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => f(i));
const oneHot = (batch: number, step: number): Float32Array =>
  filled(batch * CLASSES, (i) => ((Math.floor(i / CLASSES) * step) % CLASSES === i % CLASSES ? 1 : 0));

/** The projection discriminator of Miyato, Koyama 2018, arXiv 1802.05637: the logit plus ⟨E y, features⟩. */
function projectionDiscriminator(): Network {
  const inner = mlp({ sizes: [2, 8, 1], activation: 'leaky-relu' });
  return {
    ...inner,
    classes: CLASSES,
    parameters: [...inner.parameters, { name: 'embedding', shape: [CLASSES, 8] }],
    apply([w0, b0, w1, b1, embedding], x, { labels }) {
      const h = tf.leakyRelu(tf.add(tf.matMul(x, w0!), b0!), 0.2);
      const logit = tf.add(tf.matMul(h, w1!), b1!);
      return tf.add(logit, tf.sum(tf.mul(h, tf.matMul(labels!, embedding!)), 1, true));
    },
  };
}

const dcgan = { image: [8, 8, 1], latent: 4, channels: 4 };
const dense = { scale: 0.6, batch: 6 };
const kinds = {
  dense: {
    ...dense,
    discriminator: mlp({ sizes: [2, 8, 1], activation: 'leaky-relu' }),
    generator: mlp({ sizes: [3, 8, 2] }),
  },
  conditional: {
    ...dense,
    discriminator: projectionDiscriminator(),
    generator: besideLabels(mlp({ sizes: [3 + CLASSES, 8, 2] }), CLASSES),
  },
  classified: {
    ...dense,
    discriminator: mlp({ sizes: [2, 8, 1 + CLASSES], activation: 'leaky-relu' }),
    generator: besideLabels(mlp({ sizes: [3 + CLASSES, 8, 2] }), CLASSES),
  },
  convolutional: {
    scale: 0.4,
    batch: 4,
    discriminator: dcganDiscriminator(dcgan),
    generator: dcganGenerator(dcgan),
  },
  spectral: {
    scale: 0.4,
    batch: 4,
    discriminator: spectralNorm(dcganDiscriminator(dcgan)),
    generator: dcganGenerator(dcgan),
  },
};

interface Case {
  readonly game: GanGame;
  readonly z: Float32Array;
  readonly v: Float32Array;
  readonly asked: Asked<GanSample>;
}

/** The game, the point and the sample of the script. */
async function make(kind: keyof typeof kinds, loss: string, engine: EngineName): Promise<Case> {
  const { discriminator, generator, batch, scale } = kinds[kind];
  const { inputs } = discriminator;
  const labels = filled(batch, (i) => i % CLASSES);
  const game = await ganGame({
    discriminator,
    generator,
    data: {
      name: 'sines',
      shape: inputs === 2 ? [2] : dcgan.image,
      batch: (size) => new Float32Array(size * inputs),
      labels,
      indices: (size) => filled(size, (i) => i),
    },
    loss: lossFrom(loss),
    batch,
    seed: 1,
    engine,
  });
  const drawn = (phase: number, player: number): Drawn => {
    const all: { readonly [part in keyof Required<Drawn>]?: Float32Array } = {
      real: filled(batch * inputs, (i) => Math.sin(1.1 * i + phase)),
      noise: filled(batch * generator.inputs, (i) => Math.cos(0.9 * i + phase)),
      labelsReal: oneHot(batch, 2),
      labelsGenerated: oneHot(batch, 1),
    };
    const [own] = [Object.values(game.draw(0, player))];
    const parts = Object.entries(own[0] ?? {}).map(([part, { length }]: [string, Float32Array]) => {
      const width = length / batch;
      const columns = filled(length, (i) => {
        const at = Math.floor(i / width) * 3 + (i % width); // the script has three columns of uniform numbers
        return (at * 0.6180339887498949) % 1;
      });
      return [part, Object.entries(all).find(([name]) => name === part)?.[1] ?? columns];
    });
    return Object.fromEntries(parts);
  };
  const buffers: Buffers = Object.fromEntries(
    (game.buffers ?? []).map(({ name, length }) => {
      if (name === 'logits') return [name, Float32Array.of(0.25, -0.5, 7)];
      const direction = Array.from({ length }, (_, i) => Math.cos(i + 1));
      const long = Math.hypot(...direction);
      return [name, Float32Array.from(direction, (x) => x / long)];
    }),
  );
  return {
    game,
    z: filled(game.dim, (i) => scale * Math.cos(1.3 * i)),
    v: filled(game.dim, (i) => Math.sin(0.7 * i + 1)),
    asked: { sample: { D: drawn(0, 0), G: drawn(2, 1) }, player: undefined, losses: undefined, buffers },
  };
}
async function F({ game, asked }: Case, z: Vector): Promise<Float32Array> {
  const out = new Float32Array(game.dim);
  await game.operator(z, out, asked);
  return out;
}
async function product({ game, z, v, asked }: Case, transposed: boolean): Promise<Float32Array> {
  const out = new Float32Array(game.dim);
  await game.jacobianVector!(z, v, out, transposed, asked);
  return out;
}
/**
 * Each tensor's distance from the expected one, relative to its length. Losses of differences of logits do
 * not change with D's last bias: where the expected tensor is 0, relative to the length of the whole vector.
 */
function relativeErrors({ blocks }: GanGame, found: Vector, expected: readonly number[]): number[] {
  const whole = norm(Float64Array.from(expected));
  return blocks.map(({ offset, shape }) => {
    const end = offset + shape.reduce((a, b) => a * b, 1);
    const right = Float64Array.from(expected.slice(offset, end));
    return (
      distance(Float64Array.from(found.subarray(offset, end)), right) /
      (norm(right) > 1e-9 * whole ? norm(right) : whole)
    );
  });
}

const cases = (
  chosen: readonly (keyof typeof kinds)[],
): readonly { kind: keyof typeof kinds; loss: string }[] =>
  chosen.flatMap((kind) => Object.keys(torch[kind]).map((loss) => ({ kind, loss })));
const small = cases(['dense', 'conditional', 'classified']);

describe.each(['native', 'wasm', 'cpu'] as const)('on %s, as PyTorch computes them', (engine) => {
  it.each(small)('$kind: F and both products of $loss', async ({ kind, loss }) => {
    const found = await make(kind, loss, engine);
    const right = torch[kind][loss]!;
    for (const [vector, expected] of [
      [await F(found, found.z), right.F],
      [await product(found, false), right.forward!],
      [await product(found, true), right.transposed!],
    ] as const)
      expect(Math.max(...relativeErrors(found.game, vector, expected))).toBeLessThan(1e-5);
    await found.game.dispose();
  });
  it.skipIf(engine === 'cpu').each(cases(['convolutional', 'spectral']))(
    '$kind: F of $loss',
    async ({ kind, loss }) => {
      const found = await make(kind, loss, engine);
      const errors = relativeErrors(found.game, await F(found, found.z), torch[kind][loss]!.F);
      expect(Math.max(...errors)).toBeLessThan(1e-4);
      await found.game.dispose();
    },
  );
});
