import { InputError } from '@stillpoint/operators';
import type { BuiltDataset } from './built.js';
import { parseCsv, type CsvOptions } from './csv.js';
import { baseOf, LARGEST, read } from './files.js';
import { withHeldOut } from './held-out.js';
import { imagesFrom } from './images-from.js';
import { readNpy, type Npy } from './npy.js';
import { pointSet, type PointSet } from './points.js';
import type { ImageSet } from './types.js';

/** Options of the row `npy`; null: not given. */
export interface NpyData {
  readonly path: string;
  readonly labels: string | null;
  readonly range: readonly [number, number] | null;
  readonly heldOut: number | null;
}

const load = async (path: string): Promise<Npy> => readNpy(await read(path), path, { maxBytes: LARGEST });

async function labelsOf(path: string): Promise<Npy['data']> {
  const { shape, data } = await load(path);
  if (shape.length !== 1)
    throw new InputError(
      `${path}: found shape [${shape.join(', ')}]; expected [count], a label for each example`,
    );
  return data;
}

/** Points or images of NumPy's file, by the number of its dimensions. */
export async function npyData({ path, labels: labelPath, range, heldOut }: NpyData): Promise<BuiltDataset> {
  const array = await load(path);
  const { dtype, shape, data } = array;
  const labels = labelPath === null ? {} : { labels: await labelsOf(labelPath) };
  const [count = 0, ...example] = shape;
  const says = (what: string): string => `${count} ${what} of ${baseOf(path)}, ${example.join('×')}`;
  let set: ImageSet | PointSet;
  if (shape.length === 2) {
    if (range !== null)
      throw new InputError(
        `${path}: range is [${range.join(', ')}], and shape [${shape.join(', ')}] is that of points, which are not scaled; expected no range, or images of shape [count, height, width] or [count, height, width, channels]`,
      );
    set = pointSet({ name: 'npy', describe: `${says('points')}, as they are`, shape, data, ...labels });
  } else if (shape.length === 3 || shape.length === 4)
    set = imagesFrom({
      name: 'npy',
      describe: `${says('images')}, ${dtype} scaled to [-1, 1]`,
      ...array,
      ...(range !== null && { range }),
      ...labels,
    });
  else
    throw new InputError(
      `${path}: found shape [${shape.join(', ')}]; expected [count, dim] for points, [count, height, width] or [count, height, width, channels] for images${shape.length === 1 ? ': save a.reshape(-1, 1) for points on a line' : ''}`,
    );
  return withHeldOut(set, heldOut);
}

/** Options of the row `csv`; null: not given. */
export interface CsvData {
  readonly path: string;
  readonly label: string | number | null;
  readonly header: boolean | null;
  readonly separator: Required<CsvOptions>['separator'] | null;
  readonly heldOut: number | null;
}

/** Points of a text file. */
export async function csvData({ path, label, header, separator, heldOut }: CsvData): Promise<BuiltDataset> {
  const { shape, data, labels, classes } = parseCsv(await read(path), {
    name: path,
    ...(label !== null && { label }),
    ...(header !== null && { header }),
    ...(separator !== null && { separator }),
  });
  const set = pointSet({
    name: 'csv',
    describe: `${shape[0]} points of ${baseOf(path)}, ${shape[1]} coordinates as they are`,
    shape,
    data,
    ...(labels && { labels }),
  });
  return { ...withHeldOut(set, heldOut), ...(classes && { classes }) };
}
