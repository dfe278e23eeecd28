import { InputError, shown } from '@stillpoint/operators';
import { expectBytes } from './bytes.js';
import { checkCount, optionsOf } from './check.js';
import { namedBytes, type NamedBytes } from './cifar.js';
import { filesIn, LARGEST } from './files.js';
import { imageSet } from './images.js';
import { isJpeg, parseJpeg } from './jpeg.js';
import { checkLooks, opaque, resized, type Fit, type Looks, type Picture } from './picture.js';
import { isPng, parsePng } from './png.js';
import type { ImageSet } from './types.js';

/** Options of `imageFiles` and `imageFolder`. */
export interface ImageFilesOptions {
  /** Default `images`. */
  readonly name?: string;
  /** Height and width of all images. Default: their own, which must then be the same. */
  readonly size?: readonly [number, number];
  /**
   * What a size takes: `crop`, the largest centred part of its proportions (default), or `squash`, the whole
   * image.
   */
  readonly fit?: Fit;
  /** 1 for grey, 3 for colour. Default: what the files have, which must then be the same. */
  readonly channels?: 1 | 3;
  /** What transparent pixels are blended with, as `[255, 255, 255]`. Default: they are refused. */
  readonly background?: readonly [number, number, number];
  /** The most pixels that a file may claim; default 2²⁶, as 8192×8192. */
  readonly maxPixels?: number;
}

/** Images of files, and their classes. */
export interface ImageFiles {
  /** The images, in [−1, 1], with the classes as labels; all 0 if there are none. */
  readonly images: ImageSet;
  /** Names of the files, in the order of the images. */
  readonly files: readonly string[];
  /** Names of the labels: the folders, by code points. Missing if the files are in none. */
  readonly classes?: readonly string[];
}

/** The names of files that are images. */
export const IMAGE_NAME: RegExp = /\.(?:png|jpe?g)$/i;

/** The order of texts by code points, the same on every machine; `<` compares halves of some code points. */
function byCodePoints(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** The image of a file; its first bytes decide of which kind. */
function pictureOf({ name, bytes }: NamedBytes, maxPixels: number): Picture {
  expectBytes(bytes, name);
  if (isPng(bytes)) return parsePng(bytes, name, maxPixels);
  if (isJpeg(bytes)) return parseJpeg(bytes, name, maxPixels);
  const found =
    bytes.length === 0
      ? 'an empty file'
      : `a file that begins ${Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;
  throw new InputError(`${name}: found ${found}; expected a PNG or JPEG image`);
}

const looksOf = ({ height, width, channels }: Pick<Picture, 'height' | 'width' | 'channels'>): string =>
  `${height}×${width}, ${channels === 1 ? 'grey' : 'colour'}`;

/** How many images have that size and colour, and the first of them. */
interface Kind extends Pick<Picture, 'height' | 'width' | 'channels'> {
  readonly file: NamedBytes;
  readonly count: number;
}

/** How many kinds of images an error lists. */
const LISTED = 5;

/** What to do about images of several sizes or colours. */
function different(kinds: readonly Kind[]): string {
  const common = kinds.toSorted((a, b) => b.count - a.count);
  const [{ height, width, channels } = kinds[0]!] = common;
  const found = common
    .slice(0, LISTED)
    .map((kind) => `${kind.count} of ${looksOf(kind)} (${shown(kind.file.name)})`);
  const rest = kinds.length > LISTED ? ` and ${kinds.length - LISTED} more sizes` : '';
  const cures = [
    ...(kinds.some((kind) => kind.height !== height || kind.width !== width)
      ? [
          `a size for all, height=${height}, width=${width} in a spec, size: [${height}, ${width}] in a program`,
        ]
      : []),
    ...(kinds.some((kind) => kind.channels !== channels) ? ['channels, 1 for grey or 3 for colour'] : []),
  ];
  return `found images of different kinds: ${found.join(', ')}${rest}; expected one kind: give ${cures.join(', and ')}`;
}

/** The folder of a name such as `cats/1.png`; undefined if there is none. */
const folderOf = (name: string): string | undefined =>
  name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : undefined;

/**
 * The images of PNG and JPEG files, by their names in the order of code points. The folder in a name is its
 * class. 16 bits become 8 by rounding v / 257; images with an EXIF orientation are upright. A smaller size
 * averages areas, a larger one is bilinear. JPEG needs no Node, PNG does. Throws InputError for damaged
 * files, images of different sizes or colours where options do not say which, transparent pixels without a
 * background, and no files.
 */
export function imageFiles(files: readonly NamedBytes[], options: ImageFilesOptions = {}): ImageFiles {
  const {
    name = 'images',
    size,
    fit = 'crop',
    channels,
    background,
    maxPixels = 2 ** 26,
  } = optionsOf('imageFiles', options, '{ size: [32, 32] }');
  const looks: Looks = { channels, background };
  checkLooks(name, looks);
  checkCount(`${name}: maxPixels`, maxPixels, 2 ** 26, 2 ** 31);
  const [given, how]: readonly unknown[] = [size, fit];
  if (given !== undefined && !(Array.isArray(given) && given.length === 2))
    throw new InputError(`${name}: size is ${shown(given)}; expected height and width, as [32, 32]`);
  size?.forEach((n, i) => checkCount(`${name}: size[${i}]`, n, 32, 65_535));
  if (how !== 'crop' && how !== 'squash')
    throw new InputError(`${name}: fit is ${shown(how)}; expected 'crop' or 'squash'`);
  const list: unknown = files;
  if (!Array.isArray(list) || files.length === 0)
    throw new InputError(`${name}: files are ${shown(list)}; expected at least one PNG or JPEG image`);
  const sorted = files.map((file) => namedBytes(name, file)).toSorted((a, b) => byCodePoints(a.name, b.name));
  const folders = sorted.map((file) => folderOf(file.name));
  const loose = folders.indexOf(undefined);
  const classes = [...new Set(folders.filter((folder) => folder !== undefined))].toSorted(byCodePoints);
  if (classes.length > 0 && loose >= 0)
    throw new InputError(
      `${name}: ${shown(sorted[loose]?.name)} is in no folder, ${shown(classes[0])} is one; expected all images in folders, which are their labels, or none`,
    );
  if (classes.length > 256)
    throw new InputError(`${name}: found ${classes.length} folders; expected 256 at most`);
  let first: Picture | undefined;
  let bytes = new Uint8Array(0);
  const kinds = new Map<string, Kind>();
  sorted.forEach((file, i) => {
    const whole = opaque(pictureOf(file, maxPixels), file.name, looks);
    const [height, width] = size ?? [whole.height, whole.width];
    const wanted = { height, width, channels: whole.channels };
    if (first === undefined) {
      // before anything of that size is made
      const total = height * width * whole.channels * sorted.length;
      if (total > 2 ** 31)
        throw new InputError(
          `${name}: ${sorted.length} images of ${looksOf(wanted)} are ${total} bytes; expected ${2 ** 31} at most`,
        );
      bytes = new Uint8Array(total);
    }
    const kind = kinds.get(looksOf(wanted));
    kinds.set(looksOf(wanted), kind ? { ...kind, count: kind.count + 1 } : { ...wanted, file, count: 1 });
    if (kinds.size > 1) return; // the others are only counted, for the error
    const same = height === whole.height && width === whole.width;
    const picture = same ? whole : resized(whole, width, height, fit);
    first ??= picture;
    bytes.set(picture.data, i * picture.data.length);
  });
  if (kinds.size > 1) throw new InputError(`${name}: ${different([...kinds.values()])}`);
  const { height = 1, width = 1, channels: last = 1 } = first ?? {};
  const index = new Map(classes.map((one, k) => [one, k]));
  const changed =
    size === undefined ? '' : `, ${fit === 'crop' ? 'centre cropped' : 'squashed'} to ${height}×${width}`;
  const images = imageSet({
    name,
    describe: `${sorted.length} PNG and JPEG images${classes.length > 0 ? ` of ${classes.length} folders` : ''}, ${height}×${width}×${last} in [-1, 1]${changed}`,
    shape: [height, width, last],
    bytes,
    labels: Uint8Array.from(folders, (folder) => index.get(folder ?? '') ?? 0),
  });
  return { images, files: sorted.map((file) => file.name), ...(classes.length > 0 && { classes }) };
}

/**
 * The images of a folder and of the folders in it, which are their labels; see `imageFiles`. Node only. Files
 * whose names begin with a dot, or are not those of images, are passed over. Rejects with InputError for a
 * folder without images, images in folders of folders, images of other kinds (gif, webp, …), and as
 * `imageFiles` does.
 */
export async function imageFolder(path: string, options: ImageFilesOptions = {}): Promise<ImageFiles> {
  if (typeof path !== 'string' || path === '')
    throw new InputError(`imageFolder: found ${shown(path)}; expected the path of a folder`);
  optionsOf('imageFolder', options, '{ size: [32, 32] }');
  const files: NamedBytes[] = [];
  let total = 0;
  for await (const file of filesIn(path, {
    taken: IMAGE_NAME,
    refused: /\.(?:gif|webp|bmp|tiff?|avif|heic|heif|jp2|jxl|svg|ppm|pgm|tga)$/i,
  })) {
    files.push(file);
    total += file.bytes.length;
    if (total > LARGEST)
      throw new InputError(
        `${path}: its images are files of more than ${LARGEST} bytes; expected less in all`,
      );
  }
  if (files.length === 0)
    throw new InputError(`${path}: found no image; expected files whose names end in .png, .jpg or .jpeg`);
  return imageFiles(files, options);
}
