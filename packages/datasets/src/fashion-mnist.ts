import { InputError, shown } from '@stillpoint/operators';
import { optionsOf } from './check.js';
import { embeddedFolder, pathOf, read, sha256, variable } from './files.js';
import { idxBytes, parseIdx, type ReadIdxOptions } from './idx.js';
import { imageSet } from './images.js';
import type { ImageSet } from './types.js';

/** Options of `fashionMnist`. */
export interface FashionMnistOptions {
  /**
   * `embedded` (default): the 10,000 images in this package. `full`: all 70,000, from `$FASHION_MNIST_DIR` or
   * `/usr/share/datasets/fashion-mnist`. Anything else is the path of a folder with four files of the same
   * names, gzipped or plain; their content decides which.
   */
  readonly source?: string;
  /** The labels of the classes that are kept, which then become 0, 1, …; default: all ten. */
  readonly classes?: readonly number[] | null;
  /** As in `readIdx`: the largest size, in bytes, that a gzip file may claim; default 2²⁹. */
  readonly maxBytes?: number;
}

/** Fashion-MNIST in memory. */
export interface FashionMnist {
  /** Images to train on; shape [28, 28, 1]. */
  readonly train: ImageSet;
  /** Images that training never sees, for metrics. */
  readonly test: ImageSet;
  /** Names of the labels 0, 1, …. */
  readonly classes: readonly string[];
  /** The option `source`. */
  readonly source: string;
  /** The folder where the files were found. */
  readonly folder: string;
  /** Which files and images are `train` and `test`, in words. */
  readonly split: string;
  /**
   * Whether the content is the published one. Always true for `embedded` and `full`, which accept nothing
   * else.
   */
  readonly verified: boolean;
}

const SIDE = 28;
const EMBEDDED_TRAIN = 8_000;
const SYSTEM_FOLDER = '/usr/share/datasets/fashion-mnist';
const CLASSES: readonly string[] = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

const files = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
} as const;

// SHA-256 of the uncompressed content: Debian's gzip files and Zalando's differ in their headers only.
const checksums: { readonly [name: string]: string } = {
  [files.trainImages]: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
  [files.trainLabels]: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
  [files.testImages]: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
  [files.testLabels]: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
};

interface Pair {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  readonly verified: boolean;
}

/** One folder, and how its files are read. */
interface Place {
  readonly folder: string;
  /** Whether only the published content is accepted. */
  readonly strict: boolean;
  readonly limits: ReadIdxOptions;
}

async function loadPair(
  { folder, strict, limits }: Place,
  imageFile: string,
  labelFile: string,
): Promise<Pair> {
  const load = async (
    name: string,
  ): Promise<{ path: string; data: Uint8Array; shape: readonly number[]; verified: boolean }> => {
    const path = pathOf(folder, name);
    if (path === undefined)
      throw new InputError(
        `${folder} lacks the file ${name}.gz; install the package again, or give another source`,
      );
    const content = await idxBytes(await read(path), path, limits);
    const digest = sha256(content);
    const verified = digest === checksums[name];
    if (strict && !verified) {
      throw new InputError(
        `${path}: found content of SHA-256 ${digest}; expected ${checksums[name]}, Fashion-MNIST's. Fetch the file again, or give other data in this layout as source: '${folder}'`,
      );
    }
    const { dtype, shape, data } = parseIdx(content, path);
    if (dtype !== 'uint8') throw new InputError(`${path}: found ${dtype}; expected uint8`);
    return { path, data, shape, verified };
  };
  const images = await load(imageFile);
  const labels = await load(labelFile);
  const [count = 0, height, width] = images.shape;
  if (images.shape.length !== 3 || count === 0 || height !== SIDE || width !== SIDE) {
    throw new InputError(
      `${images.path}: found shape [${images.shape.join(', ')}]; expected [count, ${SIDE}, ${SIDE}] with an image at least`,
    );
  }
  if (labels.shape.length !== 1 || labels.shape[0] !== count) {
    throw new InputError(
      `${labels.path}: found shape [${labels.shape.join(', ')}]; expected [${count}], a label for each image`,
    );
  }
  const odd = labels.data.findIndex((label) => label >= CLASSES.length);
  if (odd >= 0)
    throw new InputError(
      `${labels.path}: found label ${labels.data[odd]} at ${odd}; expected 0 to ${CLASSES.length - 1}`,
    );
  return { images: images.data, labels: labels.data, verified: images.verified && labels.verified };
}

/** Whether these are different labels of Fashion-MNIST, at least one. */
export const isClasses = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  new Set(value).size === value.length &&
  value.every((label) => Number.isInteger(label) && label >= 0 && label < CLASSES.length);

/** The images of some classes in their order, with labels by the place of their class among them. */
function ofClasses(
  classes: readonly number[] | null,
  images: Uint8Array,
  labels: Uint8Array,
): { readonly images: Uint8Array; readonly labels: Uint8Array } {
  if (classes === null) return { images, labels };
  const chosen = [...labels.keys()].filter((i) => classes.includes(labels[i]!));
  if (chosen.length === 0)
    throw new InputError(
      `fashion-mnist: no image of the classes [${classes.join(',')}] among ${labels.length}; expected labels that are there, such as ${labels[0]}`,
    );
  const out = new Uint8Array(chosen.length * SIDE * SIDE);
  chosen.forEach((from, to) =>
    out.set(images.subarray(from * SIDE * SIDE, (from + 1) * SIDE * SIDE), to * SIDE * SIDE),
  );
  return { images: out, labels: Uint8Array.from(chosen, (i) => classes.indexOf(labels[i]!)) };
}

/** The first folder that holds all four files. */
async function findFolder(source: string): Promise<string> {
  const own = variable('FASHION_MNIST_DIR');
  const folders = source === 'full' ? [...(own === undefined ? [] : [own]), SYSTEM_FOLDER] : [source];
  const missing = (folder: string): string[] =>
    Object.values(files).filter((name) => pathOf(folder, name) === undefined);
  const found = folders.find((folder) => missing(folder).length === 0);
  if (found !== undefined) return found;
  const tried = folders
    .map(
      (folder) =>
        `${folder} (lacks ${missing(folder)
          .map((name) => `${name}.gz`)
          .join(', ')})`,
    )
    .join(' and ');
  const cure =
    source === 'full'
      ? 'run `apt-get install dataset-fashion-mnist`, set FASHION_MNIST_DIR to their folder'
      : "expected the source 'embedded', 'full' or a folder with these files; run `apt-get install dataset-fashion-mnist` and take 'full'";
  throw new InputError(
    `fashion-mnist: no files for source '${source}'; tried ${tried}; ${cure}, or take the 10,000 images of source 'embedded'`,
  );
}

/**
 * Fashion-MNIST: 28×28 grey images of clothing in 10 classes, shape [28, 28, 1], scaled to [−1, 1].
 * `embedded` splits the 10,000 t10k images in file order: the first 8,000 to train, the last 2,000 for
 * metrics. It is the default even where the full files are installed, so that a command means the same on
 * every machine. `full` and folders train on the train files and measure on the t10k files. Node only.
 * Source: Xiao, Rasul, Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine learning
 * algorithms" (2017), arXiv 1708.07747. Rejects with InputError for files that are missing (the message names
 * the folders tried and what to do), damaged, or of another shape or type.
 */
export async function fashionMnist(options: FashionMnistOptions = {}): Promise<FashionMnist> {
  const {
    source = 'embedded',
    classes: kept = null,
    ...limits
  } = optionsOf('fashion-mnist', options, "{ source: 'full' }");
  if (typeof source !== 'string' || source === '')
    throw new InputError(
      `fashion-mnist: source is ${shown(source)}; expected 'embedded', 'full' or a folder`,
    );
  if (kept !== null && !isClasses(kept))
    throw new InputError(
      `fashion-mnist: classes are ${shown(kept)}; expected different labels from 0 to ${CLASSES.length - 1}, as [0,1]`,
    );
  const classes = kept === null ? CLASSES : kept.map((label) => CLASSES[label]!);
  const set = (part: string, allImages: Uint8Array, allLabels: Uint8Array): ImageSet => {
    const { images, labels } = ofClasses(kept, allImages, allLabels);
    return imageSet({
      name: 'fashion-mnist',
      describe: `${labels.length.toLocaleString('en')} Fashion-MNIST images${kept === null ? '' : `, ${classes.join(' and ')} only`}, 28×28 grey in [−1, 1], ${part}`,
      shape: [SIDE, SIDE, 1],
      bytes: images,
      labels,
    });
  };
  if (source === 'embedded') {
    const folder = embeddedFolder('fashion-mnist');
    const { images, labels, verified } = await loadPair(
      { folder, strict: true, limits },
      files.testImages,
      files.testLabels,
    );
    const at = EMBEDDED_TRAIN * SIDE * SIDE;
    return {
      train: set('t10k file 0–7,999', images.subarray(0, at), labels.subarray(0, EMBEDDED_TRAIN)),
      test: set('t10k file 8,000–9,999', images.subarray(at), labels.subarray(EMBEDDED_TRAIN)),
      classes,
      source,
      folder,
      verified,
      split: 't10k file in order: the first 8,000 images for training, the last 2,000 for metrics',
    };
  }
  const folder = await findFolder(source);
  const place = { folder, strict: source === 'full', limits };
  const train = await loadPair(place, files.trainImages, files.trainLabels);
  const test = await loadPair(place, files.testImages, files.testLabels);
  return {
    train: set('train file', train.images, train.labels),
    test: set('t10k file', test.images, test.labels),
    classes,
    source,
    folder,
    verified: train.verified && test.verified,
    split: `train file (${train.labels.length} images) for training, t10k file (${test.labels.length}) for metrics`,
  };
}
