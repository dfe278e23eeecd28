import { anchoredPopov, anchoredPopovTable } from '../methods/anchored-popov.js';
import { doubleLoopHalpern, doubleLoopHalpernTable } from '../methods/double-loop-halpern.js';
import { eagC, eagCTable } from '../methods/eag-c.js';
import { eagV, eagVTable } from '../methods/eag-v.js';
import { feg, fegTable } from '../methods/feg.js';
import { halpern, halpernTable } from '../methods/halpern.js';
import { mirrorProx, mirrorProxTable } from '../methods/mirror-prox.js';
import {
  optimisticMirrorDescent,
  optimisticMirrorDescentTable,
} from '../methods/optimistic-mirror-descent.js';
import { proximalPoint, proximalPointTable } from '../methods/proximal-point.js';
import { resolventCalls } from '../resolvent.js';
import { averaged, inMirror } from '../options.js';
import { row, type MethodRow, type Oracle } from './row.js';

const byResolvent = (options: { readonly stepSize: number; readonly innerSteps?: number }): Oracle => ({
  first: 2,
  perStep: 2,
  atMost: resolventCalls({ innerSteps: 200, ...options }),
});

/** Anchored methods, those in other geometries, and the proximal point. */
export const monotoneRows: readonly MethodRow[] = [
  row(
    {
      name: 'proximal-point',
      family: 'gradient',
      group: 'proximal point',
      about: 'steps to the resolvent, found by an inner loop to a certified error',
      memory: '6',
      elementwise: false,
      oracle: byResolvent,
      assumptions: 'A + F monotone, any γ; or ρ-comonotone, −2ρ < γ < 1/(|ρ|L²)',
      when: 'as the reference that others approximate, and where long steps (γ ≫ 1/L) pay',
      reference: 'Rockafellar 1976',
    },
    proximalPointTable,
    proximalPoint,
  ),
  row(
    {
      name: 'halpern',
      family: 'gradient',
      group: 'anchored',
      about: 'forward–backward steps drawn towards the start, ever less',
      memory: '2',
      elementwise: true,
      oracle: () => 1,
      stepFrom: averaged,
      assumptions: 'F cocoercive, γ ≤ 2/ℓ; then ‖z − Tz‖ ≤ 2D/(k + 1)',
      when: 'cocoercive F where the last iterate’s residual counts; not for merely monotone F',
      reference: 'Halpern 1967; Diakonikolas 2020, arXiv 2002.08872',
    },
    halpernTable,
    halpern,
  ),
  row(
    {
      name: 'eag-c',
      family: 'gradient',
      group: 'anchored',
      about: 'extragradient drawn towards the start: the last iterate is fast',
      memory: '4',
      elementwise: true,
      oracle: () => 2,
      step: () => 0.125,
      assumptions: 'F monotone and L-Lipschitz, γ = 1/(8L); ‖F(z)‖² = O(1/k²)',
      when: 'a small residual of the last iterate on monotone games, by theory; its step is short',
      reference: 'Yoon, Ryu 2021, arXiv 2102.07922',
    },
    eagCTable,
    eagC,
  ),
  row(
    {
      name: 'eag-v',
      family: 'gradient',
      group: 'anchored',
      about: 'eag-c with a longer step, which falls to a limit',
      memory: '4',
      elementwise: true,
      oracle: () => 2,
      step: () => 0.618,
      assumptions: 'F monotone and L-Lipschitz, γ₀ < 3/(4L); ‖F(z)‖² = O(1/k²)',
      when: 'as eag-c, where L is known: faster by about the ratio of the steps',
      reference: 'Yoon, Ryu 2021, arXiv 2102.07922',
    },
    eagVTable,
    eagV,
  ),
  row(
    {
      name: 'feg',
      family: 'gradient',
      group: 'anchored',
      about: 'anchored extragradient that knows how far from monotone the game is',
      memory: '5',
      elementwise: true,
      oracle: () => 2,
      assumptions: 'F ρ-comonotone, ρ > −1/(2L), γ = 1/L; ‖F(z)‖² = O(1/k²)',
      when: 'unconstrained comonotone games with known ρ and L: a last iterate of optimal order',
      reference: 'Lee, Kim 2021, arXiv 2106.02326',
    },
    fegTable,
    feg,
  ),
  row(
    {
      name: 'anchored-popov',
      family: 'gradient',
      group: 'anchored',
      about: 'eag-c with one call a step',
      memory: '5',
      elementwise: true,
      oracle: () => 1,
      step: () => 0.125,
      assumptions: 'F monotone and L-Lipschitz, small γ; ‖F(z)‖² = O(1/k²)',
      when: 'as eag-c, where a call of F is what costs',
      reference: 'Tran-Dinh, Luo 2021, arXiv 2110.08150',
    },
    anchoredPopovTable,
    anchoredPopov,
  ),
  row(
    {
      name: 'double-loop-halpern',
      family: 'gradient',
      group: 'anchored',
      about: 'Halpern’s iteration on the resolvent, which an inner loop finds',
      memory: '8',
      elementwise: false,
      oracle: byResolvent,
      step: () => 0.99,
      assumptions: 'A + F ρ-comonotone, ρ > −γ, γ < 1/L',
      when: 'comonotone games, constrained too, down to ρ > −1/L, where no single loop is known to go',
      reference: 'Alacaoglu, Kim, Wright 2024, arXiv 2402.05071',
    },
    doubleLoopHalpernTable,
    doubleLoopHalpern,
  ),
  row(
    {
      name: 'mirror-prox',
      family: 'gradient',
      group: 'mirror',
      about: 'extragradient by multiplicative weights',
      memory: '2',
      elementwise: false,
      oracle: () => 2,
      stepFrom: inMirror(0.7),
      assumptions:
        'F monotone, L-Lipschitz in the mirror’s norm, γ ≤ 1/L; the average of the points asked at, w, has a gap of O(1/K)',
      when: 'large matrix games on simplices; starts must lie inside',
      reference: 'Nemirovski 2004',
    },
    mirrorProxTable,
    mirrorProx,
  ),
  row(
    {
      name: 'optimistic-mirror-descent',
      family: 'gradient',
      group: 'mirror',
      about: 'mirror-prox with one call a step',
      memory: '3',
      elementwise: false,
      oracle: () => 1,
      stepFrom: inMirror(0.49),
      assumptions: 'F monotone, L-Lipschitz in the mirror’s norm, γ < 1/(2L)',
      when: 'as mirror-prox, where a call of F is what costs; learning in games',
      reference: 'Rakhlin, Sridharan 2013, arXiv 1311.1869',
    },
    optimisticMirrorDescentTable,
    optimisticMirrorDescent,
  ),
];
