import { describe, expect, it } from 'vitest';
import { contentHash, identityDifference } from '../src/index.js';

describe('identityDifference', () => {
  it.each([
    [{ data: { modes: 8 } }, { data: { modes: 25 } }, 'data.modes: 8 against 25'],
    [{ a: 0 }, { a: -0 }, 'a: 0 against -0'],
    [{ a: 1 }, { a: 1, b: 'x' }, 'b: nothing against "x"'],
    [{ a: 1, b: null }, { a: 1 }, 'b: null against nothing'],
    [{ m: [[1, 2]] }, { m: [[1, 3]] }, 'm.0.1: 2 against 3'],
    [{ m: [1] }, { m: [1, 2] }, 'm: [1] against [1,2]'],
    [{ m: [1] }, { m: { 0: 1 } }, 'm: [1] against {"0":1}'],
    [{ v: Float64Array.of(1) }, { v: Float32Array.of(1) }, 'v: Float64Array of 1 against Float32Array of 1'],
    [{ v: Float64Array.of(1, 2) }, { v: Float64Array.of(1, 4) }, 'v.1: 2 against 4'],
    ['a', 'b', 'identity: "a" against "b"'],
  ])('%j, %j: %s', (found, expected, words) => {
    expect(identityDifference(found, expected)).toBe(words);
  });
  it('equal data do not differ, whatever the order of names', () => {
    expect(identityDifference({ a: NaN, b: [1, { c: null }] }, { b: [1, { c: null }], a: NaN })).toBe(
      undefined,
    );
  });
});

it('contentHash is CRC-32, with its published check value, and the length', () => {
  expect(contentHash('123456789')).toBe('cbf43926-9');
  expect(contentHash(new TextEncoder().encode('123456789'))).toBe('cbf43926-9');
});
