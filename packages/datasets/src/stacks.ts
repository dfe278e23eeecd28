// Lin, Khetan, Fanti, Oh, "PacGAN: the power of two samples in generative adversarial networks" (2018), arXiv
// 1712.04086, section 4.2, there with handwritten digits.
import { InputError, permutation, shown, uniform } from '@stillpoint/operators';
import { checkBatch, optionsOf, room } from './check.js';
import type { BatchStream, Dataset, ImageSet } from './types.js';

/** Grey images, and how many of them make a stack. */
export interface Stacks {
  readonly images: ImageSet;
  /** Images in a stack: the channels of one image. */
  readonly channels: number;
}

/** Stacks whose modes are known. */
export interface KnownStacksOptions extends Stacks {
  /** Number of classes of the images; a mode is a class for each channel. */
  readonly classes: number;
  /** How many modes there are, each equally likely. */
  readonly modes: number;
}

function checkStacks(owner: string, { images, channels }: Stacks): void {
  const [, , grey] = optionsOf(`${owner}: images`, images, 'fashionMnist returns').shape;
  if (grey !== 1)
    throw new InputError(
      `${owner}: images of shape [${images.shape.join(', ')}]; expected grey ones, [height, width, 1]`,
    );
  if (!Number.isInteger(channels) || channels < 1 || channels > 6)
    throw new InputError(`${owner}: channels is ${shown(channels)}; expected a whole number from 1 to 6`);
}

/** Writes stacks of the images `chosen`, flat [size, channels], to `out`. */
function stack(out: Float32Array, { images, channels }: Stacks, chosen: ArrayLike<number>): Float32Array {
  const length = images.bytes.length / images.count;
  for (let i = 0; i < chosen.length; i++) {
    const from = chosen[i]! * length;
    const at = Math.floor(i / channels) * length * channels + (i % channels);
    for (let p = 0; p < length; p++)
      out[at + p * channels] = Math.fround(images.bytes[from + p]! / 127.5 - 1);
  }
  return out;
}

/**
 * Independent grey images as the channels of one, [height, width, channels]: with three channels of ten
 * classes there are 1,000 modes. Every batch draws new stacks, with replacement. Throws InputError for images
 * that are not grey, and for channels that are not a whole number from 1 to 6.
 */
export function stackedImages(name: string, stacks: Stacks): Dataset {
  checkStacks(name, stacks);
  const { images, channels } = stacks;
  const [height = 1, width = 1] = images.shape;
  const shape = [height, width, channels];
  return {
    name,
    shape,
    describe: `stacks of ${channels} independent images as channels, new ones in every batch, of: ${images.describe}`,
    identity: { kind: 'stacks', name, channels, of: images.identity ?? null },
    batch(size, stream, out) {
      checkBatch(name, size, stream);
      const chosen = uniform(new Float64Array(size * channels), { ...stream, purpose: 'stacks' });
      return stack(
        room(name, size, shape, out),
        stacks,
        chosen.map((u) => Math.floor(u * images.count)),
      );
    },
  };
}

/**
 * Real stacks of some of the modes only, each equally likely, to see what a classifier reports on them: which
 * modes, a fixed choice; which images of the classes, by the stream. Returns the stacks, flat `[size, ...]`.
 * Throws InputError if a class has no image, and if there are fewer modes than asked for.
 */
export function knownStacks(options: KnownStacksOptions, size: number, stream: BatchStream): Float32Array {
  checkStacks(
    'knownStacks',
    optionsOf('knownStacks', options, '{ images, channels: 3, classes: 10, modes: 100 }'),
  );
  checkBatch('knownStacks', size, stream);
  const { images, channels, classes, modes } = options;
  const members = Array.from({ length: classes }, (_, label) =>
    [...images.labels.keys()].filter((i) => images.labels[i] === label),
  );
  const none = members.findIndex((of) => of.length === 0);
  if (none >= 0 || members.length === 0)
    throw new InputError(
      `knownStacks: no image of ${images.name} has the label ${none}; expected some of each of the ${shown(classes)} classes`,
    );
  const all = classes ** channels;
  if (!Number.isInteger(modes) || modes < 1 || modes > all)
    throw new InputError(`knownStacks: modes is ${shown(modes)}; expected a whole number from 1 to ${all}`);
  const taken = permutation(all, { seed: 0, purpose: 'known modes' });
  const u = uniform(new Float64Array(size * (channels + 1)), { ...stream, purpose: 'known stacks' });
  const chosen = Array.from({ length: size * channels }, (_, at) => {
    const [i, c] = [Math.floor(at / channels), at % channels];
    const mode = taken[Math.floor(u[i * (channels + 1)]! * modes)]!;
    const of = members[Math.floor(mode / classes ** c) % classes]!;
    return of[Math.floor(u[i * (channels + 1) + 1 + c]! * of.length)]!;
  });
  const [height = 1, width = 1] = images.shape;
  return stack(room('knownStacks', size, [height, width, channels], undefined), options, chosen);
}
