import { dot, norm, waxpy, type Data, type Player, type Problem, type Vector } from '@stillpoint/operators';
import type { Measure } from '@stillpoint/tracking';

/** Sums by player, from which means are taken. */
type Sums = { sum: number; n: number }[];

/** Means by player. */
interface Means {
  readonly sums: Sums;
  add(player: number, value: number): void;
  take(): { [player: string]: number | null };
}

function means(players: readonly Player[], from?: Sums): Means {
  const sums = from?.map((entry) => ({ ...entry })) ?? players.map(() => ({ sum: 0, n: 0 }));
  return {
    sums,
    add(player, value) {
      const entry = sums[player];
      if (entry === undefined || !Number.isFinite(value)) return;
      entry.sum += value;
      entry.n++;
    },
    take: () =>
      Object.fromEntries(
        players.map(({ name }, p) => {
          const { sum = 0, n = 0 } = sums[p] ?? {};
          sums[p] = { sum: 0, n: 0 };
          return [name, n > 0 ? sum / n : null];
        }),
      ),
  };
}

const named = (
  what: string,
  values: { readonly [player: string]: Measure },
): { readonly [series: string]: Measure } =>
  Object.fromEntries(Object.entries(values).map(([player, value]) => [`${what} ${player}`, value]));

/**
 * Computes, from one `take` to the next, each player's mean loss, mean gradient norm and mean cosine of
 * successive displacements.
 */
export interface PlayerRecord {
  /** The same game, whose gradients are recorded when they are computed. */
  watch<Sample>(game: Problem<Sample>): Problem<Sample>;
  /**
   * To be called after each step with the recommended point z and the players' losses. A step that does not
   * move a player (most steps of Lookahead) has no displacement.
   */
  moved(z: Vector, losses: ArrayLike<number>): void;
  /**
   * The means since the last `take`, by series: `loss D`; `gradient norm D`, of the player's own loss with
   * respect to its own parameters; `rotation D`, its step cosine: that of the angle between successive
   * displacements of the recommended point: 1 is straight on, 0 at right angles, −1 back and forth.
   */
  take(): { readonly [series: string]: Measure };
  /** A copy of all that it has recorded since the last `take`, and of the last displacements. */
  save(): SavedRecord;
}

/** What a record holds, as plain data: with it, another record continues. */
export type SavedRecord = {
  readonly losses: Sums;
  readonly gradientNorms: Sums;
  readonly rotations: Sums;
  readonly last: Vector;
  readonly before: Vector;
};

const isSums = (value: Data | undefined, players: number): value is Sums =>
  Array.isArray(value) &&
  value.length === players &&
  value.every((entry: Data) => {
    const { sum, n }: { readonly sum?: unknown; readonly n?: unknown } = Object(entry);
    return typeof sum === 'number' && typeof n === 'number';
  });

/** The data as a saved record; undefined if it is none of these players over a vector of this length. */
export function savedRecord(
  data: Data | undefined,
  players: readonly Player[],
  dim: number,
): SavedRecord | undefined {
  const part: { readonly [key: string]: Data | undefined } = Object(data);
  const { losses, gradientNorms, rotations, last, before } = part;
  const isVector = (value: Data | undefined): value is Vector =>
    (value instanceof Float32Array || value instanceof Float64Array) && value.length === dim;
  const n = players.length;
  return isSums(losses, n) &&
    isSums(gradientNorms, n) &&
    isSums(rotations, n) &&
    isVector(last) &&
    isVector(before)
    ? { losses, gradientNorms, rotations, last, before }
    : undefined;
}

/**
 * The record of players that begin at `start`, or where a saved record was. `without` runs the record's own
 * work, which happens inside a step, without counting its seconds.
 */
export function playerRecord(
  players: readonly Player[],
  start: Vector,
  without: (work: () => void) => void,
  from?: SavedRecord,
): PlayerRecord {
  const [losses, gradientNorms, rotations] = [
    means(players, from?.losses),
    means(players, from?.gradientNorms),
    means(players, from?.rotations),
  ];
  const [last, step] = [(from?.last ?? start).slice(), start.slice().fill(0)];
  const before = from?.before.slice() ?? start.slice().fill(0);
  return {
    watch: (game) => ({
      ...game,
      async operator(z, out, asked) {
        await game.operator(z, out, asked);
        const { player } = asked;
        without(() => {
          for (const [p, { start: from, end }] of players.entries())
            if (player === undefined || player === p) gradientNorms.add(p, norm(out, from, end));
        });
      },
    }),
    moved(z, now) {
      waxpy(step, z, -1, last);
      for (const [p, { start: from, end }] of players.entries()) {
        losses.add(p, now[p] ?? NaN);
        const length = norm(step, from, end);
        if (length === 0) continue;
        const product = length * norm(before, from, end);
        if (product > 0) rotations.add(p, dot(step, before, from, end) / product);
        before.set(step.subarray(from, end), from);
      }
      last.set(z);
    },
    take: () => ({
      ...named('loss', losses.take()),
      ...named('gradient norm', gradientNorms.take()),
      ...named('rotation', rotations.take()),
    }),
    save: () => ({
      losses: losses.sums.map((entry) => ({ ...entry })),
      gradientNorms: gradientNorms.sums.map((entry) => ({ ...entry })),
      rotations: rotations.sums.map((entry) => ({ ...entry })),
      last: last.slice(),
      before: before.slice(),
    }),
  };
}
