import { InputError, waxpy, type Player, type Space, type Vector } from '@stillpoint/operators';

/** A number, or one number per player. */
export type StepSize = number | readonly number[];

/** out = (I + γA)⁻¹(from − γg): the forward–backward step, of all players or of one. */
export type Move = (out: Vector, from: Vector, g: Vector, player?: number) => void;

/** The players that may move, checked: an index outside is an error that names them. */
export function playerAt(space: Space, index: number): Player {
  const player = space.players[index];
  if (player === undefined) throw new InputError(`there is no player ${index}; this game has ${space.players.map((p, i) => `${i} (${p.name})`).join(', ')}`);
  return player;
}

/** Binds step sizes to a game's players. @throws InputError if there is not one per player. */
export function mover(space: Space, stepSize: StepSize): Move {
  const { players } = space;
  const sizes = typeof stepSize === 'number' ? players.map(() => stepSize) : stepSize;
  if (sizes.length !== players.length) throw new InputError(`stepSize has ${sizes.length} entries; expected one for each of ${players.map((p) => p.name).join(', ')}`);
  const one = sizes[0] ?? 0;
  const alike = sizes.every((γ) => γ === one);
  return (out, from, g, player) => {
    if (player !== undefined) {
      const { start, end } = playerAt(space, player);
      const γ = sizes[player] ?? one;
      waxpy(out, from, -γ, g, start, end);
      space.resolve(out, γ, player);
    } else if (alike) {
      waxpy(out, from, -one, g);
      space.resolve(out, one);
    } else {
      for (let p = 0; p < players.length; p++) waxpy(out, from, -(sizes[p] ?? one), g, players[p]?.start, players[p]?.end);
      if (space.coupled) space.resolve(out, Math.max(...sizes)); // a projection, whatever the step size; player by player would depend on their order
      else for (let p = 0; p < players.length; p++) space.resolve(out, sizes[p] ?? one, p);
    }
  };
}
