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

/** A row of a loss without options: its name and reference are the loss's own. */
const plain = (loss: GanLoss, texts: Pick<LossEntry, 'about' | 'assumptions' | 'zeroSum'>): LossEntry =>
  row({ name: loss.name, reference: loss.reference, ...texts }, {}, () => loss);

const entries: readonly LossEntry[] = [
  plain(nonSaturating, {
    about: 'cross-entropy for D; G maximises log σ(D)',
    assumptions: 'none',
    zeroSum: false,
  }),
  plain(saddle, {
    about: 'cross-entropy for D, its negative for G: minimax',
    assumptions: 'none; G’s gradient vanishes where D recognises generated examples with certainty',
    zeroSum: true,
  }),
  plain(hinge, {
    about: 'margins of 1 for D; G maximises D',
    assumptions: 'none; usual with spectral norm in D',
    zeroSum: false,
  }),
  plain(wasserstein, {
    about: 'difference of means for D; G maximises D',
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
      real: number({ about: 'label of real examples in D’s loss', symbol: 'b', default: 1 }),
      fake: number({ about: 'label of generated examples in D’s loss', symbol: 'a', default: 0 }),
      generator: number({ about: 'label of generated examples in G’s loss', symbol: 'c', default: 1 }),
    },
    leastSquares,
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
