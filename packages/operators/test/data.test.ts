import { describe, expect, it } from 'vitest';
import {
  difference,
  equalData,
  formatSpec,
  InputError,
  nearest,
  pack,
  parseSpec,
  sizeOf,
  unpack,
  unpackData,
} from '../src/index.js';

const awkward = {
  z: Float64Array.of(1, -0, NaN, Infinity),
  m: { g: Float32Array.of(0.1), list: [1, [Float64Array.of(2)]] },
  k: -0,
  none: null,
  yes: true,
  x: NaN,
  y: -Infinity,
  s: 'τ "x"',
};

describe('pack and unpack', () => {
  it('keep every bit, −0, NaN and ±∞ included', () => {
    const back = unpack(pack(awkward), awkward);
    expect(back).toEqual(awkward);
    expect(Object.is(back.k, -0)).toBe(true);
    expect(Object.is(back.z[1], -0)).toBe(true);
  });
  it('refuse two vectors of one path', () =>
    expect(() =>
      pack({ z: new Float64Array(1), 'a.b': new Float64Array(1), a: { b: new Float64Array(1) } }),
    ).toThrow('state.a.b is the path of two vectors'));
  it('equalData sees every bit, also in options', () => {
    expect(equalData({ a: Float64Array.of(1) }, { a: Float64Array.of(1) })).toBe(true);
    for (const other of [
      { a: Float64Array.of(2) },
      { a: Float32Array.of(1) },
      { a: Float64Array.of(1, 1) },
      { b: Float64Array.of(1) },
      { a: 1 },
    ])
      expect(equalData({ a: Float64Array.of(1) }, other)).toBe(false);
    expect(equalData({ a: Float64Array.of(0) }, { a: Float64Array.of(-0) })).toBe(false);
  });
  it('copy: neither side sees the other change', () => {
    const state = { z: Float64Array.of(1) };
    const packed = pack(state);
    state.z[0] = 2;
    expect(unpack(packed, state).z[0]).toBe(1);
  });
  it.each([
    [() => 0, 'function'],
    [undefined, 'undefined'],
    [new Map(), 'an object of a class'],
    [1n, 'bigint'],
  ])('refuse %s', (value, what) => {
    const state: { z: Float64Array; k: { f?: unknown } } = { z: new Float64Array(1), k: { f: value } };
    expect(() => pack(JSON.parse('{}', () => state))).toThrow(
      `state.k.f is ${what.startsWith('an') ? what : `of type ${what}`}`,
    );
  });
  it('refuse another shape, and name the path', () => {
    expect(() => unpack(pack({ z: new Float64Array(2), k: 1 }), { z: new Float64Array(3), k: 1 })).toThrow(
      'state.z does not fit',
    );
    expect(() => unpack(pack({ z: new Float32Array(2) }), { z: new Float64Array(2) })).toThrow('state.z');
    expect(difference({ z: new Float64Array(1), extra: 1 }, { z: new Float64Array(1) })).toBe('state.extra');
  });
  it.each<[string, string]>([
    ['{', 'packed data is damaged: its text is not JSON'],
    ['{"z":{"$vector":"a"}}', 'state.z lacks the vector a'],
    ['{"z":{"$vector":"constructor"}}', 'state.z lacks the vector constructor'],
    ['{"z":{"$vector":["a"]}}', `state.z has ["a"] as a $vector; expected a vector's path`],
    [
      '{"k":[1,{"$number":"7"}]}',
      'state.k.1 has "7" as a $number; expected one of -0, NaN, Infinity, -Infinity',
    ],
    ['{"k":{"$number":null}}', 'state.k has null as a $number'],
    ['{"k":{"$number":"-0","x":1}}', 'state.k has 1 more entries beside $number'],
    ['{"k":{"x":1,"$number":"NaN"}}', 'state.k has 1 more entries beside $number'],
    ['{"k":{"$date":1}}', 'state.k has the name "$date"; expected $number, $vector or a name without $'],
    ['{"k":1e999}', 'state.k is too large a number'],
    ['{"k":1,"\\u006b":2}', 'its text gives "k" twice'],
    ['{"a\\\\":1, "b\\"" :2,"b\\"" : 3}', 'its text gives "b\\"" twice'],
    ['[{"k":"k"},{"k":"}{\\\\"},["k","k"],{"k":{"k":1},"k":2}]', 'its text gives "k" twice'],
    [`${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'its text nests brackets more than 500 deep'],
  ])('refuse damaged text %#', (text, message) => {
    expect(() => unpackData({ text, vectors: {} })).toThrow(InputError);
    expect(() => unpackData({ text, vectors: {} })).toThrow(message);
  });
  it('take strings of any length', () => {
    const data = { long: '\\"'.repeat(5_000_000), after: 1 };
    expect(unpackData(pack(data))).toEqual(data);
  });
  it('keep names that every object has, and brackets and quotes inside strings', () => {
    const data = {
      ['__proto__']: 1,
      constructor: { toString: Float64Array.of(2) },
      text: '{"a":[[[" "a": \\',
    };
    const { text, vectors } = pack(data);
    expect(text).toContain('"__proto__":1');
    const back = unpackData({ text, vectors });
    expect(Object.entries(back ?? {})).toEqual(Object.entries(data));
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
  });
  it('refuse data that is too deep or contains itself, and holes', () => {
    const circle: { z: Float64Array; self?: object } = { z: new Float64Array(1) };
    circle.self = circle;
    expect(() => pack(JSON.parse('{}', () => circle))).toThrow(
      'is nested more than 500 levels deep, or contains itself',
    );
    expect(() => pack(JSON.parse('{}', () => Array.from({ length: 2 })))).toThrow(
      'state.0 is of type undefined',
    );
    let deep: { readonly [key: string]: number | object } = { k: 1 };
    for (let i = 0; i < 490; i++) deep = { deep };
    expect(unpackData(pack(JSON.parse(JSON.stringify(deep))))).toEqual(deep);
  });
});

describe('specs', () => {
  it.each([
    'gda',
    'rapp(stepSize=0.4, innerSteps=5, weight=0.3)',
    'lookahead(alternating-adam(stepSize=[0.0002,0.0001]), steps=5, weight=0.5)',
    'linear(lipschitz=1, weakMinty=-0.2)',
    'a(b(c), x=true, y=null, s="two words", o={k=1, l=[1,[2]]})',
    'relativistic(penalties=[r1(weight=10),r2], solver=cg(inner(a, b=1), steps=[1,2]))',
  ])('%s', (text) => {
    expect(formatSpec(parseSpec(text))).toBe(text);
  });
  it('hold specs as plain data', () => {
    const { options } = parseSpec('loss(penalties=[ r1( weight = 10 ), r2 ], base = f (g))');
    expect(options).toEqual({
      penalties: [{ name: 'r1', inner: [], options: { weight: 10 } }, 'r2'],
      base: { name: 'f', inner: [{ name: 'g', inner: [], options: {} }], options: {} },
    });
    expect(formatSpec({ name: 'loss', inner: [], options })).toBe(
      'loss(penalties=[r1(weight=10),r2], base=f(g))',
    );
    // an object that only looks like one keeps its braces
    const record = { name: 'r 1', inner: [], options: {} };
    expect(formatSpec({ name: 'f', inner: [], options: { record } })).toBe(
      'f(record={name="r 1", inner=[], options={}})',
    );
  });
  it('read spaces, signs and exponents', () => {
    expect(parseSpec(' f ( x = +2e-4 , y=-.5, z=[ ] ) ')).toEqual({
      name: 'f',
      inner: [],
      options: { x: 2e-4, y: -0.5, z: [] },
    });
  });
  it.each([
    ['', 'expected a name at character 1, found the end'],
    ['f(', 'expected a name at character 3'],
    ['f(x=)', 'expected a value at character 5, found ")"'],
    ['f(x=1', 'expected "," or ")"'],
    ['f(x=1,x=2)', 'gives x twice'],
    ['f(x=[g(y=1,y=2)])', 'gives y twice'],
    ['f(x=g(y=1)', 'expected "," or ")"'],
    [`f(x=${'g('.repeat(300)}`, 'at most 200 nested brackets'],
    ['f g', 'expected the end at character 3, found "g"'],
    ['f(x=1.2.3)', 'expected a value'],
    ['f(x=1e999)', 'too large'],
    ['f(x="\\q")', 'expected a string with valid escapes before this'],
    [`f(x=${'['.repeat(300)}`, 'at most 200 nested brackets'],
  ])('refuse %j', (text, message) => expect(() => parseSpec(text)).toThrow(message));
});

describe('nearest', () => {
  const names = ['gda', 'extragradient', 'past-extragradient', 'lookahead', 'rapp'];
  it.each([
    ['exragradient', 'extragradient'],
    ['look-ahead', 'lookahead'],
    ['RAPP', 'rapp'],
    ['ahead', 'lookahead'],
    ['zzzzzzz', undefined],
  ])('%s → %s', (typed, meant) => expect(nearest(typed, names)).toBe(meant));
  it('of equally near names is that which begins alike for longest', () => {
    for (const valid of [
      ['admm', 'adam'],
      ['adam', 'admm'],
    ]) {
      expect(nearest('adamm', valid)).toBe('adam');
      expect(nearest('adm', valid)).toBe('admm');
    }
  });
});

it('sizeOf multiplies dimensions: 1 for a scalar, 0 if one of them is 0', () =>
  expect([[], [7], [2, 3, 5], [4, 0, 9]].map(sizeOf)).toEqual([1, 7, 30, 0]));
