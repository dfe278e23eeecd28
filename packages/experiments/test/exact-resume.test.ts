import { afterAll, describe, expect, test } from 'vitest';
import { ring } from '@stillpoint/datasets';
import { findEngines } from '@stillpoint/engine';
import { ganGame, hinge, type GanGame } from '@stillpoint/gans';
import { mlp, spectralNorm } from '@stillpoint/networks';
import { steps } from '../../../testing/long.js';
import { decodeCheckpoint, encodeCheckpoint } from '@stillpoint/operators';
import { train } from '@stillpoint/optimizers';
import { checkSpecNeeds, methodFrom, methods, type MethodRow } from '@stillpoint/optimizers/registry';

// A GAN whose discriminator remembers vectors (spectral norm), on every engine that is installed.

/** CI tries every fourth method on a slower engine, every eighth on the slowest; `npm run test:long` all. */
const SHARES = { native: 1, wasm: steps(4, 1), tensorflow: steps(8, 1), cpu: steps(8, 1) } as const;
const engines = (await findEngines(['native', 'wasm', 'cpu', 'tensorflow'])).filter(({ found }) => found);
const games = new Map<string, Promise<GanGame>>();
const gameOn = (engine: 'native' | 'wasm' | 'cpu' | 'tensorflow'): Promise<GanGame> => {
  const game =
    games.get(engine) ??
    ganGame({
      generator: mlp({ sizes: [2, 4, 2] }),
      discriminator: spectralNorm(mlp({ sizes: [2, 4, 1], activation: 'leaky-relu' })),
      loss: hinge,
      data: ring(),
      batch: 4,
      seed: 3,
      engine,
    });
  games.set(engine, game);
  return game;
};
afterAll(async () => {
  for (const game of games.values()) await (await game).dispose();
});

/** A spec of every method: with a small step, around Adam or momentum where it takes something. */
function specOf({ name, options, takes }: MethodRow): string {
  const inside = takes.map((kind) => (kind === 'transform' ? 'momentum' : 'alternating-adam(stepSize=0.01)'));
  const own = Object.hasOwn(options, 'stepSize') ? ['stepSize=0.01'] : [];
  return `${name}(${[...inside, ...own].join(', ')})`;
}

/** The methods that a GAN has all for that they need. */
const trying = { facts: { lipschitz: 10 } };
function fitting(game: GanGame): readonly string[] {
  const forTwo = methods.filter(({ players }) => players === undefined || players === 2);
  return forTwo.map(specOf).filter((spec) => {
    try {
      checkSpecNeeds(spec, game);
      return true;
    } catch {
      return false;
    }
  });
}

describe.each(engines.map(({ engine }) => engine))('engine %s', (engine) => {
  if (engine === 'webgpu') return; // runs in pages only
  test('k + m steps of every method are k, saved, loaded, and m', { timeout: 300_000 }, async () => {
    const game = await gameOn(engine);
    const all = fitting(game);
    expect(all.length).toBeGreaterThan(40);
    const specs = all.filter((_, i) => i % SHARES[engine] === 0);
    const start = game.initialise(1);
    for (const spec of specs) {
      const method = methodFrom(spec, trying.facts);
      const straight = await train(game, method, { start, steps: 5, seed: 5 });
      const first = await train(game, method, { start, steps: 3, seed: 5 });
      const from = decodeCheckpoint(encodeCheckpoint(first.checkpoint));
      const then = await train(game, methodFrom(spec, trying.facts), { start, from, steps: 5 });
      expect(then.checkpoint, spec).toEqual(straight.checkpoint);
      expect(straight.z.every(Number.isFinite), spec).toBe(true);
      expect(straight.z, spec).not.toEqual(start);
    }
  });
});
