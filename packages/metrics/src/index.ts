export { areaUnderRoc } from './auc.js';
export {
  modeCoverage,
  type KnownMixture,
  type ModeCoverage,
  type ModeCoverageOptions,
  type ModeCoverageSettings,
} from './mode-coverage.js';
export {
  slicedWasserstein,
  slicedWassersteinReport,
  squaredWasserstein1d,
  unitDirections,
  type SlicedWasserstein,
  type SlicedWassersteinOptions,
  type SlicedWassersteinSettings,
} from './sliced-wasserstein.js';
export {
  byChannel,
  rawEntry,
  rawFeatures,
  type Classified,
  type Extracted,
  type Extractor,
  type ExtractorContext,
  type ExtractorEntry,
  type ExtractorSpec,
  type Taken,
} from './extractor.js';
export {
  leastClassShare,
  type LeastClassShare,
  type LeastClassShareOptions,
  type LeastClassShareSettings,
} from './class-share.js';
export {
  classifierScore,
  type ClassifierScore,
  type ClassifierScoreOptions,
  type ClassifierScoreSettings,
  type LogitOptions,
} from './classifier-score.js';
export {
  expectedOfUniform,
  stackedModes,
  type StackedModes,
  type StackedModesOptions,
  type StackedModesSettings,
} from './stacked-modes.js';
export {
  memorisation,
  type Memorisation,
  type MemorisationSettings,
  type TrainingSets,
} from './memorisation.js';
export { withPerfect, type FeatureOptions, type FeatureSets, type WithPerfect } from './features.js';
export { neighbourBalls, type BallOptions, type Balls } from './balls.js';
export {
  precisionRecall,
  precisionRecallOfBalls,
  type PrecisionRecall,
  type PrecisionRecallOptions,
  type PrecisionRecallSettings,
} from './precision-recall.js';
export {
  densityCoverage,
  densityCoverageOfBalls,
  expectedCoverage,
  type DensityCoverage,
  type DensityCoverageOptions,
  type DensityCoverageSettings,
} from './density-coverage.js';
export { featureMoments, type FeatureMoments } from './moments.js';
export {
  frechetDistance,
  frechetOfMoments,
  type FrechetDistance,
  type FrechetSettings,
} from './frechet-distance.js';
export {
  kernelDistance,
  type KernelDistance,
  type KernelDistanceOptions,
  type KernelDistanceSettings,
} from './kernel-distance.js';
export { eigh, type Eigen } from '@stillpoint/operators';
export type {
  FeatureData,
  FeatureMetric,
  Figure,
  LogitData,
  LogitMetric,
  Metric,
  MetricEntry,
  MetricSettings,
  MixtureData,
  MixtureMetric,
  TrainingData,
  TrainingMetric,
} from './metric.js';
export { metricFrom, metricRegistry, metrics, type MetricRow } from './registry.js';
export { boxCounting, type BoxCount, type BoxCounting, type BoxCountingOptions } from './box-counting.js';
