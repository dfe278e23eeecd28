import type { Game, Method, State } from '@stillpoint/operators';
import { solving, type Solution, type SolveOptions } from './solve.js';

/** Options of {@link solveAsync}. */
export interface SolveAsyncOptions<S extends State> extends SolveOptions<S> {
  /** Ends the run after the step under way, as `stopped`. */
  readonly signal?: AbortSignal;
  /** Milliseconds for which the run may keep everything else waiting. Default 20; a longer step is not interrupted. */
  readonly slice?: number;
}

/** {@link solve} in slices: between them timers, signals and messages are handled. The same numbers, bit for bit. */
export async function solveAsync<S extends State>(game: Game, method: Method<S>, options: SolveAsyncOptions<S> = {}): Promise<Solution<S>> {
  const { signal, slice = 20 } = options;
  let begun = performance.now();
  const run = solving(game, method, options, () => performance.now() - begun >= slice);
  for (let turn = run.next(); ; turn = run.next(signal?.aborted)) {
    if (turn.done) return turn.value;
    await new Promise<void>((resolve) => { setTimeout(resolve, 0); });
    begun = performance.now();
  }
}
