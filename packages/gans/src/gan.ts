import type { EngineName } from '@stillpoint/engine';
import {
  countParameters,
  pricesFor,
  type EngineProblem,
  type MeasuredMoments,
  type Network,
} from '@stillpoint/networks';
import {
  InputError,
  constraintOf,
  normal,
  proxFrom,
  type Block,
  type Buffers,
  type Data,
  type Player,
  type ProximalFunction,
  type Stream,
  type Vector,
  sizeOf,
} from '@stillpoint/operators';
import { boundedScores } from './bounded.js';
import { checkGanOptions, classesOf } from './door.js';
import { bufferLength, ganGraphs, inputOf, type Graphs } from './graphs.js';
import { byLayer, measuredMoments } from './moments.js';
import { checkedLabels, classesAt, drawer, oneHot } from './drawing.js';
import { warningsOf } from './warnings.js';
import { nonSaturating } from './losses/non-saturating.js';
import type { Part, PlayerName } from './objective.js';
import { ganIdentity } from './identity.js';
import type { GanLoss } from './losses/loss.js';

/** Says which batch is meant. */
export interface BatchOf {
  readonly seed: number;
  readonly call: number;
  readonly player?: number;
  readonly worker?: number;
}

/** The source of real examples: a data set of @stillpoint/datasets, or any object with these fields. */
export interface RealData {
  readonly name: string;
  readonly shape: readonly number[];
  /**
   * Plain data that decides whether a checkpoint fits. Default: name, shape, hashes of `batch` and its first
   * examples.
   */
  readonly identity?: Data;
  /** Returns `size` examples, flat `[size, ...shape]`: a pure function of the stream. */
  readonly batch: (size: number, stream: BatchOf) => Float32Array;
  /**
   * The class of each example of a finite set, 0, 1, …; for conditional networks and losses that read labels.
   */
  readonly labels?: ArrayLike<number>;
  /** Which examples `batch` returns for the same arguments: where to find their labels. */
  readonly indices?: (size: number, stream: BatchOf) => ArrayLike<number>;
}

/** Options of {@link ganGame}. */
export interface GanOptions {
  readonly generator: Network;
  readonly discriminator: Network;
  readonly data: RealData;
  /** Number of real and of generated examples in each loss; the graphs are compiled for it. Default 256. */
  readonly batch?: number;
  /** Default `nonSaturating`. */
  readonly loss?: GanLoss;
  /**
   * The set that a player's parameters stay in, as a spec or a function of @stillpoint/operators: clipped
   * weights, as the Wasserstein GAN of Arjovsky, Chintala, Bottou 2017 (arXiv 1701.07875) has them, are
   * `{ D: 'box(lower=-0.01, upper=0.01)' }`. Default: none.
   */
  readonly constraint?: { readonly [player in 'D' | 'G']?: string | ProximalFunction };
  /** Of the data's order and of the noise. The start has its own, in `initialise`. */
  readonly seed: number;
  /** What computes the game. Default `auto`: native if onnxruntime-node loads, else wasm. */
  readonly engine?: EngineName | 'auto';
  /**
   * Threads of one evaluation. Default 1: small networks train best as one single-threaded process per core.
   */
  readonly threads?: number;
}

/** The parts of one player's sample by name, each [batch, width], flat: `real` examples, `noise` of G, … */
export type Drawn = { readonly [part in Part]?: Float32Array };

/** A sample for one oracle call: that of one player, or of both. Each draws for itself. */
export type GanSample = { readonly [player in PlayerName]?: Drawn };

/** A GAN as a game of D (player 0, moves first) and G (player 1) over one flat float32 vector. */
export interface GanGame extends EngineProblem<GanSample> {
  draw(call: number, player?: number, worker?: number): GanSample;
  /** The real examples. */
  readonly data: RealData;
  readonly generator: Network;
  /** What is missing for the loss to have its meaning, one sentence each. Empty: nothing. */
  readonly warnings: readonly string[];
  /** Each parameter in the flat vector: `D.dense2.kernel`. */
  readonly blocks: readonly Block[];
  /**
   * The floating-point operations of a gradient of both players, by which games of other losses can be
   * compared: an oracle call of an unrolled loss costs more than one of the loss within.
   */
  readonly operations: () => number;
  /** A warning if D, tried at z, seems to end in a sigmoid or tanh although the loss reads logits. */
  readonly boundedScores: (z: Vector) => Promise<string | undefined>;
  /**
   * `count` generated examples [count, outputs] from the generator at z; a pure function of (z, count, seed).
   * Layers that normalise by their batch use moments measured at z on 16 further batches, so that each
   * example is a function of its own noise alone. A G with classes generates for `labels`, one per example;
   * default: drawn uniformly.
   */
  readonly sample: (
    z: Vector,
    count: number,
    seed: number,
    labels?: ArrayLike<number>,
  ) => Promise<Float32Array>;
  /**
   * The moments that `sample` normalises by at z and for this seed: one for each entry of the generator's
   * `normalised`.
   */
  readonly moments: (z: Vector, seed: number) => Promise<readonly MeasuredMoments[]>;
}

/** Number of examples per run of the generator when it samples. */
const SAMPLES = 256;

/**
 * Makes a game of a GAN. F stacks the gradient of D's loss in D's parameters and that of G's loss in G's,
 * each on its own sample; an oracle call computes both parts or one player's. The forward pass yields the
 * losses at no extra cost. The graph of both players is compiled now, a player's own graph when it is first
 * needed.
 * @throws InputError for invalid options, and if the networks do not fit each other or the data.
 */
export async function ganGame(options: GanOptions): Promise<GanGame> {
  checkGanOptions(options);
  const {
    generator,
    discriminator,
    data,
    batch = 256,
    loss = nonSaturating,
    constraint = {},
    seed,
    engine = 'auto',
    threads = 1,
  } = options;
  const size = sizeOf(data.shape);
  if (generator.outputs !== size || discriminator.inputs !== size)
    throw new InputError(
      `${data.name} has examples of ${size} numbers; the generator makes ${generator.outputs}, the discriminator takes ${discriminator.inputs}`,
    );
  const classes = classesOf({ generator, discriminator, loss, data });
  if (generator.buffers !== undefined)
    throw new InputError(
      `the generator, ${generator.describe}, has buffers, which sampling does not know; expected them in the discriminator only`,
    );
  const [nD, nG] = [countParameters(discriminator), countParameters(generator)];
  const dim = nD + nG;
  const players: readonly Player[] = [
    { name: 'D', start: 0, end: nD },
    { name: 'G', start: nD, end: dim },
  ];

  const graphs = ganGraphs({
    generator,
    discriminator,
    loss,
    classes,
    batch,
    samples: SAMPLES,
    engine,
    threads,
  });
  const { engine: chosen, version, about } = await graphs.joint();
  const draws = drawer({ data, batch, seed });
  draws.check(graphs.parts);

  /** The inputs of a graph that are parts of these players' samples. */
  const feedsOf = (
    sample: GanSample | undefined,
    players: readonly PlayerName[],
  ): { [name: string]: Float32Array } => {
    const feeds: { [name: string]: Float32Array } = {};
    for (const player of players)
      for (const part of graphs.parts[player].keys()) {
        const drawn = sample?.[player]?.[part];
        if (drawn === undefined)
          throw new InputError(
            `this sample has no part ${inputOf(player, part)}: it was drawn for the other player alone, or not at all`,
          );
        feeds[inputOf(player, part)] = drawn;
      }
    return feeds;
  };
  const flat = (z: Vector): Float32Array => {
    if (!(z instanceof Float32Array))
      throw new InputError('a GAN runs in float32; start it from a Float32Array, as initialise(seed) gives');
    return z;
  };
  /**
   * D's and G's parameters as views of the vector. They are kept while the same vector is passed again, as it
   * is throughout a run.
   */
  let views: { readonly z: Float32Array; readonly d: Float32Array; readonly g: Float32Array } | undefined;
  const parametersOf = (vector: Vector): { readonly d: Float32Array; readonly g: Float32Array } => {
    const z = flat(vector);
    if (views?.z !== z) views = { z, d: z.subarray(0, nD), g: z.subarray(nD) };
    return { d: views.d, g: views.g };
  };
  const kept = [
    ...(discriminator.buffers ?? []).map(({ name, start: from }) => ({ name: `D.${name}`, start: from })),
    // the averages of D's logits, and the number of steps in them
    ...(loss.decay === undefined ? [] : [{ name: 'logits', start: [0, 0, 0] }]),
  ].map((buffer) => ({ ...buffer, length: buffer.start.length }));
  const sets = (['D', 'G'] as const).map((player) => {
    const given = constraint[player];
    return typeof given === 'string' ? proxFrom(given) : (given ?? null);
  });
  const constrained = sets.some((set) => set !== null) ? constraintOf(players, sets) : undefined;
  const nothing = new Float32Array(bufferLength({ discriminator, loss }));
  /** What D and the loss remember, in one vector. */
  const remembered = (buffers: Buffers): Float32Array =>
    kept.length === 0
      ? nothing
      : Float32Array.from(kept.flatMap(({ name, start: from }) => Array.from(buffers[name] ?? from)));
  /** One-hot labels for G, drawn uniformly; none for a G without classes. */
  const labelsAt = (count: number, stream: Stream): { readonly labels?: Float32Array } =>
    generator.classes === undefined
      ? {}
      : { labels: oneHot(classesAt(count, generator.classes, stream), generator.classes) };

  const momentsAt = (g: Float32Array, momentSeed: number): Promise<Float32Array> =>
    measuredMoments({ generator, batch, graphs, g, seed: momentSeed, labelsAt });

  return {
    name: `gan(${data.name}, D ${discriminator.describe}, G ${generator.describe}, ${loss.name}, batch ${batch}, seed ${seed})`,
    identity: ganIdentity({ generator, discriminator, data, loss, batch, seed }, constrained, dim),
    dim,
    players,
    engine: { name: chosen, version, threads },
    about,
    data,
    generator,
    blocks: blocksOf([
      ['D', discriminator],
      ['G', generator],
    ]),
    warnings: warningsOf({ loss, discriminator, constrained: constraint.D !== undefined }),
    draw: (call, player, worker = 0) => ({
      ...(player === 1 ? {} : { D: draws.draw(graphs.parts.D, 0, call, worker) }),
      ...(player === 0 ? {} : { G: draws.draw(graphs.parts.G, 1, call, worker) }),
    }),
    ...(constrained && { constraint: constrained }),
    async operator(z, out, { sample, player, losses, buffers }) {
      const into = flat(out);
      const from = { ...parametersOf(z), buffers: remembered(buffers) };
      if (player === undefined) {
        const run = await graphs.joint();
        const feeds = { ...from, ...feedsOf(sample, ['D', 'G']) };
        const { losses: values } = await run.run(feeds, { gradient: into });
        losses?.set(values);
      } else {
        const name = player === 0 ? 'D' : 'G';
        const run = await graphs.only[name]();
        const { loss: value } = await run.run(
          { ...from, ...feedsOf(sample, [name]) },
          { gradient: player === 0 ? into.subarray(0, nD) : into.subarray(nD) },
        );
        if (losses) losses[player] = value[0]!;
      }
    },
    async losses(z, out, { sample, buffers }) {
      const run = await graphs.losses();
      const { losses: values } = await run.run({
        ...parametersOf(z),
        buffers: remembered(buffers),
        ...feedsOf(sample, ['D', 'G']),
      });
      out.set(values);
    },
    async jacobianVector(z, v, out, transposed, { sample, buffers }) {
      const along = flat(v);
      const run = await (transposed ? graphs.transposed() : graphs.product());
      await run.run(
        {
          ...parametersOf(z),
          buffers: remembered(buffers),
          vD: along.subarray(0, nD),
          vG: along.subarray(nD),
          ...feedsOf(sample, ['D', 'G']),
        },
        { product: flat(out) },
      );
    },
    prices: pricesOfGan(graphs.operations, loss),
    operations: graphs.operations.joint,
    ...(kept.length === 0
      ? {}
      : {
          buffers: kept,
          async advance(z: Vector, buffers: Buffers) {
            const run = await graphs.advance();
            const now = remembered(buffers);
            // The averages are those of a batch of their own, whose number is the number of steps in them.
            const averaged =
              loss.decay === undefined
                ? {}
                : feedsOf({ D: draws.draw(graphs.parts.D, 2, now.at(-1)!, 0) }, ['D']);
            const { buffers: next } = await run.run({ ...parametersOf(z), buffers: now, ...averaged });
            let offset = 0;
            for (const { name, length } of kept) {
              buffers[name]?.set(next.subarray(offset, offset + length));
              offset += length;
            }
          },
        }),
    initialise(startSeed) {
      const z = new Float32Array(dim);
      let offset = 0;
      for (const [name, network] of [
        ['D', discriminator],
        ['G', generator],
      ] as const) {
        for (const parameter of network.parameters) {
          const values = z.subarray(offset, (offset += sizeOf(parameter.shape)));
          network.initialise(parameter, values, {
            seed: startSeed,
            purpose: `weights ${name}.${parameter.name}`,
          });
        }
      }
      return z;
    },
    boundedScores: async (z) =>
      boundedScores({ graphs, discriminator, loss }, SAMPLES, parametersOf(z).d, remembered({})),
    async sample(z, count, sampleSeed, labels) {
      const wanted = labels === undefined ? undefined : checkedLabels(labels, count, generator);
      const examples = new Float32Array(count * size);
      const { g } = parametersOf(z);
      const moments = await momentsAt(g, sampleSeed);
      const run = await graphs.generate();
      for (let done = 0, call = 0; done < count; done += SAMPLES, call++) {
        const made = await run.run({
          g,
          noise: normal(new Float32Array(SAMPLES * generator.inputs), {
            seed: sampleSeed,
            purpose: 'samples',
            call,
          }),
          moments,
          ...(wanted === undefined
            ? labelsAt(SAMPLES, { seed: sampleSeed, purpose: 'labels of samples', call })
            : { labels: oneHot(wanted.subarray(done, done + SAMPLES), generator.classes!, SAMPLES) }),
        });
        examples.set(made.examples.subarray(0, Math.min(SAMPLES, count - done) * size), done * size);
      }
      return examples;
    },
    moments: async (z, momentSeed) => byLayer(await momentsAt(parametersOf(z).g, momentSeed), generator),
    dispose: graphs.dispose,
  };
}

/**
 * What questions cost. The players' gradients cost the same, unless G's goes through gradient steps of D:
 * then as many shares as their operations.
 */
function pricesOfGan(
  { joint, D, G, losses, product, transposed }: Graphs['operations'],
  loss: GanLoss,
): NonNullable<GanGame['prices']> {
  const prices = pricesFor(joint, { losses, product, transposedProduct: transposed });
  if (loss.unroll === undefined) return prices;
  let shares: readonly number[] | undefined;
  return Object.defineProperties(
    {
      get shares() {
        return (shares ??= [D() / (D() + G()), G() / (D() + G())]);
      },
    },
    Object.getOwnPropertyDescriptors(prices),
  );
}

/** The parameters of the players' networks, one after another. */
function blocksOf(networks: readonly (readonly [string, Network])[]): readonly Block[] {
  let offset = 0;
  return networks.flatMap(([name, { parameters }], player) =>
    parameters.map((parameter) => {
      const block = { name: `${name}.${parameter.name}`, offset, shape: parameter.shape, player };
      offset += sizeOf(parameter.shape);
      return block;
    }),
  );
}
