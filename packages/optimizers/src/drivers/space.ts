import type { GameShape, Space, Vector } from '@stillpoint/operators';

/** What a run over `game` lends its method: memory in the precision of `like`. */
export function spaceFor(game: GameShape, like: Vector): Space {
  const { dim, players, terms, coupled = false } = game;
  const vector = like instanceof Float32Array ? (n = dim): Vector => new Float32Array(n) : (n = dim): Vector => new Float64Array(n);
  return {
    dim, players, coupled, ...(terms === undefined ? {} : { terms }), vector,
    copy(z) {
      const own = vector(z.length);
      own.set(z);
      return own;
    },
    resolve: game.resolve ? (z, stepSize, player) => game.resolve?.(z, stepSize, player) : () => {},
  };
}
