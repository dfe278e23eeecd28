export * from './linear.js';
export * from './forsaken.js';
export * from './polar.js';
export * from './registry.js';
export * from './user-game.js';
export {
  matrixGame,
  randomMatrixGame,
  dualityGap,
  valueBounds,
  type MatrixGameOptions,
  type RandomMatrixGameOptions,
} from './matrix-game.js';
export {
  quadratic,
  randomComonotone,
  type QuadraticOptions,
  type RandomComonotoneOptions,
} from './quadratic.js';
export { ratioGame, type RatioGameOptions } from './ratio-game.js';
export { markovGame, type MarkovGameOptions } from './markov-game.js';
export {
  cournot,
  traffic,
  lqGame,
  type CournotOptions,
  type TrafficOptions,
  type LqGameOptions,
} from './equilibria.js';
export * from './stochastic.js';
export { affineGame, type AffineParts } from './affine.js';
