import {
  InputError,
  formatSpec,
  registry,
  row,
  type Game,
  type OptionTable,
  type Registered,
  type Registry,
  type Row,
  type SampledProblem,
  type Spec,
} from '@stillpoint/operators';
import * as option from '../options.js';
import { convexRelu, convexReluTable } from '../convex-networks/convex-relu.js';
import { thresholdLasso, thresholdLassoTable } from '../convex-networks/threshold.js';
import { neuralOde, neuralOdeTable } from '../control/neural-ode.js';
import { inBatches } from './finite-sum.js';
import { binaryLogistic, binaryLogisticTable } from './binary-logistic.js';
import { clippingLowerBound, clippingLowerBoundTable } from './clipping-lower-bound.js';
import { cantor, cantorTable } from './cantor.js';
import { doubleWell, doubleWellTable } from './double-well.js';
import { exponential, exponentialTable } from './exponential.js';
import { gaussian, gaussianTable } from './gaussian.js';
import { siluTeacher, siluTeacherTable } from './silu-teacher.js';
import { logistic, logisticTable } from './logistic.js';
import { matrixCompletion, matrixCompletionTable } from './matrix-completion.js';
import { penalisedRegression, penalisedRegressionTable } from './penalised-regression.js';
import { polynomial, polynomialTable } from './polynomial.js';
import { power, powerTable } from './power.js';
import { ridge, ridgeTable } from './ridge.js';
import { sparseRegression, sparseRegressionTable } from './sparse-regression.js';
import { stiffRegression, stiffRegressionTable } from './stiff-regression.js';
import { trilevelQuadratic, trilevelQuadraticTable } from './trilevel-quadratic.js';
import { twoLayerPinn, twoLayerPinnTable } from './two-layer-pinn.js';
import { twoLayerRelu } from './two-layer-relu.js';
import { twoLayerTanh } from './two-layer-tanh.js';
import { twoLayerTable } from './two-layer.js';
import { twoMoons, twoMoonsTable } from './two-moons.js';

/**
 * A minimisation and, if it is a finite sum and a batch size is given, the sampled problem of its batches.
 */
export interface Minimisation {
  /** The exact problem, which judges runs. */
  readonly exact: Game;
  readonly batched?: SampledProblem;
}

/** What the registry holds of a minimisation. */
export interface MinimisationEntry extends Row<Minimisation> {
  readonly reference: string;
}
/** A row of the registry of minimisations. */
export type MinimisationRow = Registered<MinimisationEntry, Minimisation>;

type Words = { readonly name: string; readonly about: string; readonly reference: string };

/** Options of every finite sum. */
interface BatchOptions {
  readonly batch: number;
  readonly batchSeed: number;
}
const batchTable: OptionTable<BatchOptions> = {
  batch: option.integer({
    about: 'terms of a fresh draw; 0: all terms, which is an exact gradient',
    symbol: 'B',
    from: 0,
    default: 0,
  }),
  batchSeed: option.seed({ about: 'seed of the draws', default: 1 }),
};

/** The signature is a cast: the rows of two tables of different names are the rows of one. */
function withBatches<O extends object>(table: OptionTable<O>): OptionTable<O & BatchOptions>;
function withBatches(table: object): object {
  return { ...table, ...batchTable };
}
/** The signature is a cast: what is left is O. */
function withoutBatches<O extends object>(options: Required<O & BatchOptions>): O;
function withoutBatches(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !(name in batchTable)));
}

/** The row of a finite sum, which has the options of batches too. */
function sum<O extends object>(words: Words, table: OptionTable<O>, make: (options: O) => Game) {
  return row(words, withBatches(table), (options: Required<O & BatchOptions>): Minimisation => {
    const { batch, batchSeed }: BatchOptions = options;
    const game = make(withoutBatches(options));
    const n = game.terms?.count ?? 0;
    if (batch > n)
      throw new InputError(`${words.name}: batch is ${batch}; expected at most ${n}, the number of terms`);
    return { exact: game, ...(batch > 0 && { batched: inBatches(game, batch, batchSeed) }) };
  });
}

/** A row of what is asked whole. */
function exact<O extends object>(words: Words, table: OptionTable<O>, make: (options: O) => Game) {
  return row(words, table, (options: Required<O>): Minimisation => ({ exact: make(options) }));
}

const entries: readonly MinimisationEntry[] = [
  sum(
    {
      name: 'ridge',
      about: 'least squares with ½λ‖x‖² on seeded data, a finite sum: L, μ and the solution are exact',
      reference: 'Hoerl, Kennard 1970',
    },
    ridgeTable,
    ridge,
  ),
  sum(
    {
      name: 'logistic',
      about: 'logistic regression with ½λ‖x‖² on seeded data, a finite sum: μ and the solution are exact',
      reference: 'Cox 1958',
    },
    logisticTable,
    logistic,
  ),
  sum(
    {
      name: 'binary-logistic',
      about: 'logistic regression whose labels come from weights of ±1, a finite sum: for quantised weights',
      reference: 'after Leconte, Schechtman, Moulines 2023, arXiv 2211.03741',
    },
    binaryLogisticTable,
    binaryLogistic,
  ),
  sum(
    {
      name: 'sparse-regression',
      about: 'least squares on an l1 ball, on seeded data around a sparse solution that is known',
      reference: 'Tibshirani 1996',
    },
    sparseRegressionTable,
    sparseRegression,
  ),
  sum(
    {
      name: 'penalised-regression',
      about: 'least squares with a squared l1 norm as penalty, on seeded data around a known sparse solution',
      reference: 'Sun, Bach 2022',
    },
    penalisedRegressionTable,
    penalisedRegression,
  ),
  sum(
    {
      name: 'matrix-completion',
      about: 'a seeded matrix of low rank from some of its entries, on a nuclear ball',
      reference: 'Jaggi, Sulovský 2010',
    },
    matrixCompletionTable,
    matrixCompletion,
  ),
  sum(
    {
      name: 'cantor',
      about: 'the mean of ½‖w − a‖² over a few points: steps of batch 1 fill a Cantor set',
      reference: 'after Camuto et al. 2021, arXiv 2106.04881',
    },
    cantorTable,
    cantor,
  ),
  exact(
    {
      name: 'silu-teacher',
      about: 'a student with one hidden layer learns a teacher: residuals and a pseudo-Huber regulariser',
      reference: 'Adeoye, Petersen, Bemporad 2024, arXiv 2404.14875',
    },
    siluTeacherTable,
    siluTeacher,
  ),
  exact(
    {
      name: 'two-layer-relu',
      about: 'a wide network with one hidden layer of rectified units: residuals that follow a limit kernel',
      reference: 'Du, Zhai, Poczos, Singh 2019, arXiv 1810.02054',
    },
    twoLayerTable,
    twoLayerRelu,
  ),
  exact(
    {
      name: 'convex-relu',
      about:
        'a network with one hidden layer of rectified units as a convex program: its global optimum, with a gap that proves it',
      reference: 'Wang, Lacotte, Pilanci 2022, arXiv 2006.05900',
    },
    convexReluTable,
    convexRelu,
  ),
  exact(
    {
      name: 'threshold-lasso',
      about:
        'a network with one hidden layer of threshold units as a LASSO, with a gap that proves its optimum',
      reference: 'Ergen, Gulluk, Lacotte, Pilanci 2023, arXiv 2303.03382',
    },
    thresholdLassoTable,
    thresholdLasso,
  ),
  sum(
    {
      name: 'stiff-regression',
      about: 'least squares whose columns have scales from 1 to 0.03, with its residual, a finite sum',
      reference: 'after Li, Chen, Huang 2023, arXiv 2303.01767',
    },
    stiffRegressionTable,
    stiffRegression,
  ),
  exact(
    {
      name: 'two-layer-pinn',
      about:
        'a physics-informed network of one hidden layer for an equation on [0, 1], with exact derivatives',
      reference: 'Xu, Du, Kong, Shan, Li, Huang 2024, arXiv 2407.02827',
    },
    twoLayerPinnTable,
    twoLayerPinn,
  ),
  exact(
    {
      name: 'two-moons',
      about:
        'three rectified units with batch normalisation tell two half moons apart: for quantised weights',
      reference: 'after Leconte, Schechtman, Moulines 2023, arXiv 2211.03741',
    },
    twoMoonsTable,
    twoMoons,
  ),
  exact(
    {
      name: 'two-layer-tanh',
      about:
        'a wide network with one hidden layer of smooth units: PL* holds where its kernel keeps its rank',
      reference: 'Liu, Zhu, Belkin 2020, arXiv 2003.00307',
    },
    twoLayerTable,
    twoLayerTanh,
  ),
  sum(
    {
      name: 'neural-ode',
      about:
        'particles that a control moves to their labels in time, a finite sum: a residual network by layers',
      reference: 'Bonnet, Cipriani, Fornasier, Huang 2021, arXiv 2107.08707',
    },
    neuralOdeTable,
    neuralOde,
  ),
  exact(
    {
      name: 'trilevel-quadratic',
      about:
        'three levels of quadratics inside each other, the lower two by T gradient steps: exact derivatives through them',
      reference: 'after Sato, Tanaka, Takeda 2021, arXiv 2105.13954',
    },
    trilevelQuadraticTable,
    trilevelQuadratic,
  ),
  exact(
    {
      name: 'double-well',
      about: 'two wells with a saddle between them, in the plane; any number of particles side by side',
      reference: 'Gao, Gürbüzbalaban, Zhu 2018, arXiv 1812.07725',
    },
    doubleWellTable,
    doubleWell,
  ),
  exact(
    {
      name: 'gaussian',
      about: '½ Σ Hᵢxᵢ²: the exact law of a sampler’s every point is known',
      reference: 'classical',
    },
    gaussianTable,
    gaussian,
  ),
  exact(
    {
      name: 'power',
      about: '‖x‖ᵖ, x⁴ by default: its curvature grows with its gradient, and (L₀, L₁) is exact',
      reference: 'Zhang, He, Sra, Jadbabaie 2020, arXiv 1905.11881',
    },
    powerTable,
    power,
  ),
  exact(
    {
      name: 'exponential',
      about: '(1/a²) Σ (cosh(axᵢ) − 1), strongly convex and (1, a)-smooth: no one step size suits all of it',
      reference: 'Zhang, He, Sra, Jadbabaie 2020, arXiv 1905.11881',
    },
    exponentialTable,
    exponential,
  ),
  exact(
    {
      name: 'polynomial',
      about: 'a polynomial of one variable, by default with two minima: (L₀, L₁) and f* are computed',
      reference: 'Zhang, He, Sra, Jadbabaie 2020, arXiv 1905.11881',
    },
    polynomialTable,
    polynomial,
  ),
  exact(
    {
      name: 'clipping-lower-bound',
      about: 'steep along x, flat along y: every step size of gradient descent diverges, or needs many steps',
      reference: 'own construction, after Zhang, He, Sra, Jadbabaie 2020, arXiv 1905.11881',
    },
    clippingLowerBoundTable,
    clippingLowerBound,
  ),
];

/**
 * The registry of minimisations, problems of one player: finds a row, and builds a problem from a spec. The
 * name of a problem so built is its full spec.
 */
export const minimisationRegistry: Registry<MinimisationEntry, Minimisation> = registry(
  'minimisation',
  entries,
  ({ exact: game, batched }, spec) => {
    const name = formatSpec(spec);
    const identity = { kind: 'minimisation', name: spec.name, options: spec.options };
    return {
      exact: { ...game, name, identity },
      ...(batched && {
        batched: { ...batched, name, identity: { ...identity, kind: 'minimisation in batches' } },
      }),
    };
  },
);

/** Every minimisation, by name. */
export const minimisations: readonly MinimisationRow[] = minimisationRegistry.rows;

/** Returns the minimisation that a spec names. @throws InputError for an unknown name or option. */
export const minimisationFrom: (spec: string | Spec) => Minimisation = minimisationRegistry.from;
