import * as tf from '@tensorflow/tfjs-core';
import { InputError, type Row } from '@stillpoint/operators';
import type { Context } from '../network.js';
import { expectLayer, type BuiltLayer, type Layer, type LayerEntry, type Shape } from './layer.js';

/** `conv2`: the layer's kind and which of that kind it is, from 1. */
function namesOf(layers: readonly Layer[]): readonly string[] {
  const count = new Map<string, number>();
  return layers.map(({ name }) => {
    const n = (count.get(name) ?? 0) + 1;
    count.set(name, n);
    return `${name}${n}`;
  });
}

/**
 * Splits what several built layers take together: parameters, moments and noise, each in the layers' order.
 */
function shares(
  parts: readonly BuiltLayer[],
  tensors: readonly tf.Tensor[],
  { given, used, labels, noise }: Context,
) {
  const sizes = parts.map((part) => part.noise ?? 0).filter((n) => n > 0);
  const noises = noise === undefined || sizes.length === 0 ? [] : tf.split(noise, sizes, 1);
  let [parameter, layer, random] = [0, 0, 0];
  return parts.map(({ parameters, normalised = [], noise: own = 0 }) => {
    const [from, first] = [parameter, layer];
    parameter += parameters.length;
    layer += normalised.length;
    const context: Context = {
      given: given?.slice(first, layer),
      used: used && ((i, moments) => used(first + i, moments)),
      labels,
      noise: own > 0 ? noises[random++] : undefined,
    };
    return { parameters: tensors.slice(from, parameter), context };
  });
}

/** The classes that parts agree on. */
function classesOf(name: string, parts: readonly BuiltLayer[]): number | undefined {
  const all = new Set(parts.flatMap(({ classes }) => (classes === undefined ? [] : [classes])));
  if (all.size > 1)
    throw new InputError(
      `${name}: its layers take labels of ${[...all].join(' and of ')} classes; expected one number`,
    );
  return all.values().next().value;
}

const together = (
  name: string,
  prefixes: readonly string[],
  parts: readonly BuiltLayer[],
): Omit<BuiltLayer, 'output' | 'apply'> => {
  const classes = classesOf(name, parts);
  const noise = parts.reduce((sum, part) => sum + (part.noise ?? 0), 0);
  const normalised = parts.flatMap((part) => part.normalised ?? []);
  return {
    parameters: parts.flatMap(({ parameters }, i) =>
      parameters.map((parameter) => ({ ...parameter, name: `${prefixes[i]}.${parameter.name}` })),
    ),
    ...(normalised.length > 0 && { normalised }),
    ...(noise > 0 && { noise }),
    ...(classes !== undefined && { classes }),
  };
};

/** Builds layers one after another, for examples of a shape. */
export function buildChain(layers: readonly Layer[], input: Shape, name: string, prefix = ''): BuiltLayer {
  const names = namesOf(layers);
  const parts: BuiltLayer[] = [];
  let shape = input;
  for (const [i, layer] of layers.entries()) {
    const part = layer.build(shape, `${prefix}${names[i]}`);
    parts.push(part);
    shape = part.output;
  }
  return {
    ...together(name, names, parts),
    output: shape,
    apply(tensors, x, context) {
      const each = shares(parts, tensors, context);
      return parts.reduce((h, part, i) => part.apply(each[i]!.parameters, h, each[i]!.context), x);
    },
  };
}

/** Layers one after another, as one layer. */
export function chain(...layers: readonly Layer[]): Layer {
  for (const layer of layers) expectLayer('chain', layer);
  return {
    name: 'chain',
    identity: { layer: 'chain', layers: layers.map(({ identity }) => identity) },
    build: (input, name) => buildChain(layers, input, name, `${name}.`),
  };
}

/**
 * A residual block: what `path` makes of x, plus x itself, or what `shortcut` makes of it, which fits where
 * path changes the shape. He, Zhang, Ren, Sun 2015, arXiv 1512.03385.
 */
export function residual(path: Layer, shortcut?: Layer): Layer {
  expectLayer('residual', path);
  if (shortcut !== undefined) expectLayer('residual', shortcut);
  const ways = shortcut === undefined ? [path] : [path, shortcut];
  const prefixes = ['path', 'shortcut'];
  return {
    name: 'residual',
    identity: { layer: 'residual', layers: ways.map(({ identity }) => identity) },
    build(input, name) {
      const parts = ways.map((way, i) => way.build(input, `${name}.${prefixes[i]}`));
      const [main, side] = [parts[0]!, parts[1]];
      const other = side?.output ?? input;
      if (String(main.output) !== String(other))
        throw new InputError(
          `layer ${name}: its path returns [${main.output.join(',')}], its shortcut [${other.join(',')}]${side ? '' : ', the input'}; expected the same shape`,
        );
      return {
        ...together(name, prefixes, parts),
        output: main.output,
        apply(tensors, x, context) {
          const [own, beside] = shares(parts, tensors, context);
          const y = main.apply(own!.parameters, x, own!.context);
          return tf.add(y, side === undefined ? x : side.apply(beside!.parameters, x, beside!.context));
        },
      };
    },
  };
}

/** A layer whose kernels are used divided by their largest singular value. */
export function spectral(inner: Layer): Layer {
  expectLayer('spectral', inner);
  return {
    name: inner.name,
    identity: { layer: 'spectral', of: inner.identity },
    build(input, name) {
      const part = inner.build(input, name);
      const kernels = part.parameters.filter(({ shape }) => shape.length > 1);
      if (kernels.length === 0)
        throw new InputError(
          `layer ${name}: it has no kernel to divide by its largest singular value; expected a layer with one, as conv({ filters: 8 })`,
        );
      return {
        ...part,
        parameters: part.parameters.map((parameter) =>
          parameter.shape.length > 1 ? { ...parameter, spectral: true } : parameter,
        ),
      };
    },
  };
}

const composed = (
  words: Omit<LayerEntry, keyof Row<Layer>> & Pick<LayerEntry, 'name' | 'about' | 'example'>,
  takes: 'one' | 'some',
  make: (inner: readonly Layer[]) => Layer,
): LayerEntry => ({ ...words, options: {}, takes, make: (read, inner) => (read({}), make(inner)) });

/** The rows of layers that are made of layers. */
export const composers: readonly LayerEntry[] = [
  composed(
    {
      name: 'chain',
      about: 'layers one after another, as one layer',
      reference: 'classical',
      shapes: 'those of its first and its last layer',
      example: 'chain(conv(filters=8), activation(of=relu))',
    },
    'some',
    (inner) => chain(...inner),
  ),
  composed(
    {
      name: 'residual',
      about:
        'a residual block: what the first layer makes of x, plus x, or plus what the second layer makes of it',
      reference: 'He, Zhang, Ren, Sun 2015, arXiv 1512.03385',
      shapes: '[…] → what its layers return',
      example: 'residual(chain(activation(of=relu), conv(filters=8)), conv(filters=8, size=1))',
    },
    'some',
    ([path, shortcut, ...more]) => {
      if (more.length > 0)
        throw new InputError(`layer residual takes one layer or two; found ${more.length + 2}`);
      return residual(path!, shortcut);
    },
  ),
  composed(
    {
      name: 'spectral',
      about:
        'a layer whose kernels are used divided by their largest singular value, by one power iteration a step',
      reference: 'Miyato, Kataoka, Koyama, Yoshida 2018, arXiv 1802.05957',
      shapes: 'those of its layer',
      example: 'spectral(conv(filters=8))',
    },
    'one',
    ([inner]) => spectral(inner!),
  ),
];
