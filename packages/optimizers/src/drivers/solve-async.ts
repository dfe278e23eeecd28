import type { Facts, Game, Method, State } from '@stillpoint/operators';
import { solving, type Solution, type SolveOptions } from './solve.js';
import { solvingWith, type SolutionWith } from './solve-with.js';

/** Options of {@link solveAsync} and {@link solveWithAsync}. */
export interface SolveAsyncOptions<S extends State> extends SolveOptions<S> {
  /** Ends the run after the step under way, as `stopped`. */
  readonly signal?: AbortSignal;
  /**
   * Milliseconds for which the run may keep everything else waiting. Default 20; a longer step is not
   * interrupted.
   */
  readonly slice?: number;
}

type Run<T> = Generator<void, T, boolean | undefined>;

async function inSlices<T>(
  begin: (pause: () => boolean) => Run<T>,
  { signal, slice = 20 }: Pick<SolveAsyncOptions<State>, 'signal' | 'slice'>,
): Promise<T> {
  let begun = performance.now();
  const run = begin(() => performance.now() - begun >= slice);
  for (let turn = run.next(); ; turn = run.next(signal?.aborted)) {
    if (turn.done) return turn.value;
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 0);
    });
    begun = performance.now();
  }
}

/**
 * {@link solve} in slices: between them timers, signals and messages are handled. The same numbers, bit for
 * bit.
 */
export async function solveAsync<S extends State>(
  game: Game,
  method: Method<S>,
  { signal, slice, ...options }: SolveAsyncOptions<S> = {},
): Promise<Solution<S>> {
  const slices = { ...(signal ? { signal } : {}), ...(slice === undefined ? {} : { slice }) };
  return inSlices((pause) => solving(game, method, options, pause), slices);
}

/** {@link solveWith} in slices, as {@link solveAsync}. */
export async function solveWithAsync(
  game: Game,
  build: (facts: Facts) => Method<State>,
  { signal, slice, ...options }: SolveAsyncOptions<State> = {},
): Promise<SolutionWith> {
  const slices = { ...(signal ? { signal } : {}), ...(slice === undefined ? {} : { slice }) };
  return inSlices((pause) => solvingWith(game, build, options, pause), slices);
}
