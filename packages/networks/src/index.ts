export * from './network.js';
export { givenMoments, momentsLength, pooledMoments, usedMoments } from './moments.js';
export { sequential, type SequentialOptions } from './sequential.js';
export { activation, activationNames, type ActivationName } from './layers/activation.js';
export { selfAttention } from './layers/attention.js';
export { batchNorm, conditionalBatchNorm, normaliseByBatch } from './layers/batch-norm.js';
export { chain, residual, spectral } from './layers/chain.js';
export { conv, convTranspose } from './layers/conv.js';
export { dense } from './layers/dense.js';
export { dropout } from './layers/dropout.js';
export { embedding } from './layers/embedding.js';
export { appendLabels, projection } from './layers/labels.js';
export {
  type DeclaredParameter,
  builtLayer,
  type BuiltLayer,
  type Layer,
  layer,
  type LayerEntry,
  type LayerMaker,
  type LayerParameter,
  type ListedLayer,
  type Shape,
} from './layers/layer.js';
export { layerNorm } from './layers/layer-norm.js';
export { gru, gruCell, lstm, lstmCell, type LstmState } from './layers/recurrent.js';
export { layerFrom, layerRegistry, type LayerRow, layers } from './layers/registry.js';
export { flatten, globalPool, pool, reshape, upsample } from './layers/shapes.js';
export { spectralNorm } from './layers/spectral-norm.js';
export {
  fans,
  type Initialiser,
  type InitialiserEntry,
  initialiserFrom,
  initialiserRegistry,
  type InitialiserRow,
  initialisers,
} from './initialise/registry.js';
export * from './models/mlp.js';
export {
  dcganDiscriminator,
  dcganDiscriminatorTable,
  type DcganDiscriminatorOptions,
  dcganGenerator,
  type DcganOptions,
} from './models/dcgan.js';
export { languageModel, type LanguageModelOptions } from './models/language.js';
export { pinn, type PinnOptions } from './models/pinn.js';
export { r3ganDiscriminator, r3ganGenerator, r3ganTable, type R3ganOptions } from './models/r3gan.js';
export {
  type Ends,
  type NetworkEntry,
  networkFrom,
  networkRegistry,
  type NetworkRow,
  networks,
} from './models/registry.js';
export {
  resnetDiscriminator,
  resnetDiscriminatorTable,
  type ResnetDiscriminatorOptions,
  resnetGenerator,
  type ResnetGeneratorOptions,
} from './models/resnet.js';
export {
  resnetClassifier,
  resnetClassifierTable,
  type ResnetClassifierOptions,
} from './models/resnet-classifier.js';
export { fromLayersModel, type LayersModel } from './user/layers-model.js';
export type { LayerWeight, ModelLayer } from './user/layers-model-layers.js';
export { type Help, network, type NetworkOptions, type Start, start } from './user/functions.js';
export {
  crossEntropy,
  languageEnds,
  languageProblem,
  type LanguageProblemOptions,
  type TokenData,
} from './problems/language.js';
export {
  classifierAccuracy,
  type Accuracy,
  type AccuracyAndLoss,
  type AccuracyOptions,
} from './problems/accuracy.js';
export {
  type AucNumbers,
  type AucOptions,
  type AucProblem,
  aucProblem,
  type AucProblemOptions,
  classifierAuc,
  type MeasuredAuc,
  minMaxAucLosses,
} from './problems/auc.js';
export type { HeldOutOptions } from './problems/held-out.js';
export {
  classifierEnds,
  classifierProblem,
  type ClassifierProblemOptions,
  type LabelledData,
} from './problems/classifier.js';
export { shiftedAndMirrored } from './problems/augment.js';
export { problemFromLosses, type LossesOptions } from './problems/from-losses.js';
export { innerSteps, type InnerSteps, innerStepsAlong } from './problems/inner-steps.js';
export {
  type LowerSolution,
  multilevelProblem,
  type MultilevelOptions,
  type MultilevelProblem,
} from './problems/multilevel.js';
export type { PerLevel } from './problems/level-options.js';
export { problemFromResiduals, type ResidualsOptions } from './problems/from-residuals.js';
export type { CompiledProblem, EngineProblem, FromOptions } from './problems/compiled.js';
export {
  neuralOdeProblem,
  type ControlTensors,
  type NeuralOdeProblemOptions,
} from './problems/neural-ode.js';
export {
  shootingProblem,
  type ShootingOptions,
  type ShootingProblem,
  type Shot,
} from './problems/shooting.js';
export type { SearchEnd, SearchLimits } from './problems/separate-minima.js';
export { pricesFor } from './problems/computer.js';
export { applyNetwork, parametersOf } from './problems/networks.js';
export { type LossOf, product, transposedProduct } from './problems/products.js';
export type { Dense, NamedDense, NamedNumbers, Numbers } from './problems/samples.js';
export type { DrawStream, SourceOptions } from './problems/source.js';
export type { PlayerTensors, TensorsOf } from './problems/tensors.js';
export { type Classifier, fashionNetwork } from './extractors/fashion-network.js';
export { fashionClassifier, type FashionClassifierOptions } from './extractors/fashion-classifier.js';
export { antialiasedBicubic, type Image, tf1Bilinear } from './extractors/resize.js';
export { extractorRows } from './extractors/registry.js';
export { prepareImages, type Preparation, type Wanted } from './extractors/prepare.js';
export { onnxExtractor, type OnnxExtractorOptions } from './extractors/onnx.js';
export {
  optimumShift,
  optimumShifter,
  type OptimumShift,
  type OptimumShiftOptions,
  type OptimumShifter,
  type OptimumShifterOptions,
} from './problems/optimum-shift.js';
