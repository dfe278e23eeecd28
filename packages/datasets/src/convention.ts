import { InputError, nearest, shown } from '@stillpoint/operators';

/**
 * Whose default sizes a toy data set has: PacGAN's (Lin et al. 2018, arXiv 1712.04086) or those of WGAN-GP's
 * code (Gulrajani et al. 2017, arXiv 1704.00028).
 */
export type Convention = 'pacgan' | 'wgan-gp';

const names: readonly Convention[] = ['pacgan', 'wgan-gp'];

export const isConvention = (value: unknown): value is Convention => names.some((name) => name === value);

/**
 * Returns a toy's sizes under that convention. Throws InputError with the nearest name for an unknown one.
 */
export function sizesOf<S>(toy: string, convention: Convention, sizes: { readonly [K in Convention]: S }): S {
  if (!isConvention(convention)) {
    // from JavaScript
    const given: unknown = convention;
    const near = typeof given === 'string' ? nearest(given, names) : undefined;
    throw new InputError(
      `${toy}: convention is ${typeof given === 'string' ? given : shown(given)}; expected ${names.join(' or ')} (the nearest: ${near ?? names[0]})`,
    );
  }
  return sizes[convention];
}

/** A length rounded to six digits, as descriptions show it. */
export const short = (length: number): number => Number(length.toPrecision(6));
