import type { Extractor, ExtractorContext, ExtractorEntry } from '@stillpoint/metrics';
import { row, type Data, type Full, type Option } from '@stillpoint/operators';
import { fashionClassifier } from './fashion-classifier.js';
import { onnxExtractor, onnxTable } from './onnx.js';

const file: Option<string> = {
  about: 'the path of the ONNX file',
  expected: 'a path in quotes, as "inception.onnx"',
  accepts: (value: Data) => typeof value === 'string' && value !== '',
};
const fileTable = { file, ...onnxTable };

/** The extractors that need a runtime, as rows of the same kind as those of @stillpoint/metrics. */
export const extractorRows: readonly ExtractorEntry[] = [
  {
    name: 'fashion-classifier',
    about: 'the classifier of Fashion-MNIST in @stillpoint/networks: 64 features, and a logit for each class',
    shapes: '[28, 28, 1] in [−1, 1] → 64 features, 10 logits',
    reference: 'trained by bench/classifier/train.mjs',
    options: {},
    make: async (read) => {
      read({});
      return fashionClassifier();
    },
  },
  row(
    {
      name: 'onnx',
      about:
        'an ONNX file of your own, such as an Inception network, with all that happens to an image before it',
      example: 'onnx(file="inception.onnx", resize=tf1-bilinear, side=299, white=0.9921875)',
      shapes: '[height, width, channels] in [−1, 1] → as the file returns',
      reference: 'Parmar, Zhang, Zhu 2022, arXiv 2104.11222, on resizing',
    },
    fileTable,
    async (
      { file: path, ...options }: Full<typeof fileTable>,
      _: readonly Promise<Extractor>[],
      { shape }: ExtractorContext,
    ) => {
      const { bytesOf } = await import('./files.js');
      return onnxExtractor({ ...options, bytes: await bytesOf(path), shape });
    },
  ),
];
