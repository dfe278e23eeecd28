import { lendMemory, ordinaryMemory, type GameShape, type Space, type Vector } from '@stillpoint/operators';

/**
 * A run of more parameters than this is worked on in WebAssembly memory; finding the kernels there costs a
 * smaller one more than it gains.
 */
const LENT_FROM = 1024;

/**
 * Room for so many vectors of the game's size: state, scratch and answers of every method here, several
 * wrappers deep. Room not used is not committed.
 */
const VECTORS = 32;

/**
 * What a run over `game` lends its method: memory in the precision of `like`. Once 32 vectors are lent,
 * further ones are slower.
 */
export function spaceFor(game: GameShape, like: Vector): Space {
  const { dim, players, terms, coupled = false } = game;
  const make = dim >= LENT_FROM ? lendMemory(like, VECTORS, dim) : ordinaryMemory(like);
  const vector = (n = dim): Vector => make(n);
  return {
    dim,
    players,
    coupled,
    constrained: game.resolve !== undefined,
    ...(terms === undefined ? {} : { terms }),
    vector,
    copy(z) {
      const own = vector(z.length);
      own.set(z);
      return own;
    },
    resolve: game.resolve ? (z, stepSize, player) => game.resolve?.(z, stepSize, player) : () => {},
  };
}
