import type * as tf from '@tensorflow/tfjs-core';
import {
  InputError,
  parseRows,
  shown,
  type Data,
  type Full,
  type Given,
  type GivenOf,
  type OptionRows,
  type Row,
} from '@stillpoint/operators';
import { initialiserFrom, type Initialiser } from '../initialise/registry.js';
import type { Context } from '../network.js';

/** The shape of one example, without the batch axis. */
export type Shape = readonly number[];

/** A parameter of a layer. */
export interface LayerParameter {
  readonly name: string;
  readonly shape: Shape;
  readonly start: Initialiser;
  /** Whether it is used divided by its largest singular value. */
  readonly spectral?: boolean;
}

/** A layer for examples of one shape. */
export interface BuiltLayer {
  /** The shape of what it returns. */
  readonly output: Shape;
  readonly parameters: readonly LayerParameter[];
  /** As in `Network`: the channels of each place that normalises by the batch. */
  readonly normalised?: readonly number[];
  /** As in `Network`: uniform numbers per example. */
  readonly noise?: number;
  /** As in `Network`: the number of classes that its labels tell apart. */
  readonly classes?: number;
  /** Its output [batch, ...output] for x [batch, ...input]. Moments are counted from 0 within the layer. */
  readonly apply: (parameters: readonly tf.Tensor[], x: tf.Tensor, context: Context) => tf.Tensor;
}

/** A layer, before the shape of its examples is known. */
export interface Layer {
  /** Its kind, by which its parameters are named: `dense` for `dense1.kernel`. */
  readonly name: string;
  /** Plain data that decides whether a checkpoint fits: the kind and its options. */
  readonly identity: Data;
  /** @throws InputError with the layer's name and both shapes if it cannot take examples of that shape. */
  readonly build: (input: Shape, name: string) => BuiltLayer;
}

interface Words {
  readonly name: string;
  /** One line: what it does. */
  readonly about: string;
  readonly reference: string;
  /** The shape that it takes and the one that it returns, in words. */
  readonly shapes: string;
}
/** A layer's row in the registry. */
export interface LayerEntry extends Words, Row<Layer> {
  readonly example: string;
}
/** What the registry lists. */
export interface ListedLayer {
  readonly row: LayerEntry;
}
type Call<T extends OptionRows> =
  Record<never, never> extends GivenOf<T> ? [options?: GivenOf<T>] : [options: GivenOf<T>];
/** Makes a layer from typed options. */
export interface LayerMaker<T extends OptionRows> extends ListedLayer {
  (...options: Call<T>): Layer;
}

/** Makes a layer from its file, the only place that states its options, their limits and defaults. */
export function layer<const T extends OptionRows>(
  file: Words & {
    readonly example?: string;
    readonly options: T;
    readonly build: (options: Full<T>, input: Shape, name: string) => BuiltLayer;
  },
): LayerMaker<T> {
  const { build, ...words } = file;
  const { name, options: table } = words;
  const from = (options: Full<T> & Given): Layer => ({
    name,
    identity: { layer: name, ...options },
    build: (input, as) => build(options, input, as),
  });
  const make = (given?: unknown): Layer => from(parseRows(`layer ${name}`, table, given));
  const row: LayerEntry = {
    ...words,
    example: words.example ?? name,
    make: (read) => make(read(table)),
  };
  return Object.assign((...[given]: Call<T>) => make(given), { row });
}

/** How a parameter starts: its shape, and the spec of an initialiser. */
export interface DeclaredParameter {
  readonly shape: Shape;
  readonly start: string;
}
type Tensors<P extends object> = { readonly [name in keyof P]: tf.Tensor };

/** Whether the record has a tensor for each parameter that was declared. */
const complete = <P extends { readonly [name: string]: DeclaredParameter }>(
  tensors: { readonly [name: string]: tf.Tensor },
  declared: P,
): tensors is Tensors<P> => Object.keys(declared).every((name) => Object.hasOwn(tensors, name));

/** A built layer from its parameters by name, which `apply` gets as tensors by name. */
export function builtLayer<P extends { readonly [name: string]: DeclaredParameter }>({
  parameters,
  apply,
  ...rest
}: Omit<BuiltLayer, 'parameters' | 'apply'> & {
  readonly parameters: P;
  readonly apply: (parameters: Tensors<P>, x: tf.Tensor, context: Context) => tf.Tensor;
}): BuiltLayer {
  const declared = Object.entries(parameters);
  return {
    ...rest,
    parameters: declared.map(([name, { shape, start }]) => ({ name, shape, start: initialiserFrom(start) })),
    apply(tensors, x, context) {
      const named = Object.fromEntries(tensors.map((tensor, i) => [declared[i]?.[0] ?? '', tensor]));
      if (!complete(named, parameters))
        throw new InputError(`a layer got ${tensors.length} parameters; expected ${declared.length}`);
      return apply(named, x, context);
    },
  };
}

/** Whether a value is a layer, for callers without types. */
export const isLayer = (value: unknown): value is Layer =>
  value !== null && typeof value === 'object' && typeof Reflect.get(value, 'build') === 'function';

/** @throws InputError unless the value is a layer. */
export function expectLayer(owner: string, value: unknown): Layer {
  if (isLayer(value)) return value;
  throw new InputError(
    `${owner}: one of its layers is ${typeof value === 'function' ? 'a function' : shown(value)}; expected a layer, as dense({ units: 64 }) or layerFrom('dense(units=64)') return`,
  );
}

/** An error about the shape of a layer's input. */
export const misfit = (name: string, takes: string, input: Shape): InputError =>
  new InputError(`layer ${name} takes examples of shape ${takes}; found [${input.join(',')}]`);

/** The shape of an image. @throws InputError for any other. */
export function imageShape(
  name: string,
  input: Shape,
): { readonly height: number; readonly width: number; readonly channels: number } {
  const [height, width, channels, more] = input;
  if (height === undefined || width === undefined || channels === undefined || more !== undefined)
    throw misfit(name, '[height, width, channels]', input);
  return { height, width, channels };
}

/** The shape of a sequence. @throws InputError for any other. */
export function sequenceShape(
  name: string,
  input: Shape,
): { readonly time: number; readonly features: number } {
  const [time, features, more] = input;
  if (time === undefined || features === undefined || more !== undefined)
    throw misfit(name, '[time, features]', input);
  return { time, features };
}

/** The one size of a vector. @throws InputError for any other shape. */
export function vectorShape(name: string, input: Shape): number {
  const [features, more] = input;
  if (features === undefined || more !== undefined) throw misfit(name, '[features]', input);
  return features;
}
