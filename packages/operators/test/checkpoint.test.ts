import { crc32 as zlibCrc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  InputError,
  messageOf,
  uniform,
  writeSafetensors,
  type Checkpoint,
} from '../src/index.js';
import { crc32 } from '../src/data/checksum.js';

const checkpoint: Checkpoint<{
  readonly z: Float64Array;
  k: number;
  readonly m: { readonly ['__proto__']: Float32Array };
}> = {
  game: 'bilinear',
  method: 'gda',
  options: { stepSize: [0.1, 0.2] },
  seed: 7,
  state: { z: Float64Array.of(1, NaN), k: -0, m: { ['__proto__']: Float32Array.of(2) } },
  ledger: {
    steps: 3,
    gradients: [3, 4],
    losses: 0,
    products: 1,
    transposedProducts: 0,
    residuals: 0,
    residualProducts: 2,
  },
  draws: [3, 4],
  last: { terms: [1, 4] },
  buffers: { u: Float32Array.of(1) },
};
const bytes = encodeCheckpoint(checkpoint);

/** Metadata of this format with the right checksum for a file without tensors. */
const sealed = (data: string): { readonly [key: string]: string } => ({
  format: 'stillpoint-checkpoint-3',
  data,
  checksum: crc32()(new TextEncoder().encode(data)),
});
/** The message of what `act` throws; empty if it does not. */
function thrown(act: () => unknown): string {
  try {
    act();
    return '';
  } catch (error) {
    return messageOf(error);
  }
}

describe('checkpoints', () => {
  it('are unchanged after encoding and decoding, names like __proto__ included', () => {
    const read = decodeCheckpoint(bytes);
    expect(read).toEqual(checkpoint);
    expect(JSON.stringify(read)).toBe(JSON.stringify(checkpoint));
  });
  it('hold what a program adds: vectors, odd numbers, null and names like __proto__, and nothing if it adds nothing', () => {
    const vector = Float32Array.of(3, NaN);
    for (const run of [
      { average: { ['__proto__']: vector }, at: [-0, Infinity], none: null },
      [],
      null,
      0,
      '',
      false,
      vector,
    ]) {
      const read = decodeCheckpoint(encodeCheckpoint({ ...checkpoint, run }));
      expect(read).toEqual({ ...checkpoint, run });
      expect(Object.keys(read).at(-1)).toBe('run');
    }
    expect('run' in decodeCheckpoint(encodeCheckpoint(checkpoint))).toBe(false);
    const given = { ...checkpoint, run: new Date(0) };
    expect(thrown(() => Reflect.apply(encodeCheckpoint, undefined, [given]))).toBe(
      'checkpoint.run is an object of a class; a state holds plain data only',
    );
  });
  it('refuse what a program added if it is damaged, by its place', () => {
    const whole = '"game":"g","method":"m","options":{},"seed":0,"draws":[],"last":null,"buffers":{}';
    for (const [run, why] of [
      ['{"$vector":"checkpoint.none"}', 'checkpoint.run lacks the vector checkpoint.none'],
      ['[{"$number":"1"}]', 'checkpoint.run.0 has "1" as a $number'],
      ['1e999', 'checkpoint.run is too large a number'],
    ] as const) {
      const data = `{${whole},"state":{},"ledger":{},"run":${run}}`;
      expect(
        thrown(() => decodeCheckpoint(writeSafetensors({ tensors: {}, metadata: sealed(data) }), 'c')),
      ).toContain(`c: packed data is damaged: ${why}`);
    }
  });
  it('keep every bit of every NaN, signalling ones included', () => {
    const patterns = [0x7ff0000000000001n, 0xfff8000000000000n, 0x7ff8dead0000beefn, 0xffffffffffffffffn];
    const z = new Float64Array(BigUint64Array.from(patterns).buffer);
    const u = new Float32Array(Uint32Array.of(0x7f800001, 0xffc00000, 0x7fc0beef, 0xffffffff).buffer);
    const read = decodeCheckpoint(encodeCheckpoint({ ...checkpoint, state: { z }, buffers: { u } }));
    expect(Array.from(new BigUint64Array(read.state.z.buffer))).toEqual(patterns);
    expect(read.buffers['u']?.buffer).toEqual(u.buffer);
  });
  it('are refused with any one bit flipped', () => {
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3] = flipped[bit >> 3]! ^ (1 << (bit & 7));
      expect(() => decodeCheckpoint(flipped, 'c'), `bit ${bit}`).toThrow(InputError);
    }
  });
  it('say that they are damaged, with both checksums', () => {
    const flipped = bytes.slice();
    flipped[flipped.length - 1] = flipped[flipped.length - 1]! ^ 1;
    expect(() => decodeCheckpoint(flipped, 'c')).toThrow(
      /^c: it is damaged: its content has the checksum [0-9a-f]{8}; expected "[0-9a-f]{8}", as when it was written$/,
    );
  });
  it.each<[{ readonly [key: string]: string }, string]>([
    [{}, 'c: its format is not stated; expected stillpoint-checkpoint-3'],
    [{ format: 'stillpoint-checkpoint-2' }, 'c: its format is "stillpoint-checkpoint-2"; expected'],
    [{ format: 'stillpoint-checkpoint-3' }, 'c: it lacks its data'],
    [sealed('{}'), 'c: it lacks a part'],
    [{ format: 'stillpoint-checkpoint-3', data: '{}' }, 'expected one stated in it, as when it was written'],
    [
      sealed('{"state":{"z":{"$vector":7}}}'),
      'c: packed data is damaged: checkpoint.state.z has 7 as a $vector',
    ],
    [
      sealed(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`),
      'c: packed data is damaged: its text nests brackets more than 500 deep',
    ],
  ])('refuse a file of another kind %#', (metadata, message) => {
    const file = writeSafetensors({ tensors: {}, metadata });
    expect(() => decodeCheckpoint(file, 'c')).toThrow(InputError);
    expect(() => decodeCheckpoint(file, 'c')).toThrow(message);
  });
});

describe('crc32', () => {
  it('has the check value of its definition, whole or piece by piece', () => {
    const text = new TextEncoder().encode('123456789');
    expect(crc32()(text)).toBe('cbf43926');
    for (let cut = 0; cut <= 9; cut++) {
      const add = crc32();
      add(text.subarray(0, cut));
      expect(add(text.subarray(cut))).toBe('cbf43926');
    }
    expect(crc32()(new Uint8Array(0))).toBe('00000000');
  });
  it.skipIf(typeof zlibCrc32 !== 'function')('agrees with zlib', () => {
    for (let n = 0; n < 40; n++) {
      const random = Uint8Array.from(
        uniform(new Float64Array(7 * n), { seed: 1, purpose: 'crc', call: n }),
        (u) => 256 * u,
      );
      expect(Number.parseInt(crc32()(random), 16)).toBe(zlibCrc32(random));
    }
  });
});
