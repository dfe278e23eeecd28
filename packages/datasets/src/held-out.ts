import { InputError, number, permutation, type Option } from '@stillpoint/operators';
import type { BuiltDataset } from './built.js';
import { imageSet } from './images.js';
import { pointSet, type PointSet } from './points.js';
import type { ImageSet } from './types.js';

/** The share of the examples that is held out where the option is not given. */
export const SHARE = 0.1;

/** The option of every row that reads files. */
export const heldOut: Option<number | null> & { readonly default: number | null } = number({
  about: 'share of the examples that no run trains on and metrics compare with, a fixed choice',
  from: 0,
  below: 1,
  default: null,
  orNull: `${SHARE}, and none where the files have a test set`,
});

/**
 * Which of `count` examples are trained on and which are held out, each in file order: the held-out ones are
 * the first of a permutation that depends on `count` only.
 */
function parts(name: string, count: number, share: number): readonly [Uint32Array, Uint32Array] {
  if (count < 2)
    throw new InputError(
      `${name}: found ${count} example; expected 2 or more, so that one can be held out: give heldOut=0 to train on all`,
    );
  const order = permutation(count, { seed: 0, purpose: 'held out' });
  const held = Math.min(count - 1, Math.max(1, Math.round(share * count)));
  return [order.slice(held).sort(), order.slice(0, held).sort()];
}

function someImages(set: ImageSet, chosen: Uint32Array, describe: string): ImageSet {
  const length = set.bytes.length / set.count;
  const bytes = new Uint8Array(chosen.length * length);
  chosen.forEach((image, i) => {
    bytes.set(set.bytes.subarray(image * length, (image + 1) * length), i * length);
  });
  const { name, shape, labels } = set;
  return imageSet({ name, describe, shape, bytes, labels: Uint8Array.from(chosen, (i) => labels[i]!) });
}

function somePoints(set: PointSet, chosen: Uint32Array, describe: string): PointSet {
  const [dim = 1] = set.shape;
  const data = new Float32Array(chosen.length * dim);
  chosen.forEach((point, i) => {
    data.set(set.points.subarray(point * dim, (point + 1) * dim), i * dim);
  });
  const { name, labels } = set;
  return pointSet({
    name,
    describe,
    shape: [chosen.length, dim],
    data,
    ...(labels && { labels: Uint8Array.from(chosen, (i) => labels[i]!) }),
  });
}

/**
 * A set with a part of it held out. @param share of the examples, 0 for none; null means a tenth.
 * @throws InputError if there is only one example.
 */
export function withHeldOut(
  set: ImageSet | PointSet,
  share: number | null,
): Pick<BuiltDataset, 'train' | 'test'> {
  if (share === 0) return { train: set };
  const [trained, held] = parts(set.name, set.count, share ?? SHARE);
  const [one, other] = [
    `${set.describe}; ${trained.length} of them, the other ${held.length} are held out`,
    `${set.describe}; the ${held.length} of them that are held out`,
  ];
  return 'bytes' in set
    ? { train: someImages(set, trained, one), test: someImages(set, held, other) }
    : { train: somePoints(set, trained, one), test: somePoints(set, held, other) };
}

/** @throws InputError for a share to hold out where the files have a test set, which would be ignored. */
export function refuseHeldOut(name: string, share: number | null, test: string): void {
  if (share !== null)
    throw new InputError(
      `${name}: heldOut is ${share}, but ${test} holds the examples to measure with; expected one of the two: leave heldOut out`,
    );
}
