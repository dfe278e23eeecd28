export { activationPatterns, patternBound, type ActivationPatterns } from './patterns.js';
export { type ConvexRelu } from './convex-relu.js';
export {
  coneDecomposition,
  neuronsOf,
  reluObjective,
  reluOptimality,
  reluResidual,
  reluUnits,
  type ReluOptimality,
  type ReluUnit,
} from './relu-network.js';
export {
  shatteredThreshold,
  thresholdObjective,
  thresholdUnits,
  type ThresholdLasso,
  type ThresholdUnit,
} from './threshold.js';
export type { ConvexProgram, DualBound, NetworkData, NetworkDataOptions, PatternedData } from './program.js';
