import {
  compose,
  identity,
  over,
  power,
  product,
  size,
  spectralRadius,
  sum,
  times,
  type Complex,
  type Square,
} from './complex.js';
import { checkDescribed, type Described } from '../described.js';
import { gda } from '../methods/baseline/gda.js';
import { heavyBall as polyak } from '../methods/baseline/heavy-ball.js';
import { mirrorProx } from '../methods/mirror/mirror-prox.js';
import { extragradient } from '../methods/monotone/extragradient.js';
import { forwardBackwardForward } from '../methods/monotone/forward-backward-forward.js';
import { app } from '../methods/proximal-point/app.js';
import { km } from '../methods/proximal-point/km.js';
import { proximalPoint } from '../methods/proximal-point/proximal-point.js';
import { rapp } from '../methods/proximal-point/rapp.js';
import { forwardReflectedBackward } from '../methods/single-call/forward-reflected-backward.js';
import { graal } from '../methods/single-call/graal.js';
import { ogda } from '../methods/single-call/ogda.js';
import { pastExtragradient } from '../methods/single-call/past-extragradient.js';
import { projectedReflectedGradient } from '../methods/single-call/projected-reflected-gradient.js';
import { cegPlus } from '../methods/weak-minty/ceg-plus.js';
import { egPlus } from '../methods/weak-minty/eg-plus.js';
import { multiStepExtragradient } from '../methods/weak-minty/multi-step-extragradient.js';
import { ogdaPlus } from '../methods/weak-minty/ogda-plus.js';
import { momentum } from '../transforms/momentum.js';
import { lookahead } from '../wrappers/lookahead.js';
import { transform } from '../wrappers/transform.js';
import { about, aboutConstantStep, ifConstant, read, ruleFor, type Rule } from './rule.js';
import { isNoBound, noBound, type NoBound, type StepOnly } from './types.js';

/** How a method acts on a linear game without constraints, along an eigenvector of F with eigenvalue μ. */
export interface Multiplier {
  /** In the long run ‖z‖ is multiplied by this per period: < 1 converges, > 1 diverges. */
  readonly radius: number;
  /** The multiplier m itself, if the method remembers nothing: z⁺ = m·z. */
  readonly scalar?: Complex;
  /** Steps of the method per period; more than 1 under lookahead only. */
  readonly period: number;
}

/** A linear map of (z, what is remembered); `restart` says what happens to the memory when z is moved. */
interface Linear {
  readonly map: Square;
  readonly scalar: boolean;
  readonly restart: 'keeps' | 'copies z';
  readonly period: number;
}

const one: Complex = [1, 0];
const none: Complex = [0, 0];
const minus = (z: Complex, w: Complex): Complex => sum(z, times(-1, w));
const alone = (m: Complex): Linear => ({
  map: [m, none, none, none],
  scalar: true,
  restart: 'keeps',
  period: 1,
});
const pair = (map: Square, restart: Linear['restart'] = 'keeps'): Linear => ({
  map,
  scalar: false,
  restart,
  period: 1,
});

const φ = (1 + Math.sqrt(5)) / 2;

/** m(μ), or the companion matrix of (z, z₋), (z, g) or (z, z̄) as in the method's file; x = γμ. */
const rules: readonly Rule<Complex, Linear>[] = [
  aboutConstantStep(gda, ({ stepSize: γ }, μ) => alone(minus(one, times(γ, μ)))),
  aboutConstantStep(extragradient, extrapolation),
  aboutConstantStep(forwardBackwardForward, extrapolation),
  about(mirrorProx, (options, μ) =>
    options.mirror === 'euclidean'
      ? ifConstant(options, (constant) => extrapolation(constant, μ))
      : noBound('mirror-prox is linear in the Euclidean geometry only'),
  ),
  aboutConstantStep(egPlus, ({ stepSize: γ, relaxation: ᾱ }, μ) => alone(extrapolated(times(γ, μ), ᾱ))),
  aboutConstantStep(cegPlus, ({ stepSize: γ, relaxation: ᾱ }, μ) => alone(extrapolated(times(γ, μ), ᾱ))),
  aboutConstantStep(multiStepExtragradient, ({ stepSize: γ, innerSteps: τ, relaxation: ᾱ }, μ) =>
    alone(minus(one, times(ᾱ * γ, product(μ, power(minus(one, times(γ / τ, μ)), τ))))),
  ),
  aboutConstantStep(rapp, ({ stepSize: γ, innerSteps: τ, weight: λ }, μ) =>
    alone(approximate(times(γ, μ), τ, λ)),
  ),
  aboutConstantStep(app, ({ stepSize: γ, innerSteps: τ }, μ) => alone(approximate(times(γ, μ), τ, 1))),
  aboutConstantStep(km, ({ stepSize: γ, weight: λ }, μ) =>
    alone(sum([1 - λ, 0], times(λ, over(one, sum(one, times(γ, μ)))))),
  ),
  aboutConstantStep(proximalPoint, ({ stepSize: γ }, μ) => alone(over(one, sum(one, times(γ, μ))))),
  aboutConstantStep(polyak, ({ stepSize: γ, momentum: β }, μ) => {
    const x = times(γ, μ);
    return pair([minus(one, x), [β, 0], times(-1, x), [β, 0]]); // of (z, z − z₋)
  }),
  aboutConstantStep(ogda, ({ stepSize: γ, optimism }, μ) => optimistic(times(γ, μ), 1 + optimism, optimism)),
  aboutConstantStep(ogdaPlus, ({ stepSize: γ, relaxation: ᾱ }, μ) => optimistic(times(γ, μ), 1 + ᾱ, 1)),
  aboutConstantStep(forwardReflectedBackward, ({ stepSize: γ }, μ) => optimistic(times(γ, μ), 2, 1)),
  aboutConstantStep(pastExtragradient, ({ stepSize: γ }, μ) => {
    const x = times(γ, μ);
    return pair([minus(one, x), x, x, times(-1, x)]); // of (z, γg)
  }),
  aboutConstantStep(projectedReflectedGradient, ({ stepSize: γ }, μ) => {
    const x = times(γ, μ);
    return pair([minus(one, times(2, x)), x, one, none], 'copies z');
  }),
  aboutConstantStep(graal, ({ stepSize: γ }, μ) =>
    pair([minus([1 - 1 / φ, 0], times(γ, μ)), [1 / φ, 0], [1 - 1 / φ, 0], [1 / φ, 0]], 'copies z'),
  ),
  about(lookahead, ({ method, steps, weight }, μ) => slow(linearOf(method, μ), steps, weight)),
  about(transform, ({ method, transform: direction }, μ) => {
    const [fast, sums] = [read(gda, method), read(momentum, direction)];
    if (fast === undefined || isNoBound(fast) || sums === undefined || isNoBound(sums))
      return notLinear(transform.row);
    const { stepSize: γ } = fast;
    return typeof γ === 'number'
      ? heavyBall(times(γ, μ), sums.decay, sums.nesterov)
      : notLinear(transform.row);
  }),
];

function notLinear({ name }: { readonly name: string }): NoBound {
  return noBound(
    `${name} does not act on linear games by one fixed linear map of an eigenvector and its memory`,
  );
}
function extrapolation({ stepSize: γ }: StepOnly, μ: Complex): Linear {
  return alone(extrapolated(times(γ, μ), 1));
}
/** 1 − ᾱx(1 − x). */
function extrapolated(x: Complex, ᾱ: number): Complex {
  return minus(one, times(ᾱ, product(x, minus(one, x))));
}
/** 1 − λ + λ Σ_{j ≤ τ} (−x)ʲ. */
function approximate(x: Complex, τ: number, λ: number): Complex {
  let w = one;
  for (let t = 0; t < τ; t++) w = minus(one, product(x, w));
  return sum([1 - λ, 0], times(λ, w));
}
/** z⁺ = z − x(now·z − before·z₋), on (z, z₋). */
function optimistic(x: Complex, now: number, before: number): Linear {
  return pair([minus(one, times(now, x)), times(before, x), one, none]);
}
/** Heavy ball, or Nesterov’s: m⁺ = βm + μz, and z⁺ = z − γm⁺, or z − γ(μz + βm⁺); on (z, γm). */
function heavyBall(x: Complex, β: number, nesterov: boolean): Linear {
  return pair([minus(one, times(nesterov ? 1 + β : 1, x)), [nesterov ? -β * β : -β, 0], x, [β, 0]]);
}

function linearOf(method: Described, μ: Complex): Linear | NoBound {
  return ruleFor(rules, method)?.(μ) ?? notLinear(method);
}

/** τ steps, then z ← (1 − λ)z₀ + λz. */
function slow(inner: Linear | NoBound, τ: number, λ: number): Linear | NoBound {
  if ('reason' in inner) return inner;
  if (τ % inner.period !== 0)
    return noBound(
      `steps = ${τ} of the outer lookahead is not a multiple of the inner one’s ${inner.period}`,
    );
  let run = identity;
  for (let t = 0; t < τ / inner.period; t++) run = compose(inner.map, run);
  const [a, b, c, d] = run;
  const mixed: Square = [sum([1 - λ, 0], times(λ, a)), times(λ, b), c, d];
  if (inner.restart === 'keeps') return { ...inner, map: mixed, period: τ };
  // each period begins with the memory equal to z
  return { ...inner, map: [sum(mixed[0], mixed[1]), none, none, none], scalar: true, period: τ };
}

/**
 * The spectral multiplier of a method at the eigenvalue μ of a linear F without constraints. For km and
 * proximal-point it assumes exact resolvents. The linear game with L and ρ has μ = L²ρ ± i√(L² − L⁴ρ²).
 * Returns a reason if the method is not a fixed linear map, because its step varies with k or with the
 * gradients.
 */
export function multiplier(method: Described, μ: Complex): Multiplier | NoBound {
  checkDescribed('multiplier', method);
  const linear = linearOf(method, μ);
  if ('reason' in linear) return linear;
  const { map, scalar, period } = linear;
  return scalar ? { radius: size(map[0]), scalar: map[0], period } : { radius: spectralRadius(map), period };
}

/**
 * The lower bound of CEG+ at γ = 1/L on the linear game with ρ = −c/L, 0 ≤ c ≤ 1: its multiplier there is
 * |m|² = 1 − 2ᾱ(1 + c)(1 − 2c − ᾱ), so that it contracts exactly for 2c + ᾱ < 1. So no proof can allow a
 * larger ᾱ for this c. Source: Pethick et al. 2022, arXiv 2302.09831, lower bound.
 */
export function lowerBound(
  c: number,
  relaxation: number,
): { readonly contracts: boolean; readonly radius: number } {
  return {
    contracts: 2 * c + relaxation < 1,
    radius: Math.sqrt(Math.max(0, 1 - 2 * relaxation * (1 + c) * (1 - 2 * c - relaxation))),
  };
}
