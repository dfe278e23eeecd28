import type { Method, Problem, State } from '@stillpoint/operators';
import { settle, type Running } from './asking.js';
import { solving, type Pauses, type Solution, type SolveOptions } from './solve.js';

/** How a run is divided into slices of time. */
export interface SliceOptions {
  /** Ends the run after the current step, as `stopped`. */
  readonly signal?: AbortSignal;
  /**
   * Milliseconds for which the run may block the event loop. Default: 20. A longer step is not interrupted.
   */
  readonly slice?: number;
}

/** Options of {@link solveAsync}. */
export interface SolveAsyncOptions<S extends State> extends SolveOptions<S>, SliceOptions {}

/** Runs in slices, between which timers, signals and messages are handled. */
export async function inSlices<T>(
  begin: (pauses: Pauses) => Running<T>,
  { signal, slice = 20 }: SliceOptions,
): Promise<T> {
  let begun = performance.now();
  const pause = (): Promise<void> | undefined => {
    if (performance.now() - begun < slice) return undefined;
    return new Promise((resolve) => {
      setTimeout(() => {
        begun = performance.now();
        resolve();
      }, 0);
    });
  };
  return settle(begin({ pause, stop: () => signal?.aborted === true }));
}

/** {@link solve} in slices, also for asynchronous problems. The results are the same, bit for bit. */
export async function solveAsync<S extends State>(
  problem: Problem,
  method: Method<S>,
  options: SolveAsyncOptions<S> = {},
): Promise<Solution<S>> {
  const { signal, slice, ...rest } = options;
  return inSlices((pauses) => solving(problem, method, rest, pauses), {
    ...(signal ? { signal } : {}),
    ...(slice === undefined ? {} : { slice }),
  });
}
