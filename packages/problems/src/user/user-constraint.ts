import {
  InputError,
  constraintOf,
  isRecord,
  messageOf,
  nearest,
  proxFrom,
  shown,
  type Constraint,
  type Player,
  type ProximalFunction,
} from '@stillpoint/operators';

const expected = `expected the spec of a set or function, as 'simplex' for all entries or { x: 'simplex', y: 'l1-ball(radius=2)' } for each player, or { prox(z, stepSize, player) { … } }`;

const isProximalFunction = (value: unknown): value is ProximalFunction =>
  isRecord(value) &&
  isRecord(value['is']) &&
  typeof value['prox'] === 'function' &&
  typeof value['value'] === 'function';
function isConstraint(value: object): value is Constraint {
  return 'prox' in value && typeof value.prox === 'function';
}

/**
 * The constraint of a user's game: a spec for each player, or one spec for all entries; a proximal function
 * may stand in a spec's place; or an object with a `prox`. @throws InputError for anything else, for an
 * unknown player or function, and for a function that does not fit its player.
 */
export function userConstraint(value: unknown, players: readonly Player[], game: string): Constraint {
  const bad = (what: string): InputError => new InputError(`${game}: ${what}`);
  const functionOf = (given: unknown, where: string): ProximalFunction => {
    if (isProximalFunction(given)) return given;
    if (typeof given !== 'string') throw bad(`${where} is ${shown(given)}; ${expected}`);
    try {
      return proxFrom(given);
    } catch (error) {
      throw bad(`${where}: ${messageOf(error)}`);
    }
  };
  const fitted = (functions: Parameters<typeof constraintOf>[1]): Constraint => {
    try {
      return constraintOf(players, functions);
    } catch (error) {
      throw bad(`constraint: ${messageOf(error)}`);
    }
  };
  if (typeof value === 'string' || isProximalFunction(value)) return fitted(functionOf(value, 'constraint'));
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw bad(`constraint is ${shown(value)}; ${expected}`);
  if (isConstraint(value)) return value;
  const given = new Map<string, unknown>(Object.entries(value));
  const names = players.map(({ name }) => name);
  for (const name of given.keys())
    if (!names.includes(name)) {
      const near = nearest(name, names);
      throw bad(
        `constraint names a player "${name}"; ${near === undefined ? `expected some of: ${names.join(', ')}` : `did you mean ${near}?`}`,
      );
    }
  return fitted(
    names.map((name) => {
      const one = given.get(name);
      return one === undefined || one === null ? null : functionOf(one, `constraint.${name}`);
    }),
  );
}
