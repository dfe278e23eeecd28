import { choice, integer, mirrors, number, stepSize, type Facts, type Option } from '@stillpoint/operators';

export { flag, integer, number, order, rate } from '@stillpoint/operators';

// Options that several methods share: the same symbol, the same option, everywhere. Their tables stand in the
// methods' files.

const lipschitz = 'where the game states L (facts.lipschitz)';

/** γ, one per player or a schedule; `scale` says what 1/L is multiplied by. */
export const γ = (scale: string = '1'): Option => stepSize({ fallback: `${scale}/L ${lipschitz}` });
/** γ, one number for all players: where the formula has inner products. */
export const oneγ = (scale: string = '1'): Option =>
  number({
    about: 'step size, one for all players',
    symbol: 'γ',
    above: 0,
    fallback: `${scale}/L ${lipschitz}`,
  });
/** Adam's steps have the unit of z, not that of 1/L: the default of its paper. */
export const adamStep: Option = stepSize({ default: 0.001 });

/** 1/L. Where L = 0, F is constant and any step will do: 1. */
export const inverse = (L: number | undefined): number | undefined =>
  L === undefined ? undefined : L > 0 ? 1 / L : 1;
/** 1/ℓ, the middle of (0, 2/ℓ), where F is known to be cocoercive; else 1/L. */
export const averaged = ({ cocoercive, lipschitz: L }: Facts): number | undefined =>
  cocoercive !== undefined && cocoercive > 0 ? cocoercive : inverse(L);
/**
 * γ of mirror steps: `share`/L in the mirror's norm where the game states that, else in the Euclidean one.
 */
export const inMirror =
  (share: number) =>
  ({ mirror: map, mirrorLipschitz, lipschitz: L }: Facts): number | undefined => {
    const unit = inverse(
      map !== undefined && map !== 'euclidean' && mirrorLipschitz !== undefined ? mirrorLipschitz : L,
    );
    return unit === undefined ? undefined : share * unit;
  };

export const relaxation = (value: number = 0.5): Option =>
  number({ about: 'how much shorter the second step is', symbol: 'ᾱ', above: 0, to: 1, default: value });
export const weight = (value: number = 0.5, to: number = 1): Option =>
  number({
    about: 'how far to move',
    symbol: 'λ',
    above: 0,
    ...(to === 1 ? { to } : { below: to }),
    default: value,
  });
export const innerSteps = (about: string, value: number): Option =>
  integer({ about, symbol: 'τ', from: 1, to: 1_000_000, default: value });
export const tolerance = (about: string, value: number): Option =>
  number({ about, symbol: 'ε', above: 0, default: value });
export const comonotone: Option = number({
  about: 'comonotonicity of A + F',
  symbol: 'ρ',
  default: 0,
  fallback: 'the game’s where it states one (facts.comonotone)',
});
export const mirror: Option = choice({
  about: 'geometry of the steps',
  among: mirrors.map(({ name }) => name),
  default: 'euclidean',
  fallback: 'the game’s where it states one (facts.mirror)',
});
export const moments: { readonly beta1: Option; readonly beta2: Option; readonly epsilon: Option } = {
  beta1: number({ about: 'decay of the first moment', symbol: 'β₁', from: 0, below: 1, default: 0.9 }),
  beta2: number({ about: 'decay of the second moment', symbol: 'β₂', from: 0, below: 1, default: 0.999 }),
  epsilon: number({ about: 'added to √v̂', symbol: 'ε', above: 0, default: 1e-8 }),
};
export const proximal: { readonly innerSteps: Option; readonly weight: Option } = {
  innerSteps: innerSteps('inner steps towards the resolvent', 3),
  weight: number({ about: 'how far to move towards it', symbol: 'λ', above: 0, to: 1, default: 0.5 }),
};
/** The weight of a correction that has the unit of 1/L. */
export const penalty: Option = number({
  about: 'weight of the correction',
  from: 0,
  default: 1,
  fallback: `1/L ${lipschitz}`,
});
/** Of an inner linear solve. */
export const solver: { readonly tolerance: Option; readonly innerSteps: Option } = {
  tolerance: tolerance('relative accuracy of the linear solve', 1e-10),
  innerSteps: innerSteps('iterations of it at most', 50),
};
/** The most turns of any player in one alternating step. */
export const busiest = (turns: readonly number[] | null | undefined): number =>
  turns ? Math.max(...turns.map((p) => turns.filter((q) => q === p).length)) : 1;
