export * from './games/linear.js';
export * from './games/forsaken.js';
export * from './games/polar.js';
export * from './games/minimax.js';
export * from './games/xy-box.js';
export { exponentialSaddle, type ExponentialSaddleOptions } from './games/exponential-saddle.js';
export { oneSided, type OneSidedOptions } from './games/one-sided.js';
export { oneSidedOnly, type OneSidedOnlyOptions } from './games/one-sided-only.js';
export * from './registry.js';
export * from './user/user-game.js';
export {
  matrixGame,
  randomMatrixGame,
  dualityGap,
  valueBounds,
  type MatrixGameOptions,
  type RandomMatrixGameOptions,
} from './games/matrix-game.js';
export {
  quadratic,
  randomComonotone,
  type QuadraticOptions,
  type RandomComonotoneOptions,
} from './games/quadratic.js';
export { ratioGame, type RatioGameOptions } from './games/ratio-game.js';
export { markovGame, type MarkovGameOptions } from './games/markov-game.js';
export {
  cournot,
  traffic,
  lqGame,
  type CournotOptions,
  type TrafficOptions,
  type LqGameOptions,
} from './games/equilibria.js';
export * from './sampled.js';
export { minMaxAuc, type LabelledRows, type MinMaxAuc, type MinMaxAucOptions } from './games/min-max-auc.js';
export { cantorGame, type CantorGameOptions } from './games/cantor-game.js';
export { affineGame, type AffineParts } from './games/affine.js';
export { cantor, type CantorOptions } from './minimisations/cantor.js';
export { doubleWell, type DoubleWellOptions } from './minimisations/double-well.js';
export { gaussian, type GaussianOptions } from './minimisations/gaussian.js';
export { power, type PowerOptions } from './minimisations/power.js';
export { exponential, type ExponentialOptions } from './minimisations/exponential.js';
export { clippingLowerBound, type ClippingLowerBoundOptions } from './minimisations/clipping-lower-bound.js';
export { polynomial, type PolynomialOptions } from './minimisations/polynomial.js';
export { siluTeacher, type SiluTeacherOptions } from './minimisations/silu-teacher.js';
export * from './convex-networks/index.js';
export { type TwoLayer, type TwoLayerOptions } from './minimisations/two-layer.js';
export { twoLayerRelu } from './minimisations/two-layer-relu.js';
export { twoLayerTanh } from './minimisations/two-layer-tanh.js';
export { limitKernel, leastEigenvalue } from './kernels.js';
export { binaryLogistic, hiddenSigns, type BinaryLogisticOptions } from './minimisations/binary-logistic.js';
export { logistic, type LogisticOptions } from './minimisations/logistic.js';
export { ridge, type RidgeOptions } from './minimisations/ridge.js';
export {
  trilevelQuadratic,
  trilevelSolution,
  type TrilevelQuadraticOptions,
} from './minimisations/trilevel-quadratic.js';
export { type LinearMap, type TrilevelParts, trilevelParts } from './minimisations/trilevel.js';
export {
  penalisedRegression,
  type PenalisedRegressionOptions,
} from './minimisations/penalised-regression.js';
export { sparseRegression, type SparseRegressionOptions } from './minimisations/sparse-regression.js';
export { matrixCompletion, type MatrixCompletionOptions } from './minimisations/matrix-completion.js';
export { finiteSum, inBatches, type FiniteSum, type Indices } from './minimisations/finite-sum.js';
export {
  maximumPrincipleResidual,
  neuralOde,
  type NeuralOde,
  type NeuralOdeOptions,
} from './control/neural-ode.js';
export { neuralOdeShooting, type Shooting } from './control/shooting.js';
export {
  minimisationFrom,
  minimisationRegistry,
  minimisations,
  type Minimisation,
  type MinimisationEntry,
  type MinimisationRow,
} from './minimisations/registry.js';
export { problemFrom, problems, type Posed } from './posed.js';
export { twoMoons, twoMoonsNetwork, type TwoMoons, type TwoMoonsOptions } from './minimisations/two-moons.js';
