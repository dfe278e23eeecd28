import { pointsOf, trainConfig, type TrainConfig, type Trained } from '@stillpoint/experiments';
import {
  InputError,
  decodeCheckpoint,
  findRow,
  type Checkpoint,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { readRun, type RunRecord } from '@stillpoint/tracking/run';
import type { Arguments, Flag } from '../command.js';
import { settingsIn } from './arguments.js';
import { runPath, trainedIn } from './open.js';
import { configOf } from './report.js';

/** The flags of commands that use a run's checkpoint. */
export const pointFlags: { readonly [flag: string]: Flag } = {
  at: {
    value: 'which',
    about:
      'the checkpoint: last, best, good (the last one after which all was finite), or a step; default last',
  },
  data: { value: 'spec|path', about: 'where the data are now, if they were moved' },
  engine: { value: 'name', about: 'what computes; default: that of the run' },
};

/** A checkpoint of a run, with its problem built again. */
export interface OpenedRun {
  readonly run: RunRecord;
  readonly config: TrainConfig;
  readonly trained: Trained;
  readonly checkpoint: Checkpoint<State>;
  /** The points by name: `z` and those of the method. */
  readonly points: { readonly [name: string]: Vector };
}

function chosen({ checkpoints, path }: RunRecord, at: string): Uint8Array {
  if (checkpoints.isEmpty()) throw new InputError(`${path} has no checkpoint yet`);
  if (at === 'last') return checkpoints.latest().bytes;
  if (at === 'best') return checkpoints.best().bytes;
  if (at === 'good') return checkpoints.lastGood().bytes;
  const step = at.trim() === '' ? NaN : Number(at);
  const steps = checkpoints.list().map((entry) => entry.step);
  if (!steps.includes(step))
    throw new InputError(`--at ${at}: expected last, best, good, or one of the steps ${steps.join(', ')}`);
  return checkpoints.at(step).bytes;
}

/** Opens the run that a command names, at the checkpoint that its flags choose. */
export async function openPoint(name: string, args: Arguments): Promise<OpenedRun> {
  const run = readRun(runPath(name, args.positionals));
  const config = trainConfig(`${run.path}/config.json`, { ...configOf(run), ...settingsIn(args) });
  const checkpoint = decodeCheckpoint(chosen(run, args.text('at') ?? 'last'), run.path);
  const trained = await trainedIn(run, config);
  return { run, config, trained, checkpoint, points: pointsOf(trained.method(0), checkpoint.state) };
}

/** The point that `--point` names. @throws InputError for an unknown one, with the nearest. */
export function pointIn({ points }: OpenedRun, name: string | undefined): Vector {
  const rows = Object.entries(points).map(([one, z]) => ({ name: one, z }));
  return findRow('point', rows, name ?? 'z').z;
}

/** The flag that names a point. */
export const pointFlag: Flag = {
  value: 'name',
  about:
    'z, which the method recommends, or another point of the method, as last, average or slow; default z',
};
