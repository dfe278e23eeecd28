import { describe, expect, it } from 'vitest';
import {
  box,
  conjugate,
  huber,
  l1Norm,
  proximalFunction,
  proxFrom,
  scaling,
  separableSum,
  translation,
} from '../src/index.js';

describe('errors', () => {
  it.each([
    ['l1-bal', 'unknown function "l1-bal"; did you mean l1-ball?'],
    ['l1(wieght=1)', 'unknown option of function l1 "wieght"; did you mean weight?'],
    ['l1(weight=-1)', 'function l1: weight is -1; expected a number > 0'],
    ['l1(simplex)', 'function l1 takes options only; found simplex'],
    ['conjugate', 'function conjugate takes one function; found 0: conjugate(huber'],
    ['box(lower=[0,1], upper=[1,1,1])', 'box: upper has 3 entries; expected 2, as lower has'],
    ['box(lower=1, upper=[2,0])', 'box: entry 1 from 1 to 0 is empty; expected lower <= upper'],
    ['box(lower=high)', 'lower is high; expected a number, one per entry as [1,2], or null for none'],
    ['affine(matrix=[[1,2],[3]], values=[1,2])', 'row 1 of the matrix has 1 entries; expected 2'],
    [
      'affine(matrix=[[1,2]], values=[1,2])',
      'affine: values has 2 entries; expected 1, one per row of the matrix',
    ],
    ['affine(matrix=[1,2], values=[1])', 'matrix is [1,2]; expected rows of numbers, as [[1,2],[3,4]]'],
    ['half-space(normal=[0,0])', 'half-space: normal is zero; expected a vector with a direction'],
    ['half-space', 'needs normal'],
    ['hyperplane(normal=[0])', 'hyperplane: normal is zero'],
    ['psd-cone(size=1.5)', 'size is 1.5; expected a whole number >= 1'],
    ['group-l1(groups=[2,0])', 'groups is [2,0]; expected whole numbers >= 1, as [2,3]'],
    ['atomic-ball(norms=[1,0])', 'norms is [1,0]; expected numbers > 0, as [1,2]'],
    [
      'atomic-ball(norms=[1], groups=[1,2])',
      'atomic-ball: norms has 1 entries; expected 2, one for each group',
    ],
    [
      'translation(affine(matrix=[[1,2]], values=[1]), by=[1])',
      'translation: by has 1 entries; expected 2, as affine(',
    ],
    ['scaling(l1, argument=0)', 'argument is 0; expected a number other than 0'],
    ['separable-sum(l1, sizes=[1,2])', 'separable-sum: sizes has 2 entries; expected 1, one per function'],
    ['separable-sum(psd-cone(size=2), sizes=[3])', 'sizes[0] is 3; expected 4, as psd-cone(size=2) takes'],
    ['separable-sum(sizes=[1])', 'function separable-sum takes functions; found 0'],
  ])('%s', (spec, message) => expect(() => proxFrom(spec)).toThrow(message));
  it('name a slice that does not fit, and a step size that is not a number > 0', () => {
    const f = box({ lower: [0, 0], upper: 1 });
    expect(() => f.prox(new Float64Array(5), 1)).toThrow('box takes 2 entries; the slice from 0 to 5 has 5');
    for (const wrong of [
      () => f.value(new Float64Array(5)),
      () => f.conjugateValue(new Float64Array(5), 0, 3),
      () => f.lmo?.(new Float64Array(3), new Float64Array(3)),
    ])
      expect(wrong).toThrow('box takes 2 entries');
    for (const [start, end] of [
      [1, 1],
      [1, 4],
      [-1, 1],
    ] as const)
      expect(() => l1Norm().prox(new Float64Array(3), 1, start, end)).toThrow(
        `l1 of the slice from ${start} to ${end}; expected a slice with at least one entry, of a vector of 3`,
      );
    for (const γ of [0, -1, NaN, Infinity])
      expect(() => f.prox(new Float64Array(2), γ)).toThrow(
        `the prox of box with step size ${γ}; expected a number > 0`,
      );
  });
  it('name arguments that no spec can give', () => {
    for (const radius of [0, -1, NaN, Infinity])
      expect(() => huber({ delta: radius })).toThrow(`huber: delta is ${radius}; expected a number > 0`);
    expect(() => box({ lower: [], upper: 1 })).toThrow(
      'box: lower is empty; expected a number, or one per entry as [0,1]',
    );
    expect(() => box({ lower: Infinity, upper: Infinity })).toThrow('is empty');
    expect(() => translation(l1Norm(), { by: [1, NaN] })).toThrow(
      'translation: by[1] is NaN; expected a finite number',
    );
    expect(() => scaling(l1Norm(), { value: 0 })).toThrow('scaling: value is 0');
    expect(() => separableSum([l1Norm()], { sizes: [0.5] })).toThrow(
      'sizes[0] is 0.5; expected a whole number >= 1',
    );
    const root = proximalFunction({
      name: 'root',
      is: { convex: false },
      value: () => 0,
      conjugateValue: () => 0,
      prox: () => {},
    });
    expect(() => conjugate(root)).toThrow('the conjugate of root, which is not convex');
  });
});
