import type { EngineName } from '@stillpoint/engine';
import { countParameters, type Network } from '@stillpoint/networks';
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
  type SampledProblem,
  type Vector,
  sizeOf,
} from '@stillpoint/operators';
import { checkGanOptions } from './door.js';
import { bufferLength, ganGraphs, momentsLength } from './graphs.js';
import { nonSaturating } from './losses/non-saturating.js';
import { ganIdentity } from './identity.js';
import type { GanLoss } from './losses/loss.js';

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
  readonly batch: (
    size: number,
    stream: {
      readonly seed: number;
      readonly call: number;
      readonly player?: number;
      readonly worker?: number;
    },
  ) => Float32Array;
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

/** A sample for one oracle call: the part of one player, or both parts. */
export interface GanSample {
  /** Real examples for D. */
  readonly real?: Float32Array;
  /** Noise from which G makes examples for D's loss. */
  readonly noiseD?: Float32Array;
  /** Noise from which G makes examples for its own loss. */
  readonly noiseG?: Float32Array;
}

/** A GAN as a game of D (player 0, moves first) and G (player 1) over one flat float32 vector. */
export interface GanGame extends SampledProblem<GanSample> {
  /**
   * The engine that computes the game; `version` is the runtime's name and version. A checkpoint keeps it.
   */
  readonly engine: { readonly name: EngineName; readonly version: string; readonly threads: number };
  /** The engine in use, in one line for people. */
  readonly about: string;
  /** Each parameter in the flat vector: `D.dense2.kernel`. */
  readonly blocks: readonly Block[];
  /** A start for the flat vector: a pure function of the seed. */
  readonly initialise: (seed: number) => Float32Array;
  /**
   * `count` generated examples [count, outputs] from the generator at z; a pure function of (z, count, seed).
   * Layers that normalise by their batch use moments measured at z on 16 further batches, so that each
   * example is a function of its own noise alone.
   */
  readonly sample: (z: Vector, count: number, seed: number) => Promise<Float32Array>;
  /** Waits until running computations end, then frees the engine’s memory. */
  readonly dispose: () => Promise<void>;
}

/** Number of examples per run of the generator when it samples. */
const SAMPLES = 256;
/** Number of batches on which the moments of normalised layers are measured before sampling. */
const MOMENT_BATCHES = 16;

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
  if (discriminator.outputs !== 1)
    throw new InputError(`the discriminator has ${discriminator.outputs} outputs; expected 1 logit`);
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

  const graphs = ganGraphs({ generator, discriminator, loss, batch, samples: SAMPLES, engine, threads });
  const { engine: chosen, version, about } = await graphs.joint();

  const need = <T>(part: T | undefined, what: string): T => {
    if (part === undefined)
      throw new InputError(
        `this sample has no ${what}: it was drawn for the other player alone, or not at all`,
      );
    return part;
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
  const kept = (discriminator.buffers ?? []).map(({ name, start: from }) => ({
    name: `D.${name}`,
    length: from.length,
    start: from,
  }));
  const sets = (['D', 'G'] as const).map((player) => {
    const given = constraint[player];
    return typeof given === 'string' ? proxFrom(given) : (given ?? null);
  });
  const nothing = new Float32Array(bufferLength(discriminator));
  /** What D remembers, in one vector. */
  const remembered = (buffers: Buffers): Float32Array =>
    kept.length === 0
      ? nothing
      : Float32Array.from(kept.flatMap(({ name, start: from }) => Array.from(buffers[name] ?? from)));
  const makeNoise = (call: number, player: number, worker: number): Float32Array =>
    normal(new Float32Array(batch * generator.inputs), { seed, purpose: 'noise', call, player, worker });

  /**
   * The moments over all batches: the mean of means, and the mean of variances plus the variance of means.
   */
  const momentsAt = async (g: Float32Array, momentSeed: number): Promise<Float32Array> => {
    const length = momentsLength(generator);
    const half = length / 2;
    const moments = new Float32Array(length);
    if ((generator.normalised ?? []).length === 0) return moments;
    const measure = await graphs.measure();
    const sums = new Float64Array(length);
    for (let call = 0; call < MOMENT_BATCHES; call++) {
      const { moments: own } = await measure.run({
        g,
        noise: normal(new Float32Array(batch * generator.inputs), {
          seed: momentSeed,
          purpose: 'moments',
          call,
        }),
      });
      for (let i = 0; i < half; i++) {
        const [mean, variance] = [own[i] ?? NaN, own[half + i] ?? NaN];
        sums[i] = (sums[i] ?? 0) + mean / MOMENT_BATCHES;
        sums[half + i] = (sums[half + i] ?? 0) + (variance + mean ** 2) / MOMENT_BATCHES;
      }
    }
    for (let i = 0; i < half; i++) {
      moments[i] = sums[i] ?? NaN;
      moments[half + i] = Math.max(0, (sums[half + i] ?? NaN) - (sums[i] ?? NaN) ** 2);
    }
    return moments;
  };

  return {
    name: `gan(${data.name}, D ${discriminator.describe}, G ${generator.describe}, ${loss.name}, batch ${batch}, seed ${seed})`,
    identity: ganIdentity({ generator, discriminator, data, loss, batch, seed, constraint }),
    dim,
    players,
    engine: { name: chosen, version, threads },
    about,
    blocks: blocksOf([
      ['D', discriminator],
      ['G', generator],
    ]),
    draw: (call, player, worker = 0) => ({
      ...(player === 1
        ? {}
        : { real: data.batch(batch, { seed, call, worker }), noiseD: makeNoise(call, 0, worker) }),
      ...(player === 0 ? {} : { noiseG: makeNoise(call, 1, worker) }),
    }),
    ...(sets.some((set) => set !== null) && { constraint: constraintOf(players, sets) }),
    async operator(z, out, { sample, player, losses, buffers }) {
      const drawn = need(sample, 'draw');
      const parameters = parametersOf(z);
      const into = flat(out);
      if (player === 0) {
        const { loss: value } = await (
          await graphs.onlyD()
        ).run(
          {
            ...parameters,
            buffers: remembered(buffers),
            real: need(drawn.real, 'real examples'),
            noise: need(drawn.noiseD, 'noise for D'),
          },
          { gradient: into.subarray(0, nD) },
        );
        if (losses) losses[0] = value[0]!;
      } else if (player === 1) {
        const { loss: value } = await (
          await graphs.onlyG()
        ).run(
          { ...parameters, buffers: remembered(buffers), noise: need(drawn.noiseG, 'noise for G') },
          { gradient: into.subarray(nD) },
        );
        if (losses) losses[1] = value[0]!;
      } else {
        const { losses: values } = await (
          await graphs.joint()
        ).run(
          {
            ...parameters,
            buffers: remembered(buffers),
            real: need(drawn.real, 'real examples'),
            noiseD: need(drawn.noiseD, 'noise for D'),
            noiseG: need(drawn.noiseG, 'noise for G'),
          },
          { gradient: into },
        );
        losses?.set(values);
      }
    },
    async losses(z, out, { sample, buffers }) {
      const drawn = need(sample, 'draw');
      const { losses: values } = await (
        await graphs.losses()
      ).run({
        ...parametersOf(z),
        buffers: remembered(buffers),
        real: need(drawn.real, 'real examples'),
        noiseD: need(drawn.noiseD, 'noise for D'),
        noiseG: need(drawn.noiseG, 'noise for G'),
      });
      out.set(values);
    },
    async jacobianVector(z, v, out, transposed, { sample, buffers }) {
      const drawn = need(sample, 'draw');
      const along = flat(v);
      const run = await (transposed ? graphs.transposed() : graphs.product());
      await run.run(
        {
          ...parametersOf(z),
          buffers: remembered(buffers),
          vD: along.subarray(0, nD),
          vG: along.subarray(nD),
          real: need(drawn.real, 'real examples'),
          noiseD: need(drawn.noiseD, 'noise for D'),
          noiseG: need(drawn.noiseG, 'noise for G'),
        },
        { product: flat(out) },
      );
    },
    ...(kept.length === 0
      ? {}
      : {
          buffers: kept,
          async advance(z: Vector, buffers: Buffers) {
            const run = await graphs.advance();
            const { buffers: next } = await run.run({ d: parametersOf(z).d, buffers: remembered(buffers) });
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
    async sample(z, count, sampleSeed) {
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
        });
        examples.set(made.examples.subarray(0, Math.min(SAMPLES, count - done) * size), done * size);
      }
      return examples;
    },
    dispose: graphs.dispose,
  };
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
