import { permutation } from '@stillpoint/operators';
import type { BatchStream } from './types.js';

// Two players, four workers and a batch that spans two epochs need 16 orders at a time: with as many in the
// cache a run shuffles no epoch twice.
const REMEMBERED = 16;

/**
 * The order of a finite set of `count` examples. Each epoch is a new permutation, and the epochs follow each
 * other without end; batch `call` holds `size` indices from place `call * size` on. A batch may end one epoch
 * and begin the next. Within an epoch no example is left out or repeated.
 */
export function epochs(count: number): (size: number, stream: BatchStream) => Uint32Array {
  // a cache of a pure function: it changes the time, never the result
  const known = new Map<string, Uint32Array>();
  const shuffled = ({ seed, player = 0, worker = 0 }: BatchStream, epoch: number): Uint32Array => {
    const key = [seed, player, worker, epoch].join('/');
    const found = known.get(key);
    if (found) return found;
    const order = permutation(count, { seed, purpose: 'order', call: epoch, player, worker });
    for (const oldest of known.keys()) {
      if (known.size < REMEMBERED) break;
      known.delete(oldest);
    }
    known.set(key, order);
    return order;
  };
  return (size, stream) => {
    const indices = new Uint32Array(size);
    const first = stream.call * size;
    for (let done = 0; done < size;) {
      const epoch = Math.floor((first + done) / count);
      const from = first + done - epoch * count;
      const part = shuffled(stream, epoch).subarray(from, Math.min(count, from + size - done));
      indices.set(part, done);
      done += part.length;
    }
    return indices;
  };
}
