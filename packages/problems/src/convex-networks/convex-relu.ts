import {
  conicNorm,
  groupL1Norm,
  polyhedralCone,
  type Game,
  type ProximalFunction,
} from '@stillpoint/operators';
import * as option from '../options.js';
import {
  groupProgram,
  networkDataTable,
  patternedData,
  type ConvexProgram,
  type PatternedData,
} from './program.js';
import { minimisation } from '../kinds/minimisation.js';

/** The problem of {@link convexRelu}, with its data. */
export interface ConvexRelu extends ConvexProgram, PatternedData {
  readonly activation: 'relu' | 'gated';
  /** The cone of weights that activate as pattern i says, one for each pattern. */
  readonly cones: readonly ProximalFunction[];
}

/**
 * The training of a network with one hidden layer of rectified units, as a convex program over the activation
 * patterns Dᵢ = diag 1{Xg ≥ 0} of the data:
 *   min ½‖Σᵢ DᵢX(uᵢ − vᵢ) − y‖² + β Σᵢ (‖uᵢ‖ + ‖vᵢ‖)   over uᵢ, vᵢ ∈ Kᵢ = {u : (2Dᵢ − I)Xu ≥ 0}
 * Its least value is that of ½‖Σⱼ αⱼ·max(0, Xwⱼ) − y‖² + ½β Σⱼ (‖wⱼ‖² + αⱼ²) over networks with enough
 * units: a unit of pattern i costs β‖u‖ when ‖w‖ = |α|. With `activation=gated` unit i is 1{xᵀgᵢ ≥ 0}·xᵀwᵢ
 * with a fixed gate gᵢ, there are no cones, and u − v is one w. z is u₁, …, u_P and then v₁, …, v_P; of
 * gated units w₁, …, w_P.
 *
 * The number of patterns grows as n^(d−1): d up to about 5, or a sample of them, whose optimum is an upper
 * bound of the global one. Source: Wang, Lacotte, Pilanci, "The Hidden Convex Optimization Landscape of
 * (Regularized) Two-Layer ReLU Networks", 2022, arXiv 2006.05900.
 */
export const convexRelu = minimisation({
  name: 'convex-relu',
  about:
    'a network with one hidden layer of rectified units as a convex program: its global optimum, with a gap that proves it',
  reference: 'Wang, Lacotte, Pilanci 2022, arXiv 2006.05900',
  shown: { method: 'admm(stepSize=2)' },
  options: {
    activation: option.choice({
      about: 'rectified units, whose patterns are cones; or gated ones, without cones',
      among: ['relu', 'gated'],
      default: 'relu',
    }),
    ...networkDataTable,
  },
  make(parsed): ConvexRelu {
    return convexReluOf(patternedData('convex-relu', parsed), parsed.activation);
  },
});

/** {@link convexRelu} of data whose patterns are known. */
export function convexReluOf(data: PatternedData, activation: 'relu' | 'gated' = 'relu'): ConvexRelu {
  const { inputs, targets, regularisation: β, patterns } = data;
  const [n, d, count] = [inputs.length, inputs[0]!.length, patterns.active.length];
  const relu = activation === 'relu';
  const dim = (relu ? 2 : 1) * count * d;
  const A = new Float64Array(n * dim);
  for (const [p, active] of patterns.active.entries())
    for (let i = 0; i < n; i++)
      for (let j = 0; j < d; j++) {
        const x = active[i] ? inputs[i]![j]! : 0;
        A[i * dim + p * d + j] = x;
        if (relu) A[i * dim + (count + p) * d + j] = -x;
      }
  const cones = patterns.active.map((active) =>
    polyhedralCone({ normals: inputs.map((x, i) => (active[i] ? x : x.map((entry) => -entry))) }),
  );
  const norms = relu
    ? cones.map((cone) => conicNorm(cone, { weight: β }))
    : cones.map(() => groupL1Norm({ weight: β }));
  const program = groupProgram({
    name: 'convex-relu',
    A,
    targets,
    regularisation: β,
    groups: [...norms, ...(relu ? norms : [])].map((f) => ({ f, size: d })),
    ...(relu && {
      ontoCone(g, v, start, end) {
        cones[g % count]!.prox(v, 1, start, end);
      },
    }),
  });
  const blocks: Game['blocks'] = relu
    ? [
        { name: 'positive', offset: 0, shape: [count, d], player: 0 },
        { name: 'negative', offset: count * d, shape: [count, d], player: 0 },
      ]
    : [{ name: 'gated', offset: 0, shape: [count, d], player: 0 }];
  return { ...program, blocks, inputs, targets, regularisation: β, patterns, cones, activation };
}
