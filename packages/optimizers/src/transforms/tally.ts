import { type Player, type Space } from '@stillpoint/operators';
import { playerAt } from '../move.js';

/** What a clip counts: how many norms it compared, how many were too long, and what they were before. */
export type Tally = {
  /** Whose gradients; empty: everybody's. */
  readonly of: string;
  seen: number;
  engaged: number;
  /** The norm that was last looked at, as it was before; of several at once the largest. */
  norm: number;
  /** The largest of all. */
  largest: number;
};

/** A tally in which nothing was seen. */
export const tally = (of: string): Tally => ({ of, seen: 0, engaged: 0, norm: 0, largest: 0 });

/** One tally per player; of one alone, without its name. */
export const talliesOf = ({ players }: Space): Tally[] =>
  players.map(({ name }) => tally(players.length === 1 ? '' : name));

/** Enters what was seen at once: norms, how many of them were too long, and the largest. */
export function enter(into: Tally, norm: number, engaged: number, seen = 1): void {
  into.seen += seen;
  into.engaged += engaged;
  into.norm = norm;
  into.largest = Math.max(into.largest, norm);
}

/** The figures of a clip. */
export const figuresOf = (tallies: readonly Tally[]): { readonly [name: string]: number } =>
  Object.fromEntries(
    tallies.flatMap(({ of, engaged, seen, norm, largest }) => {
      const whose = of === '' ? '' : `, ${of}`;
      return [
        [`engaged${whose}`, engaged],
        [`norms seen${whose}`, seen],
        [`norm before${whose}`, norm],
        [`largest norm before${whose}`, largest],
      ] as const;
    }),
  );

/** Does something for the player that was asked for, or for each. */
export function eachPlayer(
  space: Space,
  player: number | undefined,
  act: (slice: Player, index: number) => void,
): void {
  if (player !== undefined) act(playerAt(space, player), player);
  else for (let p = 0; p < space.players.length; p++) act(playerAt(space, p), p);
}
