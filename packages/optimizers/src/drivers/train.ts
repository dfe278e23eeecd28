import { InputError, type Method, type Problem, type State } from '@stillpoint/operators';
import { settle } from './asking.js';
import { checkRun } from './door.js';
import { hasFullOperator, running, type Ended, type Progress, type RunOptions } from './run.js';

/** Options of {@link train}. */
export interface TrainOptions<S extends State> extends RunOptions<S> {
  /** Called at the start and after each step; a promise is waited for. */
  readonly observe?: (progress: Progress<S>) => void | Promise<void>;
  /** Ends the run after the current step. */
  readonly signal?: AbortSignal;
}

/** How a run of {@link train} ended, and everything needed to continue it. */
export type Training<S extends State> = Ended<S>;

/**
 * Runs a method on a problem, sampled or exact, synchronous or not, until its budget of steps or calls is
 * used. If a tolerance is given, the run also ends when it has converged or diverged.
 * @throws InputError for an invalid start, a checkpoint that does not fit, a missing budget, or a tolerance
 *   that cannot be judged.
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
      `${problem.name} is sampled and states neither terms nor its mean, so a tolerance cannot be judged; found ${tolerance}`,
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
