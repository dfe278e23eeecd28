// Bounds on the least gradient for one player's (L₀, L₁)-smooth f without constraints.
//
// With g = ∇f(z), G = ‖g‖, A = L₀ + L₁G, the definition and Grönwall's inequality give, for 0 ≤ t ≤ η,
//   ‖∇f(z − tg) − g‖ ≤ A(exp(L₁tG) − 1)/L₁,   so   f(z − ηg) ≤ f(z) − ηG² + A(exp(u) − 1 − u)/L₁²,  u = L₁ηG.
// Since exp(u) − 1 − u = Σ uⁿ/n! ≤ Σ uⁿ/2ⁿ⁻¹ = u²/(2 − u) (n ≥ 2, u < 2),
//   f(z) − f(z − ηg) ≥ ηG²(1 − ηA/(2 − L₁ηG)) ≥ ηG²/2   if η ≤ 1/(L₀ + 3/2·L₁G),
// as the bracket falls with η and is ½ at that limit, where 2 − L₁ηG = 2ηA. Call this the descent. If the
// pair holds only where f ≤ f(z₀), the same estimates show that z − tg does not leave that set: f would have
// to come back to f(z₀) from below, and what bounds it stays below f(z).
import type { Facts, GeneralisedSmooth } from '@stillpoint/operators';
import type { OptionsOf } from '../method.js';
import { gda } from '../methods/baseline/gda.js';
import { clippedGradient } from '../methods/clipping/clipped-gradient.js';
import { generalisedSmoothGradient } from '../methods/clipping/generalised-smooth-gradient.js';
import { normalisedGradient } from '../methods/clipping/normalised-gradient.js';
import { ROUNDED } from './iterate-bounds.js';
import { about, aboutConstantStep, type ConstantStep, type Rule } from './rule.js';
import type { TheoremKey } from './theorems.js';
import { exact, named, noBound, type Bound, type NoBound, type StepOnly } from './types.js';

/** What is known of f. */
export interface KnownSmooth {
  readonly L0: number;
  readonly L1: number;
  /** D = f(z₀) − f*. */
  readonly above: number;
}

/** The pair that the facts of a problem state; what is L-Lipschitz is (L, 0)-smooth. */
export function statedPair({ generalisedSmooth, lipschitz }: Facts): GeneralisedSmooth | undefined {
  return generalisedSmooth ?? (lipschitz === undefined ? undefined : { L0: lipschitz, L1: 0 });
}

/**
 * What the facts of a problem of one player state of f.
 * @param above f(z₀) − f*; undefined if it is not known.
 */
export function smoothOf(
  facts: Facts,
  above: number | undefined,
  constrained: boolean,
): KnownSmooth | NoBound {
  if (constrained) return noBound('its theory is without constraints');
  const pair = statedPair(facts);
  if (pair === undefined)
    return noBound('the problem states neither (L₀, L₁) (facts.generalisedSmooth) nor lipschitz');
  if (above === undefined || !(above < Infinity))
    return noBound(
      'how far f at the start is above its least value is not known: it takes losses and facts.optimum of one player',
    );
  const { L0, L1, below = Infinity } = pair;
  const start = above + (facts.optimum ?? 0);
  if (start > below)
    return noBound(`(L₀, L₁) is stated where f ≤ ${exact(below)}, and f at the start is ${exact(start)}`);
  return { L0, L1, above: Math.max(0, above) };
}

/** `least(k)` bounds the smallest ‖∇f‖ of the first k points. */
function bestGradient(
  key: TheoremKey,
  stepSize: number,
  statement: string,
  least: (k: number) => number,
): Bound {
  return named(key, {
    statement: `(L₀, L₁)-smooth, G = ‖∇f‖, D = f(z₀) − f*: ${statement}`,
    measure: 'best ‖F(z)‖²',
    measured: { quantity: '‖F(z)‖²', when: 'best', stepSize },
    at: (k) => (k === 0 ? Infinity : least(k) ** 2),
  });
}

/** The positive root of x² = bx + c, b and c ≥ 0. */
const root = (b: number, c: number): number => (b + Math.sqrt(b * b + 4 * c)) / 2;

/**
 * At most ‖∇f(z)‖ where f(z) − f* ≤ D: the descent with η at its limit gives D ≥ G²/(2L₀ + 3L₁G). It replaces
 * M of Zhang et al., the largest gradient below f(z₀), which no problem states.
 */
export const steepest = ({ L0, L1, above: D }: KnownSmooth): number => root(3 * L1 * D, 2 * L0 * D);

/**
 * gda, η ≤ 1/(L₀ + 3/2·L₁M), M as in `steepest`: f falls, so M bounds every later gradient, too, and the
 * descent holds in each step: D ≥ Σ ηG²/2. Zhang et al. have η = 1/(2(L₀ + L₁M)), theorem 6, which is below
 * the limit.
 */
const gradientDescent = ({ stepSize: η }: StepOnly, known: KnownSmooth): Bound | NoBound => {
  const { L0, L1, above: D } = known;
  const limit = 1 / (L0 + 1.5 * L1 * steepest(known));
  if (!(η <= limit * ROUNDED))
    return noBound(
      `η = ${exact(η)} is above 1/(L₀ + 3/2·L₁M) = ${exact(limit)}, M = ${exact(steepest(known))} the most that a gradient below f at the start can be`,
    );
  return bestGradient(
    'gradient-generalised-smooth',
    η,
    'η ≤ 1/(L₀ + 3/2·L₁M), M(M − 3L₁D) = 2L₀D: f falls by ηG²/2 in each step, so min G² ≤ 2D/(ηk)',
    (k) => Math.sqrt((2 * D) / (η * k)),
  );
};

/**
 * The step is h = η·min(1, c/G), and h ≤ 1/(L₀ + 3/2·L₁G) for all G if for G = c: D ≥ Σ ηG·min(G, c)/2.
 * Zhang et al., theorem 3, have η = 1/(10L₀) and ηc = min(1, 1/(10L₁)), for which it is 1/4 at most.
 */
const clipped = (
  { stepSize: η, threshold: c }: ConstantStep<OptionsOf<typeof clippedGradient>>,
  { L0, L1, above: D }: KnownSmooth,
): Bound | NoBound => {
  const much = η * (L0 + 1.5 * L1 * c);
  if (!(much <= ROUNDED)) return noBound(`η(L₀ + 3/2·L₁c) = ${exact(much)} is above 1`);
  return bestGradient(
    'clipped-gradient',
    η,
    'η(L₀ + 3/2·L₁c) ≤ 1: f falls by ηG·min(G, c)/2 in each step, so min G·min(G, c) ≤ 2D/(ηk)',
    (k) => {
      const most = (2 * D) / (η * k);
      return most <= c * c ? Math.sqrt(most) : most / c;
    },
  );
};

/** The step is h = η/(G + β), and h ≤ 1/(L₀ + 3/2·L₁G) for all G: D ≥ Σ ηG²/(2(G + β)). */
const normalised = (
  { stepSize: η, offset: β }: ConstantStep<OptionsOf<typeof normalisedGradient>>,
  { L0, L1, above: D }: KnownSmooth,
): Bound | NoBound => {
  if (!(η * L0 <= β * ROUNDED)) return noBound(`ηL₀ = ${exact(η * L0)} is above β = ${exact(β)}`);
  if (!(1.5 * η * L1 <= ROUNDED)) return noBound(`3/2·ηL₁ = ${exact(1.5 * η * L1)} is above 1`);
  return bestGradient(
    'normalised-gradient',
    η,
    'ηL₀ ≤ β, 3/2·ηL₁ ≤ 1: f falls by ηG²/(2(G + β)) in each step, so min G²/(G + β) ≤ 2D/(ηk)',
    (k) => {
      const q = (2 * D) / (η * k);
      return root(q, q * β);
    },
  );
};

/**
 * Vankov et al.: f falls by aG²/(2L₀ + 3L₁G) in each step. The simplified step is at the limit of the
 * descent, a = 1. The optimal one minimises what the descent is derived from, so it falls by no less. The
 * clipped one is between half of the limit and the limit, as max(2L₀, 3L₁G) is between the half and the whole
 * of twice L₀ + 3/2·L₁G: a = ½. D ≥ Σ aG²/(2L₀ + 3L₁G), which grows with G.
 */
const generalised = (
  { L0: own0, L1: own1, step }: OptionsOf<typeof generalisedSmoothGradient>,
  { L0, L1, above: D }: KnownSmooth,
): Bound | NoBound => {
  if (!(L0 <= own0 * ROUNDED && L1 <= own1 * ROUNDED))
    return noBound(
      `its options (L0, L1) = (${exact(own0)}, ${exact(own1)}) are not both at least the problem’s (${exact(L0)}, ${exact(L1)})`,
    );
  const a = step === 'clipped' ? 1 / 2 : 1;
  return bestGradient(
    'generalised-smooth-gradient',
    1,
    `${step} steps: f falls by aG²/(2L₀ + 3L₁G) in each, a = ${a}, so min G²/(2L₀ + 3L₁G) ≤ D/(ak)`,
    (k) => root((3 * own1 * D) / (a * k), (2 * own0 * D) / (a * k)),
  );
};

/** The rules about f: what holds without a solution being known. */
export const smoothRules: readonly Rule<KnownSmooth, Bound>[] = [
  aboutConstantStep(gda, gradientDescent),
  aboutConstantStep(clippedGradient, clipped),
  aboutConstantStep(normalisedGradient, normalised),
  about(generalisedSmoothGradient, generalised),
];
