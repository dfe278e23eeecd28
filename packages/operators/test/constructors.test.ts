import { describe, expect, it } from 'vitest';
import {
  affineSet,
  box,
  conjugate,
  denseMatrix,
  eigh,
  groupL1Norm,
  halfSpace,
  huber,
  pseudoHuber,
  hyperplane,
  InputError,
  l1Ball,
  l1Norm,
  l2Ball,
  linfBall,
  matrixOf,
  maxEntry,
  nuclearBall,
  nuclearNorm,
  proxes,
  proxFrom,
  proximalFunction,
  psdCone,
  constraintOf,
  scaling,
  separableSum,
  simplex,
  spectralBall,
  squaredL2,
  svd,
  translation,
  type Given,
} from '../src/index.js';

// Values that JavaScript may pass to a constructor. Each is refused with an InputError that names it, or
// the constructor's result is sound.

const hostile: readonly unknown[] = [
  NaN,
  -1,
  0,
  -0,
  0.5,
  1e308,
  2 ** 53,
  Infinity,
  -Infinity,
  undefined,
  null,
  true,
  '',
  '1',
  'wide',
  1n,
  Symbol('s'),
  () => 1,
  [],
  {},
  [NaN],
  [-1, 1],
  ['1', '2'],
  [Infinity],
  [null],
  [[]],
  [['1']],
  Array.from({ length: 2 }),
  Float64Array.of(1, NaN),
  new Date(0),
  new Map(),
];

/** A function as JavaScript sees it: without types it can be called with any arguments. */
function untyped(f: unknown): (...given: unknown[]) => unknown {
  if (typeof f !== 'function') throw new Error('no function');
  return (...given) => Reflect.apply(f, undefined, given);
}

/** The result, or undefined if InputError was thrown; any other error fails the test. */
function built(make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    expect(error, String(error)).toBeInstanceOf(InputError);
    return undefined;
  }
}

/** Points that a projection or a prox of something sound keeps free of NaN. */
const points = [
  [0, 0, 0, 0],
  [3, -4, 0.5, 1],
  [-1e3, 1e-3, 2, 7],
];
function expectSound(made: unknown): void {
  for (const point of points) {
    const z = Float64Array.from(point);
    if (typeof made === 'function') Reflect.apply(made, undefined, [z]);
    else if (typeof made === 'object' && made !== null && 'prox' in made && typeof made.prox === 'function') {
      const { prox } = made;
      const length = 'length' in made && typeof made.length === 'number' ? made.length : 4;
      if (length > 4) return;
      // a set may be empty in four dimensions and not in two: then it says so when it is asked
      const projected = built(() => (Reflect.apply(prox, made, [z, 1, 0, length]), true));
      if (projected === undefined) {
        expect(() => Reflect.apply(prox, made, [z, 1, 0, length])).toThrow('of 4 entries is empty');
        return;
      }
    } else throw new Error('neither a projection nor a function');
    expect(Array.from(z).some(Number.isNaN), `${String(z)} of ${String(point)}`).toBe(false);
  }
}

const f = l1Norm();
/** Every constructor, with arguments that it accepts; one at a time is then replaced. */
const constructors: readonly (readonly [string, unknown, readonly unknown[]])[] = [
  ['box', box, [{ lower: -1, upper: 1 }]],
  ['box per entry', box, [{ lower: [-1, 0, 0, 0], upper: 1 }]],
  ['l1Ball', l1Ball, [{ radius: 1 }]],
  ['l2Ball', l2Ball, [{ radius: 1 }]],
  ['linfBall', linfBall, [{ radius: 1 }]],
  ['simplex', simplex, [{ sum: 1 }]],
  ['maxEntry', maxEntry, [{ weight: 1 }]],
  [
    'affineSet',
    affineSet,
    [
      {
        matrix: [
          [1, 2, 0, 1],
          [0, 1, 1, 1],
        ],
        values: [1, 2],
      },
    ],
  ],
  ['hyperplane', hyperplane, [{ normal: [1, 2, 0, 1], value: 1 }]],
  ['halfSpace', halfSpace, [{ normal: [1, 2, 0, 1], bound: 1 }]],
  ['psdCone', psdCone, [{ size: 2 }]],
  ['l1Norm', l1Norm, [{ weight: 1 }]],
  ['groupL1Norm', groupL1Norm, [{ weight: 1, groups: [2, 2] }]],
  ['huber', huber, [{ delta: 1 }]],
  ['pseudoHuber', pseudoHuber, [{ weight: 1, smoothing: 1 }]],
  ['squaredL2', squaredL2, [{ weight: 1 }]],
  ['nuclearNorm', nuclearNorm, [{ rows: 2, columns: 2, weight: 1 }]],
  ['nuclearBall', nuclearBall, [{ rows: 2, columns: 2, radius: 1 }]],
  ['spectralBall', spectralBall, [{ rows: 2, columns: 2, radius: 1 }]],
  ['conjugate', conjugate, [f]],
  ['translation', translation, [f, { by: [1, 2, 3, 4] }]],
  ['scaling', scaling, [f, { value: 2, argument: -1 }]],
  ['separableSum', separableSum, [[f, f], { sizes: [2, 2] }]],
];

describe.each(constructors)('%s', (_, make, given) => {
  it('makes a sound value of arguments that it accepts', () => expectSound(untyped(make)(...given)));
  it('refuses hostile arguments, or makes a sound value', () => {
    given.forEach((_argument, place) => {
      for (const value of hostile) {
        const made = built(() => untyped(make)(...given.with(place, value)));
        if (made !== undefined) expectSound(made);
      }
    });
  });
  it('refuses hostile options, or makes a sound value', () => {
    given.forEach((argument, place) => {
      if (typeof argument !== 'object' || argument === null || argument === f || Array.isArray(argument))
        return;
      for (const name of Object.keys(argument))
        for (const value of hostile) {
          const made = built(() => untyped(make)(...given.with(place, { ...argument, [name]: value })));
          if (made !== undefined) expectSound(made);
        }
    });
  });
});

describe('every row of the registry', () => {
  it.each(proxes.map((row) => [row.name, row] as const))(
    'function %s refuses hostile options, or makes something sound',
    (_, row) => {
      const inner = { none: [], one: [f], some: [f, f] }[row.takes ?? 'none'];
      for (const name of Object.keys(row.options))
        for (const value of hostile) {
          const made = built(() => untyped((given: Given) => row.build(given, inner))({ [name]: value }));
          if (made !== undefined) expectSound(made);
        }
    },
  );
});

describe('an error names the refused value', () => {
  it.each<[() => unknown, string]>([
    [() => l2Ball({ radius: -1 }), 'l2-ball: radius is -1; expected a number > 0'],
    [() => simplex({ sum: -1 }), 'simplex: sum is -1; expected a number > 0'],
    [() => untyped(simplex)({ sum: '1' }), 'simplex: sum is "1"; expected a number > 0'],
    [() => untyped(l2Ball)(), 'the options of l2-ball are undefined; expected an object, as { radius: 1 }'],
    [() => box({ lower: NaN, upper: 1 }), 'box: lower of entry 0 is NaN; expected a number'],
    [() => box({ lower: Infinity, upper: Infinity }), 'box: entry 0 from Infinity to Infinity is empty'],
    [() => untyped(l2Ball)({ radius: '2' }), 'l2-ball: radius is "2"; expected a number > 0'],
    [
      () => untyped(box)({ lower: null, upper: 1 }),
      'box: lower is null; expected a number, or one per entry as [0,1]',
    ],
    [
      () => untyped(translation)('l1', { by: 1 }),
      'translation of "l1"; expected a proximal function, as l1Norm() or proxFrom(\'l1\')',
    ],
    [() => untyped(matrixOf)([[1, '2']]), 'entry [0][1] of the matrix is "2"; expected a finite number'],
    [() => untyped(matrixOf)([1, 2]), 'the matrix is empty'],
    [
      () => untyped(denseMatrix)([1, 2], 1, 2),
      'the entries of the matrix are [1, 2]; expected a Float64Array',
    ],
    [() => untyped(eigh)([1]), 'the matrix is [1]; expected a Float64Array'],
    [() => svd(Float64Array.of(1, 2, 3), 1.5, 2), 'expected 1.5×2 = 3'],
    [
      () => psdCone({ size: 1e9 }),
      'psd-cone: size is 1000000000; expected the number of rows, a whole number from 1 to 8192',
    ],
    [
      () => untyped(proximalFunction)({ name: 'mine', is: {}, value: () => 0, prox: () => {} }),
      'mine: conjugateValue is undefined; expected a function',
    ],
    [() => untyped(proxFrom)(undefined), "the function is undefined; expected a spec, as 'box(lower="],
    [() => untyped(constraintOf)({}, []), 'the players are {}; expected an array of { name, start, end }'],
    [
      () => untyped(constraintOf)([{ name: 'x', start: 0, end: 1 }], ['l1']),
      'the constraint of player x of "l1"; expected a proximal function',
    ],
  ])('%#', (make, message) => {
    expect(make).toThrow(InputError);
    expect(make).toThrow(message);
  });
});
