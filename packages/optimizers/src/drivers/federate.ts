import {
  InputError,
  waxpy,
  type Checkpoint,
  type Ledger,
  type Method,
  type Problem,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { settle } from './asking.js';
import * as check from './checks.js';
import { checkRun } from './door.js';
import { running, type Ended } from './run.js';
import { startOf } from './start.js';

/** The steps of one worker up to an average. */
export interface LocalSteps<S extends State> {
  /** Its number, from 0, by which its samples and random numbers are its own. */
  readonly worker: number;
  /** Steps in all, those before the last average included. */
  readonly steps: number;
  /** Of all workers. */
  readonly start: Vector;
  readonly seed: number;
  /** Where it is after the last average; undefined at first. */
  readonly from?: Checkpoint<S>;
}

/** Where the local steps of a worker ended. */
export type LocalEnd<S extends State> = Pick<Ended<S>, 'status' | 'message' | 'checkpoint'>;

/** Makes the local steps of one worker in this process. */
export async function localSteps<S extends State>(
  problem: Problem,
  method: Method<S>,
  { worker, ...options }: LocalSteps<S>,
): Promise<LocalEnd<S>> {
  const run = running(problem, method, options, { judged: false, watched: false, worker });
  const { status, message, checkpoint } = await settle(run);
  return { status, message, checkpoint };
}

/** Options of {@link federate}. */
export interface FederateOptions<S extends State = State> {
  /** K ≥ 1, how many states are stepped side by side, each with its own samples and random numbers. */
  readonly workers: number;
  /** I ≥ 1, steps between two averages. */
  readonly every: number;
  /** How many times they are averaged. */
  readonly rounds: number;
  /** Default: the problem's own start. */
  readonly start?: Vector;
  /** Default: 0. */
  readonly seed?: number;
  /** Makes the local steps of a worker, perhaps on another machine. Default: {@link localSteps}. */
  readonly local?: (steps: LocalSteps<S>) => Promise<LocalEnd<S>>;
  /** Called after each average with its number, from 1, and the mean; copy it to keep it. */
  readonly onRound?: (round: number, mean: Vector) => void;
}

const count: check.Check = [(value) => check.isWhole(value) && value >= 1, 'a whole number >= 1'];
const checks: check.Checks<FederateOptions> = {
  workers: count,
  every: count,
  rounds: count,
  start: check.start,
  seed: check.seed,
  local: check.observe,
  onRound: check.observe,
};

/** Where a run of {@link federate} ended. */
export interface Federation<S extends State> {
  /** The mean of the workers' points after the last round. */
  readonly z: Vector;
  /** `non-finite` if the steps of a worker ended so, which ends all after that round. */
  readonly status: 'budget' | 'non-finite';
  readonly message: string;
  /** What each worker asked for. */
  readonly ledgers: readonly Ledger[];
  readonly workers: readonly LocalEnd<S>[];
}

/**
 * K workers run a method side by side and average their points every I steps (local steps with periodic
 * averaging); every worker then restarts at the mean and keeps its moments and counters. The workers of an
 * asynchronous problem wait for it at the same time.
 * @throws InputError for an unknown option, a value of the wrong kind, and counts that are not whole numbers
 *   ≥ 1.
 */
export async function federate<S extends State>(
  problem: Problem,
  method: Method<S>,
  options: FederateOptions<S>,
): Promise<Federation<S>> {
  checkRun('federate', problem, method, checks, options);
  const { workers, every, rounds, start = startOf(problem), seed = 0, onRound } = options;
  const { local = (steps) => localSteps(problem, method, steps) } = options;
  for (const [name, value] of Object.entries({ workers, every, rounds }))
    if (value === undefined) throw new InputError(`federate needs ${name}, a whole number >= 1`);
  let ends: readonly LocalEnd<S>[] = [];
  let failed: string | undefined;
  const mean = start.slice();
  for (let round = 1; round <= rounds && failed === undefined; round++) {
    const steps = round * every;
    ends = await Promise.all(
      Array.from({ length: workers }, (_, worker) => {
        const from = ends[worker]?.checkpoint;
        return local({ worker, steps, start, seed, ...(from && { from }) });
      }),
    );
    mean.fill(0);
    for (const { checkpoint } of ends) waxpy(mean, mean, 1 / workers, checkpoint.state.z);
    for (const { checkpoint } of ends) method.restart(checkpoint.state, mean);
    const k = ends.findIndex(({ status }) => status === 'non-finite');
    if (k >= 0) failed = `worker ${k} in round ${round}: ${ends[k]!.message}`;
    onRound?.(round, mean);
  }
  return {
    z: mean,
    status: failed === undefined ? 'budget' : 'non-finite',
    message: failed ?? `used its budget of ${rounds} rounds`,
    ledgers: ends.map(({ checkpoint }) => checkpoint.ledger),
    workers: ends,
  };
}
