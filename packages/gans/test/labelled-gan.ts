import * as tf from '@tensorflow/tfjs-core';
import { mlp } from '@stillpoint/networks';
import type { Vector } from '@stillpoint/operators';
import {
  besideLabels,
  ganGame,
  hinge,
  type BatchOf,
  type GanGame,
  type GanLoss,
  type GanOptions,
} from '../src/index.js';

// A small GAN on nine labelled examples, with classes and without.

export const BATCH = 8;
export const CLASSES = 3;
const indices = (size: number, { call, player = 0, worker = 0 }: BatchOf): Uint32Array =>
  Uint32Array.from({ length: size }, (_, i) => (5 * call + 7 * player + 4 * worker + 2 * i) % 9);
/** Nine examples (i/9, −i/9); the label of example i is i mod 3. */
export const labelled = {
  name: 'nine',
  shape: [2],
  labels: Uint8Array.from({ length: 9 }, (_, i) => i % CLASSES),
  indices,
  batch: (size: number, stream: BatchOf) =>
    Float32Array.from({ length: 2 * size }, (_, i) => {
      const value = indices(size, stream)[Math.floor(i / 2)]! / 9;
      return i % 2 === 0 ? value : -value;
    }),
};
export const plain = {
  generator: mlp({ sizes: [2, 8, 2] }),
  discriminator: mlp({ sizes: [2, 8, 1], activation: 'leaky-relu' }),
};
export const make = (options: Partial<GanOptions> = {}): Promise<GanGame> =>
  ganGame({ ...plain, data: labelled, batch: BATCH, seed: 3, engine: 'wasm', ...options });
export const conditional = {
  generator: besideLabels(mlp({ sizes: [2 + CLASSES, 8, 2] }), CLASSES),
  discriminator: besideLabels(mlp({ sizes: [2 + CLASSES, 8, 1], activation: 'leaky-relu' }), CLASSES),
};
export const partsOf = (game: GanGame): readonly (readonly string[])[] => {
  const { D = {}, G = {} } = game.draw(0);
  return [Object.keys(D).toSorted(), Object.keys(G).toSorted()];
};
/** A loss whose value for G is what `read` returns. */
export const reading = (read: GanLoss['generator']): GanLoss => ({
  name: 'reading',
  reference: 'none',
  discriminator: hinge.discriminator,
  generator: (fake, sees) => tf.add(read(fake, sees), tf.mul(0, tf.mean(fake))),
});
export async function lossesOf(game: GanGame, z: Vector = game.initialise(1)): Promise<Float32Array> {
  const out = new Float32Array(2);
  await game.losses!(z, out, { sample: game.draw(0), player: undefined, losses: undefined, buffers: {} });
  return out;
}
