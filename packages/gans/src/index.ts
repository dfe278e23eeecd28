export { type Model, modelFrom, modelRegistry, type ModelEntry, type ModelRow, models } from './models.js';
export { besideLabels } from './beside-labels.js';
export * from './losses/loss.js';
export * from './losses/non-saturating.js';
export * from './losses/saddle.js';
export * from './losses/hinge.js';
export * from './losses/wasserstein.js';
export * from './losses/least-squares.js';
export * from './losses/sees.js';
export * from './losses/smoothed.js';
export * from './losses/relativistic.js';
export * from './losses/r3gan.js';
export { unrolled } from './losses/unrolled.js';
export { lossFrom, lossRegistry, type LossEntry, type LossRow, losses } from './losses/registry.js';
export * from './penalties/penalty.js';
export * from './penalties/regularised.js';
export * from './penalties/slopes.js';
export * from './penalties/lecam.js';
export * from './penalties/auxiliary-classifier.js';
export {
  penalties,
  penaltyFrom,
  penaltyRegistry,
  type PenaltyEntry,
  type PenaltyRow,
} from './penalties/registry.js';
export type { Part, PlayerName } from './objective.js';
export { warningsOf } from './warnings.js';
export * from './gan.js';
export {
  type ExportFacts,
  exportGenerator,
  type ExportOptions,
  type GeneratorExport,
} from './export/generator.js';
export { describeExport, exportedFiles } from './export/files.js';
