import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { adamDirection, lendMemory, memoryUse, type Vector } from '../src/index.js';
import { kernelsOf } from '../src/vectors/memory.js';
import { adamWasm } from '../src/vectors/adam-wasm.js';
import { panelsWasm } from '../src/vectors/panels-wasm.js';
import { vectorsWasm } from '../src/vectors/vectors-wasm.js';

const [narrow, wide] = [new Float32Array(0), new Float64Array(0)];
const bytesOf = (z: Vector): readonly [number, number] => [z.byteOffset, z.byteOffset + z.byteLength];

describe.each([narrow, wide])('lendMemory (%#)', (like) => {
  it('lends zero vectors of its precision, 16-byte aligned, side by side in one buffer, as many as it has room for', () => {
    const vector = lendMemory(like, 5, 1001);
    const lent = Array.from({ length: 5 }, () => vector(1001));
    for (const z of lent) {
      expect([z.constructor, z.length, z.byteOffset % 16, z.buffer]).toEqual([
        like.constructor,
        1001,
        0,
        lent[0]?.buffer,
      ]);
      expect(z.every((x) => x === 0)).toBe(true);
    }
    const ends = lent.map(bytesOf);
    for (let i = 1; i < ends.length; i++)
      expect(ends[i]?.[0]).toBeGreaterThanOrEqual(ends[i - 1]?.[1] ?? NaN);
  });
  it('counts what it has lent; a vector that no longer fits comes from ordinary memory, one that fits does not', () => {
    const vector = lendMemory(like, 1, 4096);
    const first = vector(4096);
    const { size = 0, used = 0 } = memoryUse(first) ?? {};
    expect(used).toBe(first.byteLength);
    expect(size).toBe(2 ** 16); // one page
    const rest = (size - used) / like.BYTES_PER_ELEMENT;
    const over = vector(rest + 1);
    expect([memoryUse(over), over.length, over.constructor]).toEqual([undefined, rest + 1, like.constructor]);
    expect(memoryUse(vector(rest))).toEqual({ used: size, size });
    expect(memoryUse(first)?.used).toBe(size);
  });
  it('takes vectors too short for SIMD from ordinary memory', () => {
    const vector = lendMemory(like, 1, 4096);
    for (let i = 0; i < 10_000; i++) vector(255);
    expect(memoryUse(vector(256))?.used).toBe(256 * like.BYTES_PER_ELEMENT);
  });
  it.each([
    ['there is no WebAssembly', undefined, 1000],
    [
      'it knows no SIMD, or may not compile',
      {
        Module: class {
          constructor() {
            throw new SyntaxError('no');
          }
        },
      },
      1000,
    ],
    ['there is no room', Reflect.get(globalThis, 'WebAssembly'), 2 ** 50],
  ])('where %s, all vectors come from ordinary memory', (_, wasm: unknown, room) => {
    vi.stubGlobal('WebAssembly', wasm);
    const z = lendMemory(like, 1, room)(1000);
    expect([memoryUse(z), z.length, z.constructor]).toEqual([undefined, 1000, like.constructor]);
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the kernels of a memory', () => {
  const [a, b] = [lendMemory(narrow, 3, 1000), lendMemory(narrow, 3, 1000)];
  const z = a(1000);
  it('are found for vectors that all lie in it, also for views of them', () => {
    expect(kernelsOf(0, 1000, z, a(1000))).toBeDefined();
    expect(kernelsOf(1, 300, z.subarray(7), z)).toBeDefined();
  });
  it.each([
    ['another memory', 0, 1000, b(1000)],
    ['ordinary memory', 0, 1000, new Float32Array(1000)],
    ['a view of another precision', 0, 256, new Float64Array(z.buffer, 0, 300)],
    ['few entries', 0, 255, z],
    ['entries before the first', -1, 999, z],
    ['entries after the last', 1, 1001, z],
    ['a shorter vector', 0, 1000, z.subarray(1)],
  ])('are not found with %s', (_, start, end, other) => {
    expect(kernelsOf(start, end, z, other)).toBeUndefined();
    expect(kernelsOf(start, end, z, z, other)).toBeUndefined();
  });
  it.each([narrow, wide])(
    'that of Adam is compiled once, when it is needed; where it cannot be, a loop gives the same bits (%#)',
    (like) => {
      const update = { beta1: 0.9, beta2: 0.99, epsilon: 0.5, correction1: 0.1, correction2: 0.01 };
      const inMemory = (): readonly [Vector, Vector, Vector] => {
        const vector = lendMemory(like, 3, 1000);
        const filled = (step: number): Vector => {
          const own = vector(1000);
          for (let i = 0; i < own.length; i++) own[i] = Math.cos(step * i) ** 2;
          return own;
        };
        return [filled(3), filled(5), filled(7)];
      };
      const [compiled, refused] = [inMemory(), inMemory()];
      const adamOf = ([g]: readonly Vector[]): unknown => kernelsOf(0, 1000, g!)?.adam;
      expect([adamOf(compiled), adamOf(refused)]).toEqual([undefined, undefined]);
      adamDirection(...compiled, update);
      const kernel = adamOf(compiled);
      vi.stubGlobal('WebAssembly', { Module: undefined });
      adamDirection(...compiled, update);
      for (let step = 0; step < 2; step++) adamDirection(...refused, update);
      expect([typeof kernel, adamOf(compiled), adamOf(refused)]).toEqual(['function', kernel, null]);
      expect(refused).toEqual(compiled);
    },
  );
  it('are small enough for a browser to compile them synchronously on its main thread: below 4 KiB', () =>
    expect(Math.max(...[vectorsWasm, adamWasm, panelsWasm].map(({ length }) => length / 2))).toBeLessThan(
      4096,
    ));
  it('are what the sources in wasm compile to', ({ skip }) => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [fileURLToPath(new URL('../scripts/build-wasm.mjs', import.meta.url)), '--check'],
      { encoding: 'utf8' },
    );
    if (status === 3) skip('assemblyscript is not installed');
    expect([status, stderr]).toEqual([0, '']);
  });
});
