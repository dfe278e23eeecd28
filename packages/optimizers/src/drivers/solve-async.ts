import type { Game, Method, State } from '@stillpoint/operators';
import { solving, type Solution, type SolveOptions } from './solve.js';

/** How a run is sliced. */
export interface SliceOptions {
  /** Ends the run after the step under way, as `stopped`. */
  readonly signal?: AbortSignal;
  /**
   * Milliseconds for which the run may keep everything else waiting. Default 20; a longer step is not
   * interrupted.
   */
  readonly slice?: number;
}

/** Options of {@link solveAsync}. */
export interface SolveAsyncOptions<S extends State> extends SolveOptions<S>, SliceOptions {}

/** A run that pauses where it is asked to, and ends where `true` is sent back. */
type Pausing<T> = Generator<void, T, boolean | undefined>;

/** Runs it in slices: between them timers, signals and messages are handled. */
export async function inSlices<T>(
  begin: (pause: () => boolean) => Pausing<T>,
  { signal, slice = 20 }: SliceOptions,
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

/** {@link solve} in slices. The same numbers, bit for bit. */
export async function solveAsync<S extends State>(
  game: Game,
  method: Method<S>,
  options: SolveAsyncOptions<S> = {},
): Promise<Solution<S>> {
  const { signal, slice, ...rest } = options;
  return inSlices((pause) => solving(game, method, rest, pause), {
    ...(signal ? { signal } : {}),
    ...(slice === undefined ? {} : { slice }),
  });
}
