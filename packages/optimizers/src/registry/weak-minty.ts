import { adaptiveEgPlus, adaptiveEgPlusTable } from '../methods/adaptive-eg-plus.js';
import { app, appTable } from '../methods/app.js';
import { bcSegPlus, bcSegPlusTable } from '../methods/bc-seg-plus.js';
import { cegPlus, cegPlusTable } from '../methods/ceg-plus.js';
import { curvatureEgPlus, curvatureEgPlusTable } from '../methods/curvature-eg-plus.js';
import { egPlus, egPlusTable } from '../methods/eg-plus.js';
import { km, kmTable } from '../methods/km.js';
import { multiStepExtragradient, multiStepExtragradientTable } from '../methods/multi-step-extragradient.js';
import { ogdaPlus, ogdaPlusTable } from '../methods/ogda-plus.js';
import { rapp, rappTable } from '../methods/rapp.js';
import { row, type MethodRow } from './row.js';

const pethick22 = 'Pethick, Latafat, Patrinos, Fercoq, Cevher 2022, arXiv 2302.09831';
const interpolation = 'Pethick, Xie, Cevher 2023, arXiv 2310.13459';

/** For games that push outwards: weak Minty or comonotone with ρ < 0. */
export const weakMintyRows: readonly MethodRow[] = [
  row(
    {
      name: 'eg-plus',
      family: 'gradient',
      group: 'weak Minty',
      about: 'extragradient whose second step is shorter',
      memory: '2',
      elementwise: true,
      oracle: () => 2,
      step: () => 0.9,
      assumptions: 'weak Minty, ρ > −1/(2L), γ in (−2ρ, 1/L], ᾱ < 1 + 2ρ/γ; best iterate',
      when: 'unconstrained games that push outwards mildly',
      reference: 'Diakonikolas, Daskalakis, Jordan 2021, arXiv 2011.00364',
    },
    egPlusTable,
    egPlus,
  ),
  row(
    {
      name: 'ceg-plus',
      family: 'gradient',
      group: 'weak Minty',
      about: 'EG+ under constraints',
      memory: '3',
      elementwise: true,
      oracle: () => 2,
      step: () => 0.9,
      assumptions:
        'weak Minty of A + F, ρ > −1/(2L), γ in (−2ρ, 1/L], ᾱ < 1 + 2ρ/γ; best iterate; at γ = 1/L itself z may stay outside the constraints',
      when: 'constrained games that push outwards; the smaller ᾱ, the more they may push',
      reference: pethick22,
    },
    cegPlusTable,
    cegPlus,
  ),
  row(
    {
      name: 'adaptive-eg-plus',
      family: 'gradient',
      group: 'weak Minty',
      about: 'CEG+ that takes the longest step its two gradients allow',
      memory: '4',
      elementwise: false,
      oracle: () => 2,
      step: () => 0.9,
      assumptions: 'weak Minty of A + F, ρ ≥ σ > −γ/2, γ ≤ 1/L; best iterate',
      when: 'as ceg-plus without tuning ᾱ: reaches ρ > −1/(2L)',
      reference: pethick22,
    },
    adaptiveEgPlusTable,
    adaptiveEgPlus,
  ),
  row(
    {
      name: 'curvature-eg-plus',
      family: 'gradient',
      group: 'weak Minty',
      about: 'AdaptiveEG+ with a step size from the local curvature',
      memory: '8, and up to 24 to find the curvature',
      elementwise: false,
      products: true,
      oracle: () => ({ first: 2, perStep: 2, atMost: 61 }),
      assumptions: 'weak Minty with ρ > −γ/2 for the local γ; Jacobian products',
      when: 'deterministic games with limit cycles around the solution, where F is flatter than L says',
      reference: pethick22,
    },
    curvatureEgPlusTable,
    curvatureEgPlus,
  ),
  row(
    {
      name: 'multi-step-extragradient',
      family: 'gradient',
      group: 'weak Minty',
      about: 'EG+ that explores with several steps',
      memory: '2',
      elementwise: true,
      oracle: ({ innerSteps: τ = 2 }) => τ + 1,
      assumptions: 'weak Minty; ranges computed on linear games only: ρ > −0.576/L for τ = 2, small ᾱ',
      when: 'games that push outwards more than EG+ allows, where ρ is not known to be comonotone',
      reference: 'Fan, Li, Chen 2024 (ICLR)',
    },
    multiStepExtragradientTable,
    multiStepExtragradient,
  ),
  row(
    {
      name: 'ogda-plus',
      family: 'gradient',
      group: 'weak Minty',
      about: 'ogda with a larger correction than step: one call a step',
      memory: '3',
      elementwise: true,
      oracle: () => 1,
      step: ({ relaxation: ᾱ = 0.5 }) => Math.max(1 - ᾱ, 0.01) / (1 + ᾱ),
      assumptions: 'weak Minty, ρ > −γ/2, γ = (1 − ᾱ)/((1 + ᾱ)L)',
      when: 'games that push outwards mildly, where a call of F is what costs',
      reference: 'Böhm 2022, arXiv 2201.12247',
    },
    ogdaPlusTable,
    ogdaPlus,
  ),
  row(
    {
      name: 'bc-seg-plus',
      family: 'gradient',
      group: 'stochastic',
      about: 'stochastic EG+ whose bias a second look at the same sample removes',
      memory: '6',
      elementwise: true,
      oracle: () => 3,
      step: () => 0.5,
      assumptions: 'weak Minty, ρ > −γ/2; noise of bounded variance; Σα = ∞, Σα² < ∞',
      when: 'noisy games where plain stochastic extragradient stalls at a distance; γ stays constant, only α falls',
      reference: 'Pethick, Fercoq, Latafat, Patrinos, Cevher 2023, arXiv 2302.09029',
    },
    bcSegPlusTable,
    bcSegPlus,
  ),
  row(
    {
      name: 'rapp',
      family: 'gradient',
      group: 'proximal point',
      about: 'relaxed approximate proximal point: steps part of the way to the resolvent',
      memory: '2',
      elementwise: true,
      oracle: ({ innerSteps: τ = 3 }) => τ,
      step: () => 0.9,
      assumptions:
        'ρ-comonotone, γ in (−2ρ, 1/L), τ large enough for γL; with λ < 2(γ + ρ)/γ down to ρ > −1/L',
      when: 'comonotone games, constrained too; around limit cycles with γ > 1/L and many inner steps',
      reference: interpolation,
    },
    rappTable,
    rapp,
  ),
  row(
    {
      name: 'app',
      family: 'gradient',
      group: 'proximal point',
      about: 'approximate proximal point: rapp without relaxation',
      memory: '2',
      elementwise: true,
      oracle: ({ innerSteps: τ = 3 }) => τ,
      step: () => 0.9,
      assumptions: 'A + F monotone, γ < 1/L, τ large enough for γL',
      when: 'to see what relaxation does: take rapp instead',
      reference: interpolation,
    },
    appTable,
    app,
  ),
  row(
    {
      name: 'km',
      family: 'gradient',
      group: 'proximal point',
      about: 'inexact Krasnosel’skii–Mann on the resolvent, its error certified',
      memory: '3',
      elementwise: false,
      oracle: ({ innerSteps: τ = 100 }) => ({ first: 2, perStep: 2, atMost: τ + 1 }),
      step: () => 0.9,
      assumptions: 'ρ-comonotone, ρ > −1/(2L), γ in (−2ρ, 1/L)',
      when: 'as rapp, where the number of inner steps should follow from an error bound',
      reference: interpolation,
    },
    kmTable,
    km,
  ),
];
