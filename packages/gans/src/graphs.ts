import * as tf from '@tensorflow/tfjs-core';
import { compile, type Compiled, type EngineName } from '@stillpoint/engine';
import {
  countBuffers,
  countParameters,
  unflatten,
  type Context,
  type Moments,
  type Network,
} from '@stillpoint/networks';
import { InputError } from '@stillpoint/operators';
import type { GanLoss } from './losses/loss.js';
import { product, transposedProduct } from './products.js';

export interface GraphOptions {
  readonly generator: Network;
  readonly discriminator: Network;
  readonly loss: GanLoss;
  readonly batch: number;
  /** Generated examples per run of `generate`. */
  readonly samples: number;
  readonly engine: EngineName | 'auto';
  readonly threads: number;
}

/** D's and G's parameters, and each one's sample. */
type Sampled = 'd' | 'g' | 'real' | 'noiseD' | 'noiseG' | 'buffers';

/** A GAN's compiled functions; each is compiled at its first use. */
export interface Graphs {
  /** Both gradients, stacked, and both losses. */
  readonly joint: () => Promise<Compiled<Sampled, 'gradient' | 'losses'>>;
  /** D's gradient and loss. */
  readonly onlyD: () => Promise<Compiled<'d' | 'g' | 'real' | 'noise' | 'buffers', 'gradient' | 'loss'>>;
  /** G's gradient and loss. */
  readonly onlyG: () => Promise<Compiled<'d' | 'g' | 'noise' | 'buffers', 'gradient' | 'loss'>>;
  readonly losses: () => Promise<Compiled<Sampled, 'losses'>>;
  /** J·v and Jᵀ·v on the sample, v in D's and G's parts. */
  readonly product: () => Promise<Compiled<Sampled | 'vD' | 'vG', 'product'>>;
  readonly transposed: () => Promise<Compiled<Sampled | 'vD' | 'vG', 'product'>>;
  /** What D remembers after a step that ended at these parameters. */
  readonly advance: () => Promise<Compiled<'d' | 'buffers', 'buffers'>>;
  /** Moments of a batch in each of G's normalised layers: every mean, then every variance, in one vector. */
  readonly measure: () => Promise<Compiled<'g' | 'noise', 'moments'>>;
  /** Generated examples; G's layers are normalised by the given moments. */
  readonly generate: () => Promise<Compiled<'g' | 'noise' | 'moments', 'examples'>>;
  readonly dispose: () => Promise<void>;
}

/**
 * Numbers in the vector of what D remembers; 1, unused, where it remembers nothing: a graph has no empty
 * input.
 */
export const bufferLength = (network: Network): number => Math.max(1, countBuffers(network));
const buffersOf = (flat: tf.Tensor, { buffers = [] }: Network): readonly tf.Tensor[] =>
  tf.split(
    flat,
    buffers.map(({ start }) => start.length),
  );

/**
 * Numbers in the vector of a generator's moments; 1, unused, where no layer is normalised: a graph has no
 * empty input.
 */
export const momentsLength = ({ normalised = [] }: Network): number =>
  Math.max(1, 2 * normalised.reduce((sum, channels) => sum + channels, 0));

function momentsOf(flat: tf.Tensor, normalised: readonly number[]): readonly Moments[] {
  if (normalised.length === 0) return [];
  const parts = tf.split(flat, [...normalised, ...normalised]);
  return normalised.map((_, layer) => {
    const [mean, variance] = [parts[layer], parts[normalised.length + layer]];
    if (mean === undefined || variance === undefined) throw new InputError(`no moments for layer ${layer}`);
    return { mean, variance };
  });
}

const training: Context = {};

/** Calls `make` at the first use only. */
function once<T>(make: () => Promise<T>): {
  readonly get: () => Promise<T>;
  readonly made: () => Promise<T> | undefined;
} {
  let made: Promise<T> | undefined;
  return { get: () => (made ??= make()), made: () => made };
}

/** The compiled functions of D's and G's parameters, d and g, for a GAN's networks and loss. */
export function ganGraphs({
  generator,
  discriminator,
  loss,
  batch,
  samples,
  engine,
  threads,
}: GraphOptions): Graphs {
  const [nD, nG] = [countParameters(discriminator), countParameters(generator)];
  const { normalised = [] } = generator;
  type T = tf.Tensor;

  const G = (g: T, noise: T): T => generator.apply(unflatten(g, generator), noise, training);
  const D = (d: T, x: T, buffers: T): T => {
    const parameters = unflatten(d, discriminator);
    const { used } = discriminator;
    return discriminator.apply(
      used === undefined ? parameters : used(parameters, buffersOf(buffers, discriminator)),
      x,
      training,
    );
  };
  /** D on real and on generated examples: as one batch where no example's logit depends on the others. */
  const both = (d: T, real: T, fake: T, buffers: T): readonly [T, T] => {
    if (discriminator.independent !== true) return [D(d, real, buffers), D(d, fake, buffers)];
    const [onReal, onFake] = tf.split(D(d, tf.concat([real, fake]), buffers), 2);
    if (onReal === undefined || onFake === undefined)
      throw new InputError('the discriminator does not return one logit per example');
    return [onReal, onFake];
  };
  const dLoss = (d: T, g: T, real: T, noise: T, buffers: T): tf.Scalar =>
    loss.discriminator(...both(d, real, G(g, noise), buffers));
  const gLoss = (d: T, g: T, noise: T, buffers: T): tf.Scalar => loss.generator(D(d, G(g, noise), buffers));

  const shapes = {
    d: [nD],
    g: [nG],
    real: [batch, discriminator.inputs],
    noise: [batch, generator.inputs],
    buffers: [bufferLength(discriminator)],
  };
  const { d: ofD, g: ofG, real, noise, buffers } = shapes;
  const options = { engine, threads };
  type In<K extends string> = { readonly [name in K]: T };
  const joint = once(() =>
    compile(
      ({ d, g, ...x }: In<Sampled>) => {
        const D = tf.valueAndGrad((slice) => dLoss(slice, g, x.real, x.noiseD, x.buffers))(d);
        const G = tf.valueAndGrad((slice) => gLoss(d, slice, x.noiseG, x.buffers))(g);
        return { gradient: tf.concat([D.grad, G.grad]), losses: tf.stack([D.value, G.value]) };
      },
      { inputs: { d: ofD, g: ofG, real, noiseD: noise, noiseG: noise, buffers }, ...options },
    ),
  );
  const onlyD = once(() =>
    compile(
      (x: In<'d' | 'g' | 'real' | 'noise' | 'buffers'>) => {
        const { value, grad } = tf.valueAndGrad((slice) => dLoss(slice, x.g, x.real, x.noise, x.buffers))(
          x.d,
        );
        return { gradient: grad, loss: value };
      },
      { inputs: shapes, ...options },
    ),
  );
  const onlyG = once(() =>
    compile(
      (x: In<'d' | 'g' | 'noise' | 'buffers'>) => {
        const { value, grad } = tf.valueAndGrad((slice) => gLoss(x.d, slice, x.noise, x.buffers))(x.g);
        return { gradient: grad, loss: value };
      },
      { inputs: { d: ofD, g: ofG, noise, buffers }, ...options },
    ),
  );
  const losses = once(() =>
    compile(
      ({ d, g, ...x }: In<Sampled>) => ({
        losses: tf.stack([dLoss(d, g, x.real, x.noiseD, x.buffers), gLoss(d, g, x.noiseG, x.buffers)]),
      }),
      { inputs: { d: ofD, g: ofG, real, noiseD: noise, noiseG: noise, buffers }, ...options },
    ),
  );
  /** v ↦ J·v or Jᵀ·v of the two losses on one sample. */
  const productOf = (multiply: typeof product) =>
    once(() =>
      compile(
        ({ d, g, vD, vG, ...x }: In<Sampled | 'vD' | 'vG'>) => ({
          product: multiply(
            [
              ([a, b]) => dLoss(a!, b!, x.real, x.noiseD, x.buffers),
              ([a, b]) => gLoss(a!, b!, x.noiseG, x.buffers),
            ],
            [d, g],
            [vD, vG],
          ),
        }),
        {
          inputs: { d: ofD, g: ofG, vD: ofD, vG: ofG, real, noiseD: noise, noiseG: noise, buffers },
          ...options,
        },
      ),
    );
  const forward = productOf(product);
  const backward = productOf(transposedProduct);
  const advance = once(() =>
    compile(
      (x: In<'d' | 'buffers'>) => ({
        buffers: tf.concat([
          ...(discriminator.advance?.(unflatten(x.d, discriminator), buffersOf(x.buffers, discriminator)) ??
            []),
        ]),
      }),
      { inputs: { d: ofD, buffers }, ...options },
    ),
  );
  const measure = once(() =>
    compile(
      (x: In<'g' | 'noise'>) => {
        const found = new Map<number, Moments>();
        generator.apply(unflatten(x.g, generator), x.noise, {
          used: (layer, moments) => void found.set(layer, moments),
        });
        const layers = normalised.map((channels, layer) => {
          const moments = found.get(layer);
          if (moments === undefined || moments.mean.size !== channels)
            throw new InputError(
              `${generator.describe}: layer ${layer} normalises ${moments?.mean.size ?? 'no'} channels; its \`normalised\` says ${channels}`,
            );
          return moments;
        });
        return {
          moments: tf.concat(
            [...layers.map(({ mean }) => mean), ...layers.map(({ variance }) => variance)].map((t) =>
              tf.reshape(t, [-1]),
            ),
          ),
        };
      },
      { inputs: { g: ofG, noise }, ...options },
    ),
  );
  const generate = once(() =>
    compile(
      (x: In<'g' | 'noise' | 'moments'>) => ({
        examples: generator.apply(unflatten(x.g, generator), x.noise, {
          given: momentsOf(x.moments, normalised),
        }),
      }),
      {
        inputs: { g: ofG, noise: [samples, generator.inputs], moments: [momentsLength(generator)] },
        ...options,
      },
    ),
  );

  return {
    joint: joint.get,
    onlyD: onlyD.get,
    onlyG: onlyG.get,
    losses: losses.get,
    product: forward.get,
    transposed: backward.get,
    advance: advance.get,
    measure: measure.get,
    generate: generate.get,
    async dispose() {
      for (const part of [joint, onlyD, onlyG, losses, forward, backward, advance, measure, generate])
        await (await part.made())?.dispose();
    },
  };
}
