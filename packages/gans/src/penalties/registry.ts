import {
  number,
  registry,
  row,
  type Option,
  type Registered,
  type Registry,
  type Row,
  type Spec,
} from '@stillpoint/operators';
import { auxiliaryClassifier } from './auxiliary-classifier.js';
import { lecam } from './lecam.js';
import type { Penalty } from './penalty.js';
import { dragan, gradientPenalty, r1, r2, zeroCentredPenalty } from './slopes.js';

/** A penalty's entry in the registry: the only place that names it outside its file. */
export interface PenaltyEntry extends Row<Penalty> {
  /** What it adds to the losses. */
  readonly formula: string;
  readonly reference: string;
}

/** A row of the registry of penalties. */
export type PenaltyRow = Registered<PenaltyEntry, Penalty>;

const weight = (by: number): Option<number> & { readonly default: number } =>
  number({ about: 'what it is multiplied by', symbol: 'λ', above: 0, default: by });

const entries: readonly PenaltyEntry[] = [
  row(
    {
      name: 'gradient-penalty',
      about: 'the slope of D between real and generated examples is 1: WGAN-GP',
      formula: 'L_D + λ E(‖∇D(x̂)‖ − target)², x̂ = εx + (1 − ε)G(z)',
      reference: gradientPenalty().reference,
    },
    {
      weight: weight(10),
      target: number({ about: 'the slope that is aimed at', above: 0, default: 1 }),
    },
    gradientPenalty,
  ),
  row(
    {
      name: 'zero-centred',
      about: 'the slope of D between real and generated examples is small',
      formula: 'L_D + λ E‖∇D(x̂)‖², x̂ = εx + (1 − ε)G(z)',
      reference: zeroCentredPenalty().reference,
    },
    { weight: weight(10) },
    zeroCentredPenalty,
  ),
  row(
    {
      name: 'r1',
      about: 'the slope of D at real examples is small',
      formula: 'L_D + λ ½ E‖∇D(x)‖²',
      reference: r1().reference,
    },
    { weight: weight(10) },
    r1,
  ),
  row(
    {
      name: 'r2',
      about: 'the slope of D at generated examples is small',
      formula: 'L_D + λ ½ E‖∇D(G(z))‖²',
      reference: r2().reference,
    },
    { weight: weight(10) },
    r2,
  ),
  row(
    {
      name: 'dragan',
      about: 'the slope of D around real examples is 1',
      formula: 'L_D + λ E(‖∇D(x + δ)‖ − 1)², δ = (1 − ε) · spread · σ · u',
      reference: dragan().reference,
    },
    {
      weight: weight(10),
      spread: number({
        about: 'largest perturbation, in standard deviations of the real examples',
        above: 0,
        default: 0.5,
      }),
    },
    dragan,
  ),
  row(
    {
      name: 'lecam',
      about: 'logits stay near the moving averages of those of the other side, for few examples',
      formula: 'L_D + λ (E max(0, D(x) − α_G)² + E max(0, α_R − D(G(z)))²)',
      reference: lecam().reference,
    },
    {
      weight: weight(0.3),
      decay: number({ about: 'decay of the moving averages', from: 0, below: 1, default: 0.99 }),
    },
    lecam,
  ),
  row(
    {
      name: 'auxiliary-classifier',
      about:
        'D also recognises the classes, for G as well: ACGAN; needs labels and a D with 1 + classes outputs',
      formula: 'L_D + λ (H(x) + H(G(z))), L_G + λ H(G(z)), H the cross-entropy of the classes',
      reference: auxiliaryClassifier().reference,
    },
    { weight: weight(1) },
    auxiliaryClassifier,
  ),
];

/** The registry of penalties: finds a row by name and builds a penalty from a spec. */
export const penaltyRegistry: Registry<PenaltyEntry, Penalty> = registry('penalty', entries);

/** Every penalty, by name. */
export const penalties: readonly PenaltyRow[] = penaltyRegistry.rows;

/**
 * Builds the penalty that a spec names, such as `r1(weight=10)`. @throws InputError for an unknown name or
 * option.
 */
export const penaltyFrom: (spec: string | Spec) => Penalty = penaltyRegistry.from;
