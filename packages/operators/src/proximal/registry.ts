import type { Data } from '../contracts/index.js';
import { findRow, InputError, shown } from '../errors.js';
import {
  formatData,
  integer,
  number,
  parseOptions,
  type Given,
  type Option,
  type OptionTable,
} from '../options.js';
import { parseSpec, type Spec } from '../spec.js';
import { affineSet, halfSpace, hyperplane } from './affine.js';
import { l1Ball, l2Ball, linfBall } from './balls.js';
import { boxSet, nonnegativeOrthant, type PerEntry } from './box.js';
import { conjugate, scaling, separableSum, translation } from './calculus.js';
import { psdCone, secondOrderCone } from './cones.js';
import type { ProximalFunction } from './contract.js';
import { groupL1Norm, l1Norm } from './norms.js';
import { maxEntry, simplexSet } from './simplex.js';
import { huber, squaredL2 } from './smooth.js';
import { nuclearBall, nuclearNorm, spectralBall } from './spectral.js';

interface Words {
  readonly name: string;
  /** The function as a formula. */
  readonly about: string;
  readonly reference: string;
  /** A spec with all that it needs. */
  readonly example: string;
}

/** A row of the registry of proximal functions: the only place that names one outside its file. */
export interface ProxRow extends Words {
  readonly options: OptionTable<Given>;
  /** How many functions it takes first: `translation(l1, by=1)`. */
  readonly wraps: 'none' | 'one' | 'some';
  /**
   * Builds it from options and the functions it is made of. @throws InputError for an unknown or unacceptable
   * one.
   */
  build(given: Given, inner?: readonly ProximalFunction[]): ProximalFunction;
}

function rowOf<O extends object>(
  words: Words,
  wraps: ProxRow['wraps'],
  options: OptionTable<O>,
  make: (inner: readonly ProximalFunction[], options: O) => ProximalFunction,
): ProxRow {
  return {
    ...words,
    options,
    wraps,
    build(given, inner = []) {
      const expected = { none: 'no function', one: 'one function', some: 'functions' }[wraps];
      if ((wraps === 'none' && inner.length > 0) || (wraps === 'one' && inner.length !== 1))
        throw new InputError(`${words.name} takes ${expected}; found ${inner.length}: ${words.example}`);
      const full = parseOptions(`function ${words.name}`, options, given);
      const entries: [string, Data][] = Object.entries(full);
      const said = [
        ...inner.map(({ name }) => name),
        ...entries.map(([key, value]) => `${key}=${formatData(value)}`),
      ];
      return {
        ...make(inner, full),
        name: said.length === 0 ? words.name : `${words.name}(${said.join(', ')})`,
      };
    },
  };
}
const row = <O extends object>(
  words: Words,
  options: OptionTable<O>,
  make: (options: O) => ProximalFunction,
): ProxRow => rowOf(words, 'none', options, (_, full) => make(full));

const isNumber = (value: Data): boolean => typeof value === 'number' && Number.isFinite(value);
const isList = (value: Data): value is readonly Data[] => Array.isArray(value) && value.length > 0;
type About = { readonly about: string; readonly default?: Data };
const numbers = (words: About): Option => ({
  ...words,
  expected: 'numbers, as [1,2]',
  accepts: (value) => isList(value) && value.every(isNumber),
});
const matrix = (words: About): Option => ({
  ...words,
  expected: 'rows of numbers, as [[1,2],[3,4]]',
  accepts: (value) => isList(value) && value.every((entry) => isList(entry) && entry.every(isNumber)),
});
const perEntry = (words: About): Option => ({
  ...words,
  expected: 'a number, or one per entry as [1,2]',
  accepts: (value) => isNumber(value) || (isList(value) && value.every(isNumber)),
});
const bound = (words: About): Option => ({
  ...perEntry(words),
  expected: 'a number, one per entry as [1,2], or null for none',
  accepts: (value) => value === null || perEntry(words).accepts(value),
});
const isSize = (value: Data): boolean =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
const sizes = (words: About): Option => ({
  ...words,
  expected: 'whole numbers >= 1, as [2,3]',
  accepts: (value) => isList(value) && value.every(isSize),
});
const radius = { radius: number({ about: 'radius', above: 0, default: 1 }) };
const weight = { weight: number({ about: 'what it is multiplied by', above: 0, default: 1 }) };
const shape = {
  rows: integer({ about: 'rows of the matrix', from: 1 }),
  columns: integer({ about: 'columns of the matrix', from: 1 }),
};

/** Every proximal function and calculus rule, by name. */
export const proxes: readonly ProxRow[] = [
  row<{ lower: PerEntry | null; upper: PerEntry | null }>(
    {
      name: 'box',
      about: 'the set lower ≤ z_i ≤ upper',
      reference: 'classical',
      example: 'box(lower=[-1,0,-2], upper=[1.1,2,-1])',
    },
    {
      lower: bound({ about: 'least entry', default: -1 }),
      upper: bound({ about: 'largest entry', default: 1 }),
    },
    ({ lower, upper }) => boxSet({ lower: lower ?? -Infinity, upper: upper ?? Infinity }),
  ),
  row(
    { name: 'nonnegative', about: 'the cone z ≥ 0', reference: 'classical', example: 'nonnegative' },
    {},
    nonnegativeOrthant,
  ),
  row(
    {
      name: 'l1-ball',
      about: 'the set ‖z‖₁ ≤ radius',
      reference: 'Duchi, Shalev-Shwartz, Singer, Chandra 2008',
      example: 'l1-ball(radius=1.5)',
    },
    radius,
    l1Ball,
  ),
  row(
    {
      name: 'l2-ball',
      about: 'the set ‖z‖₂ ≤ radius',
      reference: 'classical',
      example: 'l2-ball(radius=1.5)',
    },
    radius,
    l2Ball,
  ),
  row(
    {
      name: 'linf-ball',
      about: 'the set ‖z‖∞ ≤ radius',
      reference: 'classical',
      example: 'linf-ball(radius=0.7)',
    },
    radius,
    linfBall,
  ),
  row(
    {
      name: 'simplex',
      about: 'the set z ≥ 0, Σ z_i = sum',
      reference: 'Held, Wolfe, Crowder 1974; Michelot 1986',
      example: 'simplex(sum=1)',
    },
    { sum: number({ about: 'sum of the entries', above: 0, default: 1 }) },
    simplexSet,
  ),
  row<{ matrix: readonly (readonly number[])[]; values: readonly number[] }>(
    {
      name: 'affine',
      about: 'the set matrix·z = values',
      reference: 'classical',
      example: 'affine(matrix=[[1,2,0,-1],[0,1,1,1],[1,3,1,0]], values=[1,0.5,1.5])',
    },
    {
      matrix: matrix({ about: 'rows of the equations' }),
      values: numbers({ about: 'their right-hand sides' }),
    },
    affineSet,
  ),
  row<{ normal: readonly number[]; value: number }>(
    {
      name: 'hyperplane',
      about: 'the set ⟨normal, z⟩ = value',
      reference: 'classical',
      example: 'hyperplane(normal=[1,-2,3], value=1)',
    },
    { normal: numbers({ about: 'its normal' }), value: number({ about: 'the inner product', default: 0 }) },
    hyperplane,
  ),
  row<{ normal: readonly number[]; bound: number }>(
    {
      name: 'half-space',
      about: 'the set ⟨normal, z⟩ ≤ bound',
      reference: 'classical',
      example: 'half-space(normal=[1,-2,3], bound=-1)',
    },
    {
      normal: numbers({ about: 'its outer normal' }),
      bound: number({ about: 'the largest inner product', default: 0 }),
    },
    halfSpace,
  ),
  row(
    {
      name: 'second-order-cone',
      about: 'the cone ‖(z_2, …, z_n)‖₂ ≤ z_1',
      reference: 'classical',
      example: 'second-order-cone',
    },
    {},
    secondOrderCone,
  ),
  row(
    {
      name: 'psd-cone',
      about: 'the cone of positive semidefinite matrices, row after row',
      reference: 'Higham 1988',
      example: 'psd-cone(size=3)',
    },
    { size: integer({ about: 'rows of the matrix', from: 1 }) },
    psdCone,
  ),
  row(
    {
      name: 'l1',
      about: 'weight·‖z‖₁',
      reference: 'classical: soft thresholding',
      example: 'l1(weight=0.5)',
    },
    weight,
    l1Norm,
  ),
  row<{ weight: number; groups: readonly number[] | null }>(
    {
      name: 'group-l1',
      about: 'weight·Σ ‖z_g‖₂ over consecutive groups; without groups the ℓ₂ norm',
      reference: 'Yuan, Lin 2006',
      example: 'group-l1(weight=0.8, groups=[2,3])',
    },
    { ...weight, groups: sizes({ about: 'how many entries each group has', default: null }) },
    groupL1Norm,
  ),
  row(
    {
      name: 'max',
      about: 'weight·max z_i',
      reference: 'the simplex’s conjugate: Moreau 1965',
      example: 'max(weight=0.9)',
    },
    weight,
    maxEntry,
  ),
  row(
    {
      name: 'huber',
      about: 'Σ h(z_i), h(x) = x²/2 up to |x| = delta, then straight',
      reference: 'Huber 1964',
      example: 'huber(delta=0.6)',
    },
    { delta: number({ about: 'where it becomes straight', above: 0, default: 1 }) },
    huber,
  ),
  row(
    { name: 'squared-l2', about: '(weight/2)‖z‖₂²', reference: 'classical', example: 'squared-l2(weight=2)' },
    weight,
    squaredL2,
  ),
  row(
    {
      name: 'nuclear',
      about: 'weight·(sum of the singular values)',
      reference: 'Cai, Candès, Shen 2010',
      example: 'nuclear(rows=2, columns=3, weight=0.7)',
    },
    { ...shape, ...weight },
    nuclearNorm,
  ),
  row(
    {
      name: 'nuclear-ball',
      about: 'the set (sum of the singular values) ≤ radius',
      reference: 'Jaggi 2013',
      example: 'nuclear-ball(rows=3, columns=2, radius=1.5)',
    },
    { ...shape, ...radius },
    nuclearBall,
  ),
  row(
    {
      name: 'spectral-ball',
      about: 'the set (largest singular value) ≤ radius',
      reference: 'classical',
      example: 'spectral-ball(rows=2, columns=3, radius=0.8)',
    },
    { ...shape, ...radius },
    spectralBall,
  ),
  rowOf(
    {
      name: 'conjugate',
      about: 'f*(z) = sup ⟨z, u⟩ − f(u)',
      reference: 'Moreau 1965',
      example: 'conjugate(huber(delta=0.5))',
    },
    'one',
    {},
    ([f]) => conjugate(f!),
  ),
  rowOf<{ by: PerEntry }>(
    {
      name: 'translation',
      about: 'f(z − by)',
      reference: 'classical',
      example: 'translation(l1(weight=0.5), by=[1,-2])',
    },
    'one',
    { by: perEntry({ about: 'how far it is moved' }) },
    ([f], options) => translation(f!, options),
  ),
  rowOf<{ value: number; argument: number }>(
    {
      name: 'scaling',
      about: 'value·f(argument·z)',
      reference: 'classical',
      example: 'scaling(l2-ball, argument=-0.5)',
    },
    'one',
    {
      value: number({ about: 'multiplies the function', above: 0, default: 1 }),
      argument: {
        about: 'multiplies the argument',
        default: 1,
        expected: 'a number other than 0',
        accepts: (x) => isNumber(x) && x !== 0,
      },
    },
    ([f], options) => scaling(f!, options),
  ),
  rowOf<{ sizes: readonly number[] }>(
    {
      name: 'separable-sum',
      about: 'Σ f_b(z_b), one function per block',
      reference: 'classical',
      example: 'separable-sum(simplex, l1-ball(radius=2), sizes=[2,3])',
    },
    'some',
    { sizes: sizes({ about: 'how many entries each block has' }) },
    separableSum,
  ),
];

/**
 * The function a spec names: `translation(l1(weight=0.5), by=[1,2])`.
 * @throws InputError for an unknown name or option, an unacceptable value, or functions that do not fit
 *   together.
 */
export function proxFrom(spec: string | Spec): ProximalFunction {
  const given: unknown = spec;
  const isSpec =
    typeof given === 'object' && given !== null && 'name' in given && 'inner' in given && 'options' in given;
  if (typeof given !== 'string' && !isSpec)
    throw new InputError(`the function is ${shown(given)}; expected a spec, as 'l1(weight=0.5)'`);
  const { name, inner, options } = typeof spec === 'string' ? parseSpec(spec) : spec;
  return findRow('function', proxes, name).build(
    options,
    inner.map((f) => proxFrom(f)),
  );
}
