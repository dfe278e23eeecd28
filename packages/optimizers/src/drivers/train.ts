import { InputError, shown, type Method, type Problem, type State, type Vector } from '@stillpoint/operators';
import { settle } from './asking.js';
import * as check from './checks.js';
import { checkRun } from './door.js';
import { running, type Ended, type Progress, type RunOptions } from './run.js';
import { clone } from './resume.js';
import { checkStart } from './start.js';
import { hasFullOperator } from './full-problem.js';

/** Options of {@link train}. */
export interface TrainOptions<S extends State> extends RunOptions<S> {
  /** Called at the start and after each step; a promise is waited for. */
  readonly observe?: (progress: Progress<S>) => void | Promise<void>;
  /** Ends the run after the current step. */
  readonly signal?: AbortSignal;
  /** Points to go on from that no step leads to, such as projections which a problem cannot state. */
  readonly moves?: Moves;
}

/** Moves of z between steps. */
export interface Moves {
  /** T ≥ 1: z may be moved before each step k + 1 with k a multiple of T, but not before the first. */
  readonly every: number;
  /**
   * Returns where to go on from, or undefined for z. The method restarts there and keeps its moments. What
   * this function computes is not in the run’s ledger.
   */
  readonly to: (z: Vector, steps: number) => Vector | undefined | Promise<Vector | undefined>;
}

/** How a run of {@link train} ended, and everything needed to continue it. */
export type Training<S extends State> = Ended<S>;

/**
 * Runs a method on a problem, sampled or exact, synchronous or not, until its budget of steps or calls is
 * used. If a tolerance is given, the run also ends when it has converged or diverged. With `moves` it goes on
 * from other points every T steps.
 * @throws InputError for an invalid start, a checkpoint that does not fit, a missing budget, or a tolerance
 *   that cannot be judged.
 */
export async function train<S extends State>(
  problem: Problem,
  method: Method<S>,
  options: TrainOptions<S>,
): Promise<Training<S>> {
  checkRun('train', problem, method, check.ofTrain, options);
  const { steps = Infinity, calls = Infinity, tolerance, observe, signal } = options;
  if (steps === Infinity && calls === Infinity) throw new InputError('train needs a budget: steps or calls');
  const watched = tolerance !== undefined;
  if (watched && !hasFullOperator(problem))
    throw new InputError(
      `${problem.name} is sampled and states neither terms nor its mean, so a tolerance cannot be judged; found ${tolerance}`,
    );
  const driver = { judged: watched, watched, stop: () => signal?.aborted === true };
  const { moves } = options;
  if (moves === undefined) return settle(running(problem, method, options, { ...driver, observe }));
  const { every: T, to } = moves;
  if (!(Number.isSafeInteger(T) && T >= 1))
    throw new InputError(`train: every of moves is ${shown(T)}; expected a whole number >= 1`);
  let { from } = options;
  for (let goesOn = false; ; goesOn = true) {
    const made = from?.ledger.steps ?? 0;
    if (from !== undefined && made > 0 && made % T === 0 && made < steps) {
      const moved = await to(from.state.z.slice(), made);
      if (moved !== undefined) {
        checkStart(problem.name, problem.dim, moved);
        from = { ...from, state: clone(from.state) }; // it may be the caller’s
        method.restart(from.state, moved);
      }
    }
    const until = Math.min(steps, made - (made % T) + T);
    let seen = goesOn; // the end of the last part was observed already
    const part: Training<S> = await settle(
      running(
        problem,
        method,
        { ...options, steps: until, ...(from && { from }) },
        {
          ...driver,
          observe: observe && ((progress) => (seen ? void (seen = false) : observe(progress))),
        },
      ),
    );
    if (part.status !== 'budget' || part.steps < until || until === steps) return part;
    from = part.checkpoint;
  }
}
