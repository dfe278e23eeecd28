import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { datasetFrom, datasets, grid, imageSet, mixture, ring, swissRoll } from '@stillpoint/datasets';
import {
  ganGame,
  hinge,
  lossFrom,
  losses,
  modelFrom,
  models,
  nonSaturating,
  penalties,
  saddle,
  type GanGame,
  type GanLoss,
  type GanOptions,
} from '@stillpoint/gans';
import { mlp, network, start } from '@stillpoint/networks';
import {
  InputError,
  decodeCheckpoint,
  encodeCheckpoint,
  identityDifference,
  type Data,
  type Option,
} from '@stillpoint/operators';
import { gda, train } from '@stillpoint/optimizers';
import { problemFrom, problems } from '@stillpoint/problems';

const made: GanGame[] = [];
afterAll(async () => {
  for (const game of made) await game.dispose();
});
const gan = async (options: Partial<GanOptions> = {}): Promise<GanGame> => {
  const game = await ganGame({
    generator: mlp({ sizes: [2, 4, 2] }),
    discriminator: mlp({ sizes: [2, 4, 1], activation: 'leaky-relu' }),
    data: ring({ modes: 8 }),
    batch: 4,
    seed: 3,
    engine: 'cpu',
    ...options,
  });
  made.push(game);
  return game;
};
const method = gda({ stepSize: 0.01 });

const layer = mlp({ sizes: [2, 2] });
/** A network whose function applies one layer, or the same layer twice: the parameters are alike. */
const own = (twice: boolean): GanOptions['generator'] =>
  network({
    inputs: 2,
    outputs: 2,
    parameters: () => ({ weight: start.normal([2, 2], 1), bias: start.constant([2], 0) }),
    apply: twice
      ? ({ weight, bias }, x) => layer.apply([weight, bias], layer.apply([weight, bias], x, {}), {})
      : ({ weight, bias }, x) => layer.apply([weight, bias], x, {}),
  });
/** The same source with another constant closed over. */
const ownData = (by: number): GanOptions['data'] => ({
  name: 'own',
  shape: [2],
  batch: (size) => new Float32Array(2 * size).fill(by),
});
const ownLoss = (generator: GanLoss['generator']): GanLoss => ({
  name: 'own',
  reference: 'none',
  discriminator: nonSaturating.discriminator,
  generator,
});

describe('a checkpoint of another GAN is refused with the part named', () => {
  it.each<[string, Partial<GanOptions>, Partial<GanOptions>, string]>([
    ['data', { data: ring({ modes: 8 }) }, { data: ring({ modes: 25 }) }, 'data.options.modes: 8 against 25'],
    ['data’s convention', {}, { data: ring({ convention: 'wgan-gp' }) }, 'data.options.convention'],
    ['own data, by its examples', { data: ownData(1) }, { data: ownData(2) }, 'data.examples'],
    [
      'a width inside, where all other parts are alike',
      { generator: mlp({ sizes: [2, 4, 3, 2] }) },
      { generator: mlp({ sizes: [2, 3, 4, 2] }) },
      'generator.sizes.1: 4 against 3',
    ],
    [
      'an activation',
      {},
      { discriminator: mlp({ sizes: [2, 4, 1] }) },
      'discriminator.activation: "leaky-relu" against "relu"',
    ],
    ['an own network’s function', { generator: own(false) }, { generator: own(true) }, 'functions.apply'],
    ['a loss', {}, { loss: hinge }, 'loss.name: "non-saturating" against "hinge"'],
    [
      'a loss’s option',
      { loss: lossFrom('least-squares') },
      { loss: lossFrom('least-squares(fake=-1)') },
      'loss.options.fake: 0 against -1',
    ],
    [
      'an own loss’s function',
      { loss: ownLoss(nonSaturating.generator) },
      { loss: ownLoss(hinge.generator) },
      'loss.functions.generator',
    ],
    ['a batch', {}, { batch: 5 }, 'batch: 4 against 5'],
    ['a seed', {}, { seed: 4 }, 'seed: 3 against 4'],
  ])('%s', async (_, found, expected, words) => {
    const [one, other] = [await gan(found), await gan(expected)];
    const { checkpoint } = await train(one, method, { start: one.initialise(1), steps: 1 });
    await expect(
      train(other, method, { start: other.initialise(1), from: checkpoint, steps: 2 }),
    ).rejects.toThrow(words);
  });

  it('the same GAN made again continues bit for bit, from the bytes of a file', async () => {
    const first = await gan();
    const z = first.initialise(1);
    const whole = await train(first, method, { start: z, steps: 6 });
    const { checkpoint } = await train(first, method, { start: z, steps: 2 });
    const read = decodeCheckpoint(encodeCheckpoint(checkpoint));
    expect(read.identity).toEqual(first.identity);
    expect(read.engine).toEqual({ name: 'cpu', version: expect.any(String), threads: 1 });
    const from = { ...checkpoint, ...read, state: checkpoint.state };
    const on = await train(await gan(), method, { start: z, from, steps: 6 });
    expect(on.z).toEqual(whole.z);
    expect(on.warnings).toEqual([]);
  });
});

describe('a data set made by hand', () => {
  it('states what the registry’s does', async () => {
    expect((await datasetFrom('ring(modes=5)')).train.identity).toEqual(ring({ modes: 5 }).identity);
    expect((await datasetFrom('grid')).train.identity).toEqual(grid().identity);
    expect((await datasetFrom('swiss-roll(noise=0)')).train.identity).toEqual(
      swissRoll({ noise: 0 }).identity,
    );
  });
  it('is determined by its content', () => {
    const images = (bytes: readonly number[]): Data => {
      const shown = { name: 'few', describe: 'few', shape: [1, 2, 1], labels: Uint8Array.of(0, 0) };
      return imageSet({ ...shown, bytes: Uint8Array.from(bytes) }).identity ?? null;
    };
    expect(identityDifference(images([1, 2, 3, 4]), images([1, 2, 3, 4]))).toBe(undefined);
    expect(identityDifference(images([1, 2, 3, 4]), images([1, 2, 3, 5]))).toMatch(/^bytes: /);
    const blobs = (x: number): Data =>
      mixture({ name: 'blobs', describe: 'blobs', centres: [[0, x]], deviation: 1 }).identity ?? null;
    expect(identityDifference(blobs(1), blobs(1))).toBe(undefined);
    expect(identityDifference(blobs(1), blobs(1 + 2 ** -52))).toMatch(/^centres: /);
  });
});

const halved = (value: Data): Data =>
  Array.isArray(value) ? value.map(halved) : typeof value === 'number' ? value / 2 : value;

const rows: Data = [
  [1, 1.5],
  [-2, 0],
  [0.5, 2],
];
/** Values that an option takes beside its default; not all go with the other options' defaults. */
function others(option: Option): readonly Data[] {
  const { default: value, expected } = option;
  const tries: Data[] = expected.split(/,\s*|\s+or\s+/);
  if (value === null || value === undefined) tries.unshift(1, 2, [1, 0, 0, 0], rows);
  if (typeof value === 'number') tries.unshift(value + 1, value - 1, value / 2, 2 * value, value + 0.5);
  if (typeof value === 'boolean') tries.unshift(!value);
  if (Array.isArray(value)) tries.unshift(halved(value), [...value.slice(1), 7], [...value, 'r1']);
  return tries.filter((each) => !isDeepStrictEqual(each, value) && option.accepts(each));
}

interface Case {
  readonly of: string;
  readonly options: { readonly [name: string]: Option };
  readonly identity: (given: { readonly [name: string]: Data }) => Promise<Data | undefined>;
}
/** The values of this option need Debian’s package dataset-fashion-mnist, or FASHION_MNIST_DIR. */
const installed =
  process.env['FASHION_MNIST_DIR'] !== undefined || existsSync('/usr/share/datasets/fashion-mnist');

const cases: readonly Case[] = [
  // those of files are determined by their content, above and in the tests of @stillpoint/datasets
  ...datasets
    .filter(({ name, options }) => name !== 'fashion-mnist' && !('path' in options))
    .map(({ name, options, build }) => ({
      of: `data set ${name}`,
      options,
      identity: async (given: { readonly [name: string]: Data }) => (await build(given)).train.identity,
    })),
  ...models.map(({ name, options, build }) => ({
    of: `model ${name}`,
    options,
    identity: async (given: { readonly [name: string]: Data }) => {
      const { generator, discriminator } = build(given, [], [8, 8, 1]);
      return { generator: generator.identity ?? null, discriminator: discriminator.identity ?? null };
    },
  })),
  ...losses.map(({ name, options, takes, build }) => ({
    of: `loss ${name}`,
    options,
    identity: async (given: { readonly [name: string]: Data }) =>
      build(given, takes === 'one' ? [saddle] : []).identity,
  })),
  ...penalties.map(({ name, options, build }) => ({
    of: `penalty ${name}`,
    options,
    identity: async (given: { readonly [name: string]: Data }) => build(given).identity,
  })),
  ...problems.map(({ kind, name, options, build }) => ({
    of: `${kind.name} ${name}`,
    options,
    identity: async (given: { readonly [name: string]: Data }) =>
      (kind.name === 'minimisation' ? build(given).exact : build(given).problem).identity,
  })),
  ...problems
    .filter(({ kind, options }) => kind.name === 'minimisation' && 'batch' in options)
    .map(({ name, options, build }) => ({
      of: `batches of minimisation ${name}`,
      options,
      identity: async (given: { readonly [name: string]: Data }) =>
        build({ batch: 2, ...given }).problem.identity,
    })),
];

/** Problems whose inputs and targets are given both or not at all. */
const together = [
  'neural-ode',
  'neural-ode-shooting',
  'two-layer-relu',
  'two-layer-tanh',
  'convex-relu',
  'threshold-lasso',
];

describe('every registered option is part of the identity', () => {
  it.each(cases)('$of', async ({ of, options, identity }) => {
    const usual = await identity({});
    if (usual === undefined) throw new Error('it states no identity');
    expect(identityDifference(usual, (await identity({})) ?? null)).toBe(undefined);
    for (const [name, option] of Object.entries(options)) {
      if (!installed && of === 'data set stacked-fashion' && name === 'source') continue; // tested below
      if (['inputs', 'targets'].includes(name) && together.some((row) => of.endsWith(` ${row}`))) continue;
      const built: Data[] = [];
      for (const value of others(option)) {
        try {
          built.push((await identity({ [name]: value })) ?? null);
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
        }
      }
      expect(built.length, `values tried of ${name}`).toBeGreaterThan(0);
      for (const other of built) expect(identityDifference(usual, other), name).toBeDefined();
    }
  });
  it.each(together)('the inputs and targets of %s, which go together', (name) => {
    const inRows = (xs: readonly number[]): string =>
      `[${xs.map((x) => (name.startsWith('neural-ode') ? x : `[${x},1]`)).join(',')}]`;
    const of = (inputs: readonly number[], targets: string): Data =>
      problemFrom(`${name}(inputs=${inRows(inputs)}, targets=${targets})`).problem.identity ?? null;
    const usual = of([1, -1], '[2,-2]');
    expect(identityDifference(usual, of([1, -1], '[2,-2]'))).toBe(undefined);
    for (const other of [of([1, -0.5], '[2,-2]'), of([1, -1], '[2,-1]')])
      expect(identityDifference(usual, other)).toBeDefined();
  });
  it.skipIf(!installed)('the source of stacked-fashion, where the whole data set is installed', async () => {
    const { build } = datasets.find(({ name }) => name === 'stacked-fashion')!;
    const [embedded, full] = [await build({}), await build({ source: 'full' })];
    expect(identityDifference(embedded.train.identity ?? null, full.train.identity ?? null)).toBeDefined();
  });
  it('and one model differs from another, at one shape', () => {
    const [a, b] = [modelFrom('mlp', [8, 8, 1]), modelFrom('dcgan', [8, 8, 1])];
    expect(identityDifference(a.generator.identity ?? null, b.generator.identity ?? null)).toBeDefined();
  });
});
