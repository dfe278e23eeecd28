import {
  beginningOf,
  checkedConfig,
  presets,
  trainConfig,
  trainedBy,
  verifyTraining,
  type TrainConfig,
  type Trained,
} from '@stillpoint/experiments';
import {
  parseSpec,
  unknownName,
  type Checkpoint,
  type Problem,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { adamStepSize, diagnoseTraining, type Diagnosis } from '@stillpoint/optimizers/diagnose';
import { problems } from '@stillpoint/problems';
import type { Arguments } from './command.js';
import { ownFile } from './runs/open.js';
import { openPoint } from './runs/point.js';
import { say } from './say.js';

/** Calls of each training by which advice for networks is verified. */
const VERIFYING = 600;

/** What was found, and whether the advice was right, if that was tried. */
export interface Diagnosed {
  readonly found: Diagnosis;
  readonly verified: readonly string[];
  readonly right?: boolean;
}

/** A training of networks that is to be diagnosed. */
export interface Training {
  readonly about: string;
  readonly diagnosed: () => Promise<Diagnosed>;
  readonly free: () => Promise<void>;
}

/** A run directory, at its start or at a checkpoint. */
export async function ofRun(args: Arguments): Promise<Training> {
  const wanted = args.text('at') ?? 'checkpoint';
  const at = wanted === 'checkpoint' || wanted === 'start' ? 'last' : wanted;
  const { run, config, trained, checkpoint, points } = await openPoint('diagnose', {
    ...args,
    text: (flag) => (flag === 'at' ? at : args.text(flag)),
  });
  const fromStart = wanted === 'start';
  return training(args, trained, {
    // under lookahead and averages z is not where the training is
    start: fromStart
      ? (await beginningOf(config, trained.problem)).start
      : (points['last'] ?? checkpoint.state.z),
    ...(fromStart ? {} : { buffers: checkpoint.buffers }),
    about: `the run ${run.path}, at ${fromStart ? 'its start' : `step ${checkpoint.ledger.steps}`}`,
  });
}

/** A preset. @throws InputError for an unknown name, with the nearest of presets and problems. */
export async function ofPreset(args: Arguments, name: string): Promise<Training> {
  if (!presets.some((preset) => preset.name === name))
    throw unknownName(
      'problem or preset',
      name,
      [...problems, ...presets].map((one) => one.name),
    );
  return ofConfig(args, { preset: name });
}

/** A file that exports the training of networks. */
export const ofFile = (args: Arguments, file: string): Promise<Training> => ofConfig(args, { file });

async function ofConfig(args: Arguments, given: object): Promise<Training> {
  const [engine, data, seed] = [args.text('engine'), args.text('data'), args.whole('seed', 0, 2 ** 32 - 1)];
  const config: TrainConfig = await checkedConfig(
    trainConfig('diagnose', {
      ...given,
      ...(engine === undefined ? {} : { engine }),
      ...(data === undefined ? {} : { data }),
      ...(seed === undefined ? {} : { seed }),
    }),
  );
  const trained = await trainedBy(config, config.file === null ? undefined : ownFile(config.file, 'problem'));
  return training(args, trained, {
    start: trained.problem.initialise(config.seed),
    about: `${config.preset ?? config.file ?? trained.problem.name}, at its start, seed ${config.seed}`,
  });
}

interface Point {
  readonly start: Vector;
  /** What the problem remembered there. Default: what it begins with. */
  readonly buffers?: Checkpoint<State>['buffers'];
  readonly about: string;
}

function training(args: Arguments, trained: Trained, point: Point): Training {
  return {
    about: point.about,
    diagnosed: () => diagnosedAt(args, trained, point),
    free: trained.dispose,
  };
}

/** The problem with buffers as they were at a checkpoint. */
function withBuffers<P extends Problem>(problem: P, buffers: Point['buffers']): P {
  if (buffers === undefined || problem.buffers === undefined) return problem;
  return {
    ...problem,
    buffers: problem.buffers.map((one) => {
      const kept = buffers[one.name];
      return kept === undefined ? one : { ...one, start: Array.from(kept) };
    }),
  };
}

async function diagnosedAt(args: Arguments, trained: Trained, { start, buffers }: Point): Promise<Diagnosed> {
  const calls = args.whole('budget', 100);
  if (!args.has('quiet')) say('Training for a while, then asking at points of that training …\n');
  const problem = withBuffers(trained.problem, buffers);
  const found = await diagnoseTraining(problem, {
    start,
    method: trained.method(0),
    ...(calls === undefined ? {} : { calls }),
  });
  if (!args.has('verify') || found.advice === null) return { found, verified: [] };
  // a clip’s step size is none for Adam
  const rival = `adam(stepSize=${adamStepSize(parseSpec(found.advice.spec)) ?? '1e-3'})`;
  if (!args.has('quiet'))
    say(`Training by ${found.advice.spec} and by ${rival}, ${VERIFYING} calls each …\n`);
  const {
    column,
    advice,
    rival: other,
    right,
  } = await verifyTraining(
    { ...trained, problem },
    {
      advice: found.advice.spec,
      rival,
      start,
      calls: VERIFYING,
    },
  );
  const one = ({ spec, value }: typeof advice): string =>
    `${spec} ${value === null ? 'overflowed' : `has ${column.label} ${Number(value.toPrecision(4))}`}`;
  return {
    found,
    verified: [
      `After ${VERIFYING} calls each from the same start the advice was ${right ? 'right' : 'wrong'}: ${one(advice)}; ${one(other)} (${column.better} is better). One seed: a difference as small as that between seeds says nothing.`,
    ],
    right,
  };
}
