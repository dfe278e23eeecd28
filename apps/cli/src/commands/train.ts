import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { columnOf, sectionOfRun, trainTable, trainedBy } from '@stillpoint/experiments';
import { InputError, formatData, type Data, type Option } from '@stillpoint/operators';
import { createRun } from '@stillpoint/tracking/run';
import { commandLine, quiet, type Command } from '../command.js';
import { readConfig } from '../runs/arguments.js';
import { copyOf } from '../runs/copies.js';
import { methodFileOf, ownFile } from '../runs/open.js';
import { RESULTS, firstResults } from '../runs/report.js';
import { environment, trainIn } from '../runs/training.js';

const DEFAULT = 'stillpoint-run';

/** `stillpoint-run`, or `stillpoint-run-2` and so on if that exists. */
function fresh(): string {
  for (let n = 1; ; n++) {
    const path = n === 1 ? DEFAULT : `${DEFAULT}-${n}`;
    if (!statSync(path, { throwIfNoEntry: false })) return path;
  }
}

const settings: { readonly [name: string]: Option } = trainTable;
/** A default that the text of what is expected does not state already. */
const orDefault = (fallback: Data | undefined): string =>
  fallback === undefined || fallback === null ? '' : `; default ${formatData(fallback)}`;
const settingRows = Object.entries(settings).map(
  ([key, { about, expected, default: fallback }]) =>
    [key, `${about}: ${expected}${orDefault(fallback)}`] as const,
);

export const command: Command = {
  name: 'train',
  about:
    'Trains a GAN, a language model, a classifier of images or another problem in a run directory, with checkpoints, pictures, metrics and a report. Ctrl-C writes a checkpoint; resume goes on from it bit for bit.',
  usage: '[preset|config.json|file.mjs]',
  flags: {
    method: { value: 'spec', about: 'the optimizer, as adam(stepSize=0.001); default: the preset’s' },
    data: {
      value: 'spec|path',
      about: 'what is learned: a data set’s spec, a folder of PNG or JPEG, a file of NPY or CSV, CIFAR-10',
    },
    'oracle-calls': {
      value: 'n',
      about: 'budget, in gradients of all players; default: the preset’s, or 2,000',
    },
    seed: { value: 'n', about: 'of the start, the order of the data and the noise; default 1' },
    engine: { value: 'name', about: 'what computes: native, wasm, tensorflow or cpu; default: the fastest' },
    set: {
      value: 'key=value',
      repeats: true,
      about: 'any other setting, as --set batch=64; they are listed below',
    },
    out: {
      output: true,
      value: 'folder',
      about: `the run directory, which must be new or empty; default ${DEFAULT}, ${DEFAULT}-2, …`,
    },
    json: { output: true, about: 'print the result as JSON' },
    quiet,
  },
  examples: [
    'stillpoint train fashion-mnist --out run',
    "stillpoint train --data ./photos --method 'lookahead(alternating-adam(stepSize=0.001, beta1=0.5), steps=5)'",
    'stillpoint train mygan.mjs --set onNonFinite=back --set tries=5',
    "stillpoint train --data king-james --set 'model=lstm(units=64)' --method 'clipped-gradient(stepSize=16, threshold=0.25)'",
    "stillpoint train --data ./cifar-10-batches-bin --set model=resnet-classifier --set batch=128 --method 'sgd-momentum(stepSize=0.1)'",
  ],
  more: {
    heading: 'Settings, for --set key=value and for a config.json with any of them:',
    rows: settingRows,
  },
  async run(args) {
    const config = await readConfig(args);
    const path = args.text('out') ?? fresh();
    if (path === '') throw new InputError('--out ""; expected a folder’s path');
    const line = commandLine(command, args);
    const { file } = config;
    const method = methodFileOf(config);
    const trained = await trainedBy(
      config,
      file === null ? undefined : ownFile(file, 'problem'),
      method === undefined ? undefined : ownFile(method, 'method'),
    );
    try {
      const directory = createRun(
        path,
        {
          config,
          environment: environment(trained),
          identity: identityOf(trained.problem.identity, trained.problem.name),
          files: {
            [RESULTS]: firstResults(sectionOfRun(nameIn(path), config, trained), line, environment(trained)),
            ...(file === null ? {} : await copyOf(file, 'problem')),
            ...(method === undefined ? {} : await copyOf(method, 'method')),
          },
        },
        {
          keep: config.keep,
          ...(config.best === null ? {} : { best: bestOf(config.best, trained.columns) }),
        },
      );
      try {
        directory.note({ step: 0, kind: 'begun', message: line, time: new Date().toISOString() });
        return await trainIn(directory, config, trained, {
          command: line,
          quiet: args.has('quiet'),
          json: args.has('json'),
        });
      } finally {
        directory.close();
      }
    } finally {
      await trained.dispose();
    }
  },
};

const identityOf = (identity: Data | undefined, name: string): Data => identity ?? { problem: name };
const nameIn = (path: string): string => resolve(path).split(/[/\\]/).at(-1) ?? path;

/** By which value the best checkpoint is chosen. */
export function bestOf(
  metric: string,
  columns: readonly { readonly name: string; readonly better: 'lower' | 'higher' }[],
): { readonly metric: string; readonly better: 'lower' | 'higher' } {
  const name = columnOf(metric);
  return { metric: name, better: columns.find((column) => column.name === name)?.better ?? 'lower' };
}
