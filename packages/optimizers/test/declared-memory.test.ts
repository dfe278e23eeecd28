import { InputError, type Game, type Space, type Vector } from '@stillpoint/operators';
import { gameFrom, problemFrom } from '@stillpoint/problems';
import { describe, expect, it } from 'vitest';
import { advance } from '../src/drivers/asking.js';
import { vectorsIn } from '../src/drivers/incident.js';
import { newOracleRecord, oracleFor } from '../src/drivers/oracle.js';
import { spaceFor } from '../src/drivers/space.js';
import { fits, methodFrom, methods, type MethodRow } from '../src/registry.js';

const zoo: readonly Game[] = [
  gameFrom('quadratic'),
  gameFrom('matrix-game'),
  ...[
    'ridge(dimension=4)',
    'neural-ode(particles=3, steps=4)',
    'sparse-regression(dimension=4, examples=6)',
    'penalised-regression(dimension=4, examples=6, nonzeros=2)',
  ].map((spec) => problemFrom(spec).exact),
];
const fitsOn = (row: MethodRow, game: Game): boolean =>
  fits(row, spaceFor(game, new Float64Array(0))) &&
  (row.players === undefined || row.players === game.players.length) &&
  !(row.unconstrained && game.constraint);

/**
 * How many vectors of the game's length a method holds after three steps: lent to it, or in its state. None
 * if the problem lacks what its steps ask.
 */
function heldOn(row: MethodRow, game: Game): number[] {
  const { dim, start = [], facts } = game;
  const z0 = Float64Array.from(start);
  const lent = new Set<Vector>();
  const base = spaceFor(game, z0);
  const space: Space = {
    ...base,
    vector(...args) {
      const vector = base.vector(...args);
      if (vector.length === dim) lent.add(vector);
      return vector;
    },
  };
  const method = methodFrom(row.name, { lipschitz: 2, termLipschitz: 2, convexTerms: true, ...facts });
  const state = method.init(space, z0.slice());
  const step = method.begin(space);
  const oracle = oracleFor(game, base, newOracleRecord(game, base));
  try {
    // nothing waits: the problem is synchronous
    for (let k = 0; k < 3; k++) void advance(step(state), oracle);
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
  return [new Set([...lent, ...vectorsIn(state).flatMap(([, v]) => (v.length === dim ? [v] : []))]).size];
}

describe.each(methods.filter(({ takes }) => takes.length === 0).map((row) => [row.name, row] as const))(
  '%s',
  (_, row) => {
    it.skipIf(typeof row.memory === 'string')('holds as many vectors as it declares, at most', () => {
      const held = zoo.filter((game) => fitsOn(row, game)).flatMap((game) => heldOn(row, game));
      expect(held.length).toBeGreaterThan(0);
      expect(Math.max(...held)).toBe(row.memory);
    });
  },
);
