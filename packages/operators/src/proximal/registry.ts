import { choice, integer, number } from '../specs/options.js';
import { registry, row, type Registered, type Registry } from '../specs/registry.js';
import { formatSpec, type Spec } from '../specs/spec.js';
import { affineSet, halfSpace, hyperplane } from './affine.js';
import { atomicBall, groupL1Ball } from './atomic-ball.js';
import { l1Ball, l2Ball, linfBall } from './balls.js';
import { box, nonnegativeOrthant, type PerEntry } from './box.js';
import { calculusRows, type FunctionEntry } from './calculus-rows.js';
import { psdCone, secondOrderCone } from './cones.js';
import type { ProximalFunction } from './contract.js';
import { intersection, type DykstraOptions } from './intersection.js';
import { monotoneCone } from './monotone.js';
import { groupL1Norm, l1Norm } from './norms.js';
import { boxSection, cappedSimplex } from './section.js';
import { bound, matrix, numbers, perEntry, positives, sizes } from './options.js';
import { conicNorm, polyhedralCone } from './polyhedral-cone.js';
import { maxEntry, simplex } from './simplex.js';
import { huber, pseudoHuber, squaredL2 } from './smooth.js';
import { squaredGauge } from './squared-gauge.js';
import { nuclearBall, nuclearNorm, spectralBall } from './spectral.js';

/** A row of the registry of proximal functions. */
export type ProxRow = Registered<FunctionEntry, ProximalFunction>;

const radius = { radius: number({ about: 'radius', above: 0, default: 1 }) };
const weight = { weight: number({ about: 'multiplies the function', above: 0, default: 1 }) };
const shape = {
  rows: integer({ about: 'rows of the matrix', from: 1 }),
  columns: integer({ about: 'columns of the matrix', from: 1 }),
};

const entries: readonly FunctionEntry[] = [
  row(
    {
      name: 'box',
      about: 'the set lower ≤ z_i ≤ upper',
      reference: 'classical',
      example: 'box(lower=[-1,0,-2], upper=[1.1,2,-1])',
    },
    {
      lower: bound({ about: 'lower bound', default: -1 }),
      upper: bound({ about: 'upper bound', default: 1 }),
    },
    ({ lower, upper }: { readonly lower: PerEntry | null; readonly upper: PerEntry | null }) =>
      box({ lower: lower ?? -Infinity, upper: upper ?? Infinity }),
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
      name: 'group-l1-ball',
      about: 'the set Σ ‖z_g‖₂ ≤ radius over consecutive groups',
      reference: 'Yuan, Lin 2006',
      example: 'group-l1-ball(radius=1.5, groups=[2,3])',
    },
    { ...radius, groups: sizes({ about: 'how many entries each group has' }) },
    groupL1Ball,
  ),
  row(
    {
      name: 'atomic-ball',
      about:
        'the set Σ ‖z_g‖₂/norms_g ≤ 1 over consecutive groups, the hull of vectors of these lengths; without groups each entry is one, a weighted ℓ₁ ball',
      reference: 'Yuan, Lin 2006',
      example: 'atomic-ball(norms=[1.5,0.5], groups=[2,1])',
    },
    {
      norms: positives({ about: 'how long the atoms of each group are' }),
      groups: sizes({ about: 'how many entries each group has', default: null }),
    },
    atomicBall,
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
    simplex,
  ),
  row(
    {
      name: 'capped-simplex',
      about: 'the set 0 ≤ z_i ≤ upper, Σ z_i = sum',
      reference: 'Helgason, Kennington, Lall 1980',
      example: 'capped-simplex(upper=0.5)',
    },
    {
      upper: perEntry({ about: 'largest entry', default: 0.5 }),
      sum: number({ about: 'sum of the entries', above: 0, default: 1 }),
    },
    cappedSimplex,
  ),
  row(
    {
      name: 'box-section',
      about: 'the set lower ≤ z_i ≤ upper, Σ normal_i z_i = sum',
      reference: 'Helgason, Kennington, Lall 1980',
      example: 'box-section(lower=[-1,0,-2,0], upper=[1.1,2,-1,3], sum=0.5, normal=[1,-2,1,0.5])',
    },
    {
      lower: bound({ about: 'least entry', default: 0 }),
      upper: bound({ about: 'largest entry', default: 1 }),
      sum: number({ about: 'sum of the entries, or what ⟨normal, z⟩ is', default: 1 }),
      normal: perEntry({ about: 'weights of the sum', default: 1 }),
    },
    ({
      lower,
      upper,
      ...plane
    }: {
      readonly lower: PerEntry | null;
      readonly upper: PerEntry | null;
      readonly sum: number;
      readonly normal: PerEntry;
    }) => boxSection({ ...plane, lower: lower ?? -Infinity, upper: upper ?? Infinity }),
  ),
  row(
    {
      name: 'monotone',
      about: 'the cone z_1 ≤ z_2 ≤ …, or ≥: isotonic regression',
      reference: 'Ayer, Brunk, Ewing, Reid, Silverman 1955',
      example: 'monotone',
    },
    {
      order: choice({ about: 'of the entries', among: ['increasing', 'decreasing'], default: 'increasing' }),
    },
    monotoneCone,
  ),
  row(
    {
      name: 'intersection',
      about:
        'the points that several sets have in common: exact for boxes with one hyperplane or simplex, else by Dykstra’s algorithm',
      reference: 'Boyle, Dykstra 1986',
      example: 'intersection(simplex, box(lower=0, upper=0.5))',
      takes: 'some',
    },
    {
      tolerance: number({ about: 'of Dykstra’s algorithm, relative', above: 0, default: 1e-13 }),
      cycles: integer({ about: 'of it at most', from: 1, default: 10_000 }),
    },
    (options: DykstraOptions, sets: readonly ProximalFunction[]) => intersection(sets, options),
  ),
  row(
    {
      name: 'affine',
      about: 'the set matrix·z = values',
      reference: 'classical',
      example: 'affine(matrix=[[1,2,0,-1],[0,1,1,1],[1,3,1,0]], values=[1,0.5,1.5])',
    },
    {
      matrix: matrix({ about: 'coefficients of the equations, row after row' }),
      values: numbers({ about: 'their right-hand sides' }),
    },
    affineSet,
  ),
  row(
    {
      name: 'hyperplane',
      about: 'the set ⟨normal, z⟩ = value',
      reference: 'classical',
      example: 'hyperplane(normal=[1,-2,3], value=1)',
    },
    { normal: numbers({ about: 'its normal' }), value: number({ about: 'the inner product', default: 0 }) },
    hyperplane,
  ),
  row(
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
      name: 'polyhedral-cone',
      about: 'the cone ⟨normal_j, z⟩ ≥ 0 for every j',
      reference: 'the projection: Lawson, Hanson 1974',
      example: 'polyhedral-cone(normals=[[1,0,1],[-1,2,0],[0.5,1,1],[1,1,-3]])',
    },
    { normals: matrix({ about: 'inner normals of its half-spaces, row after row' }) },
    polyhedralCone,
  ),
  row(
    {
      name: 'conic-norm',
      about: 'weight·‖z‖₂ on a cone, ∞ outside',
      reference: 'Stillpoint’s',
      example: 'conic-norm(second-order-cone, weight=0.7)',
      takes: 'one',
    },
    weight,
    (options: { readonly weight: number }, [cone]: readonly ProximalFunction[]) => conicNorm(cone!, options),
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
  row(
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
      about: 'Σ h(z_i), h(x) = x²/2 up to |x| = delta, then linear',
      reference: 'Huber 1964',
      example: 'huber(delta=0.6)',
    },
    { delta: number({ about: 'the |x| beyond which h is linear', above: 0, default: 1 }) },
    huber,
  ),
  row(
    {
      name: 'pseudo-huber',
      about: 'weight·Σ (√(smoothing² + z_i²) − smoothing), smooth everywhere',
      reference: 'Charbonnier, Blanc-Féraud, Aubert, Barlaud 1997',
      example: 'pseudo-huber(smoothing=0.6, weight=1.5)',
    },
    { smoothing: number({ about: 'how round it is at 0', symbol: 'μ', above: 0, default: 1 }), ...weight },
    pseudoHuber,
  ),
  row(
    { name: 'squared-l2', about: '(weight/2)‖z‖₂²', reference: 'classical', example: 'squared-l2(weight=2)' },
    weight,
    squaredL2,
  ),
  row(
    {
      name: 'squared-gauge',
      about: '(weight/2)κ(z)², κ the gauge of a bounded set: its penalised form',
      reference: 'Sun, Bach 2022',
      example: 'squared-gauge(l1-ball(radius=1.5), weight=0.8)',
      takes: 'one',
    },
    weight,
    (options: { readonly weight: number }, [set]: readonly ProximalFunction[]) => squaredGauge(set!, options),
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
  ...calculusRows,
];

/** The registry of proximal functions. A function that it builds has its full spec as its name. */
export const functionRegistry: Registry<FunctionEntry, ProximalFunction> = registry(
  'function',
  entries,
  (f, spec, inner) => ({
    ...f,
    name: formatSpec({ ...spec, inner: inner.map(({ name }) => ({ name, inner: [], options: {} })) }),
  }),
);

/** Every proximal function and calculus rule, by name. */
export const proxes: readonly ProxRow[] = functionRegistry.rows;

/**
 * The function a spec names: `translation(l1(weight=0.5), by=[1,2])`.
 * @throws InputError for an unknown name or option, an unacceptable value, or functions that do not fit
 *   together.
 */
export const proxFrom: (spec: string | Spec) => ProximalFunction = functionRegistry.from;
