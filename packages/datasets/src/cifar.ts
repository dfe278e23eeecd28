// The binary files of CIFAR-10 and CIFAR-100: Krizhevsky, "Learning multiple layers of features from tiny
// images" (2009). A record is one label byte (CIFAR-100: coarse, fine), then 32×32 red, green and blue
// pixels.
import { InputError, shown } from '@stillpoint/operators';
import { expectBytes } from './bytes.js';
import { optionsOf } from './check.js';
import { imageSet } from './images.js';
import type { ImageSet } from './types.js';

/** The bytes of a file, and its name for errors; `readFiles` returns some. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Options of `cifar100`. */
export interface Cifar100Options {
  /** Which labels: the 100 classes, or the 20 groups of them. Default `fine`. */
  readonly labels?: 'fine' | 'coarse';
}

/** The classes of CIFAR-10, by label. */
export const cifar10Classes: readonly string[] = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
];

/** Returns the file. @throws InputError for anything but an object with a name and bytes. */
export function namedBytes(owner: string, file: NamedBytes): NamedBytes {
  const given: unknown = file;
  if (typeof given !== 'object' || given === null || !('name' in given) || typeof given.name !== 'string')
    throw new InputError(
      `${owner}: found the file ${shown(given)}; expected its name and its bytes, as { name: '1.bin', bytes }`,
    );
  return file;
}

const PLANE = 32 * 32;
const PIXELS = 3 * PLANE;

interface Format {
  readonly name: string;
  readonly title: string;
  /** How many classes each label byte may name. */
  readonly classes: readonly number[];
  /** Which of the label bytes is the label. */
  readonly label: number;
}

const record = ({ classes }: Format): number => classes.length + PIXELS;

/** What a file of another length may be. */
function guess(bytes: Uint8Array, format: Format): string {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return ': this is gzip data, so unpack it first';
  if (bytes[0] === 0x80) return ': this may be the Python version; the binary version is another download';
  const other = format.classes.length === 1 ? 2 : 1;
  if (bytes.length % (other + PIXELS) === 0)
    return `: this is a whole number of records of ${other === 2 ? 'CIFAR-100: use cifar100' : 'CIFAR-10: use cifar10'}`;
  return ': truncated, or not such a file';
}

function cifar(files: readonly NamedBytes[], format: Format): ImageSet {
  const given: unknown = files;
  if (!Array.isArray(given) || files.length === 0)
    throw new InputError(
      `${format.name}: files are ${shown(given)}; expected at least one, as [{ name: 'data_batch_1.bin', bytes }]`,
    );
  const length = record(format);
  let count = 0;
  for (const file of files) {
    const { name, bytes } = namedBytes(format.name, file);
    expectBytes(bytes, name);
    if (bytes.length === 0 || bytes.length % length !== 0)
      throw new InputError(
        `${name}: found ${bytes.length} bytes; expected a multiple of ${length}, the length of a record of ${format.title}${guess(bytes, format)}`,
      );
    count += bytes.length / length;
  }
  const pixels = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  let image = 0;
  for (const { name, bytes } of files)
    for (let at = 0; at < bytes.length; at += length, image++) {
      format.classes.forEach((classes, k) => {
        const label = bytes[at + k]!;
        if (label >= classes)
          throw new InputError(
            `${name}: label ${label} of record ${at / length}; expected 0 to ${classes - 1}: not a file of ${format.title}`,
          );
        if (k === format.label) labels[image] = label;
      });
      const from = at + format.classes.length;
      for (let p = 0; p < PLANE; p++)
        for (let c = 0; c < 3; c++) pixels[image * PIXELS + 3 * p + c] = bytes[from + c * PLANE + p]!;
    }
  return imageSet({
    name: format.name,
    describe: `${count} images of ${format.title}, 32×32×3 in [-1, 1], of ${files.map(({ name }) => name).join(', ')}`,
    shape: [32, 32, 3],
    bytes: pixels,
    labels,
  });
}

/**
 * The images of CIFAR-10's binary files, joined in that order: shape [32, 32, 3], channels last, labels 0 …
 * 9. Needs no Node. Throws InputError for a file that is not a whole number of records, and for a label above
 * 9.
 */
export function cifar10(files: readonly NamedBytes[]): ImageSet {
  return cifar(files, { name: 'cifar10', title: 'CIFAR-10', classes: [10], label: 0 });
}

/**
 * The images of CIFAR-100's binary files, joined in that order: shape [32, 32, 3], channels last, labels 0 …
 * 99 or, coarse, 0 … 19. Needs no Node. Throws InputError as `cifar10` does.
 */
export function cifar100(files: readonly NamedBytes[], options: Cifar100Options = {}): ImageSet {
  const { labels = 'fine' } = optionsOf('cifar100', options, "{ labels: 'coarse' }");
  const which: unknown = labels;
  if (which !== 'fine' && which !== 'coarse')
    throw new InputError(`cifar100: labels is ${shown(which)}; expected 'fine' or 'coarse'`);
  const label = which === 'coarse' ? 0 : 1;
  return cifar(files, { name: 'cifar100', title: 'CIFAR-100', classes: [20, 100], label });
}
