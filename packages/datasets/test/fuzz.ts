import { InputError, uniform } from '@stillpoint/operators';
import { expect, vi } from 'vitest';
import { steps } from '../../../testing/long.js';

/** How many damaged files a loader is given. */
export const CASES = steps(500, 10_000);
const DRAWS = 16;

/** What can happen to a file; `u` returns the next number in [0, 1). */
const damages: readonly ((bytes: Uint8Array, u: () => number) => Uint8Array)[] = [
  (bytes, u) => bytes.slice(0, Math.floor(u() * bytes.length)),
  ...[1, 4].map((most) => (bytes: Uint8Array, u: () => number) => {
    for (let k = 0; k < most; k++) bytes[Math.floor(u() * bytes.length)] = Math.floor(u() * 256);
    return bytes;
  }),
  (bytes, u) => {
    const at = Math.floor(u() * bytes.length);
    bytes[at] = bytes[at]! ^ (1 << Math.floor(u() * 8));
    return bytes;
  },
  (bytes, u) => {
    const at = Math.floor(u() * (bytes.length + 1));
    const more = Array.from({ length: 1 + Math.floor(u() * 4) }, () => Math.floor(u() * 256));
    return Uint8Array.of(...bytes.subarray(0, at), ...more, ...bytes.subarray(at));
  },
  (bytes, u) => {
    const at = Math.floor(u() * bytes.length);
    return Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + 1 + Math.floor(u() * 8)));
  },
  // a part of the file twice
  (bytes, u) => {
    const [from, to] = [Math.floor(u() * bytes.length), Math.floor(u() * bytes.length)];
    return Uint8Array.of(...bytes.subarray(0, to), ...bytes.subarray(from));
  },
  // the header: its bytes become the least, the largest, another digit
  (bytes, u) => {
    const at = Math.floor(u() * Math.min(bytes.length, 128));
    bytes[at] = [0, 1, 0x7f, 0x80, 0xff, 0x30, 0x39, 0x2d][Math.floor(u() * 8)]!;
    return bytes;
  },
  (bytes, u) => {
    const digits = [...bytes.keys()].filter((i) => bytes[i]! >= 0x30 && bytes[i]! <= 0x39);
    const at = digits[Math.floor(u() * digits.length)];
    if (at !== undefined) bytes[at] = 0x30 + Math.floor(u() * 10);
    return bytes;
  },
];

const arrays = [
  'ArrayBuffer',
  'Uint8Array',
  'Int8Array',
  'Uint16Array',
  'Int16Array',
  'Uint32Array',
  'Int32Array',
  'Float32Array',
  'Float64Array',
] as const;

/** Runs `work`, and returns the bytes of the buffers that it made of a length, by `new` or `from`. */
async function allocated(work: () => Promise<void>): Promise<number> {
  let bytes = 0;
  for (const name of arrays) {
    const type = globalThis[name];
    const width = 'BYTES_PER_ELEMENT' in type ? type.BYTES_PER_ELEMENT : 1;
    const construct = (target: typeof type, given: readonly unknown[]): object => {
      if (typeof given[0] === 'number') bytes += given[0] * width;
      const made: object = Reflect.construct(target, given);
      return made;
    };
    vi.stubGlobal(name, new Proxy(type, { construct }));
  }
  try {
    await work();
  } finally {
    vi.unstubAllGlobals();
  }
  return bytes;
}

/**
 * Gives damaged copies of the files to `read`. It must return what `check` accepts, or throw InputError, and
 * never allocate more than 64 times the size of the file and 1 MB. Returns how many files were read and
 * refused.
 */
export async function fuzz<T>(
  files: readonly Uint8Array[],
  read: (bytes: Uint8Array) => T | Promise<T>,
  check: (result: Awaited<T>, damaged: Uint8Array, original: Uint8Array) => void,
): Promise<{ readonly read: number; readonly refused: number }> {
  const counts = { read: 0, refused: 0 };
  for (let call = 0; call < CASES; call++) {
    const draws = uniform(new Float64Array(DRAWS), { seed: 1, purpose: 'fuzz', call });
    let next = 2;
    const u = (): number => draws[next++ % DRAWS]!;
    const original = files[Math.floor(draws[0]! * files.length)]!;
    const damaged = damages[Math.floor(draws[1]! * damages.length)]!(Uint8Array.from(original), u);
    let outcome: { readonly result: Awaited<T> } | { readonly error: unknown } | undefined;
    const spent = await allocated(async () => {
      try {
        outcome = { result: await read(damaged) };
      } catch (error) {
        outcome = { error };
      }
    });
    expect(spent, `case ${call}: bytes allocated`).toBeLessThanOrEqual(64 * damaged.length + 2 ** 20);
    if (outcome !== undefined && 'result' in outcome) {
      check(outcome.result, damaged, original);
      counts.read++;
    } else {
      expect(outcome?.error, `case ${call}`).toBeInstanceOf(InputError);
      counts.refused++;
    }
  }
  return counts;
}
