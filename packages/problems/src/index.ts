export * from './problems.js';
export {
  gameFrom,
  problemFrom,
  problemKinds,
  problemRegistries,
  problems,
  problemsOf,
  type ProblemRow,
} from './registry.js';
export {
  problemKind,
  type Labels,
  type OptionsOfProblem,
  type Posed,
  type ProblemEntry,
  type ProblemFile,
  type ProblemKind,
  type ProblemMaker,
} from './problem.js';
export { game } from './kinds/game.js';
export { sampledGame, type Sampled } from './kinds/sampled-game.js';
export { minimisation, minimisationWithBatches } from './kinds/minimisation.js';
export * from './user/user-game.js';
export { minMax } from './games/linear.js';
export { dualityGap, valueBounds } from './games/matrix-game.js';
export { affineGame, type AffineParts } from './games/affine.js';
export type { LabelledRows, MinMaxAuc } from './sampled/min-max-auc.js';
export type { Batch } from './sampled/batch-bilinear.js';
export * from './convex-networks/index.js';
export type { TwoLayer, TwoLayerOptions } from './minimisations/two-layer.js';
export type { TwoMoons } from './minimisations/two-moons.js';
export { limitKernel, leastEigenvalue } from './kernels.js';
export { hiddenSigns } from './minimisations/binary-logistic.js';
export { trilevelSolution } from './minimisations/trilevel-quadratic.js';
export { type LinearMap, type TrilevelParts, trilevelParts } from './minimisations/trilevel.js';
export {
  finiteSum,
  inBatches,
  type FiniteSum,
  type FiniteSumGame,
  type Indices,
} from './minimisations/finite-sum.js';
export { maximumPrincipleResidual, type NeuralOde, type NeuralOdeOptions } from './control/neural-ode.js';
export type { Shooting } from './control/shooting.js';
