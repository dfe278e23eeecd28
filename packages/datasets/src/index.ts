export type { BatchStream, Dataset, ImageSet, Mixture } from './types.js';
export { mixture, type MixtureOptions } from './mixture.js';
export { ring, type RingOptions } from './ring.js';
export { imageSet, type ImageSetOptions } from './images.js';
export { parseIdx, readIdx, type Idx } from './idx.js';
export { fashionMnist, type FashionMnist, type FashionMnistOptions } from './fashion-mnist.js';
export { datasetFrom, datasets, type BuiltDataset, type DatasetRow } from './registry.js';
