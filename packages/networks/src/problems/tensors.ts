import * as tf from '@tensorflow/tfjs-core';
import {
  InputError,
  normal,
  shown,
  sizeOf,
  unknownName,
  type Block,
  type Player,
} from '@stillpoint/operators';
import type { Shape } from '../layers/layer.js';
import type { Start } from '../user/functions.js';

/** The tensors that players own, by player and name: a shape, or a shape with its start. */
export type PlayerTensors = {
  readonly [player: string]: { readonly [tensor: string]: Shape | Start };
};

/** The same names, with a tensor for each. */
export type TensorsOf<P> = {
  readonly [player in keyof P]: { readonly [tensor in keyof P[player]]: tf.Tensor };
};

/** Where each tensor of each player lies in the flat vector z. */
export interface Layout {
  readonly dim: number;
  readonly players: readonly Player[];
  readonly blocks: readonly (Block & { readonly tensor: string; readonly start: Start })[];
}

const isShape = (value: unknown): value is Shape =>
  Array.isArray(value) && value.every((d) => typeof d === 'number' && Number.isSafeInteger(d) && d > 0);
const isStart = (value: unknown): value is Start =>
  value !== null &&
  typeof value === 'object' &&
  'shape' in value &&
  isShape(value.shape) &&
  'fill' in value &&
  typeof value.fill === 'function';

/**
 * The start of a tensor that is given as a shape alone: N(0, 1/n), n the numbers that one output of a layer
 * adds up (all axes but the last); of a list or a number, N(0, 1/100).
 */
function usualStart(shape: Shape): Start {
  const deviation = shape.length < 2 ? 0.1 : 1 / Math.sqrt(sizeOf(shape.slice(0, -1)));
  return {
    shape,
    fill: (values, stream) => void normal(values, stream, 0, deviation),
  };
}

/**
 * Finds where tensors lie. `option`: what they are in the caller's options, of players or of levels.
 * @throws InputError for names or shapes that are not valid.
 */
export function layoutOf(owner: string, tensors: unknown, option: 'players' | 'levels' = 'players'): Layout {
  const one = option.slice(0, -1);
  const expected = `expected the shapes of each ${one}'s tensors, as { x: { w: [3, 4], b: [4] }, y: { v: [4] } }`;
  const entriesOf = (value: unknown, what: string): readonly (readonly [string, unknown])[] => {
    if (
      value === null ||
      typeof value !== 'object' ||
      Array.isArray(value) ||
      Object.keys(value).length === 0
    )
      throw new InputError(`${owner}: ${what} is ${shown(value)}; ${expected}`);
    return Object.entries(value);
  };
  const blocks: Layout['blocks'][number][] = [];
  const players: Player[] = [];
  let dim = 0;
  for (const [player, own] of entriesOf(tensors, option)) {
    if (/^\d+$/.test(player))
      throw new InputError(
        `${owner}: a ${one} is named ${player}; expected a name that is not a number: JavaScript sorts numeric names first`,
      );
    const from = dim;
    for (const [tensor, given] of entriesOf(own, `${option}.${player}`)) {
      if (!isShape(given) && !isStart(given))
        throw new InputError(
          `${owner}: ${option}.${player}.${tensor} is ${shown(given)}; expected a shape as [3, 4], or { shape, fill(values, stream) }`,
        );
      const start = isStart(given) ? given : usualStart(given);
      blocks.push({
        name: `${player}.${tensor}`,
        tensor,
        offset: dim,
        shape: start.shape,
        player: players.length,
        start,
      });
      dim += sizeOf(start.shape);
    }
    players.push({ name: player, start: from, end: dim });
  }
  return { dim, players, blocks };
}

/** The first values of z: a pure function of the seed. */
export function startAt({ dim, blocks }: Layout, seed: number): Float32Array {
  const z = new Float32Array(dim);
  for (const { name, offset, shape, start } of blocks)
    start.fill(z.subarray(offset, offset + sizeOf(shape)), { seed, purpose: `start ${name}` });
  return z;
}

/** One player's tensors, by name, from its flat part of z. */
export function tensorsOf(
  { blocks }: Layout,
  player: number,
  flat: tf.Tensor,
): { [tensor: string]: tf.Tensor } {
  const own = blocks.filter((block) => block.player === player);
  // tfjs has no gradient of a split into one part
  const parts =
    own.length === 1
      ? [flat]
      : tf.split(
          flat,
          own.map(({ shape }) => sizeOf(shape)),
        );
  return Object.fromEntries(own.map(({ tensor, shape }, i) => [tensor, tf.reshape(parts[i]!, [...shape])]));
}

/** A record, of which reading a name that is not there is an error with the nearest name. */
export function strictly<T extends { readonly [name: string]: unknown }>(what: string, record: T): T {
  return new Proxy(record, {
    get(target, key, receiver): unknown {
      if (typeof key === 'string' && !(key in target)) throw unknownName(what, key, Object.keys(target));
      return Reflect.get(target, key, receiver);
    },
  });
}

/** What the user's function returned, unless it is a promise. @throws InputError if it is one. */
export function settled(owner: string, what: string, returned: unknown): unknown {
  if (!(returned instanceof Promise)) return returned;
  returned.catch(() => {}); // a rejection of its own would end the process before this error is read
  throw new InputError(
    `${owner}: ${what} returns a promise; write it without async and await: it is traced, not run`,
  );
}
