import { InputError, formatSpec, nearest, parseSpec, shown, type Spec } from '@stillpoint/operators';
import type { BuiltDataset } from './built.js';
import { isCifar, layout10, layout100 } from './cifar-data.js';
import { listOf, placeOf, within } from './files.js';
import { isPath } from './file-rows.js';
import { IDX_NAME } from './idx-data.js';
import { IMAGE_NAME } from './image-files.js';
import { datasetFrom, datasetRegistry } from './registry.js';

const EXPECTED =
  'a folder of PNG or JPEG images, with IDX files or with CIFAR’s binary files, or a file of NumPy (.npy), of points in text (.csv) or of IDX images (…-images-idx3-ubyte)';

const specOf = (name: string, path: string): Spec => ({ name, inner: [], options: { path } });

/** What a file of another kind may be, and what to do about it. */
const cures: readonly (readonly [RegExp, string])[] = [
  [IMAGE_NAME, ': this is one picture, so give its folder'],
  [/\.npz$/i, ': save one array with numpy.save'],
  [/\.(?:zip|tar|tgz|tar\.gz|7z|rar)$/i, ': unpack it, and give the folder'],
  [/\.(?:gz|xz|bz2|zst)$/i, ': unpack it'],
  [/\.(?:json|parquet|arrow|h5|hdf5|mat|pt|pkl|pickle|xlsx?)$/i, ': save the array with numpy.save'],
];

/** The spec of a file, by its name. @throws InputError for a name of another kind. */
function ofFile(path: string): Spec {
  const name = path.replace(/^.*[\\/]/, '');
  if (/\.npy(?:\.gz)?$/i.test(name)) return specOf('npy', path);
  if (/\.(?:csv|tsv|txt)$/i.test(name)) return specOf('csv', path);
  if (IDX_NAME.test(name)) return specOf('idx', path);
  for (const layout of [layout10, layout100])
    if (isCifar(layout, [name], [])) return specOf(layout.name, path);
  const [, cure = ''] = cures.find(([pattern]) => pattern.test(name)) ?? [];
  throw new InputError(`${path}: found a file of another kind; expected ${EXPECTED}${cure}`);
}

/** The most files that are looked at to find out what a folder holds. */
const MOST_FILES = 1_000_000;

/** Names of all files in a folder, in the folders in it and in those: as deep as a data set goes. */
async function namesIn(folder: string, depth = 2, names: string[] = []): Promise<readonly string[]> {
  const { files, folders } = await listOf(folder);
  for (const file of files) names.push(file);
  if (names.length > MOST_FILES)
    throw new InputError(
      `${folder}: found more than ${MOST_FILES} files; expected the folder of one data set`,
    );
  if (depth > 0) for (const name of folders) await namesIn(within(folder, name), depth - 1, names);
  return names;
}

/** How many files there are of each extension, the most frequent first: `12 .txt, 1 .md`. */
function counted(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) {
    const extension = /.(\.[^.]{1,12})$/.exec(name)?.[1] ?? 'without extension';
    counts.set(extension, (counts.get(extension) ?? 0) + 1);
  }
  const all = [...counts].toSorted(([, a], [, b]) => b - a).map(([kind, count]) => `${count} ${kind}`);
  return [...all.slice(0, 8), ...(all.length > 8 ? [`${all.length - 8} more kinds`] : [])].join(', ');
}

/** The spec of a folder, by the names of its files. @throws InputError for several kinds, and for none. */
async function ofFolder(path: string): Promise<Spec> {
  const { files, folders } = await listOf(path);
  const all = await namesIn(path);
  const kinds = [
    ...[layout10, layout100].filter((layout) => isCifar(layout, files, folders)).map(({ name }) => name),
    ...(files.some((name) => IDX_NAME.test(name)) ? ['idx'] : []),
    ...(all.some((name) => IMAGE_NAME.test(name)) ? ['image-folder'] : []),
  ];
  const [kind, another] = kinds;
  const found = all.length === 0 ? 'no file' : counted(all);
  if (another !== undefined)
    throw new InputError(
      `${path}: found ${found}, which is data of several kinds; expected one: say which, as ${kinds.map((name) => `'${formatSpec(specOf(name, path))}'`).join(' or ')}`,
    );
  if (kind !== undefined) return specOf(kind, path);
  const single = files.find((name) => /\.(?:npy|csv|tsv)(?:\.gz)?$/i.test(name));
  throw new InputError(
    `${path}: found ${found}; expected ${EXPECTED}${single === undefined ? '' : `: give the file itself, as ${within(path, single)}`}`,
  );
}

/**
 * The spec of data that a text names: a spec of the registry, as `ring(modes=25)`, or the path of a file or a
 * folder, whose names decide of which row they are. A registered name alone is a spec: for a folder of that
 * name write `./ring`. Rejects with InputError for anything else; the message lists what a folder holds, or
 * the nearest name.
 */
export async function dataSpec(text: string): Promise<Spec> {
  const given: unknown = text;
  if (typeof given !== 'string' || !isPath(given))
    throw new InputError(`the data are ${shown(given)}; expected a spec, as ring(modes=25), or a path`);
  const names = datasetRegistry.rows.map(({ name }) => name);
  const [, name = '', open] = /^\s*([A-Za-z][\w-]*)\s*(\(|$)/.exec(text) ?? [];
  if (names.includes(name)) return parseSpec(text);
  const place = await placeOf(text);
  if (place.kind !== 'missing') return place.kind === 'file' ? ofFile(text) : ofFolder(text);
  if (open === '(') datasetRegistry.find(name); // throws, with the nearest name
  const near = [
    ...(name === '' ? [] : [nearest(name, names)]),
    nearest(text.replace(/^.*[\\/]/, ''), place.near.slice(0, 1000)),
  ].filter((one) => one !== undefined);
  const cure =
    near.length > 0
      ? `did you mean ${near.map((one) => shown(one)).join(' or ')}?`
      : `expected one of ${names.join(', ')}, or the path of ${EXPECTED}`;
  throw new InputError(`unknown data ${shown(text)}: no data set and no file has that name; ${cure}`);
}

/**
 * Builds the data that a text or a spec names; `dataSpec` says how a text is read. Rejects with InputError as
 * `dataSpec` does, and for files that are damaged or of another kind.
 */
export async function dataFrom(data: string | Spec): Promise<BuiltDataset> {
  return datasetFrom(typeof data === 'string' ? await dataSpec(data) : data);
}
