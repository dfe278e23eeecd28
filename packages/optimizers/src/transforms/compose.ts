import { InputError, type Data } from '@stillpoint/operators';
import { checkTransform } from '../described.js';
import type { Transform } from './transform.js';

const named = (transforms: readonly Transform[]): Data => ({
  transforms: transforms.map(({ name, options }) => ({ name, options })),
});

/** The gradient itself. */
export function identity(): Transform<null> {
  return { name: 'identity', options: {}, init: () => null, begin: () => (_, g) => g };
}

/** One transform after another, the first on the gradient. */
export function chain(...transforms: readonly Transform[]): Transform<readonly Data[]> {
  for (const transform of transforms) checkTransform('chain', transform);
  return {
    name: 'chain',
    options: named(transforms),
    init: (space) => transforms.map((transform) => transform.init(space)),
    begin(space) {
      const links = transforms.map((transform) => transform.begin(space));
      return (states, g, player) => {
        for (let i = 0; i < links.length; i++) links[i]?.(states[i] ?? null, g, player);
        return g;
      };
    },
  };
}

/**
 * A transform for each player, in the order of the players. @throws InputError, when a run begins, if there
 * is not one for each.
 */
export function byPlayer(...transforms: readonly Transform[]): Transform<readonly Data[]> {
  for (const transform of transforms) checkTransform('by-player', transform);
  return {
    name: 'by-player',
    options: named(transforms),
    init(space) {
      if (transforms.length !== space.players.length)
        throw new InputError(
          `by-player has ${transforms.length} transforms; expected one for each of ${space.players.map(({ name }) => name).join(', ')}`,
        );
      return transforms.map((transform) => transform.init(space));
    },
    begin(space) {
      const links = transforms.map((transform) => transform.begin(space));
      return (states, g, player) => {
        for (let p = player ?? 0; p < (player === undefined ? links.length : player + 1); p++)
          links[p]?.(states[p] ?? null, g, p);
        return g;
      };
    },
  };
}
