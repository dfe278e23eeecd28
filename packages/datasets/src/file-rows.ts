import { choice, integer, row, type Data, type Option, type Row } from '@stillpoint/operators';
import { csvData, npyData, type CsvData, type NpyData } from './array-data.js';
import type { BuiltDataset } from './built.js';
import { cifar10Data, cifar100Data } from './cifar-data.js';
import { heldOut } from './held-out.js';
import { idxData } from './idx-data.js';
import { imageFolderData, type ImageFolderData } from './image-folder-data.js';
import { heldOutEnd, textData, windowLength, type TextData } from './text-data.js';

/** A data set's entry in the registry: the only place that names it outside its file. */
export interface DatasetEntry extends Row<Promise<BuiltDataset>> {
  readonly reference: string;
}

/** Whether a value can be a path. */
export const isPath = (value: Data): value is string =>
  typeof value === 'string' && value !== '' && !value.includes('\0');

const pathTo = (what: string, example: string): Option<string> => ({
  about: `the path of ${what}`,
  expected: `a path in quotes, as "${example}"`,
  accepts: isPath,
});

const isNumbers = (value: Data, length: number): value is readonly number[] =>
  Array.isArray(value) && value.length === length && value.every((x: Data) => Number.isFinite(x));

const channels: Option<number | null> = {
  about: 'channels of all images',
  expected: '1 for grey or 3 for colour; null: those of the files, which must agree',
  default: null,
  accepts: (value) => value === 1 || value === 3,
};

const background: Option<readonly number[] | null> = {
  about: 'colour that transparent pixels are blended with',
  expected: 'three whole numbers from 0 to 255, as [255,255,255]; null: such pixels are refused',
  default: null,
  accepts: (value) => isNumbers(value, 3) && value.every((v) => Number.isInteger(v) && v >= 0 && v <= 255),
};

const side = (what: string): Option<number | null> =>
  integer({
    about: `${what} of all images, in pixels`,
    from: 1,
    to: 65_535,
    default: null,
    orNull: 'that of the files, which must agree',
  });

const range: Option<readonly number[] | null> = {
  about: 'the pixels of black and white, for images that are not bytes',
  expected: 'two numbers, the smaller first, as [0,1] or [-1,1]; null: pixels are bytes from 0 to 255',
  default: null,
  accepts: (value) => isNumbers(value, 2) && value[0]! < value[1]!,
};

const label: Option<string | number | null> = {
  about: 'column of labels',
  expected: 'its name in the header, or its index from 0; null: no labels',
  default: null,
  accepts: (value) => typeof value === 'string' || (Number.isInteger(value) && Number(value) >= 0),
};

const header: Option<boolean | null> = {
  about: 'whether the first row holds the names of the columns',
  expected: 'true or false; null: it does if none of its fields is a number',
  default: null,
  accepts: (value) => typeof value === 'boolean',
};

const separator: Option<string | null> = {
  about: 'what stands between two numbers',
  expected: '",", ";", " " or "\\t"; null: what the first row has',
  default: null,
  accepts: (value) => [',', ';', ' ', '\t'].some((mark) => mark === value),
};

const krizhevsky = 'Krizhevsky 2009, Learning multiple layers of features from tiny images';

/** The rows that read a user's files. */
export const fileRows: readonly DatasetEntry[] = [
  row(
    {
      name: 'image-folder',
      about:
        'PNG and JPEG images of a folder, in [−1, 1]; folders in it are their labels, or train and test sets',
      reference: 'your files',
      example: 'image-folder(path="photos", height=32, width=32)',
    },
    {
      path: pathTo('the folder', 'photos'),
      height: side('height'),
      width: side('width'),
      channels,
      fit: choice({
        among: ['crop', 'squash'],
        about: 'what height and width take of an image: the largest centred part, or all of it, distorted',
        default: 'crop',
      }),
      background,
      heldOut,
    },
    async (options: ImageFolderData) => imageFolderData(options),
  ),
  row(
    {
      name: 'npy',
      about:
        'points of an NPY file of shape [count, dim], as they are, or images of shape [count, height, width] or [count, height, width, channels], scaled to [−1, 1]',
      reference: 'your files',
      example: 'npy(path="points.npy")',
    },
    {
      path: pathTo('the file', 'points.npy'),
      labels: {
        about: 'the path of an NPY file of shape [count], with the labels',
        expected: 'a path in quotes, as "labels.npy"; null: no labels',
        default: null,
        accepts: isPath,
      },
      range,
      heldOut,
    },
    async (options: NpyData) => npyData(options),
  ),
  row(
    {
      name: 'csv',
      about: 'points of a text file, a row for each, as they are',
      reference: 'your files',
      example: 'csv(path="points.csv", label=class)',
    },
    { path: pathTo('the file', 'points.csv'), label, header, separator, heldOut },
    async (options: CsvData) => csvData(options),
  ),
  row(
    {
      name: 'idx',
      about: 'grey images of IDX files, as MNIST’s are, in [−1, 1]; labels are found by their name',
      reference: 'your files',
      example: 'idx(path="mnist")',
    },
    { path: pathTo('the folder, or of one file of images', 'mnist'), heldOut },
    async (options: { readonly path: string; readonly heldOut: number | null }) => idxData(options),
  ),
  row(
    {
      name: 'cifar10',
      about: 'CIFAR-10 from its binary files, 32×32 in colour, 10 classes',
      reference: krizhevsky,
      example: 'cifar10(path="cifar-10-batches-bin")',
    },
    { path: pathTo('the folder, or of one file', 'cifar-10-batches-bin'), heldOut },
    async (options: { readonly path: string; readonly heldOut: number | null }) => cifar10Data(options),
  ),
  row(
    {
      name: 'cifar100',
      about: 'CIFAR-100 from its binary files, 32×32 in colour, 100 classes',
      reference: krizhevsky,
      example: 'cifar100(path="cifar-100-binary")',
    },
    {
      path: pathTo('the folder, or of one file', 'cifar-100-binary'),
      labels: choice({
        among: ['fine', 'coarse'],
        about: 'which labels: the 100 classes, or the 20 groups of them',
        default: 'fine',
      }),
      heldOut,
    },
    async (options: {
      readonly path: string;
      readonly labels: 'fine' | 'coarse';
      readonly heldOut: number | null;
    }) => cifar100Data(options),
  ),
  row(
    {
      name: 'text',
      about: 'windows of characters of a text file in UTF-8, for language models; the end is held out',
      reference: 'your files',
      example: 'text(path="book.txt")',
    },
    {
      path: pathTo('the file', 'book.txt'),
      length: windowLength,
      heldOut: heldOutEnd,
    },
    async (options: TextData) => textData(options),
  ),
];
