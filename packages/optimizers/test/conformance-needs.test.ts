import { describe, expect, it } from 'vitest';
import type { Game } from '@stillpoint/operators';
import { problemsOf } from '@stillpoint/problems';
import { spaceFor } from '../src/index.js';
import { fits, methodFrom, methods } from '../src/registry.js';
import { conforming } from './conforming.js';
import { withSomeLipschitz, withSomeTermLipschitz } from './helpers.js';

// The conformance matrix of methods that need more than a game has, on every minimisation that has it.

/** Sizes at which 20,000 steps are quick. */
const small = { examples: 12, dimension: 3, units: 6, width: 6, sample: 4, particles: 4, steps: 3 };
const zoo: readonly Game[] = problemsOf('minimisation').rows.map(({ options, build }) => {
  const known = Object.entries(small).filter(([name]) => name in options);
  return withSomeTermLipschitz(withSomeLipschitz(build(Object.fromEntries(known)).exact));
});
const rows = methods.filter(
  ({ needs, players }) => players === 1 || needs.some((need) => need !== 'products' && need !== 'losses'),
);

it.each(
  methods.flatMap(({ name, players, takes }) =>
    players === undefined || takes.length > 0 ? [] : [[name, players] as const],
  ),
)('%s, which is for %d, refuses a problem of three players', (name) => {
  const three: Game = {
    name: 'three',
    dim: 3,
    players: ['x', 'y', 'z'].map((player, i) => ({ name: player, start: i, end: i + 1 })),
    start: [1, 1, 1],
    operator: () => {},
    losses: () => {},
    constraint: { prox: () => {}, lmo: () => {}, atoms: { groups: [], weight: 1 } },
    residual: { length: 1, value: () => {}, product: () => {} },
  };
  const method = methodFrom(name, { lipschitz: 1, termLipschitz: 1, convexTerms: true });
  expect(() => method.begin(spaceFor(three, new Float64Array(0)))).toThrow(
    /one player|two players|2 players|constraint/,
  );
});

describe.each(rows.map((row) => [row.name, row] as const))('%s', (name, row) => {
  const fitting = zoo.filter(
    (game) =>
      fits(row, spaceFor(game, new Float64Array(0))) && !(row.sampler && game.constraint !== undefined),
  );
  it('has a minimisation to be tested on', () => expect(fitting.length).toBeGreaterThan(0));
  describe.each(fitting)('on $name', (game) => conforming(name, game));
  it.runIf(row.needs.length > 0)('is refused on a game without what it needs, and the error names it', () => {
    const bare: Game = {
      name: 'bare',
      dim: 1,
      players: [{ name: 'x', start: 0, end: 1 }],
      operator: () => {},
    };
    const method = methodFrom(name, { lipschitz: 1, termLipschitz: 1, convexTerms: true });
    expect(() => method.begin(spaceFor(bare, new Float64Array(0)))).toThrow(`${name} needs a problem with `);
  });
});
