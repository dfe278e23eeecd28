import { adam, adamTable } from '../methods/adam.js';
import { alternatingAdam, alternatingAdamTable } from '../methods/alternating-adam.js';
import { amsgrad, amsgradTable } from '../methods/amsgrad.js';
import { extraAdam, extraAdamTable } from '../methods/extra-adam.js';
import { optimisticAdam, optimisticAdamTable } from '../methods/optimistic-adam.js';
import { rappAdam, rappAdamTable } from '../methods/rapp-adam.js';
import { busiest } from '../options.js';
import { row, type MethodRow } from './row.js';

/** Those that step along Adam's direction: for networks. */
export const adamRows: readonly MethodRow[] = [
  row(
    {
      name: 'adam',
      family: 'adam',
      group: 'Adam',
      about: 'Adam on all players at once',
      memory: '3',
      elementwise: true,
      oracle: () => 1,
      assumptions: 'no guarantee for games',
      when: 'networks, all players from one batch; cycles on bilinear games as gda does',
      reference: 'Kingma, Ba 2015, arXiv 1412.6980',
    },
    adamTable,
    adam,
  ),
  row(
    {
      name: 'amsgrad',
      family: 'adam',
      group: 'Adam',
      about: 'Adam whose second moments never fall',
      memory: '4',
      elementwise: true,
      oracle: () => 1,
      assumptions: 'no guarantee for games',
      when: 'where Adam’s steps grow late in training',
      reference: 'Reddi, Kale, Kumar 2018, arXiv 1904.09237',
    },
    amsgradTable,
    amsgrad,
  ),
  row(
    {
      name: 'alternating-adam',
      family: 'adam',
      group: 'Adam',
      about: 'Adam, one player after another: how GANs are usually trained',
      memory: '3',
      elementwise: true,
      oracle: ({ order: turns }) => busiest(turns),
      assumptions: 'no guarantee for games',
      when: 'GANs: the usual baseline, and inside lookahead',
      reference: 'Kingma, Ba 2015, arXiv 1412.6980; Goodfellow et al. 2014, arXiv 1406.2661',
    },
    alternatingAdamTable,
    alternatingAdam,
  ),
  row(
    {
      name: 'extra-adam',
      family: 'adam',
      group: 'Adam',
      about: 'extragradient with Adam’s direction, one set of moments',
      memory: '4',
      elementwise: true,
      oracle: () => 2,
      assumptions: 'no guarantee for games',
      when: 'GANs that rotate (the gradient turns); relaxation=0.5 makes it ExtraAdam+',
      reference: 'Gidel et al. 2019, arXiv 1802.10551',
    },
    extraAdamTable,
    extraAdam,
  ),
  row(
    {
      name: 'optimistic-adam',
      family: 'adam',
      group: 'Adam',
      about: 'ogda with Adam’s direction',
      memory: '5',
      elementwise: true,
      oracle: () => 1,
      assumptions: 'no guarantee for games',
      when: 'as extra-adam with one call a step',
      reference: 'Daskalakis, Ilyas, Syrgkanis, Zeng 2018, arXiv 1711.00141',
    },
    optimisticAdamTable,
    optimisticAdam,
  ),
  row(
    {
      name: 'rapp-adam',
      family: 'adam',
      group: 'Adam',
      about: 'RAPP with Adam’s direction inside',
      memory: '4',
      elementwise: true,
      oracle: ({ innerSteps: τ = 3 }) => τ,
      assumptions: 'no guarantee; RAPP’s theory covers its gradient form',
      when: 'to compare: on the GANs measured here it loses to alternating-adam and lookahead',
      reference: 'Pethick, Xie, Cevher 2023, arXiv 2310.13459',
    },
    rappAdamTable,
    rappAdam,
  ),
];
