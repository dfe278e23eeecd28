import { expect, it } from 'vitest';
import type { Game } from '@stillpoint/operators';
import { DETERMINISTIC, report, type Section } from '@stillpoint/tracking';
import { compareOnGame, forEverySeed, recordOf } from '../src/index.js';

// One run of a method that draws nothing, on a problem that draws nothing, serves every seed.

/** f(z) = z²/2, which counts how often it is asked for its gradient. */
function counting(): { readonly game: Game; readonly asked: () => number } {
  let asked = 0;
  const game: Game = {
    name: 'bowl',
    dim: 1,
    players: [{ name: 'z', start: 0, end: 1 }],
    start: [1],
    operator(z, out) {
      asked++;
      out[0] = z[0]!;
    },
    facts: { lipschitz: 1, cocoercive: 1, comonotone: 1, solution: [0] },
  };
  return { game, asked: () => asked };
}
const [plain, sampler] = ['gda(stepSize=0.5)', 'langevin(stepSize=0.1)'];
async function compared(
  methods: readonly string[],
  seeds?: number,
): Promise<{ readonly section: Section; readonly asked: number }> {
  const { game, asked } = counting();
  const section = await compareOnGame(game, { title: 'bowl', methods, ...(seeds && { seeds }), calls: 40 });
  return { section, asked: asked() };
}

it('is run once, and has the same result with every seed', async () => {
  const both = await compared([plain, sampler], 3);
  const [alone, drawing] = [await compared([plain]), await compared([sampler], 3)];
  expect(both.asked).toBe(alone.asked + drawing.asked);

  const { runs } = both.section;
  expect(runs.map(({ label, seed, copyOf }) => [label, seed, copyOf])).toEqual([
    ['gda', 1, undefined],
    ['gda', 2, 1],
    ['gda', 3, 1],
    ['langevin', 1, undefined],
    ['langevin', 2, undefined],
    ['langevin', 3, undefined],
  ]);
  const [first, ...copies] = runs.slice(0, 3);
  for (const { copyOf: _, ...copy } of copies)
    expect({ ...copy, seed: 1, identity: { ...Object(copy.identity), seed: 1 } }).toEqual(first);
  expect(both.section.seeds).toBe(3);
  expect(both.section.claims).toContainEqual(expect.objectContaining({ claim: 'few-seeds', seeds: 3 }));
  expect(both.section.claims).toContainEqual(
    expect.objectContaining({ claim: 'fewest-calls', labels: ['gda'], calls: first!.calls, seeds: 3 }),
  );
});

it('is said in the settings, and in the table of the report, once for each such method', async () => {
  const { section } = await compared([plain, 'sgd-momentum(stepSize=0.1)', sampler], 2);
  expect(section.settings['seeds']).toContain(`${DETERMINISTIC} of gda and sgd-momentum`);
  const html = report({
    title: 'bowl',
    format: 1,
    command: '',
    interrupted: false,
    notBegun: [],
    sections: [section],
    environment: {},
  });
  expect(html.split(`<span class="soft">${DETERMINISTIC}</span>`)).toHaveLength(3);
  expect(html).not.toContain('gda, seed');
  const rows = html
    .split('<h3>What was asked</h3>')[1]!
    .split('</table>')[0]!
    .match(/<td[^>]*>(?:every|\d)<\/td>/g);
  expect(rows?.filter((cell) => cell.includes('every'))).toHaveLength(2);
});

it('is not said where there is one seed, or where nothing draws', async () => {
  for (const { section } of [await compared([plain, sampler], 1), await compared([plain], 3)]) {
    expect(section.runs.every(({ copyOf }) => copyOf === undefined)).toBe(true);
    expect(JSON.stringify(section)).not.toContain('deterministic');
  }
});

it('has copies among the records while runs go on, in the order of all trials', () => {
  const trial = (method: string, seed: number) =>
    recordOf({
      kind: 'game',
      game: { spec: 'bilinear' },
      method,
      seed,
      start: [0, 0],
      tolerance: 1,
    } as const);
  const records = [trial('a', 1), trial('b', 1), trial('c', 1), trial('b', 2), trial('b', 3)];
  expect(
    forEverySeed(records, [false, true, false]).map(({ trial: { method, seed }, copyOf }) => [
      method,
      seed,
      copyOf,
    ]),
  ).toEqual([
    ['a', 1, undefined],
    ['b', 1, undefined],
    ['c', 1, undefined],
    ['a', 2, 1],
    ['b', 2, undefined],
    ['c', 2, 1],
    ['a', 3, 1],
    ['b', 3, undefined],
    ['c', 3, 1],
  ]);
});
