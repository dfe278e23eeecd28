// The theorems: their names, their publications, and where their proofs are.
import { identified, identifier, references, shortName, type ReferenceKey } from '../references.js';

/** A theorem, with what a reader needs to look it up. */
export interface Theorem {
  /** What it is about: `EG+ under weak Minty`. */
  readonly about: string;
  /** The publications of the theorem, or of the method that it is about. The first is part of its name. */
  readonly references: readonly ReferenceKey[];
  /** The place in the first of them, if it was read there. */
  readonly at?: string;
  /**
   * `theorem`: the first of them has such a theorem, perhaps with other constants. `method`: it has the
   * method only, and the bound is Stillpoint's.
   */
  readonly due: 'theorem' | 'method';
  /** Where the proof with these constants can be read in this package. */
  readonly proof: string;
}

const iterates = 'certificates/iterate-bounds.ts';
const descents = 'certificates/descent.ts';
const anchors = 'certificates/anchored-bounds.ts';
const smooths = 'certificates/generalised-smooth.ts';
const resolvents = 'certificates/resolvent-bounds.ts';

/** The key of a theorem. */
export type TheoremKey =
  | 'forward-backward-averaged'
  | 'korpelevich'
  | 'tseng'
  | 'eg-plus-weak-minty'
  | 'ceg-plus-weak-minty'
  | 'adaptive-eg-plus-weak-minty'
  | 'rapp-weak-minty'
  | 'two-step-lookahead'
  | 'lookahead-descent'
  | 'extragradient-last-iterate'
  | 'extragradient-linear'
  | 'gda-linear'
  | 'saga-linear'
  | 'halpern'
  | 'eag-c'
  | 'eag-v'
  | 'feg'
  | 'past-extragradient'
  | 'forward-reflected-backward'
  | 'ogda-plus'
  | 'relaxed-proximal-point'
  | 'conic-proximal-point'
  | 'inexact-km'
  | 'halpern-resolvent'
  | 'frank-wolfe'
  | 'gradient-generalised-smooth'
  | 'clipped-gradient'
  | 'normalised-gradient'
  | 'generalised-smooth-gradient'
  | 'extragradient-generalised-smooth';

/** Every theorem that a bound may come from, by its key. */
export const theorems: { readonly [key in TheoremKey]: Theorem } = {
  'forward-backward-averaged': {
    about: 'Krasnosel’skii–Mann for the forward–backward step',
    references: ['krasnoselskii1955', 'mann1953', 'goujaud2024'],
    due: 'theorem',
    proof: descents,
  },
  korpelevich: {
    about: 'extragradient, best iterate',
    references: ['korpelevich1976'],
    due: 'theorem',
    proof: descents,
  },
  tseng: {
    about: 'forward–backward–forward, best iterate',
    references: ['tseng2000'],
    due: 'theorem',
    proof: descents,
  },
  'eg-plus-weak-minty': {
    about: 'EG+ under weak Minty',
    references: ['diakonikolas2021', 'pethick2022'],
    due: 'theorem',
    proof: descents,
  },
  'ceg-plus-weak-minty': {
    about: 'CEG+ under weak Minty',
    references: ['pethick2022'],
    due: 'theorem',
    proof: descents,
  },
  'adaptive-eg-plus-weak-minty': {
    about: 'AdaptiveEG+ under weak Minty',
    references: ['pethick2022'],
    due: 'theorem',
    proof: descents,
  },
  'rapp-weak-minty': {
    about: 'RAPP under weak Minty',
    references: ['pethick2023'],
    due: 'method',
    proof: descents,
  },
  'two-step-lookahead': {
    about: 'two-step Lookahead under weak Minty',
    references: ['pethick2023'],
    at: 'section 7',
    due: 'method',
    proof: descents,
  },
  'lookahead-descent': {
    about: 'Lookahead around a method that descends',
    references: ['pethick2023', 'zhang2019'],
    at: 'section 7',
    due: 'method',
    proof: descents,
  },
  'extragradient-last-iterate': {
    about: 'extragradient, last iterate',
    references: ['gorbunov2022'],
    due: 'theorem',
    proof: iterates,
  },
  'extragradient-linear': {
    about: 'extragradient under strong monotonicity',
    references: ['korpelevich1976', 'tseng2000'],
    due: 'method',
    proof: 'certificates/linear-rates.ts',
  },
  'gda-linear': {
    about: 'gda under strong monotonicity',
    references: ['arrow1958'],
    due: 'method',
    proof: 'certificates/linear-rates.ts',
  },
  'saga-linear': {
    about: 'SAGA under strong monotonicity',
    references: ['defazio2014', 'palaniappan2016'],
    due: 'theorem',
    proof: 'certificates/finite-sums.ts',
  },
  halpern: {
    about: 'Halpern iteration',
    references: ['lieder2021', 'halpern1967', 'goujaud2024'],
    due: 'theorem',
    proof: anchors,
  },
  'eag-c': {
    about: 'EAG-C, last iterate',
    references: ['yoon2021'],
    due: 'theorem',
    proof: anchors,
  },
  'eag-v': {
    about: 'EAG-V, last iterate',
    references: ['yoon2021'],
    due: 'theorem',
    proof: anchors,
  },
  feg: {
    about: 'FEG, last iterate',
    references: ['lee2021'],
    due: 'theorem',
    proof: anchors,
  },
  'past-extragradient': {
    about: 'past extragradient, best iterate',
    references: ['popov1980'],
    due: 'method',
    proof: iterates,
  },
  'forward-reflected-backward': {
    about: 'forward–reflected–backward, best step',
    references: ['malitsky2020reflected'],
    due: 'method',
    proof: iterates,
  },
  'ogda-plus': {
    about: 'OGDA+ under weak Minty',
    references: ['bohm2022'],
    due: 'method',
    proof: iterates,
  },
  'relaxed-proximal-point': {
    about: 'relaxed proximal point',
    references: ['krasnoselskii1955', 'mann1953', 'rockafellar1976', 'pethick2023'],
    due: 'method',
    proof: resolvents,
  },
  'conic-proximal-point': {
    about: 'relaxed proximal point, conically nonexpansive resolvent',
    references: ['alacaoglu2024', 'pethick2023'],
    due: 'method',
    proof: resolvents,
  },
  'inexact-km': {
    about: 'inexact Krasnosel’skii–Mann on the resolvent',
    references: ['pethick2023'],
    at: 'section 6',
    due: 'method',
    proof: resolvents,
  },
  'halpern-resolvent': {
    about: 'Halpern iteration on the resolvent',
    references: ['alacaoglu2024', 'lieder2021'],
    due: 'method',
    proof: resolvents,
  },
  'frank-wolfe': {
    about: 'Frank–Wolfe with open-loop steps',
    references: ['jaggi2013', 'frank1956'],
    due: 'theorem',
    proof: 'certificates/frank-wolfe.ts',
  },
  'gradient-generalised-smooth': {
    about: 'gradient descent under (L₀, L₁)-smoothness',
    references: ['zhang2020'],
    due: 'theorem',
    proof: smooths,
  },
  'clipped-gradient': {
    about: 'clipped gradient under (L₀, L₁)-smoothness',
    references: ['zhang2020'],
    due: 'theorem',
    proof: smooths,
  },
  'normalised-gradient': {
    about: 'normalised gradient under (L₀, L₁)-smoothness',
    references: ['zhang2020'],
    due: 'method',
    proof: smooths,
  },
  'generalised-smooth-gradient': {
    about: 'step sizes from (L₀, L₁)',
    references: ['vankov2024'],
    due: 'theorem',
    proof: smooths,
  },
  'extragradient-generalised-smooth': {
    about: 'extragradient, clipped or not, under (L₀, L₁)-smoothness',
    references: ['korpelevich1976'],
    due: 'method',
    proof: 'certificates/extragradient-smooth.ts',
  },
};

/**
 * The name of a theorem: `EG+ under weak Minty, Diakonikolas, Daskalakis, Jordan 2021`. `after` precedes
 * authors of the method only.
 */
export function theoremName(key: TheoremKey): string {
  const { about, references: cited, due } = theorems[key];
  const [first] = cited;
  const by =
    first === undefined ? '' : `, ${due === 'method' ? 'after ' : ''}${shortName(references[first])}`;
  return `${about}${by}`;
}

/**
 * What is printed beside the name: the identifier of the publication in the name, the other publications, and
 * where the proof is.
 */
export function theoremSource(key: TheoremKey): string {
  const { references: cited, at, proof } = theorems[key];
  const sources = cited.map((reference, i) =>
    i === 0
      ? [identifier(references[reference]) ?? [], at ?? []].flat().join(', ')
      : identified(references[reference]),
  );
  return [...sources.filter(Boolean), `proof: @stillpoint/optimizers/src/${proof}`].join('; ');
}
