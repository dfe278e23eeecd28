export type { BatchStream, Dataset, ImageSet, Mixture } from './types.js';
export { mixture, type MixtureOptions } from './mixture.js';
export { ring, type RingOptions } from './ring.js';
export { grid, type GridOptions } from './grid.js';
export { swissRoll, type SwissRollOptions } from './swiss-roll.js';
export type { Convention } from './convention.js';
export { imageSet, type ImageSetOptions } from './images.js';
export { parseIdx, readIdx, type Idx, type ReadIdxOptions } from './idx.js';
export { fashionMnist, type FashionMnist, type FashionMnistOptions } from './fashion-mnist.js';
export {
  datasetFrom,
  datasetRegistry,
  datasets,
  type BuiltDataset,
  type DatasetEntry,
  type DatasetRow,
} from './registry.js';
export { knownStacks, stackedImages, type KnownStacksOptions, type Stacks } from './stacks.js';
export { parseNpy, readNpy, type Npy } from './npy.js';
export { imagesFrom, type ImagesFromOptions } from './images-from.js';
export { pointSet, type PointSet, type PointSetOptions } from './points.js';
export { parseCsv, type Csv, type CsvOptions } from './csv.js';
export { cifar10, cifar100, cifar10Classes, type Cifar100Options, type NamedBytes } from './cifar.js';
export { readFiles } from './files.js';
export { imageFiles, imageFolder, type ImageFiles, type ImageFilesOptions } from './image-files.js';
export type { Fit } from './picture.js';
