import type { Game, Vector } from '@stillpoint/operators';

/** f alone. */
export const withoutPenalty = (game: Game): Game => ({
  name: game.name,
  dim: game.dim,
  players: game.players,
  ...(game.start && { start: game.start }),
  operator: (z, out, asked) => game.operator(z, out, asked),
  facts: game.facts ?? {},
});
export const lossOf = (game: Game, z: Vector): number => {
  const out = new Float64Array(1);
  game.losses!(z, out);
  return out[0]!;
};
export const gradientAt = (game: Game, z: Vector): Vector => {
  const out = new Float64Array(game.dim);
  game.operator(z, out);
  return out;
};
/** f + h at z. */
export const whole = (game: Game, z: Vector): number => lossOf(game, z) + game.constraint!.value!(z);
