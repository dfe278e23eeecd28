import { InputError } from '@stillpoint/operators';
import type { BatchStream } from './types.js';

function whole(what: string, value: number, from: number): void {
  if (!Number.isInteger(value) || value < from || value > 0xffffffff) {
    throw new InputError(`${what} is ${value}; expected an integer from ${from} to 4294967295`);
  }
}

/** Refuses a batch question that has no answer, before any work is done. */
export function checkBatch(name: string, size: number, stream: BatchStream): void {
  whole(`${name}: batch size`, size, 1);
  const { seed, call, player = 0, worker = 0 } = stream;
  for (const [key, value] of Object.entries({ seed, call, player, worker })) whole(`${name}: ${key}`, value, 0);
}

/** The memory a batch is written to: `out` if it fits, or fresh. */
export function room(name: string, size: number, shape: readonly number[], out: Float32Array | undefined): Float32Array {
  const length = shape.reduce((product, n) => product * n, size);
  if (out === undefined) return new Float32Array(length);
  if (out.length !== length) {
    throw new InputError(`${name}: out holds ${out.length} numbers; expected ${length} for ${size} examples of shape [${shape.join(', ')}]`);
  }
  return out;
}
