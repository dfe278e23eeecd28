// Random instances for the certificates: methods within their conditions, on random operators.
import { normal, uniform, withFacts, type Game, type Vector } from '@stillpoint/operators';
import { alignment, type TheoremKey } from '../src/certificates.js';
import { between, families, randomFrom, type Family, type Random } from './certificate-families.js';

export interface Case {
  readonly theorem: TheoremKey;
  /** Of some instances. */
  readonly also?: readonly TheoremKey[];
  readonly on: readonly Family[];
  /** The range of ρL. */
  readonly ρL: readonly [number, number];
  /** Whether F's strong monotonicity is stated; else the theorems that do without it are tried. */
  readonly strong?: true;
  /** The spec for step sizes in units of 1/L: what it makes of γ is multiplied by that. */
  readonly spec: (r: Random, ρL: number, size: (γL: number) => string) => string;
  /**
   * So much of the bound is reached on one of the instances at least. An observation: four fifths of the
   * largest share that was seen, so that a bound that becomes looser by a quarter is noticed. How far bounds
   * are from the worst case is in worst-cases.test.ts.
   */
  readonly reaches: number;
  readonly instances?: number;
}

/** τ that leaves an error of `left`. */
const until = (γL: number, left: number): number => Math.max(3, Math.ceil(Math.log(left) / Math.log(γL)));

export const cases: readonly Case[] = [
  {
    theorem: 'relaxed-proximal-point',
    on: ['linear'],
    ρL: [-0.45, 0.3],
    reaches: 0.4,
    spec([b, c], ρ, size) {
      const γ = between(Math.max(0.1, -2 * ρ), 0.97, b);
      return `rapp(stepSize=${size(γ)}, innerSteps=${until(γ, 1e-9)}, weight=${between(0.05, 0.95, c)})`;
    },
  },
  {
    theorem: 'relaxed-proximal-point',
    also: ['rapp-weak-minty'],
    on: ['boxed', 'curved'],
    ρL: [0, 0],
    reaches: 0.47, // τ too few to be called exact
    spec([b, c, d], _, size) {
      const γ = between(0.1, 0.9, b);
      return `rapp(stepSize=${size(γ)}, innerSteps=${until(γ, between(1e-4, 1e-2, d))}, weight=${between(0.4, 0.9, c)})`;
    },
  },
  {
    theorem: 'conic-proximal-point',
    on: ['linear'],
    ρL: [-0.9, -0.3],
    reaches: 0.32,
    spec([b, c], ρ, size) {
      const γ = between(-ρ + 0.02, Math.min(-2 * ρ, 0.95), b);
      return `rapp(stepSize=${size(γ)}, innerSteps=${until(γ, 1e-9)}, weight=${((2 * (γ + ρ)) / γ) * between(0.05, 0.95, c)})`;
    },
  },
  {
    theorem: 'inexact-km',
    on: ['linear', 'boxed', 'curved'],
    ρL: [0, 0.2],
    reaches: 0.26,
    spec([b, c, d], _, size) {
      const γ = between(0.1, 0.9, b);
      return `km(stepSize=${size(γ)}, weight=${between(0.05, 0.95, c)}, tolerance=${10 ** between(-4, 0, d)}, innerSteps=${until(γ, 1e-9)})`;
    },
  },
  {
    theorem: 'relaxed-proximal-point',
    on: ['linear', 'boxed', 'curved'],
    ρL: [0, 0.2],
    reaches: 0.73,
    instances: 20,
    spec: ([b], _, size) => `proximal-point(stepSize=${size(between(0.2, 3, b))}, innerSteps=1000)`,
  },
  {
    theorem: 'relaxed-proximal-point',
    on: ['linear'],
    ρL: [-0.3, 0],
    reaches: 0.62,
    instances: 20,
    spec: ([b], ρ, size) =>
      `proximal-point(stepSize=${size(between(Math.max(0.2, -2.1 * ρ), 0.98 / Math.max(-ρ, 0.5), b))}, innerSteps=5000, tolerance=1e-4)`,
  },
  {
    theorem: 'halpern-resolvent',
    on: ['linear', 'curved'],
    ρL: [-0.8, 0.1],
    reaches: 0.29,
    instances: 20,
    spec: ([b, c], ρ, size) => {
      const γ = between(Math.max(0.1, -ρ + 0.02), 0.99, b);
      return `double-loop-halpern(stepSize=${size(γ)}, tolerance=${(0.2 * (γ + ρ) * c) / γ}, innerSteps=5000)`;
    },
  },
  {
    theorem: 'two-step-lookahead',
    also: ['forward-backward-averaged'],
    on: ['linear'],
    ρL: [-0.18, 0.3],
    reaches: 0.52,
    spec([b, c], ρ, size) {
      const γ = 0.577 * between(0.98, 1.02, b);
      return `lookahead(gda(stepSize=${size(γ)}), steps=2, weight=${Math.min(((2 * ρ) / γ + 1 - γ * γ) / (2 - γ * γ), 0.5 + ρ / γ, 1) * between(0.05, 0.99, c)})`;
    },
  },
  {
    theorem: 'eg-plus-weak-minty',
    on: ['linear'],
    ρL: [-0.49, 0.3],
    reaches: 0.22,
    spec: ([b, c], ρ, size) => {
      const γ = between(Math.max(0.05, -2 * ρ), 1, b);
      return `eg-plus(stepSize=${size(γ)}, relaxation=${Math.min(1, 1 + (2 * ρ) / γ) * between(0.02, 0.98, c)})`;
    },
  },
  {
    theorem: 'ceg-plus-weak-minty',
    also: ['eg-plus-weak-minty'],
    on: ['boxed', 'curved'],
    ρL: [0, 0.3],
    reaches: 0.13,
    spec: ([b, c], _, size) =>
      `ceg-plus(stepSize=${size(between(0.05, 1, b))}, relaxation=${between(0.05, 0.95, c)})`,
  },
  {
    theorem: 'eg-plus-weak-minty',
    on: ['linear', 'curved'],
    ρL: [0, 0.3],
    reaches: 0.22,
    spec: ([b, c], _, size) =>
      `rapp(stepSize=${size(between(0.1, 1, b))}, innerSteps=2, weight=${between(0.02, 0.98, c)})`,
  },
  {
    theorem: 'rapp-weak-minty',
    also: ['relaxed-proximal-point', 'conic-proximal-point'],
    on: ['linear'],
    ρL: [-0.4, 0.3],
    reaches: 0.2,
    spec([b, c, d], ρ, size) {
      const γ = between(Math.max(0.1, -1.5 * ρ), 0.65, b);
      const τ = 3 + Math.floor(4 * d) + (ρ < -0.2 ? 6 : 0);
      return `rapp(stepSize=${size(γ)}, innerSteps=${τ}, weight=${Math.min(1, 2 * (alignment(γ, τ) + ρ / γ)) * between(0.02, 0.98, c)})`;
    },
  },
  {
    theorem: 'rapp-weak-minty',
    also: ['relaxed-proximal-point'],
    on: ['linear', 'curved'],
    ρL: [0, 0],
    reaches: 0.23,
    spec: ([b, , d], _, size) => {
      const γ = between(0.1, 0.45, b);
      return `app(stepSize=${size(γ)}, innerSteps=${4 + Math.floor(4 * d)})`;
    },
  },
  {
    theorem: 'adaptive-eg-plus-weak-minty',
    on: ['linear', 'boxed', 'curved'],
    ρL: [0, 0.2],
    reaches: 0.07,
    spec: ([b, c, d], _, size) => {
      const γ = between(0.1, 1, b);
      return `adaptive-eg-plus(stepSize=${size(γ)}, weight=${between(0.3, 1.9, c)}, weakMinty=-${size(0.4 * γ * d)})`;
    },
  },
  {
    theorem: 'lookahead-descent',
    on: ['linear'],
    ρL: [-0.4, 0.3],
    reaches: 0.21,
    spec: ([b, c, d, e], ρ, size) => {
      const γ = between(Math.max(0.1, -2 * ρ), 1, b);
      return `lookahead(eg-plus(stepSize=${size(γ)}, relaxation=${Math.min(1, 1 + (2 * ρ) / γ) * between(0.05, 0.95, c)}), steps=${1 + Math.floor(5 * d)}, weight=${between(0.1, 1, e)})`;
    },
  },
  {
    theorem: 'lookahead-descent',
    on: ['boxed'],
    ρL: [0, 0.3],
    reaches: 0.13,
    spec: ([b, c, d, e], _, size) =>
      `lookahead(lookahead(ceg-plus(stepSize=${size(between(0.1, 1, b))}, relaxation=${between(0.05, 0.95, c)}), steps=2), steps=${2 + 2 * Math.floor(3 * d)}, weight=${between(0.1, 1, e)})`,
  },
  {
    theorem: 'lookahead-descent',
    on: ['linear', 'boxed', 'curved'],
    ρL: [0, 0],
    reaches: 0.22,
    spec: ([b, , d, e], _, size) =>
      `lookahead(extragradient(stepSize=${size(between(0.1, 0.99, b))}), steps=${1 + Math.floor(5 * d)}, weight=${between(0.1, 1, e)})`,
  },
  {
    theorem: 'forward-backward-averaged',
    on: ['linear', 'boxed'],
    ρL: [0.05, 0.9],
    reaches: 0.67,
    spec: ([b], ρ, size) => `gda(stepSize=${size(2 * ρ * between(0.05, 0.99, b))})`,
  },
  {
    theorem: 'forward-backward-averaged',
    on: ['linear', 'boxed'],
    ρL: [0.05, 0.9],
    reaches: 0.15,
    spec: ([b, c, d], ρ, size) =>
      `lookahead(gda(stepSize=${size(2 * ρ * between(0.05, 0.99, b))}), steps=${2 + Math.floor(6 * d)}, weight=${between(0.1, 1, c)})`,
  },
  {
    theorem: 'forward-backward-averaged',
    on: ['linear', 'boxed'],
    ρL: [0.05, 0.9],
    reaches: 0.22,
    spec: ([b, c], ρ, size) =>
      `rapp(stepSize=${size(2 * ρ * between(0.05, 0.99, b))}, innerSteps=1, weight=${between(0.1, 1, c)})`,
  },
  {
    theorem: 'korpelevich',
    on: ['boxed'],
    ρL: [0, 0.3],
    reaches: 0.09,
    spec: ([b], _, size) => `extragradient(stepSize=${size(between(0.05, 0.99, b))})`,
  },
  {
    theorem: 'tseng',
    on: ['boxed'],
    ρL: [0, 0.3],
    reaches: 0.09,
    spec: ([b], _, size) => `forward-backward-forward(stepSize=${size(between(0.05, 0.99, b))})`,
  },
  {
    theorem: 'extragradient-last-iterate',
    on: ['linear', 'curved'],
    ρL: [0, 0.3],
    reaches: 0.21,
    spec: ([b], _, size) => `extragradient(stepSize=${size(between(0.05, 0.99, b))})`,
  },
  {
    theorem: 'extragradient-last-iterate',
    on: ['linear', 'curved'],
    ρL: [0, 0.3],
    reaches: 0.21,
    spec: ([b], _, size) => `mirror-prox(stepSize=${size(between(0.05, 0.99, b))})`,
  },
  {
    theorem: 'gda-linear',
    strong: true,
    on: ['linear', 'boxed'],
    ρL: [0.05, 0.9],
    reaches: 0.5,
    spec: ([b], ρ, size) => `gda(stepSize=${size(2 * ρ * between(0.05, 0.99, b))})`,
  },
  {
    theorem: 'extragradient-linear',
    strong: true,
    on: ['linear', 'boxed'],
    ρL: [0.05, 0.9],
    reaches: 0.1,
    spec: ([b], _, size) => `extragradient(stepSize=${size(between(0.05, 0.99, b))})`,
  },
  {
    theorem: 'extragradient-linear',
    strong: true,
    on: ['linear', 'boxed'],
    ρL: [0.05, 0.9],
    reaches: 0.1,
    spec: ([b], _, size) => `forward-backward-forward(stepSize=${size(between(0.05, 0.99, b))})`,
  },
  {
    theorem: 'saga-linear',
    strong: true,
    on: ['sum'],
    ρL: [0, 0],
    reaches: 0.019, // of the bound with the factor 100 of its probability
    spec: ([b], _, size) => `saga(stepSize=${size(between(0.02, 0.49, b))})`,
  },
  {
    theorem: 'saga-linear',
    strong: true,
    on: ['gameSum'],
    ρL: [0.1, 0.5],
    reaches: 0.0094,
    spec: ([b], μL, size) => `saga(stepSize=${size(μL * between(0.02, 0.49, b))})`,
  },
  {
    theorem: 'halpern',
    on: ['linear', 'boxed'],
    ρL: [0.05, 0.9],
    reaches: 0.56,
    spec: ([b], ρ, size) => `halpern(stepSize=${size(2 * ρ * between(0.05, 1, b))})`,
  },
  {
    theorem: 'eag-c',
    on: ['linear', 'curved'],
    ρL: [0, 0.1],
    reaches: 0.5,
    spec: ([b], _, size) => `eag-c(stepSize=${size(between(0.03, 0.125, b))})`,
  },
  {
    theorem: 'eag-v',
    on: ['linear', 'curved'],
    ρL: [0, 0.1],
    reaches: 0.24,
    spec: (_, __, size) => `eag-v(stepSize=${size(0.618)})`,
  },
  {
    theorem: 'feg',
    on: ['linear', 'curved'],
    ρL: [-0.45, 0.2],
    reaches: 0.58,
    spec: ([b], ρ, size) => `feg(stepSize=${size(between(Math.max(0.3, -2 * ρ + 0.02), 1, b))})`,
  },
  {
    theorem: 'past-extragradient',
    on: ['linear', 'curved'],
    ρL: [0, 0.2],
    reaches: 0.15,
    spec: ([b], _, size) => `past-extragradient(stepSize=${size(between(0.05, 0.49, b))})`,
  },
  {
    theorem: 'forward-reflected-backward',
    on: ['linear', 'boxed', 'curved'],
    ρL: [0, 0.2],
    reaches: 0.24,
    spec: ([b], _, size) => `forward-reflected-backward(stepSize=${size(between(0.05, 0.49, b))})`,
  },
  {
    theorem: 'forward-reflected-backward',
    on: ['linear', 'boxed', 'curved'],
    ρL: [0, 0.2],
    reaches: 0.24,
    spec: ([b], _, size) => `ogda(stepSize=${size(between(0.05, 0.49, b))})`,
  },
  {
    theorem: 'ogda-plus',
    on: ['linear'],
    ρL: [-0.24, 0.2],
    reaches: 0.2,
    spec: ([b, c], ρ, size) => {
      // γ from where γ + 2ρ ≥ γ/2, which is enough for ᾱ ≤ 1/2, up to its limit
      const ᾱ = Math.min(
        0.5,
        between(0.02, 0.98, b) * ((1 + 4 * Math.min(ρ, -0.01)) / (1 - 4 * Math.min(ρ, -0.01))),
      );
      return `ogda-plus(stepSize=${size(between(Math.max(1e-3, -4 * ρ), (1 - ᾱ) / (1 + ᾱ), between(0.2, 1, c)))}, relaxation=${ᾱ})`;
    },
  },
];

/** The instances of a case: a game, a start and a spec for each. */
export function instancesOf({
  strong,
  on,
  ρL: [low, high],
  spec,
  instances = 45,
}: Case): readonly { readonly game: Game; readonly start: Vector; readonly spec: string }[] {
  return Array.from({ length: instances }, (_, i) => {
    const seed = i + 1;
    const ρL =
      on[i % on.length] === 'curved'
        ? 0
        : between(low, high, uniform(new Float64Array(1), { seed, purpose: 'rho' })[0]!);
    const L = [0.5, 1, 3][(i % 7) % 3]!;
    const made = families[on[i % on.length]!](ρL, L, seed);
    const game = strong
      ? made
      : { ...made, facts: withFacts(made.facts ?? {}, { stronglyMonotone: undefined }) };
    return {
      game,
      start: normal(new Float64Array(game.dim), { seed, purpose: 'start' }),
      spec: spec(randomFrom(seed), ρL, (γL) => String(γL / L)),
    };
  });
}
