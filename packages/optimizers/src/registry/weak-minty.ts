import { number, rate } from '@stillpoint/operators';
import { adaptiveEgPlus, type AdaptiveEgPlusOptions } from '../methods/adaptive-eg-plus.js';
import { app, type AppOptions } from '../methods/app.js';
import { bcSegPlus, type BcSegPlusOptions } from '../methods/bc-seg-plus.js';
import { cegPlus, type CegPlusOptions } from '../methods/ceg-plus.js';
import { curvatureEgPlus, type CurvatureEgPlusOptions } from '../methods/curvature-eg-plus.js';
import { egPlus, type EgPlusOptions } from '../methods/eg-plus.js';
import { km, type KmOptions } from '../methods/km.js';
import { multiStepExtragradient, type MultiStepExtragradientOptions } from '../methods/multi-step-extragradient.js';
import { ogdaPlus, type OgdaPlusOptions } from '../methods/ogda-plus.js';
import { rapp, type RappOptions } from '../methods/rapp.js';
import { innerSteps, oneγ, proximal, relaxation, tolerance, weight, γ } from './options.js';
import { row, type MethodRow } from './row.js';

const pethick22 = 'Pethick, Latafat, Patrinos, Fercoq, Cevher 2022, arXiv 2302.09831';
const interpolation = 'Pethick, Xie, Cevher 2023, arXiv 2310.13459';

/** For games that push outwards: weak Minty or comonotone with ρ < 0. */
export const weakMintyRows: readonly MethodRow[] = [
  row<EgPlusOptions>({
    name: 'eg-plus', family: 'gradient', group: 'weak Minty', about: 'extragradient whose second step is shorter', memory: '2', elementwise: true, oracle: () => 2,
    assumptions: 'weak Minty, ρ > −1/(2L), γ in (−2ρ, 1/L], ᾱ < 1 + 2ρ/γ; best iterate', when: 'unconstrained games that push outwards mildly',
    reference: 'Diakonikolas, Daskalakis, Jordan 2021, arXiv 2011.00364',
  }, { stepSize: γ(), relaxation: relaxation() }, egPlus),
  row<CegPlusOptions>({
    name: 'ceg-plus', family: 'gradient', group: 'weak Minty', about: 'EG+ under constraints', memory: '3', elementwise: true, oracle: () => 2, step: () => 0.9,
    assumptions: 'weak Minty of A + F, ρ > −1/(2L), γ in (−2ρ, 1/L], ᾱ < 1 + 2ρ/γ; best iterate; at γ = 1/L itself z may stay outside the constraints', when: 'constrained games that push outwards; the smaller ᾱ, the more they may push',
    reference: pethick22,
  }, { stepSize: γ('0.9'), relaxation: relaxation() }, cegPlus),
  row<AdaptiveEgPlusOptions>({
    name: 'adaptive-eg-plus', family: 'gradient', group: 'weak Minty', about: 'CEG+ that takes the longest step its two gradients allow', memory: '4', elementwise: false, oracle: () => 2, step: () => 0.9,
    assumptions: 'weak Minty of A + F, ρ ≥ σ > −γ/2, γ ≤ 1/L; best iterate', when: 'as ceg-plus without tuning ᾱ: reaches ρ > −1/(2L)',
    reference: pethick22,
  }, { stepSize: oneγ('0.9'), weight: weight(1, 2), weakMinty: { ...number({ about: 'guess of the weak-Minty constant', symbol: 'σ' }), default: null, expected: 'a number; null: −0.99γ/2', accepts: (value) => value === null || typeof value === 'number' } }, adaptiveEgPlus),
  row<CurvatureEgPlusOptions>({
    name: 'curvature-eg-plus', family: 'gradient', group: 'weak Minty', about: 'AdaptiveEG+ with a step size from the local curvature', memory: '8, and up to 24 to find the curvature', elementwise: false, products: true, oracle: () => ({ first: 2, perStep: 2, atMost: 61 }),
    assumptions: 'weak Minty with ρ > −γ/2 for the local γ; Jacobian products', when: 'deterministic games with limit cycles around the solution, where F is flatter than L says',
    reference: pethick22,
  }, {
    safety: number({ about: 'γ starts as ν/‖J(z)‖', symbol: 'ν', above: 0, below: 1, default: 0.99 }),
    shrink: number({ about: 'what γ is multiplied by while it is too long', symbol: 'τ', above: 0, below: 1, default: 0.5 }), weight: weight(1, 2),
  }, curvatureEgPlus),
  row<MultiStepExtragradientOptions>({
    name: 'multi-step-extragradient', family: 'gradient', group: 'weak Minty', about: 'EG+ that explores with several steps', memory: '2', elementwise: true, oracle: ({ innerSteps: τ = 2 }) => τ + 1,
    assumptions: 'weak Minty; ranges computed on linear games only: ρ > −0.576/L for τ = 2, small ᾱ', when: 'games that push outwards more than EG+ allows, where ρ is not known to be comonotone',
    reference: 'Fan, Li, Chen 2024 (ICLR)',
  }, { stepSize: γ(), innerSteps: innerSteps('exploration steps', 2), relaxation: relaxation() }, multiStepExtragradient),
  row<OgdaPlusOptions>({
    name: 'ogda-plus', family: 'gradient', group: 'weak Minty', about: 'ogda with a larger correction than step: one call a step', memory: '3', elementwise: true, oracle: () => 1, step: ({ relaxation: ᾱ = 0.5 }) => Math.max(1 - ᾱ, 0.01) / (1 + ᾱ),
    assumptions: 'weak Minty, ρ > −γ/2, γ = (1 − ᾱ)/((1 + ᾱ)L)', when: 'games that push outwards mildly, where a call of F is what costs',
    reference: 'Böhm 2022, arXiv 2201.12247',
  }, { stepSize: γ('(1 − ᾱ)/(1 + ᾱ)'), relaxation: relaxation() }, ogdaPlus),
  row<BcSegPlusOptions>({
    name: 'bc-seg-plus', family: 'gradient', group: 'stochastic', about: 'stochastic EG+ whose bias a second look at the same sample removes', memory: '6', elementwise: true, oracle: () => 3, step: () => 0.5,
    assumptions: 'weak Minty, ρ > −γ/2; noise of bounded variance; Σα = ∞, Σα² < ∞', when: 'noisy games where plain stochastic extragradient stalls at a distance; γ stays constant, only α falls',
    reference: 'Pethick, Fercoq, Latafat, Patrinos, Cevher 2023, arXiv 2302.09029',
  }, { stepSize: γ('0.5'), relaxation: rate({ about: 'how far to move in step k', symbol: 'α', default: { kind: 'power', from: 0.1, steps: 100 } }) }, bcSegPlus),
  row<RappOptions>({
    name: 'rapp', family: 'gradient', group: 'proximal point', about: 'relaxed approximate proximal point: steps part of the way to the resolvent', memory: '2', elementwise: true, oracle: ({ innerSteps: τ = 3 }) => τ, step: () => 0.9,
    assumptions: 'ρ-comonotone, γ in (−2ρ, 1/L), τ large enough for γL; with λ < 2(γ + ρ)/γ down to ρ > −1/L', when: 'comonotone games, constrained too; around limit cycles with γ > 1/L and many inner steps',
    reference: interpolation,
  }, { stepSize: γ('0.9'), ...proximal }, rapp),
  row<AppOptions>({
    name: 'app', family: 'gradient', group: 'proximal point', about: 'approximate proximal point: rapp without relaxation', memory: '2', elementwise: true, oracle: ({ innerSteps: τ = 3 }) => τ, step: () => 0.9,
    assumptions: 'A + F monotone, γ < 1/L, τ large enough for γL', when: 'to see what relaxation does: take rapp instead',
    reference: interpolation,
  }, { stepSize: γ('0.9'), innerSteps: proximal.innerSteps }, app),
  row<KmOptions>({
    name: 'km', family: 'gradient', group: 'proximal point', about: 'inexact Krasnosel’skii–Mann on the resolvent, its error certified', memory: '3', elementwise: false, oracle: ({ innerSteps: τ = 100 }) => ({ first: 2, perStep: 2, atMost: τ + 1 }), step: () => 0.9,
    assumptions: 'ρ-comonotone, ρ > −1/(2L), γ in (−2ρ, 1/L)', when: 'as rapp, where the number of inner steps should follow from an error bound',
    reference: interpolation,
  }, { stepSize: oneγ('0.9'), weight: number({ about: 'how far to move towards the resolvent', symbol: 'λ', above: 0, below: 1, default: 0.5 }), tolerance: tolerance('error allowed in the first step, in units of z; in step k over (k + 1)²', 0.1), innerSteps: innerSteps('inner steps at most', 100) }, km),
];
