import {
  number,
  registry,
  row,
  type Registered,
  type Registry,
  type Row,
  type Spec,
} from '@stillpoint/operators';
import { hinge } from './hinge.js';
import { leastSquares } from './least-squares.js';
import type { GanLoss } from './loss.js';
import { nonSaturating } from './non-saturating.js';
import { saddle } from './saddle.js';
import { wasserstein } from './wasserstein.js';

/** What is written down for a loss: the only place that names it outside its file. */
export interface LossEntry extends Row<GanLoss> {
  /** What must hold for the loss to mean what it says. */
  readonly assumptions: string;
  /** The losses add up to what no parameter of G changes: the game has the gradients of a zero-sum one. */
  readonly zeroSum: boolean;
  readonly reference: string;
}

/** A row of the registry of losses. */
export type LossRow = Registered<LossEntry, GanLoss>;

/** A row of a loss without options: its name and reference are the loss's own. */
const plain = (loss: GanLoss, words: Pick<LossEntry, 'about' | 'assumptions' | 'zeroSum'>): LossEntry =>
  row({ name: loss.name, reference: loss.reference, ...words }, {}, () => loss);

const entries: readonly LossEntry[] = [
  plain(nonSaturating, {
    about: 'cross-entropy for D; G climbs log σ(D)',
    assumptions: 'none',
    zeroSum: false,
  }),
  plain(saddle, {
    about: 'cross-entropy for D, its negative for G: minimax',
    assumptions: 'none; G’s gradient vanishes where D is sure',
    zeroSum: true,
  }),
  plain(hinge, {
    about: 'margins of 1 for D; G climbs D',
    assumptions: 'none; usual with spectral norm in D',
    zeroSum: false,
  }),
  plain(wasserstein, {
    about: 'difference of means for D, G climbs D',
    assumptions: 'D is 1-Lipschitz: gradient penalty, spectral norm or clipped weights',
    zeroSum: true,
  }),
  row(
    {
      name: 'least-squares',
      about: 'half the squared distance to labels',
      assumptions: 'none',
      zeroSum: false,
      reference: leastSquares().reference,
    },
    {
      real: number({ about: 'where D wants real examples', symbol: 'b', default: 1 }),
      fake: number({ about: 'where D wants generated ones', symbol: 'a', default: 0 }),
      generator: number({ about: 'where G wants its own', symbol: 'c', default: 1 }),
    },
    leastSquares,
  ),
];

/** The losses and what can be done with a spec of one. */
export const lossRegistry: Registry<LossEntry, GanLoss> = registry('loss', entries);

/** Every loss, by name. */
export const losses: readonly LossRow[] = lossRegistry.rows;

/**
 * The loss a spec names: `least-squares(real=1, fake=-1, generator=0)`. @throws InputError for an unknown
 * name or option.
 */
export const lossFrom: (spec: string | Spec) => GanLoss = lossRegistry.from;
