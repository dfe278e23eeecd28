import { average, averageTable } from '../wrappers/average.js';
import { ema, emaTable } from '../wrappers/ema.js';
import { lookahead, lookaheadTable } from '../wrappers/lookahead.js';
import { transform } from '../wrappers/transform.js';
import { directingRow, wrapperRow, type MethodRow } from './row.js';

/** Those that take a method. */
export const wrapperRows: readonly MethodRow[] = [
  wrapperRow(
    {
      name: 'lookahead',
      about: 'lets a method run ahead, then goes part of the way',
      memory: '1 + the method’s',
      elementwise: true,
      innerShare: ({ steps: τ = 5 }, { group }) =>
        group === 'baseline' && typeof τ === 'number' && τ > 1 ? 1 / τ : 1,
      assumptions: 'the method’s τ-fold map nonexpansive; the method itself need not converge',
      when: 'around any method that circles: GANs under Adam, games with limit cycles under gda',
      reference: 'Zhang et al. 2019, arXiv 1907.08610; Chavdarova et al. 2021, arXiv 2006.14567',
    },
    lookaheadTable,
    lookahead,
  ),
  wrapperRow(
    {
      name: 'average',
      about: 'the average of a method’s iterates',
      memory: '1 + the method’s',
      elementwise: true,
      assumptions: 'monotone games: the average converges where last iterates cycle',
      when: 'bilinear and matrix games; little use for networks, take ema there',
      reference: 'Bruck 1977; Shamir, Zhang 2013, arXiv 1212.1824',
    },
    averageTable,
    average,
  ),
  wrapperRow(
    {
      name: 'ema',
      about: 'an exponential moving average of a method’s iterates',
      memory: '1 + the method’s',
      elementwise: true,
      assumptions: 'none of its own',
      when: 'the generator that GANs are evaluated with; damps cycles shorter than 1/(1 − β) steps',
      reference: 'Yazıcı et al. 2019, arXiv 1806.04498',
    },
    emaTable,
    ema,
  ),
  directingRow(
    {
      name: 'transform',
      about: 'a method whose gradients first go through a transform: clipping, momentum, Adam',
      memory: '1 + the method’s + the transform’s',
      elementwise: false,
      assumptions: 'none of its own',
      when: 'clipping and momentum in any method; other directions per player',
      reference: 'as in optax (Babuschkin et al. 2020)',
    },
    transform,
  ),
];
