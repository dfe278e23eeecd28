import { compile, type EngineName } from '@stillpoint/engine';
import type { Extractor } from '@stillpoint/metrics';
import { InputError, contentHash, readSafetensors } from '@stillpoint/operators';
import type { Network } from '../network.js';
import { inBatches } from './batches.js';
import { fashionNetwork } from './fashion-network.js';
import { classifierWeights } from './files.js';

/** Options of {@link fashionClassifier}. */
export interface FashionClassifierOptions {
  /** What computes it. Default `auto`: native if onnxruntime-node loads, else wasm. */
  readonly engine?: EngineName | 'auto';
  /** Threads of one evaluation. Default 1. */
  readonly threads?: number;
  /** The bytes of its weights, for a page, which has no files. Default: those of this package. */
  readonly weights?: Uint8Array;
}

const BATCH = 125;
const CLASSES = 10;

/** A network's tensors in a file, in the order of its parameters. */
function tensorsIn(
  file: ReturnType<typeof readSafetensors>,
  part: string,
  { parameters }: Network,
): readonly Float32Array[] {
  return parameters.map(({ name, shape }) => {
    const values = file.tensors[`${part}.${name}`];
    const found = file.shapes[`${part}.${name}`];
    if (!(values instanceof Float32Array) || found?.join() !== shape.join())
      throw new InputError(
        `weights of fashion-classifier: ${part}.${name} is ${found === undefined ? 'missing' : `of shape [${found.join(', ')}]`}; expected float32 of shape [${shape.join(', ')}], as in data/fashion-classifier.safetensors`,
      );
    return values;
  });
}

/**
 * The classifier of Fashion-MNIST in this package as an extractor: 64 features of a 28×28 grey image in
 * [−1, 1], those before its last layer, and a logit for each of the ten classes. It was trained on the first
 * 8,000 images of the package @stillpoint/datasets; figures on the last 2,000 are honest. Loaded in Node
 * without `weights`. @throws InputError for weights that do not fit.
 */
export async function fashionClassifier({
  engine = 'auto',
  threads = 1,
  weights,
}: FashionClassifierOptions = {}): Promise<Extractor> {
  const bytes = weights ?? (await classifierWeights());
  const file = readSafetensors(bytes, 'weights of fashion-classifier');
  const { body, head } = fashionNetwork();
  const named = [
    ...tensorsIn(file, 'body', body).map((values, i) => [`body ${i}`, values, body.parameters[i]!] as const),
    ...tensorsIn(file, 'head', head).map((values, i) => [`head ${i}`, values, head.parameters[i]!] as const),
  ];
  const tensors = Object.fromEntries(named.map(([name, values]) => [name, values]));
  const inputs: { readonly [name: string]: readonly number[] } = {
    ...Object.fromEntries(named.map(([name, , { shape }]) => [name, shape])),
    x: [BATCH, body.inputs],
  };
  const compiled = await compile(
    (given) => {
      const of = (part: string, { parameters }: Network) => parameters.map((_, i) => given[`${part} ${i}`]!);
      const features = body.apply(of('body', body), given['x']!, {});
      return { features, logits: head.apply(of('head', head), features, {}) };
    },
    { inputs, engine, threads },
  );
  const run = inBatches('fashion-classifier', {
    size: body.inputs,
    batch: BATCH,
    run: async (x) => compiled.run({ ...tensors, x }),
  });
  return {
    name: 'fashion-classifier',
    identity: { kind: 'fashion-classifier', weights: contentHash(bytes) },
    takes: { shape: [28, 28, 1], range: [-1, 1] },
    features: async (examples) => ({ features: await run(examples, 'features'), dim: body.outputs }),
    logits: async (examples) => ({ logits: await run(examples, 'logits'), classes: CLASSES }),
    dispose: compiled.dispose,
  };
}
