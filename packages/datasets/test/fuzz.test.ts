import { InputError } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import { fuzz } from './fuzz.js';

const file = Uint8Array.of(0x31, 0x32, 0x33, 0x34);

describe('the harness that damages files', () => {
  it('counts what is read and refused', async () => {
    const counts = await fuzz(
      [file],
      (bytes) => {
        if (bytes.length < 4) throw new InputError('short');
        return bytes;
      },
      (read, damaged) => expect(read).toBe(damaged),
    );
    expect(counts.refused).toBeGreaterThan(0);
    expect(counts.read).toBeGreaterThan(counts.refused);
  });
  it('reports other errors, wrong results, and buffers that are too large', async () => {
    const nothing = (): void => {};
    await expect(fuzz([file], () => JSON.parse('{'), nothing)).rejects.toThrow(
      'case 0: expected SyntaxError',
    );
    await expect(
      fuzz(
        [file],
        (bytes) => bytes,
        () => expect(1).toBe(2),
      ),
    ).rejects.toThrow('expected 1 to be 2');
    for (const large of [
      () => new Float64Array(2 ** 18),
      () => new Uint8Array(2 ** 21),
      () => Float32Array.from({ length: 2 ** 19 }, () => 1),
      () => new ArrayBuffer(2 ** 21),
    ])
      await expect(fuzz<unknown>([file], large, nothing)).rejects.toThrow('case 0: bytes allocated');
  });
});
