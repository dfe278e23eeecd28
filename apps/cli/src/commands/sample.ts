import { extname, join } from 'node:path';
import { writeNpy } from '@stillpoint/datasets';
import { picturesOf } from '@stillpoint/experiments';
import { InputError } from '@stillpoint/operators';
import { csv } from '@stillpoint/tracking/csv';
import { imageGrid } from '@stillpoint/tracking';
import { checkWritable, fileAt, makeFolders, writeWhole } from '@stillpoint/tracking/files';
import { print, type Arguments, type Command } from '../command.js';
import { openPoint, pointFlag, pointFlags, pointIn, type OpenedRun } from '../runs/point.js';

const MOST = 1_000_000;

/** The classes in `--labels 0,1,2`, repeated until there is one for each example. */
function readLabels(text: string | undefined, count: number): readonly number[] | undefined {
  if (text === undefined) return undefined;
  const classes = text.split(',').map((entry) => (entry.trim() === '' ? NaN : Number(entry)));
  if (!classes.every((label) => Number.isSafeInteger(label) && label >= 0))
    throw new InputError(`--labels "${text}"; expected classes as 0,1,2`);
  return Array.from({ length: count }, (_, i) => classes[i % classes.length]!);
}

/** Where samples are written, and as what. */
function target(args: Arguments, { run, trained }: OpenedRun): string {
  const out = args.text('out');
  if (out === '') throw new InputError('--out ""; expected a file or a folder');
  const isImage = trained.gan?.data.shape.length === 3;
  const path = out ?? join(run.path, isImage ? 'sample.png' : 'sample.csv');
  const kind = extname(path).toLowerCase();
  if (kind === '' || fileAt(`--out ${path}`, path)?.isDirectory()) {
    if (!isImage)
      throw new InputError(`--out ${path} is a folder; expected sample.csv or sample.npy for points`);
    return path;
  }
  const kinds = isImage ? ['.png', '.npy'] : ['.png', '.npy', '.csv'];
  if (!kinds.includes(kind))
    throw new InputError(
      `--out ${path}: expected a file that ends in ${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1)}${isImage ? ', or a folder for one PNG each' : ''}`,
    );
  checkWritable('--out', path);
  return path;
}

export const command: Command = {
  name: 'sample',
  about:
    'Generates examples from a run: a picture, an array for numpy, a table of points, or a folder with one PNG for each image.',
  usage: '<run>',
  flags: {
    count: { value: 'n', about: 'how many; default 64' },
    seed: { value: 'n', about: 'of the noise; default 0' },
    labels: { value: '0,1,…', about: 'the classes, in turn, of a generator with classes; default: drawn' },
    point: pointFlag,
    ...pointFlags,
    out: {
      value: 'file|folder',
      about: 'a .png, .npy or .csv file, or a folder; default sample.png or sample.csv in the run directory',
    },
  },
  examples: [
    'stillpoint sample run --count 100 --out shirts.png',
    'stillpoint sample run --count 10000 --out fake.npy',
  ],
  async run(args) {
    const count = args.whole('count', 1, MOST) ?? 64;
    const seed = args.whole('seed', 0, 2 ** 32 - 1) ?? 0;
    const labels = readLabels(args.text('labels'), count);
    const opened = await openPoint('sample', args);
    const { trained } = opened;
    try {
      const { gan, data } = trained;
      if (gan === undefined || data === undefined)
        throw new InputError(`${opened.run.path} trains ${trained.problem.name}, which generates nothing`);
      const z = pointIn(opened, args.text('point'));
      const path = target(args, opened);
      const examples = await gan.sample(Float32Array.from(z), count, seed, labels);
      const { shape } = gan.data;
      const size = examples.length / count;
      const kind = extname(path).toLowerCase();
      if (kind === '.npy') writeWhole({ [path]: writeNpy(examples, [count, ...shape]) });
      else if (kind === '.csv')
        writeWhole({
          [path]: csv(
            Array.from({ length: size }, (_, j) => `x${j}`),
            Array.from({ length: count }, (_, i) => [...examples.subarray(i * size, (i + 1) * size)]),
          ),
        });
      else if (kind === '.png') writeWhole({ [path]: picturesOf(data).picture(examples).png });
      else {
        makeFolders(path);
        const digits = String(count - 1).length;
        for (let i = 0; i < count; i++) {
          const one = examples.subarray(i * size, (i + 1) * size);
          const name = `${String(i).padStart(digits, '0')}.png`;
          writeWhole({ [join(path, name)]: imageGrid(one, { shape, columns: 1 }).png });
        }
      }
      print(`${count} generated example${count === 1 ? '' : 's'}: ${path}`);
      return 0;
    } finally {
      await trained.dispose();
    }
  },
};
