import { competitiveGradient, competitiveGradientTable } from '../methods/competitive-gradient.js';
import { consensus, consensusTable } from '../methods/consensus.js';
import { followTheRidge, followTheRidgeTable } from '../methods/follow-the-ridge.js';
import { symplecticAdjustment, symplecticAdjustmentTable } from '../methods/symplectic-adjustment.js';
import { inverse } from '../options.js';
import { row, type MethodRow } from './row.js';

/** Baselines that ask for products with the Jacobian. */
export const secondOrderRows: readonly MethodRow[] = [
  row(
    {
      name: 'consensus',
      family: 'gradient',
      group: 'second-order',
      about: 'gradient steps on the losses and on ½‖F‖²',
      memory: '2',
      elementwise: false,
      products: true,
      unconstrained: true,
      oracle: () => 1,
      step: () => 0.2,
      penalty: ({ lipschitz }) => inverse(lipschitz),
      assumptions:
        'local, J invertible, small γ; with a penalty that is large enough it attracts to any F = 0',
      when: 'as a baseline: it may be drawn to a saddle or a maximum of the losses',
      reference: 'Mescheder, Nowozin, Geiger 2017, arXiv 1705.10461',
    },
    consensusTable,
    consensus,
  ),
  row(
    {
      name: 'symplectic-adjustment',
      family: 'gradient',
      group: 'second-order',
      about: 'gradient steps turned inwards by the antisymmetric part of the Jacobian',
      memory: '4',
      elementwise: false,
      products: true,
      unconstrained: true,
      oracle: () => 1,
      step: () => 0.2,
      penalty: ({ lipschitz }) => inverse(lipschitz),
      assumptions: 'local, stable fixed points, small γ',
      when: 'as a baseline for rotation-dominated games',
      reference: 'Balduzzi et al. 2018, arXiv 1802.05642',
    },
    symplecticAdjustmentTable,
    symplecticAdjustment,
  ),
  row(
    {
      name: 'competitive-gradient',
      family: 'gradient',
      group: 'second-order',
      about: 'steps to the equilibrium of the game’s bilinear approximation',
      memory: '7',
      elementwise: false,
      products: true,
      unconstrained: true,
      oracle: () => 1,
      assumptions: 'local; on bilinear games any γ',
      when: 'strong coupling between players, where Jacobian products are affordable',
      reference: 'Schäfer, Anandkumar 2019, arXiv 1905.12103',
    },
    competitiveGradientTable,
    competitiveGradient,
  ),
  row(
    {
      name: 'follow-the-ridge',
      family: 'gradient',
      group: 'second-order',
      about: 'the follower moves along its ridge as the leader moves',
      memory: '7',
      elementwise: false,
      players: 2,
      products: true,
      unconstrained: true,
      oracle: () => 1,
      step: () => 0.5,
      assumptions: 'two players, x leads; stable exactly at local minimax points, small γ',
      when: 'local minimax points of nonconvex–nonconcave games, where players move one after the other in the game itself',
      reference: 'Wang, Zhang, Ba 2020, arXiv 1910.07512',
    },
    followTheRidgeTable,
    followTheRidge,
  ),
];
