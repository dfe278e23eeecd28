import {
  choice,
  integer,
  number,
  registry,
  row,
  specs,
  type OptionRows,
  type OptionTable,
  type Registered,
  type Registry,
  type Row,
  type Spec,
} from '@stillpoint/operators';
import { hinge } from './hinge.js';
import { leastSquares } from './least-squares.js';
import type { GanLoss, Unroll } from './loss.js';
import { nonSaturating } from './non-saturating.js';
import { saddle } from './saddle.js';
import { penaltyFrom } from '../penalties/registry.js';
import { regularised } from '../penalties/regularised.js';
import { r3gan } from './r3gan.js';
import { relativistic, relativisticAverage, relativisticFunctions } from './relativistic.js';
import { smoothed } from './smoothed.js';
import { MOST_UNROLLED, UNROLLED, unrolled } from './unrolled.js';
import { wasserstein } from './wasserstein.js';

/** A loss's entry in the registry: the only place that names it outside its file. */
export interface LossEntry extends Row<GanLoss> {
  /** What must hold for the loss to have its meaning; `none` if nothing. */
  readonly assumptions: string;
  /**
   * Whether L_D + L_G does not depend on G's parameters: the game then has the gradients of a zero-sum one.
   */
  readonly zeroSum: boolean;
  readonly reference: string;
}

/** A row of the registry of losses. */
export type LossRow = Registered<LossEntry, GanLoss>;

type Words = Omit<LossEntry, 'options' | 'make'>;

const penalties = specs({
  about: 'terms added to the losses; see the penalties',
  kind: 'penalties',
  example: '[r1(weight=10), r2(weight=10)]',
});

interface Penalised {
  readonly penalties: readonly (string | Spec)[];
}

function withPenalties<O extends object>(options: OptionTable<O>): OptionTable<O & Penalised>;
// the keys are those of O and `penalties`: TypeScript cannot follow that over an O it does not know
function withPenalties(options: OptionRows): OptionRows {
  return { ...options, penalties };
}

/** A row of a loss: every loss takes penalties besides options of its own. */
const lossRow = <O extends object>(
  words: Words,
  options: OptionTable<O>,
  make: (options: Required<O>) => GanLoss,
): LossEntry =>
  row(words, withPenalties(options), (given: Required<O & Penalised>) =>
    regularised(
      make(given),
      given.penalties.map((penalty) => penaltyFrom(penalty)),
    ),
  );

const smoothing = number({
  about: 'D’s label for real examples is 1 − s',
  symbol: 's',
  from: 0,
  below: 1,
  default: 0,
});

const base = choice({
  about: 'f(t): softplus(t), max(0, 1 + t) or (1 + t)²',
  symbol: 'f',
  among: relativisticFunctions,
  default: 'softplus',
});

const entries: readonly LossEntry[] = [
  lossRow(
    {
      name: 'non-saturating',
      about: 'cross-entropy for D; G maximises log σ(D)',
      assumptions: 'none',
      zeroSum: false,
      reference: nonSaturating.reference,
    },
    { smoothing },
    (options: { readonly smoothing: number }) => smoothed(nonSaturating, options.smoothing),
  ),
  lossRow(
    {
      name: 'saddle',
      about: 'cross-entropy for D, its negative for G: minimax',
      assumptions: 'none; G’s gradient vanishes where D recognises generated examples with certainty',
      zeroSum: true,
      reference: saddle.reference,
    },
    { smoothing },
    (options: { readonly smoothing: number }) => smoothed(saddle, options.smoothing),
  ),
  lossRow(
    {
      name: 'hinge',
      about: 'margins of 1 for D; G maximises D',
      assumptions: 'none; usual with spectral norm in D',
      zeroSum: false,
      reference: hinge.reference,
    },
    {},
    () => hinge,
  ),
  lossRow(
    {
      name: 'wasserstein',
      about: 'difference of means for D; G maximises D',
      assumptions:
        'D is 1-Lipschitz: wasserstein(penalties=[gradient-penalty]), spectral norm or clipped weights; without one of these the run warns',
      zeroSum: true,
      reference: wasserstein.reference,
    },
    {},
    () => wasserstein,
  ),
  lossRow(
    {
      name: 'least-squares',
      about: 'half the squared distance to labels',
      assumptions: 'none',
      zeroSum: false,
      reference: leastSquares().reference,
    },
    {
      real: number({ about: 'label of real examples in D’s loss', symbol: 'b', default: 1 }),
      fake: number({ about: 'label of generated examples in D’s loss', symbol: 'a', default: 0 }),
      generator: number({ about: 'label of generated examples in G’s loss', symbol: 'c', default: 1 }),
    },
    leastSquares,
  ),
  lossRow(
    {
      name: 'relativistic',
      about: 'D ranks each real example above a generated one, G the other way',
      assumptions: 'none; converges locally with penalties=[r1, r2]',
      zeroSum: false,
      reference: relativistic().reference,
    },
    { function: base },
    relativistic,
  ),
  lossRow(
    {
      name: 'relativistic-average',
      about: 'D ranks each example against the mean logit of the others',
      assumptions: 'none',
      zeroSum: false,
      reference: relativisticAverage().reference,
    },
    { function: base },
    relativisticAverage,
  ),
  lossRow(
    {
      name: 'r3gan',
      about: 'relativistic(penalties=[r1(weight=γ), r2(weight=γ)])',
      assumptions: 'none; γ is chosen for each data set',
      zeroSum: false,
      reference: r3gan().reference,
    },
    { weight: number({ about: 'weight of both penalties', symbol: 'γ', above: 0, default: 1 }) },
    r3gan,
  ),
  row(
    {
      name: 'unrolled',
      about:
        'another loss; G’s is computed at a D that is `steps` gradient steps ahead, and differentiated through them',
      assumptions: 'none; its penalties stand within: unrolled(saddle(penalties=[r1]))',
      zeroSum: false,
      reference: UNROLLED,
      takes: 'one',
      example: 'unrolled(saddle, steps=5, stepSize=0.1)',
    },
    {
      steps: integer({
        about: 'gradient steps of D; 0 is the plain loss',
        symbol: 'k',
        from: 0,
        to: MOST_UNROLLED,
        default: 5,
      }),
      stepSize: number({ about: 'their size', symbol: 'η', above: 0, default: 0.1 }),
    },
    // the registry has made sure that there is one loss
    (options: Unroll, [loss]: readonly GanLoss[]) => unrolled(loss!, options),
  ),
];

/** The registry of losses: finds a row by name and builds a loss from a spec. */
export const lossRegistry: Registry<LossEntry, GanLoss> = registry('loss', entries);

/** Every loss, by name. */
export const losses: readonly LossRow[] = lossRegistry.rows;

/**
 * Builds the loss that a spec names, such as `least-squares(real=1, fake=-1, generator=0)`. @throws
 * InputError for an unknown name or option.
 */
export const lossFrom: (spec: string | Spec) => GanLoss = lossRegistry.from;
