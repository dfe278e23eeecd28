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
import { checkDescribed, described, fields, type Described } from '../described.js';
import { no, type NoBound } from './types.js';

/** What a method does to a linear game without constraints, along an eigenvector of F with eigenvalue μ. */
export interface Multiplier {
  /** In the long run ‖z‖ is multiplied by this per period: < 1 converges, > 1 diverges. */
  readonly radius: number;
  /** The number itself, where the method remembers nothing: z⁺ = m·z. */
  readonly scalar?: Complex;
  /** Steps of the method per period; more than 1 under lookahead only. */
  readonly period: number;
}

/** A linear map of (z, what is remembered); `restart` says what becomes of the memory when z is moved. */
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
type Options = (name: string) => number;

/** m(μ), or the companion matrix of (z, z₋), (z, g) or (z, z̄) as the method's file has it; x = γμ. */
const rules: { readonly [method: string]: (options: Options, μ: Complex) => Linear } = {
  gda: (o, μ) => alone(minus(one, times(o('stepSize'), μ))),
  extragradient: (o, μ) => alone(extrapolated(times(o('stepSize'), μ), 1)),
  'forward-backward-forward': (o, μ) => alone(extrapolated(times(o('stepSize'), μ), 1)),
  'mirror-prox': (o, μ) => alone(extrapolated(times(o('stepSize'), μ), 1)),
  'eg-plus': (o, μ) => alone(extrapolated(times(o('stepSize'), μ), o('relaxation'))),
  'ceg-plus': (o, μ) => alone(extrapolated(times(o('stepSize'), μ), o('relaxation'))),
  'multi-step-extragradient': (o, μ) => {
    const [γ, τ] = [o('stepSize'), o('innerSteps')];
    return alone(minus(one, times(o('relaxation') * γ, product(μ, power(minus(one, times(γ / τ, μ)), τ)))));
  },
  rapp: (o, μ) => alone(approximate(times(o('stepSize'), μ), o('innerSteps'), o('weight'))),
  app: (o, μ) => alone(approximate(times(o('stepSize'), μ), o('innerSteps'), 1)),
  km: (o, μ) =>
    alone(sum([1 - o('weight'), 0], times(o('weight'), over(one, sum(one, times(o('stepSize'), μ)))))),
  'proximal-point': (o, μ) => alone(over(one, sum(one, times(o('stepSize'), μ)))),
  ogda: (o, μ) => optimistic(times(o('stepSize'), μ), 1 + o('optimism'), o('optimism')),
  'ogda-plus': (o, μ) => optimistic(times(o('stepSize'), μ), 1 + o('relaxation'), 1),
  'forward-reflected-backward': (o, μ) => optimistic(times(o('stepSize'), μ), 2, 1),
  'past-extragradient': (o, μ) => {
    // (z, γg)
    const x = times(o('stepSize'), μ);
    return pair([minus(one, x), x, x, times(-1, x)]);
  },
  'projected-reflected-gradient': (o, μ) => {
    const x = times(o('stepSize'), μ);
    return pair([minus(one, times(2, x)), x, one, none], 'copies z');
  },
  graal: (o, μ) =>
    pair(
      [minus([1 - 1 / φ, 0], times(o('stepSize'), μ)), [1 / φ, 0], [1 - 1 / φ, 0], [1 / φ, 0]],
      'copies z',
    ),
};

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

function linearOf({ name, options }: Described, μ: Complex): Linear | NoBound {
  const given = fields(options);
  const o: Options = (key) => {
    const value = given[key];
    return typeof value === 'number' ? value : NaN;
  };
  const inner = described(given['method']);
  const direction = described(given['transform']);
  if (name === 'transform' && inner?.name === 'gda' && direction?.name === 'momentum') {
    const [γ, { decay, nesterov }] = [fields(inner.options)['stepSize'], fields(direction.options)];
    if (typeof γ === 'number' && typeof decay === 'number')
      return heavyBall(times(γ, μ), decay, nesterov === true);
  }
  if (name === 'lookahead' && inner !== undefined) return slow(linearOf(inner, μ), o('steps'), o('weight'));
  if (name === 'mirror-prox' && given['mirror'] !== 'euclidean')
    return no('mirror-prox is linear in the Euclidean geometry only');
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (rule === undefined)
    return no(
      `${name} does not act on linear games by one fixed linear map of an eigenvector and its memory`,
    );
  return Number.isNaN(o('stepSize')) ? no('its step size is not one constant number') : rule(o, μ);
}

/** τ steps, then z ← (1 − λ)z₀ + λz. */
function slow(inner: Linear | NoBound, τ: number, λ: number): Linear | NoBound {
  if ('reason' in inner) return inner;
  if (τ % inner.period !== 0)
    return no(`steps = ${τ} of the outer lookahead is no multiple of the inner one’s ${inner.period}`);
  let run = identity;
  for (let t = 0; t < τ / inner.period; t++) run = compose(inner.map, run);
  const [a, b, c, d] = run;
  const mixed: Square = [sum([1 - λ, 0], times(λ, a)), times(λ, b), c, d];
  if (inner.restart === 'keeps') return { ...inner, map: mixed, period: τ };
  // it begins each period with its memory at z
  return { ...inner, map: [sum(mixed[0], mixed[1]), none, none, none], scalar: true, period: τ };
}

/**
 * The spectral multiplier of a method at the eigenvalue μ of a linear F without constraints: exact resolvents
 * for km and proximal-point. The linear game with L and ρ has μ = L²ρ ± i√(L² − L⁴ρ²). `reason` where the
 * method is no fixed linear map (its step varies with k, or with what it sees).
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
 * |m|² = 1 − 2ᾱ(1 + c)(1 − 2c − ᾱ), so that it contracts exactly for 2c + ᾱ < 1: no larger ᾱ can be proved
 * for this c. Source: Pethick et al. 2022, arXiv 2302.09831, lower bound.
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
