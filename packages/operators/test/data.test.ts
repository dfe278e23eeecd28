import { describe, expect, it } from 'vitest';
import { decodeCheckpoint, difference, encodeCheckpoint, equalData, formatSpec, nearest, pack, parseSpec, readSafetensors, unpack, unpackData, writeSafetensors, type Checkpoint } from '../src/index.js';

const awkward = { z: Float64Array.of(1, -0, NaN, Infinity), m: { g: Float32Array.of(0.1), list: [1, [Float64Array.of(2)]] }, k: -0, none: null, yes: true, x: NaN, y: -Infinity, s: 'τ "x"' };

describe('pack and unpack', () => {
  it('keep every bit, −0, NaN and ±∞ included', () => {
    const back = unpack(pack(awkward), awkward);
    expect(back).toEqual(awkward);
    expect(Object.is(back.k, -0)).toBe(true);
    expect(Object.is(back.z[1], -0)).toBe(true);
  });
  it('refuse two vectors of one path', () => expect(() => pack({ z: new Float64Array(1), 'a.b': new Float64Array(1), a: { b: new Float64Array(1) } })).toThrow('state.a.b names two vectors'));
  it('equalData sees every bit, also in options', () => {
    expect(equalData({ a: Float64Array.of(1) }, { a: Float64Array.of(1) })).toBe(true);
    for (const other of [{ a: Float64Array.of(2) }, { a: Float32Array.of(1) }, { a: Float64Array.of(1, 1) }, { b: Float64Array.of(1) }, { a: 1 }]) expect(equalData({ a: Float64Array.of(1) }, other)).toBe(false);
    expect(equalData({ a: Float64Array.of(0) }, { a: Float64Array.of(-0) })).toBe(false);
  });
  it('copy: neither side sees the other change', () => {
    const state = { z: Float64Array.of(1) };
    const packed = pack(state);
    state.z[0] = 2;
    expect(unpack(packed, state).z[0]).toBe(1);
  });
  it.each([[() => 0, 'function'], [undefined, 'undefined'], [new Map(), 'an object of a class'], [1n, 'bigint']])('refuse %s', (value, what) => {
    const state: { z: Float64Array; k: { f?: unknown } } = { z: new Float64Array(1), k: { f: value } };
    expect(() => pack(JSON.parse('{}', () => state))).toThrow(`state.k.f is ${what.startsWith('an') ? what : `of type ${what}`}`);
  });
  it('refuse another shape, naming where', () => {
    expect(() => unpack(pack({ z: new Float64Array(2), k: 1 }), { z: new Float64Array(3), k: 1 })).toThrow('state.z does not fit');
    expect(() => unpack(pack({ z: new Float32Array(2) }), { z: new Float64Array(2) })).toThrow('state.z');
    expect(difference({ z: new Float64Array(1), extra: 1 }, { z: new Float64Array(1) })).toBe('state.extra');
  });
  it('refuse damaged text', () => {
    expect(() => unpackData({ text: '{', vectors: {} })).toThrow('no JSON');
    expect(() => unpackData({ text: '{"z":{"$vector":"a"}}', vectors: {} })).toThrow('lacks the vector a');
  });
});

describe('safetensors', () => {
  const file = { tensors: { a: Float32Array.of(1, 2, 3), b: Float64Array.of(-0, NaN), empty: new Float32Array(0) }, metadata: { note: 'ü' } };
  const bytes = writeSafetensors(file);
  it('read back what was written', () => expect(readSafetensors(bytes)).toEqual(file));
  it('read back from a Buffer, also one inside a larger pool', () => {
    const pool = Buffer.alloc(bytes.length + 9, 7);
    pool.set(bytes, 5);
    expect(readSafetensors(pool.subarray(5, 5 + bytes.length))).toEqual(file);
  });
  it('align the data, so that other readers may map the file', () => expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0));
  it('name what is wrong with every truncation', () => {
    for (let n = 0; n < bytes.length; n++) expect(() => readSafetensors(bytes.subarray(0, n), 'x.safetensors')).toThrow(/^x\.safetensors: /);
  });
  it('refuse bytes after the end and other types', () => {
    expect(() => readSafetensors(Uint8Array.of(...bytes, 0))).toThrow('follow the last tensor');
    const text = new TextEncoder().encode('{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}');
    const other = new Uint8Array(8 + text.length + 8);
    other[0] = text.length;
    other.set(text, 8);
    expect(() => readSafetensors(other)).toThrow('a is of type I64; expected F32 or F64');
  });
});

describe('checkpoints', () => {
  const checkpoint: Checkpoint<{ readonly z: Float64Array; k: number }> = {
    game: 'bilinear', method: 'gda', options: { stepSize: [0.1, 0.2] }, state: { z: Float64Array.of(1, NaN), k: 3 },
    counts: { steps: 3, gradients: [3, 4], losses: 0, products: 1, draws: [[3, 4]], last: [{ call: 2, player: null }, null, { term: 1 }] }, buffers: { u: Float32Array.of(1) },
  };
  it('go through bytes unchanged', () => expect(decodeCheckpoint(encodeCheckpoint(checkpoint))).toEqual(checkpoint));
  it('refuse a file of another format', () => {
    expect(() => decodeCheckpoint(writeSafetensors({ tensors: {}, metadata: {} }), 'c')).toThrow('c: its format is not stated; expected stillpoint-checkpoint-1');
    expect(() => decodeCheckpoint(writeSafetensors({ tensors: {}, metadata: { format: 'stillpoint-checkpoint-1', data: '{}' } }))).toThrow('lacks a part');
  });
});

describe('specs', () => {
  it.each(['gda', 'rapp(stepSize=0.4, innerSteps=5, weight=0.3)', 'lookahead(alternating-adam(stepSize=[0.0002,0.0001]), steps=5, weight=0.5)', 'linear(lipschitz=1, weakMinty=-0.2)', 'a(b(c), x=true, y=null, s="two words", o={k=1, l=[1,[2]]})'])('%s', (text) => {
    expect(formatSpec(parseSpec(text))).toBe(text);
  });
  it('read spaces, signs and exponents', () => {
    expect(parseSpec(' f ( x = +2e-4 , y=-.5, z=[ ] ) ')).toEqual({ name: 'f', inner: [], options: { x: 2e-4, y: -0.5, z: [] } });
  });
  it.each([
    ['', 'expected a name at character 1, found its end'], ['f(', 'expected a name at character 3'], ['f(x=)', 'expected a value at character 5, found ")"'], ['f(x=1', 'expected "," or ")"'],
    ['f(x=1,x=2)', 'gives x twice'], ['f g', 'expected the end at character 3, found "g"'], ['f(x=1.2.3)', 'expected a value'], ['f(x=1e999)', 'too large'], ['f(x="\\q")', 'without that escape'], [`f(x=${'['.repeat(300)}`, 'no more than 200 brackets'],
  ])('refuse %j', (text, message) => expect(() => parseSpec(text)).toThrow(message));
});

describe('nearest', () => {
  const names = ['gda', 'extragradient', 'past-extragradient', 'lookahead', 'rapp'];
  it.each([['exragradient', 'extragradient'], ['look-ahead', 'lookahead'], ['RAPP', 'rapp'], ['ahead', 'lookahead'], ['zzzzzzz', undefined]])('%s → %s', (typed, meant) => expect(nearest(typed, names)).toBe(meant));
});
