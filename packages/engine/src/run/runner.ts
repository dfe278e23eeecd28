import { InputError } from '@stillpoint/operators';
import type { Shape } from '../graph.js';

/** Arrays by tensor name, row-major. */
export type Arrays = { readonly [name: string]: Float32Array };

/** Computes outputs from feeds, without checks, which `compile` adds. Every output array has to be given. */
export interface Runner {
  readonly version: string;
  readonly outputs: { readonly [name: string]: Shape };
  run(feeds: Arrays, out: Arrays): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * Throws if a runtime that starts once per process, with a fixed number of threads, has started with another
 * number.
 */
export function checkThreads(engine: string, started: number | undefined, threads: number): void {
  if (started === undefined || started === threads) return;
  throw new InputError(
    `engine ${engine} runs with ${started} thread${started > 1 ? 's' : ''} since it started in this process; threads is ${threads}; compile everything with the same number`,
  );
}
