export * from './network.js';
export { batchNorm } from './layers/batch-norm.js';
export { spectralNorm } from './layers/spectral-norm.js';
export * from './models/mlp.js';
export { dcganDiscriminator, dcganGenerator, type DcganOptions } from './models/dcgan.js';
export { fromLayersModel, type LayersModel, type LayerWeight, type ModelLayer } from './user/layers-model.js';
export { type Help, network, type NetworkOptions, type Start, start } from './user/functions.js';
