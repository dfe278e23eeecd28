import * as tf from '@tensorflow/tfjs-core';
import {
  compile,
  floatingPointOperations,
  graphOf,
  type Compiled,
  type EngineName,
} from '@stillpoint/engine';
import {
  countParameters,
  givenMoments,
  momentsLength,
  product,
  transposedProduct,
  unflatten,
  usedMoments,
} from '@stillpoint/networks';
import {
  buffersOf,
  countRemembered,
  lossOf,
  movedAverages,
  type From,
  type Objective,
  type Part,
  type PlayerName,
} from './objective.js';

/** Networks, loss, sizes and engine. */
export interface GraphOptions extends Pick<Objective, 'generator' | 'discriminator' | 'loss' | 'classes'> {
  readonly batch: number;
  /** Generated examples per run of `generate`. */
  readonly samples: number;
  readonly engine: EngineName | 'auto';
  readonly threads: number;
}

/** The parts of each player's sample that its loss reads, with the width of each. */
export type Parts = { readonly [player in PlayerName]: ReadonlyMap<Part, number> };

/** The name of an input: `D.real`. */
export const inputOf = (player: PlayerName, part: Part): string => `${player}.${part}`;

/** A GAN's compiled functions; each is compiled at its first use. The parts of samples are inputs. */
export interface Graphs {
  /** What is drawn for each player; known once `joint` is compiled. */
  readonly parts: Parts;
  /** Both gradients, stacked, and both losses. */
  readonly joint: () => Promise<Compiled<string, 'gradient' | 'losses'>>;
  /** One player's gradient and loss. */
  readonly only: { readonly [player in PlayerName]: () => Promise<Compiled<string, 'gradient' | 'loss'>> };
  readonly losses: () => Promise<Compiled<string, 'losses'>>;
  /** J·v and Jᵀ·v on the sample, v in D's and G's parts. */
  readonly product: () => Promise<Compiled<string, 'product'>>;
  readonly transposed: () => Promise<Compiled<string, 'product'>>;
  /** The floating-point operations of these graphs, to be read after `joint` is compiled. */
  readonly operations: {
    readonly [graph in 'joint' | PlayerName | 'losses' | 'product' | 'transposed']: () => number;
  };
  /** What D and the loss remember after a step that ended at these parameters. */
  readonly advance: () => Promise<Compiled<string, 'buffers'>>;
  /** Moments of a batch in each of G's normalised layers: every mean, then every variance, in one vector. */
  readonly measure: () => Promise<Compiled<string, 'moments'>>;
  /** Generated examples; G's layers are normalised by the given moments. */
  readonly generate: () => Promise<Compiled<string, 'examples'>>;
  /** D's outputs for as many examples as `generate` makes; its random layers do as when samples are drawn. */
  readonly scores: () => Promise<Compiled<string, 'scores'>>;
  readonly dispose: () => Promise<void>;
}

/**
 * Numbers in the vector of what D and the loss remember; 1, unused, where they remember nothing: a graph has
 * no empty input.
 */
export const bufferLength = (objective: Pick<Objective, 'discriminator' | 'loss'>): number =>
  Math.max(1, countRemembered(objective));

/** Calls `make` at the first use only. */
function once<T>(make: () => Promise<T>): {
  readonly get: () => Promise<T>;
  readonly made: () => Promise<T> | undefined;
} {
  let made: Promise<T> | undefined;
  return { get: () => (made ??= make()), made: () => made };
}

/** The compiled functions of D's and G's parameters, d and g, for a GAN's networks and loss. */
export function ganGraphs({ batch, samples, engine, threads, ...given }: GraphOptions): Graphs {
  const { generator, discriminator, loss } = given;
  const [nD, nG] = [countParameters(discriminator), countParameters(generator)];
  type T = tf.Tensor;
  type In = { readonly [name: string]: T };

  // What a loss reads is found out while the joint graph is traced: a part that is not an input yet is added
  // here, zeros stand in for it, and the trace is made again.
  const parts = { D: new Map<Part, number>(), G: new Map<Part, number>() };
  let apart = false;
  let grew = false;
  const objective: Objective = {
    ...given,
    get apart() {
      return apart;
    },
    applied() {
      grew ||= !apart;
      apart = true;
    },
  };
  /** A player's loss at the parameters, on the parts of its sample among the inputs. */
  const lossAt = (player: PlayerName, d: T, g: T, x: In): tf.Scalar =>
    lossOf(player, objective, read(player, d, g, x));
  const read = (player: PlayerName, d: T, g: T, x: In): From => {
    let used = 0;
    return {
      d,
      g,
      buffers: x['buffers']!,
      part(part, width) {
        const first = part === 'uniform' ? used : 0;
        if (part === 'uniform') used += width;
        const tensor = x[inputOf(player, part)];
        if (tensor !== undefined && first + width <= tensor.shape[1]!)
          return width === tensor.shape[1] ? tensor : tf.slice(tensor, [0, first], [-1, width]);
        parts[player].set(part, first + width);
        grew = true;
        return tf.zeros([batch, width]);
      },
    };
  };
  /** Thrown to leave a trace that lacked inputs. */
  const again = new Error('the graph is traced again with the inputs that the losses read');
  /** Inputs of a graph: both players' parameters, the buffers, and the parts of some players' samples. */
  const inputsOf = (players: readonly PlayerName[]): { [name: string]: readonly number[] } => ({
    d: [nD],
    g: [nG],
    buffers: [bufferLength(given)],
    ...Object.fromEntries(
      players.flatMap((player) =>
        Array.from(parts[player], ([part, width]) => [inputOf(player, part), [batch, width]]),
      ),
    ),
  });
  const options = { engine, threads };

  const bothGradients = (x: In): { readonly gradient: T; readonly losses: T } => {
    const D = tf.valueAndGrad((slice) => lossAt('D', slice, x['g']!, x))(x['d']!);
    const G = tf.valueAndGrad((slice) => lossAt('G', x['d']!, slice, x))(x['g']!);
    return { gradient: tf.concat([D.grad, G.grad]), losses: tf.stack([D.value, G.value]) };
  };
  const joint = once(async () => {
    parts.D.set('real', discriminator.inputs).set('noise', generator.inputs);
    parts.G.set('noise', generator.inputs);
    for (;;) {
      grew = false;
      try {
        return await compile(
          (x: In) => {
            const made = bothGradients(x);
            if (grew) throw again;
            return made;
          },
          { inputs: inputsOf(['D', 'G']), ...options },
        );
      } catch (error) {
        if (!grew) throw error;
      }
    }
  });
  const ownGradient =
    (player: PlayerName) =>
    (x: In): { readonly gradient: T; readonly loss: T } => {
      const { value, grad } = tf.valueAndGrad((slice) =>
        player === 'D' ? lossAt('D', slice, x['g']!, x) : lossAt('G', x['d']!, slice, x),
      )(player === 'D' ? x['d']! : x['g']!);
      return { gradient: grad, loss: value };
    };
  const only = (player: PlayerName) =>
    once(() => compile(ownGradient(player), { inputs: inputsOf([player]), ...options }));
  const [onlyD, onlyG] = [only('D'), only('G')];
  const bothLosses = (x: In): { readonly losses: T } => ({
    losses: tf.stack([lossAt('D', x['d']!, x['g']!, x), lossAt('G', x['d']!, x['g']!, x)]),
  });
  const losses = once(() => compile(bothLosses, { inputs: inputsOf(['D', 'G']), ...options }));
  /** v ↦ J·v or Jᵀ·v of the two losses on one sample. */
  const productOf =
    (multiply: typeof product) =>
    (x: In): { readonly product: T } => ({
      product: multiply(
        [([a, b]) => lossAt('D', a!, b!, x), ([a, b]) => lossAt('G', a!, b!, x)],
        [x['d']!, x['g']!],
        [x['vD']!, x['vG']!],
      ),
    });
  const [along, against] = [productOf(product), productOf(transposedProduct)];
  const withVectors = (): { [name: string]: readonly number[] } => ({
    vD: [nD],
    vG: [nG],
    ...inputsOf(['D', 'G']),
  });
  const forward = once(() => compile(along, { inputs: withVectors(), ...options }));
  const backward = once(() => compile(against, { inputs: withVectors(), ...options }));
  const advance = once(() =>
    compile(
      (x: In) => {
        const of = buffersOf(x['buffers']!, discriminator);
        return {
          buffers: tf.concat([
            ...(discriminator.advance?.(unflatten(x['d']!, discriminator), of) ?? of),
            ...(loss.decay === undefined ? [] : [movedAverages(objective, read('D', x['d']!, x['g']!, x))]),
          ]),
        };
      },
      { inputs: inputsOf(loss.decay === undefined ? [] : ['D']), ...options },
    ),
  );
  const labels = (count: number): { [name: string]: readonly number[] } =>
    generator.classes === undefined ? {} : { labels: [count, generator.classes] };
  const measure = once(() =>
    compile(
      (x: In) => ({
        moments: usedMoments(generator, (context) =>
          generator.apply(unflatten(x['g']!, generator), x['noise']!, { ...context, labels: x['labels'] }),
        ),
      }),
      { inputs: { g: [nG], noise: [batch, generator.inputs], ...labels(batch) }, ...options },
    ),
  );
  const generate = once(() =>
    compile(
      (x: In) => ({
        examples: generator.apply(unflatten(x['g']!, generator), x['noise']!, {
          given: givenMoments(x['moments']!, generator),
          labels: x['labels'],
        }),
      }),
      {
        inputs: {
          g: [nG],
          noise: [samples, generator.inputs],
          moments: [momentsLength(generator)],
          ...labels(samples),
        },
        ...options,
      },
    ),
  );
  const seen: { [name: string]: readonly number[] } =
    discriminator.classes === undefined ? {} : { labels: [samples, discriminator.classes] };
  const scores = once(() =>
    compile(
      (x: In) => {
        const weights = unflatten(x['d']!, discriminator);
        const used = discriminator.used?.(weights, buffersOf(x['buffers']!, discriminator)) ?? weights;
        return { scores: discriminator.apply(used, x['examples']!, { labels: x['labels'] }) };
      },
      {
        inputs: {
          d: [nD],
          buffers: [bufferLength(given)],
          examples: [samples, discriminator.inputs],
          ...seen,
        },
        ...options,
      },
    ),
  );

  return {
    parts,
    joint: joint.get,
    only: { D: onlyD.get, G: onlyG.get },
    losses: losses.get,
    product: forward.get,
    transposed: backward.get,
    operations: {
      joint: () => floatingPointOperations(graphOf(bothGradients, inputsOf(['D', 'G']))),
      D: () => floatingPointOperations(graphOf(ownGradient('D'), inputsOf(['D']))),
      G: () => floatingPointOperations(graphOf(ownGradient('G'), inputsOf(['G']))),
      losses: () => floatingPointOperations(graphOf(bothLosses, inputsOf(['D', 'G']))),
      product: () => floatingPointOperations(graphOf(along, withVectors())),
      transposed: () => floatingPointOperations(graphOf(against, withVectors())),
    },
    advance: advance.get,
    measure: measure.get,
    generate: generate.get,
    scores: scores.get,
    async dispose() {
      for (const part of [joint, onlyD, onlyG, losses, forward, backward, advance, measure, generate, scores])
        await (await part.made())?.dispose();
    },
  };
}
