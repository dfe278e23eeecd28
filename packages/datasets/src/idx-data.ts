import { InputError, shown } from '@stillpoint/operators';
import type { BuiltDataset } from './built.js';
import { baseOf, LARGEST, listOf, pathOf, placeOf, read, within } from './files.js';
import { refuseHeldOut, withHeldOut } from './held-out.js';
import { readIdx } from './idx.js';
import { imageSet } from './images.js';
import { labelBytes } from './points.js';
import type { ImageSet } from './types.js';

/** The end of the name of an IDX file of images, such as `train-images-idx3-ubyte.gz`. */
export const IDX_NAME: RegExp = /images([-.])idx3-ubyte(?:\.gz)?$/;

/** Names of files of images that are test sets. */
const TEST_NAME = /(?:^|[-_.])(?:t10k|test)[-_.]/;

/** The path of an IDX file of images, and of its labels if there are any. */
interface Pair {
  readonly images: string;
  readonly labels: string | undefined;
}

const pairOf = (folder: string, name: string): Pair => ({
  images: within(folder, name),
  labels: pathOf(folder, name.replace(IDX_NAME, 'labels$1idx1-ubyte')),
});

async function load({ images: path, labels: labelPath }: Pair): Promise<ImageSet> {
  const limits = { maxBytes: LARGEST };
  const { dtype, shape, data } = await readIdx(await read(path), path, limits);
  const [count = 0, height = 0, width = 0] = shape;
  if (dtype !== 'uint8' || shape.length !== 3)
    throw new InputError(
      `${path}: found ${dtype} of shape [${shape.join(', ')}]; expected uint8 of shape [count, height, width]`,
    );
  const labels =
    labelPath === undefined ? undefined : await readIdx(await read(labelPath), labelPath, limits);
  return imageSet({
    name: 'idx',
    describe: `${count} images of ${baseOf(path)}, ${height}×${width}×1 in [-1, 1]`,
    shape: [height, width, 1],
    bytes: data,
    labels: labels === undefined ? new Uint8Array(count) : labelBytes(labelPath ?? path, labels.data, count),
  });
}

/**
 * Images of IDX files, as MNIST's are: a folder with one file to train on and perhaps one to measure with, or
 * one file. Labels are found by their name.
 */
export async function idxData({
  path,
  heldOut,
}: {
  readonly path: string;
  readonly heldOut: number | null;
}): Promise<BuiltDataset> {
  if ((await placeOf(path)).kind === 'file')
    return withHeldOut(await load(pairOf(within(path, '..'), baseOf(path))), heldOut);
  const { files } = await listOf(path);
  // a file and its gzipped copy are one
  const names = files.filter(
    (file) => IDX_NAME.test(file) && !(file.endsWith('.gz') && files.includes(file.slice(0, -3))),
  );
  const [train, second] = names.filter((name) => !TEST_NAME.test(name));
  const [test, other] = names.filter((name) => TEST_NAME.test(name));
  if (train === undefined || second !== undefined || other !== undefined)
    throw new InputError(
      `${path}: found ${names.map((name) => shown(name)).join(', ') || 'no file of images'}; expected one whose name ends in images-idx3-ubyte, as train-images-idx3-ubyte.gz, and perhaps t10k-images-idx3-ubyte.gz: give the path of the file to take`,
    );
  const set = await load(pairOf(path, train));
  if (test === undefined) return withHeldOut(set, heldOut);
  refuseHeldOut('idx', heldOut, within(path, test));
  const measured = await load(pairOf(path, test));
  if (measured.shape.join() !== set.shape.join())
    throw new InputError(
      `${within(path, test)}: found images of ${measured.shape.join('×')}; expected ${set.shape.join('×')}, as in ${train}`,
    );
  return { train: set, test: measured };
}
