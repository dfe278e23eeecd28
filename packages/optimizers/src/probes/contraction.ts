import {
  copy,
  InputError,
  integer,
  isFiniteVector,
  number,
  shown,
  svd,
  waxpy,
  type Asking,
  type Problem,
  type SampleRule,
  type Space,
  type Vector,
} from '@stillpoint/operators';
import { probe, type ProbeEntry } from './probe-row.js';
import { startDirection, symmetricNorm } from '../inner/spectral-norm.js';
import { checkNames, type OptionNames } from '../drivers/door.js';
import { checkPoint } from './check-point.js';
import { batchesOf, checkWhole, type BatchOptions } from './batches.js';
import { isMinimisation } from '../minimisation.js';

/** Options of {@link contraction}. */
export interface ContractionOptions extends BatchOptions {
  /** η of the step z − ηF(z), one number for all players or one for each. */
  readonly stepSize: number | readonly number[];
  /**
   * The most products with J, and as many with Jᵀ, for a norm. With no more entries than that J is
   * computed whole, by a product for each. Default: 64.
   */
  readonly products?: number;
}

/** Names of the options. */
export const contractionNames: OptionNames<ContractionOptions> = {
  batch: true,
  batches: true,
  draws: true,
  seed: true,
  stepSize: true,
  products: true,
};

/** Norms of the derivatives of steps from one point. */
export interface StepNorms {
  /** log ‖I − ηJ_U(z)‖₂ for each batch U that was looked at. */
  readonly logNorms: readonly number[];
  /**
   * The most that a log-norm may be too low by, as far as its iteration shows; 0 where J was computed whole.
   */
  readonly error: number;
}

/** One step size for each player. @throws InputError for anything else. */
export function sizesOf(
  caller: string,
  { name, players }: Problem,
  stepSize: number | readonly number[],
): readonly number[] {
  const sizes = typeof stepSize === 'number' ? players.map(() => stepSize) : stepSize;
  if (
    !Array.isArray(sizes) ||
    sizes.length !== players.length ||
    !sizes.every((η: unknown) => typeof η === 'number' && Number.isFinite(η) && η > 0)
  )
    throw new InputError(
      `${caller}: stepSize is ${shown(stepSize)}; expected a number > 0, or one for each player of ${name}: ${players.map((player) => player.name).join(', ')}`,
    );
  return sizes;
}

/** ‖I − ηJ‖₂ at a point on one batch, and by how much it may be too low. */
export type NormAt = (
  z: Vector,
  first: SampleRule,
) => Asking<{ readonly norm: number; readonly residual: number }>;

/** What measures the norms of one problem, with memory of `space`. */
export function normOf(caller: string, problem: Problem, space: Space, options: ContractionOptions): NormAt {
  const { name, dim, players, facts } = problem;
  const { products: most = 64 } = options;
  checkWhole(caller, 'products', most);
  const sizes = sizesOf(caller, problem, options.stepSize);
  /** out = from − η∘g. */
  const step = (out: Vector, from: Vector, g: Vector): void =>
    players.forEach(({ start, end }, p) => waxpy(out, from, -sizes[p]!, g, start, end));
  const [e, w] = [space.vector(), space.vector()];
  const after = (first: SampleRule): SampleRule => (first === 'all' ? first : 'same');
  if (dim <= most)
    return function* (z, first) {
      const A = new Float64Array(dim * dim);
      for (let j = 0; j < dim; j++) {
        e.fill(0);
        e[j] = 1;
        const g = yield { want: 'product', at: z, along: e, sample: j === 0 ? first : after(first) };
        step(w, e, g);
        if (!isFiniteVector(w)) return { norm: NaN, residual: NaN };
        w.forEach((x, i) => (A[i * dim + j] = x));
      }
      return { norm: svd(A, dim, dim).values[0]!, residual: 0 };
    };
  // F of one player is a gradient if there are losses; of an operator alone it may be anything
  const symmetric = isMinimisation(problem);
  if (!symmetric && problem.jacobianVector === undefined && (!facts?.zeroSum || problem.draw !== undefined))
    throw new InputError(
      `${caller}: ‖I − ηJ‖ of ${name} needs products with Jᵀ, which it does not have; expected a jacobianVector, ${players.length === 1 ? 'or losses, of which J is then the Hessian, ' : ''}or products >= ${dim}, its entries, by which J is computed whole`,
    );
  const largest = symmetricNorm(space, most);
  const [random, v] = [startDirection(space), space.vector()];
  return function* (z, first) {
    let sample = first;
    const found = yield* largest(
      function* (q, out) {
        step(out, q, yield { want: 'product', at: z, along: q, sample });
        sample = after(first);
        if (symmetric || !isFiniteVector(out)) return;
        // Aᵀ(Aq) = Aq − Jᵀ(η∘Aq)
        e.fill(0);
        step(e, e, out);
        waxpy(out, out, 1, yield { want: 'product', at: z, along: e, transposed: true, sample });
      },
      copy(v, random),
    );
    if (symmetric) return found;
    const norm = Math.sqrt(found.norm);
    return { norm, residual: Math.sqrt(found.norm + found.residual) - norm };
  };
}

/** The norms at z, on each of these batches. */
export function* normsAt(
  caller: string,
  z: Vector,
  rules: readonly SampleRule[],
  norm: NormAt,
  name: string,
): Asking<StepNorms> {
  const logNorms: number[] = [];
  let error = 0;
  for (const rule of rules) {
    const { norm: size, residual } = yield* norm(z, rule);
    if (Number.isNaN(size))
      throw new InputError(`${caller}: the Jacobian of ${name} is not finite at a point`);
    logNorms.push(Math.log(size));
    if (size > 0) error = Math.max(error, Math.log1p(residual / size));
  }
  return { logNorms, error };
}

/**
 * How much a gradient step z − ηF_U(z) stretches near z: log ‖I − ηJ_U(z)‖₂ on batches U, J_U the Jacobian of
 * F_U, the Hessian if there is one player with losses. Below 0 the step brings all points near z together. Of
 * a Hessian the norm comes from Lanczos’ iteration on I − ηJ, else from that on (I − ηJ)ᵀ(I − ηJ), which
 * needs products with Jᵀ: F of one player without losses, as of a variational inequality, may rotate.
 * `probed(problem, z, contraction(z, { stepSize }))` asks it of a synchronous problem, `probeAsync` of any.
 * `contractionAlong` takes its mean along a run.
 * @throws InputError for options that are not of their kind, a point of another length or that is not finite,
 *   or if products with Jᵀ are needed and missing.
 */
export function contraction(
  z: Vector,
  options: ContractionOptions,
): (problem: Problem, space: Space) => Asking<StepNorms> {
  return (problem, space) => {
    checkNames('contraction', contractionNames, options);
    checkPoint('contraction', problem, z);
    const rules = batchesOf('contraction', problem, options).at(0);
    return normsAt('contraction', z, rules, normOf('contraction', problem, space, options), problem.name);
  };
}

/** {@link contraction} by its spec. */
export const contractionRow: ProbeEntry = /* @__PURE__ */ probe(
  {
    name: 'contraction',
    about: 'log ‖I − ηJ‖ of gradient steps at the point, the mean over batches and the largest',
    assumptions: 'below 0 the steps contract; products with J and, unless J is symmetric, with its transpose',
    reference: 'Camuto et al. 2021, arXiv 2106.04881',
    example: 'contraction(stepSize=0.1)',
  },
  {
    stepSize: number({ about: 'step size of all players', symbol: 'η', above: 0 }),
    products: integer({ about: 'products with J at most for a norm', from: 1, default: 64 }),
  },
  (options: { readonly stepSize: number; readonly products: number }) => (z) =>
    function* (problem, space) {
      const { logNorms, error } = yield* contraction(z, options)(problem, space);
      return {
        meanLogNorm: logNorms.reduce((sum, x) => sum + x, 0) / logNorms.length,
        largestLogNorm: Math.max(...logNorms),
        error,
      };
    },
);
