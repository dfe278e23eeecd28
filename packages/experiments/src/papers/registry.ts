import { InputError, findRow, unknownName, type Given } from '@stillpoint/operators';
import type { Figure, Paper } from './paper.js';
import { askewSgdPaper } from './askew-sgd/paper.js';
import { clipping } from './clipping/paper.js';
import { codaPaper } from './coda/paper.js';
import { convexReluPaper } from './convex-relu/paper.js';
import { extragradientGan } from './extragradient-gan/paper.js';
import { fractalPaper } from './fractal/paper.js';
import { gradCosinePaper } from './gradcosine/paper.js';
import { greedyMinmax } from './greedy/paper.js';
import { implicitSteps } from './implicit-gradient/paper.js';
import { lookaheadMinmax } from './lookahead-minmax/paper.js';
import { momentumDynamics } from './momentum-dynamics/paper.js';
import { multilevel } from './multilevel/paper.js';
import { neuralOdePaper } from './neural-ode/paper.js';
import { oneSided } from './one-sided/paper.js';
import { optimumShifting } from './optimum-shifting/paper.js';
import { plStar } from './pl-star/paper.js';
import { rapp } from './rapp/paper.js';
import { screening } from './screening/paper.js';
import { thresholdNetworks } from './threshold-networks/paper.js';
import { weakMinty } from './weak-minty/paper.js';

/** Every paper whose figures and claims can be made again, by name. */
export const papers: readonly Paper[] = [
  rapp,
  weakMinty,
  lookaheadMinmax,
  extragradientGan,
  greedyMinmax,
  clipping,
  momentumDynamics,
  oneSided,
  plStar,
  implicitSteps,
  askewSgdPaper,
  optimumShifting,
  codaPaper,
  convexReluPaper,
  thresholdNetworks,
  multilevel,
  screening,
  fractalPaper,
  gradCosinePaper,
  neuralOdePaper,
];

/** A paper, and which of its figures. */
export interface Chosen {
  readonly paper: Paper;
  readonly figures: readonly Figure[];
}

/**
 * What a name stands for: `rapp`, or one of its figures as `rapp/forsaken`. @throws InputError for an unknown
 * name, with the nearest.
 */
export function figuresNamed(name: string): Chosen {
  const [first = '', figure, ...more] = name.split('/');
  if (more.length > 0)
    throw new InputError(`"${name}"; expected a paper, or one of its figures as rapp/forsaken`);
  const paper = findRow('paper', papers, first);
  return {
    paper,
    figures: figure === undefined ? paper.figures : [findRow(`figure of ${first}`, paper.figures, figure)],
  };
}

/**
 * Figures with options chosen: each takes those that it has.
 * @throws InputError for one that none of them has, with the nearest, and for a value that is not accepted.
 */
export function withChosen(figures: readonly Figure[], chosen: Given): readonly Figure[] {
  const optionsOf = ({ options = {} }: Figure): readonly string[] => Object.keys(options);
  const known = [...new Set(figures.flatMap(optionsOf))];
  for (const name of Object.keys(chosen))
    if (!known.includes(name))
      throw unknownName(
        figures.length === 1 ? `option of figure ${figures[0]!.name}` : 'option of these figures',
        name,
        known,
      );
  return figures.map((one) => {
    const own = Object.entries(chosen).filter(([name]) => optionsOf(one).includes(name));
    return own.length === 0 || one.with === undefined ? one : one.with(Object.fromEntries(own));
  });
}
