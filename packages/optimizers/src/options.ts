import {
  InputError,
  choice,
  integer,
  mirrors,
  number,
  oneSpec,
  overLipschitz,
  stepSize,
  type Defaulting,
  type Facts,
  type Option,
} from '@stillpoint/operators';

export { choice, flag, integer, number, order, rate, stepSize } from '@stillpoint/operators';

// Options that several methods share, so that a symbol means the same option everywhere. A method's file
// states which of them it has, and with which defaults. `@__PURE__` lets a bundler leave out those that no
// imported method has. It does not leave out one whose words are a template or a property of another option,
// so such words come from a function, whose call is marked too.

type Defaulted<V extends number | string> = Option<V> & { readonly default: V };

/** The default `times`/L, in words. */
const overL = (times: number): string => `${times}/L if the game states L (facts.lipschitz)`;
/** The default `times`/L, for a wrapper's share of a step. */
const fromL =
  (times: number) =>
  ({ lipschitz: L }: Facts, { share }: Defaulting): number | undefined => {
    const unit = overLipschitz(L);
    return unit === undefined ? undefined : times * unit * share;
  };

/** γ, one number for all players, for a formula with inner products. */
export const oneStepSize = ({ perLipschitz = 1 }: { readonly perLipschitz?: number } = {}): Option<number> =>
  number({
    about: 'step size, one for all players',
    symbol: 'γ',
    above: 0,
    fallback: overL(perLipschitz),
    fromFacts: fromL(perLipschitz),
  });
/** h, the time that one step of a stochastic differential equation stands for. */
export const timeStep = /* @__PURE__ */ number({
  about: 'time step',
  symbol: 'h',
  above: 0,
  fallback: /* @__PURE__ */ overL(0.1),
  fromFacts: /* @__PURE__ */ fromL(0.1),
});
/** γ of an averaged map: 1/ℓ, the middle of (0, 2/ℓ), if F is known to be cocoercive; else 1/L. */
export const averagedStepSize = /* @__PURE__ */ stepSize({
  fallback: /* @__PURE__ */ averagedFallback(),
  fromFacts: averagedFromFacts,
});
function averagedFallback(): string {
  return `1/ℓ if the game states that F is cocoercive (facts.cocoercive), else ${overL(1)}`;
}
function averagedFromFacts({ cocoercive, lipschitz: L }: Facts, { share }: Defaulting): number | undefined {
  const γ = cocoercive !== undefined && cocoercive > 0 ? cocoercive : overLipschitz(L);
  return γ === undefined ? undefined : γ * share;
}
/** η of clipped gradients, 1/(2L₀); without (L₀, L₁) as that of an averaged map. */
export const smoothStepSize = /* @__PURE__ */ stepSize({
  symbol: 'η',
  fallback: /* @__PURE__ */ smoothFallback(),
  fromFacts(facts, asked) {
    const { generalisedSmooth: smooth } = facts;
    if (smooth === undefined) return averagedFromFacts(facts, asked);
    return smooth.L0 > 0 ? asked.share / (2 * smooth.L0) : undefined;
  },
});
function smoothFallback(): string {
  return `1/(2L₀) if the problem states (L₀, L₁), L₀ > 0 (facts.generalisedSmooth); without (L₀, L₁) ${averagedFallback()}`;
}
/** (L₀, L₁) of methods whose step size follows from it. */
export const smoothPair = {
  L0: /* @__PURE__ */ number({
    about: 'curvature that the gradient does not explain',
    symbol: 'L₀',
    from: 0,
    fallback: 'the problem’s, if it states (L₀, L₁) (facts.generalisedSmooth), else L (facts.lipschitz)',
    fromFacts(facts: Facts, { share }: Defaulting) {
      const L0 = facts.generalisedSmooth?.L0 ?? facts.lipschitz; // an L that is not needed is not computed
      return L0 === undefined ? undefined : L0 / share;
    },
  }),
  L1: /* @__PURE__ */ number({
    about: 'growth of the curvature with the norm of the gradient',
    symbol: 'L₁',
    from: 0,
    default: 0,
    fallback: 'the problem’s, if it states (L₀, L₁) (facts.generalisedSmooth)',
    fromFacts: ({ generalisedSmooth }: Facts, { share }: Defaulting) =>
      generalisedSmooth === undefined ? undefined : generalisedSmooth.L1 / share,
  }),
};
/** @throws InputError if both are 0. */
export function checkSmoothPair(
  name: string,
  { L0, L1 }: { readonly L0: number; readonly L1: number },
): void {
  if (L0 === 0 && L1 === 0) throw new InputError(`${name}: L0 and L1 are 0; expected one of them to be > 0`);
}
/**
 * γ of clipped extragradient, 0.37/L₀, for which with the threshold 2L₀/(3L₁) q = 5/2(exp(0.37·2/3) − 1) =
 * 0.6994; without (L₀, L₁), or with L₁ = 0, that of extragradient, q = 0.7.
 */
export const clippedExtragradientStepSize = /* @__PURE__ */ stepSize({
  fallback: /* @__PURE__ */ clippedFallback(),
  fromFacts(facts, { share }) {
    const { generalisedSmooth: smooth } = facts;
    // not computed if not needed
    const unit = overLipschitz(smooth === undefined ? facts.lipschitz : smooth.L0);
    if (unit === undefined) return undefined;
    if (smooth !== undefined && smooth.L1 > 0) return smooth.L0 > 0 ? 0.37 * unit * share : undefined;
    return 0.7 * unit * share;
  },
});
function clippedFallback(): string {
  return `0.37/L₀ if the problem states (L₀, L₁), both > 0 (facts.generalisedSmooth), 0.7/L₀ if L₁ = 0; without (L₀, L₁) ${overL(0.7)}`;
}
/** c of clipped gradients: with η = 1/(2L₀) the step is min(1/(2L₀), 1/(3L₁‖g‖)). */
export const threshold = /* @__PURE__ */ number({
  about: 'the longest gradient, in the unit of F',
  symbol: 'c',
  above: 0,
  default: 1,
  fallback: '2L₀/(3L₁) if the problem states (L₀, L₁), both > 0 (facts.generalisedSmooth)',
  fromFacts: ({ generalisedSmooth: smooth }) =>
    smooth !== undefined && smooth.L0 > 0 && smooth.L1 > 0 ? (2 * smooth.L0) / (3 * smooth.L1) : undefined,
});
/** η of normalised steps, which has the unit of z: their length. */
export const normalisedStepSize = /* @__PURE__ */ stepSize({
  about: 'length of a step, or one per player',
  symbol: 'η',
  default: 0.01,
  fallback: '2/(3L₁) if the problem states (L₀, L₁), L₁ > 0 (facts.generalisedSmooth)',
  fromFacts: ({ generalisedSmooth: smooth }, { share }) =>
    smooth !== undefined && smooth.L1 > 0 ? (2 * share) / (3 * smooth.L1) : undefined,
});
/** β of a decaying mean of gradients. */
export const decay = (value: number): Defaulted<number> =>
  number({ about: 'decay of the mean of gradients', symbol: 'β', from: 0, below: 1, default: value });
/** 1/L of the terms. If L = 0 they are constant and any step works. */
const overTerms = ({ termLipschitz }: Facts): number | undefined => overLipschitz(termLipschitz);
/** α of SAG, 1/(16L) of its paper, L the largest Lipschitz constant of a term. */
export const averageGradientStepSize = /* @__PURE__ */ stepSize({
  symbol: 'α',
  fallback: '1/(16L) where the problem states L of its terms (facts.termLipschitz)',
  fromFacts(facts, { share }) {
    const unit = overTerms(facts);
    return unit === undefined ? undefined : (unit / 16) * share;
  },
});
/**
 * γ of SAGA: 1/(3L) of its paper where every term is convex; else μ/(6L²), for which the linear rate is
 * proven in certificates/finite-sums.ts.
 */
export const sagaStepSize = /* @__PURE__ */ stepSize({
  fallback:
    '1/(3L) where the problem states L of its terms and that they are convex (facts.termLipschitz, convexTerms), μ/(6L²) where it states L and a μ of F (facts.stronglyMonotone)',
  fromFacts(facts, { share }) {
    const unit = overTerms(facts);
    if (unit === undefined) return undefined;
    if (facts.convexTerms) return (unit / 3) * share;
    const { stronglyMonotone: μ } = facts;
    return μ === undefined ? undefined : ((μ * unit ** 2) / 6) * share;
  },
});
/**
 * γ of mirror steps: `perLipschitz`/L, with L in the mirror's norm if the game states that, else in the
 * Euclidean one.
 */
export const mirrorStepSize = ({ perLipschitz }: { readonly perLipschitz: number }) =>
  stepSize({
    fallback: overL(perLipschitz),
    fromFacts({ mirror: map, mirrorLipschitz, lipschitz: L }, { share }) {
      const own = map !== undefined && map !== 'euclidean' && mirrorLipschitz !== undefined;
      const unit = overLipschitz(own ? mirrorLipschitz : L);
      return unit === undefined ? undefined : perLipschitz * unit * share;
    },
  });
/** γ of Adam's steps, which have the unit of z and not that of 1/L. The default is that of the paper. */
export const adamStepSize = /* @__PURE__ */ stepSize({ default: 0.001 });

export const relaxation = (value: number = 0.5): Defaulted<number> =>
  number({
    about: 'length of the second step, as a share of the first',
    symbol: 'ᾱ',
    above: 0,
    to: 1,
    default: value,
  });
/** λ in (0, 2): over-relaxation is allowed. */
export const weight = (value: number): Defaulted<number> =>
  number({
    about: 'how far to move, 1 being the whole step',
    symbol: 'λ',
    above: 0,
    below: 2,
    default: value,
  });
export const innerSteps = (about: string, value: number): Defaulted<number> =>
  integer({ about, symbol: 'τ', from: 1, to: 1_000_000, default: value });
export const tolerance = (about: string, value: number): Defaulted<number> =>
  number({ about, symbol: 'ε', above: 0, default: value });
export const comonotone = /* @__PURE__ */ number({
  about: 'comonotonicity of A + F',
  symbol: 'ρ',
  default: 0,
  fallback: 'the game’s, if it states one (facts.comonotone)',
  fromFacts: ({ comonotone: ρ }) => ρ,
});
export const mirror = /* @__PURE__ */ choice({
  about: 'geometry of the steps',
  among: /* @__PURE__ */ mirrors.map(({ name }) => name),
  default: 'euclidean',
  fallback: 'the game’s, if it states one (facts.mirror)',
  fromFacts: ({ mirror: map }) => map,
});
/** The weight of a correction that has the unit of 1/L. */
export const penalty = /* @__PURE__ */ number({
  about: 'weight of the correction',
  from: 0,
  default: 1,
  fallback: /* @__PURE__ */ overL(1),
  fromFacts: ({ lipschitz: L }: Facts) => overLipschitz(L),
});

/** μ of a decaying sum of gradients. */
export const momentum = (value: number): Defaulted<number> =>
  number({ about: 'decay of the sum of gradients', symbol: 'μ', from: 0, below: 1, default: value });
/** β of the heavy ball. */
export const shareOfLastStep = (value: number): Defaulted<number> =>
  number({ about: 'share of the last step', symbol: 'β', from: 0, below: 1, default: value });
export const weightDecay = (value: number): Defaulted<number> =>
  number({ about: 'how fast weights decay: the weight of λz', symbol: 'λ', from: 0, default: value });
/** Of the schedule-free methods: where gradients are taken. */
export const interpolation = /* @__PURE__ */ number({
  about: 'how far the gradient is taken from the iterate towards the average',
  symbol: 'β',
  from: 0,
  below: 1,
  default: 0.9,
});
export const warmup = /* @__PURE__ */ integer({
  about: 'steps over which γ grows from γ/steps to γ',
  from: 0,
  default: 0,
});

/** Options of Adam's and AMSGrad's direction. */
export const moments = {
  beta1: /* @__PURE__ */ number({
    about: 'decay of the first moment',
    symbol: 'β₁',
    from: 0,
    below: 1,
    default: 0.9,
  }),
  beta2: /* @__PURE__ */ number({
    about: 'decay of the second moment',
    symbol: 'β₂',
    from: 0,
    below: 1,
    default: 0.999,
  }),
  epsilon: /* @__PURE__ */ number({ about: 'added to √v̂', symbol: 'ε', above: 0, default: 1e-8 }),
};
/** Options of an inner loop towards the resolvent. */
export const proximal = {
  innerSteps: /* @__PURE__ */ innerSteps('inner steps towards the resolvent', 3),
  weight: /* @__PURE__ */ number({
    about: 'how far to move towards the resolvent',
    symbol: 'λ',
    above: 0,
    to: 1,
    default: 0.5,
  }),
};
/** Options of an inner linear solve. */
export const solver = {
  tolerance: /* @__PURE__ */ tolerance('relative accuracy of the linear solve', 1e-10),
  innerSteps: /* @__PURE__ */ innerSteps('most iterations of the linear solve', 50),
};
/** Options of the greedy min-max method. */
export const greedy = {
  stepSize: /* @__PURE__ */ number({
    about: 'step size of the ascent',
    symbol: 'η',
    above: 0,
    fallback: /* @__PURE__ */ overL(1),
    fromFacts: /* @__PURE__ */ fromL(1),
  }),
  proposal: /* @__PURE__ */ oneSpec({
    about: 'how x proposes a move',
    symbol: 'Q',
    kind: 'gaussian, gradient or adam,',
    example: 'gaussian(deviation=0.5), gradient(stepSize=0.1) or adam(stepSize=0.001)',
    default: { name: 'gaussian', inner: [], options: { deviation: 0.5 } },
  }),
  tolerance: /* @__PURE__ */ tolerance('the gradient of y at which an ascent ends', 1e-3),
  decrease: /* @__PURE__ */ number({
    about: 'how much lower f has to be for a move to be kept',
    symbol: 'δ',
    from: 0,
    default: 0.03,
  }),
  rejections: /* @__PURE__ */ integer({
    about: 'more rejections in a row end the run',
    symbol: 'r',
    from: 0,
    default: 20,
  }),
  temperature: /* @__PURE__ */ number({
    about: 'i-th proposal: it is kept in any case with probability exp(−i/τ); 0: never',
    symbol: 'τ',
    from: 0,
    default: 0,
  }),
  ascentSteps: /* @__PURE__ */ integer({
    about: 'most steps of one ascent',
    from: 1,
    to: 1_000_000,
    default: 1000,
  }),
  proposer: /* @__PURE__ */ integer({
    about: 'which player is x, by index; for a GAN 1, the generator',
    from: 0,
    to: 1,
    default: 0,
  }),
};
