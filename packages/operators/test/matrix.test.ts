import { afterEach, describe, expect, it, vi } from 'vitest';
import { denseMatrix, dot, matrixOf, normal, uniform, type Vector } from '../src/index.js';
import { SIMD_FROM } from '../src/linear-algebra/matrix.js';
import * as memory from '../src/vectors/memory.js';

describe('matrices', () => {
  const m = matrixOf([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  it('multiply slices as computed by hand, and change nothing else', () => {
    expect([m.rows, m.columns, Array.from(m.entries)]).toEqual([2, 3, [1, 2, 3, 4, 5, 6]]);
    const out = new Float64Array(5).fill(9);
    m.times(out, 1, Float64Array.of(7, 7, 1, 0, -1), 2);
    expect(Array.from(out)).toEqual([9, -2, -2, 9, 9]);
    m.times(out, 1, Float64Array.of(7, 7, 1, 0, -1), 2, -0.5);
    expect(Array.from(out)).toEqual([9, 1, 1, 9, 9]);
    m.transposedTimes(out, 2, Float64Array.of(7, 1, -1), 1);
    expect(Array.from(out)).toEqual([9, 1, -3, -3, -3]);
    m.transposedTimes(out, 0, Float64Array.of(7, 1, -1), 1, 2);
    expect(Array.from(out)).toEqual([-6, -6, -6, -3, -3]);
    const vector = new Float64Array(5).fill(1);
    m.times(vector, 0, vector, 2); // slices of one vector that do not overlap
    expect(Array.from(vector)).toEqual([6, 15, 1, 1, 1]);
  });
  it('are adjoint: ⟨Mv, w⟩ = ⟨v, Mᵀw⟩, in both precisions', () => {
    const a = denseMatrix(normal(new Float64Array(35), { seed: 1, purpose: 'm' }), 5, 7);
    for (const [make, u] of [
      [(n: number) => new Float64Array(n), 2 ** -53],
      [(n: number) => new Float32Array(n), 2 ** -24],
    ] as const) {
      const [v, w, av, aw] = [
        normal(make(7), { seed: 1, purpose: 'v' }),
        normal(make(5), { seed: 1, purpose: 'w' }),
        make(5),
        make(7),
      ];
      a.times(av, 0, v, 0, 3);
      a.transposedTimes(aw, 0, w, 0, 3);
      const size = dot(v.map(Math.abs), v.map(Math.abs)) + dot(w, w) + dot(a.entries, a.entries);
      // 35 products in each, each rounded to u at most 7 times while sums grow.
      expect(Math.abs(dot(av, w) - dot(v, aw))).toBeLessThanOrEqual(3 * 35 * 7 * u * size);
      expect(Math.abs(dot(av, w))).toBeGreaterThan(0.01); // of these draws: the test is not about zeros
    }
  });
  it('keep the entries from which they are made', () => {
    const entries = Float64Array.of(1, 0, 0, 1);
    expect(denseMatrix(entries, 2, 2).entries).toBe(entries);
  });
  it('refuse values that are not a matrix', () => {
    expect(() => matrixOf([])).toThrow('the matrix is empty; expected rows of numbers, as [[1,2],[3,4]]');
    expect(() => matrixOf([[]])).toThrow('the matrix is empty');
    expect(() => matrixOf([[1, 2], [3]])).toThrow(
      'row 1 of the matrix has 1 entries; expected 2, as row 0 has',
    );
    expect(() =>
      matrixOf([
        [1, 2],
        [3, NaN],
      ]),
    ).toThrow('entry [1][1] of the matrix is NaN; expected a finite number');
    expect(() => denseMatrix(new Float64Array(5), 2, 3)).toThrow('a 2 by 3 matrix has 6 entries; found 5');
  });
});

/**
 * Products as stated: a·v, then one addition after another, in float64; −0 never, since a sum begins with 0.
 */
function byHand(
  entries: Float64Array,
  rows: number,
  columns: number,
  v: readonly number[],
  a: number,
  transposed: boolean,
): number[] {
  return Array.from({ length: transposed ? columns : rows }, (_, o) => {
    let sum = 0;
    v.forEach((x, i) => {
      sum += (entries[transposed ? i * columns + o : o * columns + i] ?? NaN) * (a * x);
    });
    return sum;
  });
}

const shapes = [
  [1, 1],
  [2, 3],
  [3, 5],
  [4, 4],
  [5, 5],
  [6, 6],
  [7, 9],
  [8, 8],
  [1, 40],
  [40, 1],
  [2, 39],
  [41, 3],
  [16, 17],
  [39, 41],
  [50, 50],
  [64, 40],
  [83, 57],
] as const;
const special = [0, -0, NaN, Infinity, -Infinity, 5e-324, 1e-310, 1e308, -1e308];
/** Normal numbers; one in `every` is a special one. */
function values(n: number, purpose: string, every: number): Float64Array {
  const picks = uniform(new Float64Array(n), { seed: 3, purpose });
  return normal(new Float64Array(n), { seed: 2, purpose }).map((x, i) =>
    (picks[i] ?? 1) * every < 1 ? (special[Math.floor((picks[i] ?? 0) * every * special.length)] ?? x) : x,
  );
}
const differing = (a: Vector, b: readonly number[]): number[] =>
  b.flatMap((x, i) => (Object.is(a[i], x) ? [] : [i]));

describe.each([
  ['with SIMD', true],
  ['without WebAssembly', false],
])('products %s', (_, simd) => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
  describe.each([
    ['ordinary values', Infinity],
    ['some that are not finite, denormal or −0', 20],
  ])('of %s', (kind, every) => {
    it.each(shapes)(
      'of a %i by %i matrix are the sums one by one, to the bit, and touch nothing else',
      (rows, columns) => {
        const made = vi.spyOn(memory, 'matrixMemory');
        if (!simd) vi.stubGlobal('WebAssembly', undefined);
        const entries = values(rows * columns, `entries ${kind}`, every);
        const m = denseMatrix(entries, rows, columns);
        for (const like of [Float64Array, Float32Array])
          for (const [transposed, outputs, inputs] of [
            [false, rows, columns],
            [true, columns, rows],
          ] as const) {
            for (const [a, call] of [
              [undefined, 1],
              [-1, 2],
              [0.3, 3],
            ] as const) {
              // a second product finds the first one's memory in use
              const whole = like.from(values(inputs, `vector ${kind} ${call}`, every));
              const within = new like(inputs + 3).fill(7);
              within.set(whole, 2);
              for (const [z, start] of [
                [whole, 0],
                [within, 2],
              ] as const) {
                const out = new like(outputs + 3).fill(9);
                m[transposed ? 'transposedTimes' : 'times'](out, 1, z, start, a);
                const expected = byHand(entries, rows, columns, Array.from(whole), a ?? 1, transposed);
                expect(differing(out, [9, ...like.from(expected), 9, 9])).toEqual([]);
              }
            }
          }
        expect(made.mock.results.map(({ value }) => value !== undefined)).toEqual(
          rows * columns >= SIMD_FROM ? [simd, simd] : [],
        );
      },
    );
  });
  it('add one product after another: a rounded sum stays rounded', () => {
    if (!simd) vi.stubGlobal('WebAssembly', undefined);
    const m = denseMatrix(
      Float64Array.from({ length: 8 * 9 }, (__, i) => (i % 9 === 0 ? 2 ** 53 : 1)),
      8,
      9,
    );
    const out = new Float64Array(8);
    m.times(out, 0, new Float64Array(9).fill(1), 0);
    // each 1 is half a step of 2⁵³, and goes to the even neighbour
    expect(Array.from(out)).toEqual(Array<number>(8).fill(2 ** 53));
    m.times(out, 0, Float64Array.of(1, 1, 1, 1, 1, 1, 1, 1, -(2 ** 53)), 0);
    expect(Array.from(out)).toEqual(Array<number>(8).fill(0)); // seven ones added up first would leave 7
  });
  it('read z as far as it goes and write out as far as it goes, as in a loop', () => {
    if (!simd) vi.stubGlobal('WebAssembly', undefined);
    const m = denseMatrix(new Float64Array(50 * 50).fill(1), 50, 50);
    const out = new Float64Array(49);
    m.times(out, 0, new Float64Array(50).fill(1), 0);
    expect(Array.from(out)).toEqual(Array<number>(49).fill(50));
    m.times(out, 0, new Float64Array(50).fill(1), 1);
    expect(Array.from(out)).toEqual(Array<number>(49).fill(NaN));
  });
});
