import {
  InputError,
  formatSpec,
  sizeOf,
  type Data,
  type Option,
  type Row,
  type Spec,
} from '@stillpoint/operators';
import { countOf } from './check.js';

/** Features of examples, flat `[n, dim]`. */
export interface Extracted {
  readonly features: Float32Array;
  /** Length of one example's features. */
  readonly dim: number;
}

/** Logits of examples, flat `[n, classes]`. */
export interface Classified {
  readonly logits: Float32Array;
  readonly classes: number;
}

/** The examples that an extractor takes. */
export interface Taken {
  /** Shape of one example, channels last. */
  readonly shape: readonly number[];
  /** The values that stand for black and white. */
  readonly range: readonly [black: number, white: number];
}

/**
 * What turns examples into features, and into logits if it is a classifier. Those that need a runtime are in
 * @stillpoint/networks.
 */
export interface Extractor {
  /** The spec that names it; the settings of every figure record it as `features`. */
  readonly name: string;
  /**
   * Plain data that decides whether figures may be compared: how examples are prepared, and a hash of the
   * weights.
   */
  readonly identity: Data;
  /** Default: examples of any shape. */
  readonly takes?: Taken;
  /** The features of flat examples `[n, ...shape]`. */
  readonly features: (examples: Float32Array) => Promise<Extracted>;
  /** The logit of each class, if it is a classifier. */
  readonly logits?: (examples: Float32Array) => Promise<Classified>;
  /** Frees what it holds. Default: nothing has to be freed. */
  readonly dispose?: () => Promise<void>;
}

/** What an extractor is built with. */
export interface ExtractorContext {
  /** Shape of one example. */
  readonly shape: readonly number[];
}

/** An extractor's entry in a registry. */
export interface ExtractorEntry extends Row<Promise<Extractor>, [ExtractorContext]> {
  /** What it takes and returns, in words. */
  readonly shapes: string;
  readonly reference: string;
}

/** Uses the examples themselves as features. This is right for points in the plane but weak for images. */
export const rawFeatures = (dim: number): Extractor => ({
  name: 'raw',
  identity: 'raw',
  features: async (examples) => ({ features: examples, dim }),
});

/** The row of `rawFeatures`. */
export const rawEntry: ExtractorEntry = {
  name: 'raw',
  about: 'the examples themselves; right for points in the plane but weak for images',
  shapes: '[…] → the same numbers',
  reference: 'none',
  options: {},
  make: async (read, _, { shape }) => {
    read({});
    return rawFeatures(sizeOf(shape));
  },
};

/** A name, or the spec of an extractor. */
export type ExtractorSpec = string | Spec;

const isSpec = (value: Data): boolean =>
  (typeof value === 'string' && value !== '') ||
  (value !== null &&
    typeof value === 'object' &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value) &&
    'name' in value);

const words: Pick<Option<ExtractorSpec>, 'expected' | 'accepts'> = {
  expected: 'the spec of an extractor, as raw or fashion-classifier',
  accepts: isSpec,
};

/** The option of metrics on features. */
export const extractorTable: { readonly extractor: Option<ExtractorSpec> & { readonly default: string } } = {
  extractor: { about: 'what makes the features that are compared', default: 'raw', ...words },
};

/** The option of metrics on logits, which has no default: only a classifier has logits. */
export const classifierTable: { readonly extractor: Option<ExtractorSpec> } = {
  extractor: { about: 'the classifier that returns the logits', ...words },
};

/** The text of an extractor's spec. */
export const extractorName = (spec: ExtractorSpec): string =>
  typeof spec === 'string' ? spec : formatSpec(spec);

/** The channels of images apart: `[n, …, channels]` as `[n·channels, …]`, image after image. */
function apart(examples: Float32Array, size: number, channels: number): Float32Array {
  const out = new Float32Array(examples.length);
  const n = countOf('examples', examples, size * channels);
  for (let i = 0, at = 0; i < n; i++)
    for (let c = 0; c < channels; c++)
      for (let p = 0; p < size; p++) out[at++] = examples[(i * size + p) * channels + c]!;
  return out;
}

/**
 * An extractor of images with several channels from one of grey images, which is applied to each channel.
 * Features and logits of an image are those of its channels, one after the other: `[n, channels·dim]`.
 * @throws InputError for an extractor that does not take grey images.
 */
export function byChannel(extractor: Extractor, channels: number): Extractor {
  const { name, identity, takes, features, logits } = extractor;
  const [height = 0, width = 0, grey = 0] = takes?.shape ?? [];
  if (takes === undefined || grey !== 1)
    throw new InputError(
      `extractor ${name} takes ${takes === undefined ? 'examples of any shape' : `images of shape [${takes.shape.join(', ')}]`}; expected one of grey images, [height, width, 1], to be applied to ${channels} channels`,
    );
  const split = (examples: Float32Array): Float32Array => apart(examples, height * width, channels);
  return {
    ...extractor,
    identity: { kind: 'by channel', channels, of: identity },
    takes: { ...takes, shape: [height, width, channels] },
    async features(examples) {
      const all = await features(split(examples));
      return { features: all.features, dim: channels * all.dim };
    },
    ...(logits && { logits: async (examples: Float32Array) => logits(split(examples)) }),
  };
}
