import { InputError } from '@stillpoint/operators';
import type { BuiltDataset } from './built.js';
import { cifar10, cifar100, cifar10Classes, type Cifar100Options, type NamedBytes } from './cifar.js';
import { listOf, placeOf, readFiles, within } from './files.js';
import { refuseHeldOut, withHeldOut } from './held-out.js';
import type { ImageSet } from './types.js';

/** The files of a CIFAR data set. */
interface Layout {
  readonly name: 'cifar10' | 'cifar100';
  /** The folder that its archive makes. */
  readonly folder: string;
  /** Names of training files; a group is the number of the part. */
  readonly train: RegExp;
  readonly test: string;
  readonly expected: string;
}

export const layout10: Layout = {
  name: 'cifar10',
  folder: 'cifar-10-batches-bin',
  train: /^data_batch_(\d+)\.bin$/,
  test: 'test_batch.bin',
  expected: 'data_batch_1.bin to data_batch_5.bin and test_batch.bin',
};

export const layout100: Layout = {
  name: 'cifar100',
  folder: 'cifar-100-binary',
  train: /^train\.bin$/,
  test: 'test.bin',
  expected: 'train.bin and test.bin',
};

/** Whether a folder's files, or the folders in it, are those of a layout, or of its Python version. */
export function isCifar(
  { folder, train, test }: Layout,
  files: readonly string[],
  folders: readonly string[],
): boolean {
  const isPart = (name: string): boolean => train.test(name) || name === test;
  return folders.includes(folder) || files.some((file) => isPart(file) || isPart(`${file}.bin`));
}

const partOf = (file: string, { train }: Layout): number => Number(train.exec(file)?.[1] ?? 1);

/** The training files and the test file at a path: a folder, that which holds it, or one file. */
async function filesOf(
  path: string,
  layout: Layout,
): Promise<{ readonly train: readonly string[]; readonly test?: string }> {
  if ((await placeOf(path)).kind === 'file') return { train: [path] };
  const { files, folders } = await listOf(path);
  if (folders.includes(layout.folder)) return filesOf(within(path, layout.folder), layout);
  const train = files
    .filter((file) => layout.train.test(file))
    .toSorted((a, b) => partOf(a, layout) - partOf(b, layout));
  if (train.length === 0)
    throw new InputError(
      `${path}: found ${files.join(', ').slice(0, 200) || 'no file'}; expected ${layout.expected}, the binary version of the data set`,
    );
  const gap = train.findIndex((file, i) => partOf(file, layout) !== i + 1);
  if (gap >= 0)
    throw new InputError(
      `${path}: found ${train.join(', ')}; expected part ${gap + 1}, too: give the path of one file to take that alone`,
    );
  return {
    train: train.map((file) => within(path, file)),
    ...(files.includes(layout.test) && { test: within(path, layout.test) }),
  };
}

async function cifarData(
  { path, heldOut }: { readonly path: string; readonly heldOut: number | null },
  layout: Layout,
  parse: (files: readonly NamedBytes[]) => ImageSet,
): Promise<Pick<BuiltDataset, 'train' | 'test'>> {
  const { train, test } = await filesOf(path, layout);
  const set = parse(await readFiles(...train));
  if (test === undefined) return withHeldOut(set, heldOut);
  refuseHeldOut(layout.name, heldOut, test);
  return { train: set, test: parse(await readFiles(test)) };
}

/** CIFAR-10 from its binary files. */
export async function cifar10Data(options: {
  readonly path: string;
  readonly heldOut: number | null;
}): Promise<BuiltDataset> {
  return { ...(await cifarData(options, layout10, cifar10)), classes: cifar10Classes };
}

/** CIFAR-100 from its binary files. */
export async function cifar100Data({
  labels,
  ...options
}: {
  readonly path: string;
  readonly heldOut: number | null;
} & Required<Cifar100Options>): Promise<BuiltDataset> {
  return cifarData(options, layout100, (files) => cifar100(files, { labels }));
}
