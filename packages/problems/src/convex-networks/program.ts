import {
  InputError,
  constraintOf,
  denseMatrix,
  dot,
  eigh,
  lazyFacts,
  norm,
  normal,
  separableSum,
  type Game,
  type Full,
  type ProximalFunction,
  type Residual,
  type Vector,
} from '@stillpoint/operators';
import { lazy } from '../minimisations/lazy.js';
import * as option from '../options.js';
import { activationPatterns, type ActivationPatterns } from './patterns.js';

/** Data, and the weight of the regulariser, from which a network is learnt. */
export interface NetworkData {
  /** x₁ … x_n as rows. A network has a bias if they have a column of ones. */
  readonly inputs: readonly (readonly number[])[];
  /** y₁ … y_n. */
  readonly targets: readonly number[];
  /** β > 0. */
  readonly regularisation: number;
}

/** Options of the convex programs of networks. */
export const networkDataTable = {
  regularisation: option.number({ about: 'weight of the regulariser', symbol: 'β', above: 0, default: 0.05 }),
  data: option.matrix({
    about:
      'a table with an example in each row, its target last, instead of `inputs` and `targets`; a column of ones is added to its inputs, the bias',
    default: null,
    otherwise: 'none',
  }),
  inputs: option.matrix({
    about: 'the inputs, row by row; a column of ones is a bias',
    symbol: 'x',
    default: null,
    otherwise: 'seeded, standard normal with a last entry of 1',
  }),
  targets: option.numbers({
    about: 'the targets',
    symbol: 'y',
    default: null,
    otherwise: 'seeded, standard normal',
  }),
  examples: option.integer({
    about: 'examples; those of `inputs` if these are given',
    symbol: 'n',
    from: 1,
    to: 10_000,
    default: 6,
  }),
  dimension: option.integer({
    about: 'entries of an input, the bias included; those of `inputs` if these are given',
    symbol: 'd',
    from: 1,
    to: 1000,
    default: 2,
  }),
  sample: option.integer({
    about: 'activation patterns that are sampled; 0: all there are',
    from: 0,
    to: 20_000,
    default: 0,
  }),
  seed: option.seed({ default: 1 }),
};

/** Options of the convex programs of networks, each with its value. */
export type NetworkDataOptions = Full<typeof networkDataTable>;

/** What both programs make of their options. */
export interface PatternedData extends NetworkData {
  readonly patterns: ActivationPatterns;
}

/** Inputs with a bias, and targets, of a table whose last column has the targets. */
function ofTable(
  owner: string,
  { data, inputs, targets }: NetworkDataOptions,
): Pick<NetworkDataOptions, 'inputs' | 'targets'> {
  if (data === null) return { inputs, targets };
  for (const [name, given] of Object.entries({ inputs, targets }))
    if (given !== null)
      throw new InputError(
        `${owner}: data and ${name} are both given; expected data alone, whose last column has the targets, or inputs and targets`,
      );
  const columns = data[0]!.length;
  if (columns < 2)
    throw new InputError(
      `${owner}: data has ${data.length} rows of 1 number; expected at least 2 columns, inputs and then the target`,
    );
  return {
    inputs: data.map((row) => [...row.slice(0, -1), 1]),
    targets: data.map((row) => row[columns - 1]!),
  };
}

/**
 * The data of options, with its patterns. @throws InputError for targets that do not fit the inputs, and for
 * a table of one column or beside other inputs or targets.
 */
export function patternedData(owner: string, options: NetworkDataOptions): PatternedData {
  const { regularisation, examples, dimension, sample, seed } = options;
  const given = ofTable(owner, options);
  const x = normal(new Float64Array(examples * dimension), { seed, purpose: 'inputs' });
  const inputs =
    given.inputs ??
    Array.from({ length: examples }, (_, i) => [...x.subarray(i * dimension, (i + 1) * dimension - 1), 1]);
  const n = inputs.length;
  const targets = given.targets ?? Array.from(normal(new Float64Array(n), { seed, purpose: 'targets' }));
  if (targets.length !== n)
    throw new InputError(`${owner}: ${targets.length} targets for ${n} inputs; expected one for each`);
  return { inputs, targets, regularisation, patterns: activationPatterns(inputs, { sample, seed }) };
}

/** A convex program over groups of weights, whose gap proves its optimum. */
export interface ConvexProgram extends Game {
  readonly residual: Residual;
  /** P(z) = ½‖Az − y‖² + Σ h_g(z_g): what is minimised. Infinity outside the cones. */
  readonly objective: (z: Vector) => number;
  /** What the residual r = y − Az of any point proves of the least value. */
  readonly bound: (r: Vector) => DualBound;
}

/** A lower bound of a program's least value. */
export interface DualBound {
  /** No point of the program has a lower objective. */
  readonly lowerBound: number;
  /** max_g ‖A_gᵀr‖ on the cone of g; at a solution β, unless the solution is 0. */
  readonly certificate: number;
}

/** What {@link groupProgram} is made of. */
export interface GroupParts {
  readonly name: string;
  /** A, `[n, N]`, row after row. */
  readonly A: Float64Array;
  readonly targets: readonly number[];
  /** β. */
  readonly regularisation: number;
  /** h_g = β‖·‖₂, possibly on a cone, with the `size` of its group. */
  readonly groups: readonly { readonly f: ProximalFunction; readonly size: number }[];
  /** v ← A_gᵀr becomes its part in the cone, on the slice of the group. Absent: no cones. */
  readonly ontoCone?: (g: number, v: Vector, start: number, end: number) => void;
}

/** A dense matrix of more entries is refused. */
const LARGEST = 30_000_000;

/**
 * min ½‖Az − y‖² + Σ_g h_g(z_g), h_g = β‖·‖₂ on a cone K_g: the operator is Aᵀ(Az − y), the norms and cones
 * are the constraint, so that `gda` is proximal gradient descent (ISTA) and `nesterov` is FISTA.
 *
 * By Fenchel duality every ν with ‖P_{K_g}(A_gᵀν)‖ ≤ β for all g proves P(z) ≥ ⟨y, ν⟩ − ½‖ν‖². The gap is
 * that for the best multiple of r = y − Az which is allowed; it is 0 at solutions, where r itself is.
 */
export function groupProgram({
  name,
  A,
  targets,
  regularisation: β,
  groups,
  ontoCone,
}: GroupParts): ConvexProgram {
  const y = Float64Array.from(targets);
  const [n, dim] = [y.length, A.length / y.length];
  if (A.length > LARGEST)
    throw new InputError(
      `${name}: ${n} examples and ${dim} variables make a matrix of ${A.length} entries; expected at most ${LARGEST}: sample fewer patterns, as sample=500`,
    );
  const matrix = denseMatrix(A, n, dim);
  const players = [{ name: 'z', start: 0, end: dim }];
  const constraint = constraintOf(players, [
    separableSum(
      groups.map(({ f }) => f),
      { sizes: groups.map(({ size }) => size) },
    ),
  ]);
  const r = new Float64Array(n);
  /** r = y − Az. */
  const residualAt = (z: Vector): Float64Array => {
    matrix.times(r, 0, z, 0);
    for (let i = 0; i < n; i++) r[i] = y[i]! - r[i]!;
    return r;
  };
  const along = new Float64Array(dim);
  const largest = lazy((): number => {
    const gram = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++)
        gram[i * n + j] = gram[j * n + i] = dot(
          A.subarray(i * dim, (i + 1) * dim),
          A.subarray(j * dim, (j + 1) * dim),
        );
    return eigh(gram, { vectors: false }).values[n - 1]!;
  });
  const objective = (z: Vector): number => dot(residualAt(z), r) / 2 + (constraint.value?.(z) ?? 0);
  const bound = (residual: Vector): DualBound => {
    matrix.transposedTimes(along, 0, residual, 0);
    let certificate = 0;
    for (let g = 0, start = 0; g < groups.length; start += groups[g++]!.size) {
      const end = start + groups[g]!.size;
      ontoCone?.(g, along, start, end);
      certificate = Math.max(certificate, norm(along, start, end));
    }
    const square = dot(residual, residual);
    const most = certificate > 0 ? β / certificate : Infinity;
    const scale = square > 0 ? Math.max(0, Math.min(most, dot(y, residual) / square)) : 0;
    return { certificate, lowerBound: scale * dot(y, residual) - (scale * scale * square) / 2 };
  };
  return {
    name,
    dim,
    players,
    start: Array<number>(dim).fill(0),
    constraint,
    objective,
    bound,
    residual: {
      length: n,
      value(z, out) {
        residualAt(z).forEach((ri, i) => (out[i] = -ri));
      },
      product(_, v, out, transposed) {
        if (transposed) matrix.transposedTimes(out, 0, v, 0);
        else matrix.times(out, 0, v, 0);
      },
    },
    operator: (z, out) => matrix.transposedTimes(out, 0, residualAt(z), 0, -1),
    losses(z, out) {
      out[0] = dot(residualAt(z), r) / 2;
    },
    jacobianVector(_, v, out) {
      const Av = new Float64Array(n);
      matrix.times(Av, 0, v, 0);
      matrix.transposedTimes(out, 0, Av, 0);
    },
    gap(z) {
      const P = objective(z);
      return Math.max(0, P - bound(r).lowerBound);
    },
    facts: lazyFacts({
      lipschitz: largest,
      cocoercive: () => 1 / largest(),
      comonotone: () => 0,
      where: () => 'everywhere',
    }),
  };
}
