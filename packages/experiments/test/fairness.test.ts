import { describe, expect, it } from 'vitest';
import { datasetFrom } from '@stillpoint/datasets';
import { slicedWasserstein } from '@stillpoint/metrics';
import { gameFrom } from '@stillpoint/problems';
import {
  compareOnGame,
  drawnBy,
  measurerOf,
  playedFrom,
  presetGame,
  presets,
  runGanTrial,
  type GanPreset,
} from '../src/index.js';

const presetOf = (name: string): GanPreset => {
  const preset = presets.find((one) => one.name === name);
  if (preset === undefined) throw new Error(`no preset ${name}`);
  return { ...preset, samples: 64, evaluations: 1, snapshots: 1, tail: 1 };
};
const ring = presetOf('ring');

/** The first losses and gradient norms that a trial reports: of its start, on its first data. */
async function firstPoint(method: string, seed: number): Promise<object> {
  const points: object[] = [];
  await runGanTrial({ kind: 'gan', preset: ring, method, seed, calls: 1, engine: 'cpu' }, (event) => {
    if (event.kind === 'points' && 'loss D' in event.values) points.push(event.values);
  });
  const [first] = points;
  if (first === undefined) throw new Error('no point');
  return first;
}

describe('a seed of a GAN', () => {
  it('gives each method the same start and the same data; another seed, others', async () => {
    const [gda, adam, other] = [
      await firstPoint('gda(stepSize=0.01)', 1),
      await firstPoint('adam(stepSize=0.01)', 1),
      await firstPoint('gda(stepSize=0.01)', 2),
    ];
    expect(adam).toEqual(gda);
    expect(other).not.toEqual(gda);
  });
  it('decides start and data each for itself: neither is the same for two seeds', async () => {
    const { train } = await measurerOf(ring);
    const games = await Promise.all([1, 2].map(async (seed) => presetGame(ring, train, seed, 'cpu')));
    const [one, two] = games;
    if (one === undefined || two === undefined) throw new Error('no game');
    expect(one.initialise(1)).toEqual(two.initialise(1));
    expect(one.initialise(1)).not.toEqual(one.initialise(2));
    expect(one.draw?.(0)).not.toEqual(two.draw?.(0));
    await Promise.all(games.map(async (game) => game.dispose()));
  });
});

describe('a seed of a sampled game', () => {
  it('has draws of its own, of one and the same problem; seed 1 draws as the game does', () => {
    const { sampled } = playedFrom('sampled-bilinear');
    if (sampled?.draw === undefined) throw new Error('not sampled');
    const draws = [1, 2, 3].map((seed) => drawnBy(sampled, seed).draw?.(7));
    expect(draws[0]).toEqual(sampled.draw(7));
    expect(draws[1]).not.toEqual(draws[0]);
    expect(draws[2]).not.toEqual(draws[1]);
  });
  it('gives each method the same draws: two that do the same end at the same point', async () => {
    const { runs } = await compareOnGame(playedFrom('sampled-bilinear'), {
      title: 'noise',
      methods: ['gda(stepSize=0.1)', 'gda(stepSize=0.1)'],
      seeds: 2,
      calls: 20,
    });
    const [a, b, c, d] = runs.map(({ series }) => series['residual']);
    expect(runs.map(({ seed }) => seed)).toEqual([1, 2, 1, 2]);
    expect(c).toEqual(a);
    expect(d).toEqual(b);
    expect(b).not.toEqual(a);
  });
});

describe('what is measured against', () => {
  it('is held-out data where the words say so, never what was trained on', async () => {
    const preset = presetOf('fashion-mnist');
    const { train, test } = await datasetFrom(preset.dataset);
    if (test === undefined) throw new Error('no held-out data');
    const measurer = await measurerOf(preset);
    const n = preset.samples;
    const settings = { dim: 784, projections: 128 };
    expect(measurer.settings['sliced Wasserstein']).toContain(`against ${n} held-out images`);
    // against itself a set has distance 0, and no other has
    expect(await measurer.measure(test.values(0, n))).toEqual({ slicedWasserstein: 0 });
    const trained = train.batch(n, { seed: 1, call: 0 });
    expect(await measurer.measure(trained)).toEqual({
      slicedWasserstein: slicedWasserstein(trained, test.values(0, n), settings),
    });
    expect((await measurer.measure(trained))['slicedWasserstein']).toBeGreaterThan(0);
  });
});

describe('the identity of a run', () => {
  it('holds its problem’s; by a hash of all of it where it is long', async () => {
    const identityOf = async (spec: string): Promise<unknown> => {
      const { runs } = await compareOnGame(playedFrom(spec), { title: 'x', methods: ['gda'], calls: 2 });
      return runs[0]!.identity;
    };
    expect(await identityOf('polar(a=0.5)')).toMatchObject({
      problem: gameFrom('polar(a=0.5)').identity,
      method: expect.stringContaining('gda'),
    });
    const matrix = (last: number): string =>
      `matrix-game(matrix=${JSON.stringify(Array.from({ length: 30 }, (_, i) => Array.from({ length: 30 }, (__, j) => (i === 29 && j === 29 ? last : (i * j) % 7))))})`;
    const [one, same, other] = [
      await identityOf(matrix(1)),
      await identityOf(matrix(1)),
      await identityOf(matrix(2)),
    ];
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
    expect(JSON.stringify(one).length).toBeLessThan(3000);
  });
});

describe('methods of one’s own as objects', () => {
  it('run beside specs, in this process; a function gets what is known of the game', async () => {
    const seen: (number | undefined)[] = [];
    const { gda } = await import('@stillpoint/optimizers');
    const { runs } = await compareOnGame(playedFrom('linear(lipschitz=4)'), {
      title: 'own',
      methods: [
        'gda(stepSize=0.1)',
        gda({ stepSize: 0.1 }),
        (facts) => {
          seen.push(facts.lipschitz);
          return { ...gda({ stepSize: 0.1 }), name: 'mine' };
        },
      ],
      calls: 10,
    });
    expect(runs.map(({ method }) => method)).toEqual([
      'gda(stepSize=0.1)',
      'gda(stepSize=0.1)',
      'mine(stepSize=0.1)',
    ]);
    expect(new Set(runs.map(({ series }) => JSON.stringify(series['path']))).size).toBe(1);
    expect(new Set(seen)).toEqual(new Set([4]));
  });
  it('that are no methods are refused, with what they lack', async () => {
    const wrong: object = { name: 'x', options: {}, init: () => ({}) };
    await expect(
      // a caller without types
      Reflect.apply(compareOnGame, undefined, [playedFrom('bilinear'), { title: 'x', methods: [wrong] }]),
    ).rejects.toThrow('the method given as an object is no method: it lacks begin, restart');
  });
});
