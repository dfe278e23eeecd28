import {
  InputError,
  waxpy,
  type Ledger,
  type Method,
  type Problem,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { settle } from './asking.js';
import { checkRun } from './door.js';
import { running, type Ended } from './run.js';
import { startOf } from './start.js';

/** Options of {@link federate}. */
export interface FederateOptions {
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
  /** Called after each average with its number, from 1, and the mean, which is only lent. */
  readonly onRound?: (round: number, mean: Vector) => void;
}

/** Where a run of {@link federate} ended. */
export interface Federation<S extends State> {
  /** The mean of the workers' points after the last round. */
  readonly z: Vector;
  /** What each worker asked for. */
  readonly ledgers: readonly Ledger[];
  readonly workers: readonly Ended<S>[];
}

/**
 * K workers run a method side by side and average their points every I steps (local steps with periodic
 * averaging); every worker then restarts at the mean and keeps its moments and counters. The workers of an
 * asynchronous problem wait for its answers at the same time.
 * @throws InputError for counts that are not whole numbers ≥ 1.
 */
export async function federate<S extends State>(
  problem: Problem,
  method: Method<S>,
  { workers, every, rounds, start = startOf(problem), seed = 0, onRound }: FederateOptions,
): Promise<Federation<S>> {
  checkRun('train', problem, method, { start, seed });
  for (const [name, value] of Object.entries({ workers, every, rounds })) {
    if (!(Number.isSafeInteger(value) && value >= 1))
      throw new InputError(`federate: ${name} is ${value}; expected a whole number >= 1`);
  }
  let ended: readonly Ended<S>[] = [];
  const mean = start.slice();
  for (let round = 1; round <= rounds; round++) {
    const options = { start, seed, steps: round * every };
    const legs = Array.from({ length: workers }, (_, worker) => {
      const from = ended[worker]?.checkpoint;
      return Promise.resolve(
        settle(
          running(
            problem,
            method,
            { ...options, ...(from && { from }) },
            { judged: false, watched: false, worker },
          ),
        ),
      );
    });
    ended = await Promise.all(legs);
    mean.fill(0);
    for (const { z } of ended) waxpy(mean, mean, 1 / workers, z);
    for (const { checkpoint } of ended) method.restart(checkpoint.state, mean);
    onRound?.(round, mean);
  }
  return { z: mean, ledgers: ended.map(({ ledger }) => ledger), workers: ended };
}
