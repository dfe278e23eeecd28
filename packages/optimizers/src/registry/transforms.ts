import {
  InputError,
  asSpec,
  findRow,
  parseOptions,
  type Given,
  type OptionTable,
  type Spec,
} from '@stillpoint/operators';
import { moments } from '../options.js';
import { adamTransform } from '../transforms/adam.js';
import { amsgradTransform } from '../transforms/amsgrad.js';
import { clipByNorm, clipByNormTable } from '../transforms/clip-by-norm.js';
import { byPlayer, chain, identity } from '../transforms/compose.js';
import { momentum, momentumTable } from '../transforms/momentum.js';
import type { Transform } from '../transforms/transform.js';

/** A row of the registry of transforms. */
export interface TransformRow {
  readonly name: string;
  readonly about: string;
  readonly options: OptionTable<Given>;
  /** Whether it takes transforms: `chain(clip-by-norm, momentum)`. */
  readonly composes: boolean;
  readonly reference: string;
  /**
   * Builds it from options and the transforms it is made of. @throws InputError for an unknown or
   * unacceptable one.
   */
  build(given: Given, inner: readonly Transform[]): Transform;
}

function row<O extends object>(
  words: Pick<TransformRow, 'name' | 'about' | 'reference'>,
  options: OptionTable<O>,
  make: (options: O) => Transform,
): TransformRow {
  return {
    ...words,
    options,
    composes: false,
    build: (given) => make(parseOptions(`transform ${words.name}`, options, given)),
  };
}
function composing(
  words: Pick<TransformRow, 'name' | 'about' | 'reference'>,
  make: (...inner: readonly Transform[]) => Transform,
): TransformRow {
  return {
    ...words,
    options: {},
    composes: true,
    build(given, inner) {
      parseOptions(`transform ${words.name}`, {}, given);
      if (inner.length === 0)
        throw new InputError(
          `${words.name} needs transforms: ${words.name}(clip-by-norm(threshold=1), momentum)`,
        );
      return make(...inner);
    },
  };
}

/** Every gradient-to-direction transform, by name. */
export const transforms: readonly TransformRow[] = [
  row({ name: 'identity', about: 'the gradient itself', reference: 'classical' }, {}, identity),
  row(
    {
      name: 'clip-by-norm',
      about: 'shortens each player’s gradient to a norm',
      reference: 'Pascanu, Mikolov, Bengio 2013, arXiv 1211.5063',
    },
    clipByNormTable,
    clipByNorm,
  ),
  row(
    {
      name: 'momentum',
      about: 'a decaying sum of gradients: the heavy ball',
      reference: 'Polyak 1964; Gidel et al. 2019, arXiv 1807.04740',
    },
    momentumTable,
    momentum,
  ),
  row(
    { name: 'adam', about: 'Adam’s direction', reference: 'Kingma, Ba 2015, arXiv 1412.6980' },
    moments,
    adamTransform,
  ),
  row(
    { name: 'amsgrad', about: 'AMSGrad’s direction', reference: 'Reddi, Kale, Kumar 2018, arXiv 1904.09237' },
    moments,
    amsgradTransform,
  ),
  composing(
    {
      name: 'chain',
      about: 'one transform after another',
      reference: 'as in optax (Babuschkin et al. 2020)',
    },
    chain,
  ),
  composing(
    {
      name: 'by-player',
      about: 'a transform for each player, in their order',
      reference: 'as multi_transform in optax (Babuschkin et al. 2020)',
    },
    byPlayer,
  ),
];

/**
 * The transform a spec names: `chain(clip-by-norm(threshold=1), momentum)`. @throws InputError for an unknown
 * name or option.
 */
export function transformFrom(spec: string | Spec): Transform {
  const { name, inner, options } = asSpec(spec);
  const found = findRow('transform', transforms, name);
  if (inner.length > 0 && !found.composes)
    throw new InputError(`transform ${name} takes options only; found ${inner[0]?.name ?? ''}`);
  return found.build(
    options,
    inner.map((within) => transformFrom(within)),
  );
}

/** Whether Adam's or AMSGrad's direction is among them: then step sizes mean what they mean for adam. */
export function turnsToAdam({ name, inner }: Spec): boolean {
  return name === 'adam' || name === 'amsgrad' || inner.some(turnsToAdam);
}
