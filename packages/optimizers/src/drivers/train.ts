import { InputError, type Method, type Problem, type State } from '@stillpoint/operators';
import { settle } from './asking.js';
import { checkRun } from './door.js';
import { hasFullOperator, running, type Ended, type Progress, type RunOptions } from './run.js';

/** Options of {@link train}. */
export interface TrainOptions<S extends State> extends RunOptions<S> {
  /** Called at the start and after each step; a promise is waited for. */
  readonly observe?: (progress: Progress<S>) => void | Promise<void>;
  /** Ends the run after the step under way. */
  readonly signal?: AbortSignal;
}

/** Where a run of {@link train} ended, and all that is needed to go on. */
export type Training<S extends State> = Ended<S>;

/**
 * Trains: runs a method on a problem, sampled or exact, synchronous or not, until its budget of steps or
 * calls is used; where a tolerance is given and the problem has a full operator, until it has converged.
 * @throws InputError for a bad start, an unfit checkpoint, a budget that is missing, or a tolerance that
 *   cannot be judged.
 */
export async function train<S extends State>(
  problem: Problem,
  method: Method<S>,
  options: TrainOptions<S>,
): Promise<Training<S>> {
  checkRun('train', problem, method, options);
  const { steps = Infinity, calls = Infinity, tolerance, observe, signal } = options;
  if (steps === Infinity && calls === Infinity) throw new InputError('train needs a budget: steps or calls');
  const watched = tolerance !== undefined;
  if (watched && !hasFullOperator(problem))
    throw new InputError(
      `${problem.name} is sampled and states neither terms nor its mean: no tolerance can be judged; found ${tolerance}`,
    );
  return settle(
    running(problem, method, options, {
      judged: watched,
      watched,
      observe,
      stop: () => signal?.aborted === true,
    }),
  );
}
