import {
  InputError,
  checkFacts,
  distance,
  type Ledger,
  type Method,
  type Problem,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { OVER, advance, settle, type Running } from './asking.js';
import * as check from './checks.js';
import { checkRun } from './door.js';
import { newOracleRecord, oracleFor } from './oracle.js';
import { running, type Ended, type Progress, type RunOptions } from './run.js';
import { spaceFor } from './space.js';
import { checkStart, startOf } from './start.js';
import { fullProblem, hasFullOperator } from './full-problem.js';

/**
 * Options of {@link solve}. If `steps` is given without `tolerance`, exactly that many steps are made. If
 * neither `steps` nor `calls` is given, the budget is 100,000 steps. The tolerance is checked after each step
 * if it is given, or if there is no budget; otherwise only at the end. Its default is 1e-8.
 */
export interface SolveOptions<S extends State> extends RunOptions<S> {
  /** Called at the start and after each step. It must not change the run. */
  readonly observe?: (progress: Progress<S>) => void;
}

/** How a run of {@link solve} ended, and everything needed to continue it. */
export interface Solution<S extends State> extends Omit<Ended<S>, 'judged'> {
  /**
   * Natural residual ‖z − J(z − γF(z))‖/γ at z, ‖F(z)‖ without constraints. The calls of F that compute it
   * are not counted.
   */
  readonly residual: number;
  /** The residual at which the run counts as converged, in the unit of F. */
  readonly threshold: number;
  /** The problem's gap at z, if it has one. */
  readonly gap?: number;
  /** ‖z − z*‖, if the problem states a solution. */
  readonly distance?: number;
  /** What judging the run asked for; `ledger` does not include it. */
  readonly judging: Ledger;
}

/** What an asynchronous caller adds: when the run pauses, and what ends it. */
export interface Pauses {
  readonly stop?: () => boolean;
  readonly pause?: () => Promise<void> | undefined;
}

/** The method's state after each step, without end. It is the same object each time. */
export function* iterate<S extends State>(
  problem: Problem,
  method: Method<S>,
  start?: Vector,
): Generator<S, never, void> {
  checkRun('iterate', problem, method, { start: check.start }, { start });
  const z0 = start ?? startOf(problem);
  checkStart(problem.name, problem.dim, z0);
  const space = spaceFor(problem, z0);
  const state = method.init(space, z0);
  const step = method.begin(space);
  const oracle = oracleFor(problem, space, newOracleRecord(problem, space));
  for (;;) {
    const now = advance(step(state), oracle);
    if (now instanceof Promise || now === OVER) throw asynchronous(problem);
    yield state;
  }
}

const asynchronous = ({ name }: Problem): InputError =>
  new InputError(`${name} is asynchronous: its operator returns a promise; use solveAsync, or train`);

/**
 * Runs a method on a synchronous problem until it converges, diverges or has used its budget. A sampled
 * problem is judged by the mean of its terms, or by its `mean`.
 * @throws InputError for an invalid start, a checkpoint that does not fit, facts that F contradicts, F not
 *   finite at the start, an asynchronous problem, or one that cannot be judged.
 */
export function solve<S extends State>(
  problem: Problem,
  method: Method<S>,
  options: SolveOptions<S> = {},
): Solution<S> {
  const done = settle(solving(problem, method, options));
  if (done instanceof Promise) {
    done.catch(() => {}); // nothing waits for it
    throw asynchronous(problem);
  }
  return done;
}

/** {@link solve} as a run: it yields only promises to wait for. */
export function* solving<S extends State>(
  problem: Problem,
  method: Method<S>,
  options: SolveOptions<S>,
  pauses: Pauses = {},
): Running<Solution<S>> {
  checkRun('solve', problem, method, check.ofSolve, options);
  const { steps, calls, tolerance, observe } = options;
  if (!hasFullOperator(problem))
    throw new InputError(
      `${problem.name} is sampled and states neither terms nor its mean, so a run on it cannot be judged; use train`,
    );
  if (options.from === undefined) checkFacts(fullProblem(problem), options.start ?? startOf(problem));
  const limited = steps !== undefined || calls !== undefined;
  const limit = calls !== undefined && steps === undefined ? Infinity : (steps ?? 100_000);
  const { judged, ...ended } = yield* running(
    problem,
    method,
    { ...options, steps: limit },
    { judged: true, watched: !method.sampler && (tolerance !== undefined || !limited), observe, ...pauses },
  );
  if (judged === undefined) throw new Error('a judged run has no residual');
  const { ledger: judging, ...rest } = judged;
  const { solution } = fullProblem(problem).facts ?? {};
  return { ...ended, ...rest, judging, ...(solution ? { distance: distance(ended.z, solution) } : {}) };
}
