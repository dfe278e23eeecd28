import {
  number,
  normal,
  registry,
  row,
  sizeOf,
  uniform,
  type Option,
  type Registered,
  type Registry,
  type Row,
  type Spec,
  type Stream,
} from '@stillpoint/operators';
import { orthogonal } from './orthogonal.js';

/** Writes the starting values of a parameter of a shape: a pure function of the stream. */
export type Initialiser = (values: Float32Array, shape: readonly number[], stream: Stream) => void;

/** An initialiser's row in the registry. */
export interface InitialiserEntry extends Row<Initialiser> {
  readonly reference: string;
}

/** A row of the registry of initialisers. */
export type InitialiserRow = Registered<InitialiserEntry, Initialiser>;

/**
 * Numbers that reach one output, and outputs that one number reaches, read off a shape [sides of the window
 * …, in, out] as Keras does; a vector counts as both. For a transposed convolution, whose shape is [height,
 * width, out, in], the two are exchanged, as in Keras and PyTorch.
 */
export function fans(shape: readonly number[]): { readonly in: number; readonly out: number } {
  const [from = 1, to = from] = shape.slice(-2);
  const window = sizeOf(shape.slice(0, -2));
  return { in: window * from, out: window * to };
}

const evenly = (values: Float32Array, stream: Stream, lower: number, upper: number): void => {
  uniform(values, stream).forEach((u, i) => (values[i] = lower + (upper - lower) * u));
};
const gain = <const D extends number>(value: D) => ({
  gain: number({ about: 'multiplies the starting values', above: 0, default: value }),
});

const he = 'He, Zhang, Ren, Sun 2015, arXiv 1502.01852';
const glorot = 'Glorot, Bengio 2010';

const entries: readonly InitialiserEntry[] = [
  row(
    { name: 'constant', about: 'every entry the same', reference: 'classical' },
    { value: number({ about: 'each entry', default: 0 }) },
    ({ value }: { readonly value: number }): Initialiser =>
      (values) =>
        void values.fill(value),
  ),
  row(
    { name: 'normal', about: 'N(mean, deviation²)', reference: 'classical' },
    {
      deviation: number({ about: 'standard deviation', symbol: 'σ', above: 0, default: 0.02 }),
      mean: number({ about: 'mean', default: 0 }),
    },
    ({ deviation, mean }: { readonly deviation: number; readonly mean: number }): Initialiser =>
      (values, _, stream) =>
        void normal(values, stream, mean, deviation),
  ),
  row(
    { name: 'uniform', about: 'uniform between two limits', reference: 'classical' },
    {
      lower: number({ about: 'lower limit', default: -0.05 }),
      upper: number({ about: 'upper limit', default: 0.05 }),
    },
    ({ lower, upper }: { readonly lower: number; readonly upper: number }): Initialiser =>
      (values, _, stream) =>
        evenly(values, stream, lower, upper),
  ),
  row(
    {
      name: 'glorot-uniform',
      about: 'uniform, variance 2·gain²/(fan-in + fan-out); Keras’s default, PyTorch’s xavier_uniform_',
      reference: glorot,
    },
    gain(1),
    ({ gain: by }: { readonly gain: number }): Initialiser =>
      (values, shape, stream) => {
        const { in: from, out: to } = fans(shape);
        const limit = by * Math.sqrt(6 / (from + to));
        evenly(values, stream, -limit, limit);
      },
  ),
  row(
    {
      name: 'glorot-normal',
      about: 'normal, variance 2·gain²/(fan-in + fan-out); PyTorch’s xavier_normal_',
      reference: glorot,
    },
    gain(1),
    ({ gain: by }: { readonly gain: number }): Initialiser =>
      (values, shape, stream) => {
        const { in: from, out: to } = fans(shape);
        normal(values, stream, 0, by * Math.sqrt(2 / (from + to)));
      },
  ),
  row(
    {
      name: 'he-uniform',
      about: 'uniform, variance gain²/fan-in; gain √2 for ReLU, 1/√3 for what PyTorch’s Linear and Conv2d do',
      reference: he,
    },
    gain(Math.SQRT2),
    ({ gain: by }: { readonly gain: number }): Initialiser =>
      (values, shape, stream) => {
        const limit = by * Math.sqrt(3 / fans(shape).in);
        evenly(values, stream, -limit, limit);
      },
  ),
  row(
    {
      name: 'he-normal',
      about: 'normal, variance gain²/fan-in; gain √2 for ReLU; PyTorch’s kaiming_normal_',
      reference: he,
    },
    gain(Math.SQRT2),
    ({ gain: by }: { readonly gain: number }): Initialiser =>
      (values, shape, stream) =>
        void normal(values, stream, 0, by / Math.sqrt(fans(shape).in)),
  ),
  row(
    {
      name: 'orthogonal',
      about: 'orthonormal rows or columns of the matrix [all but the last, last], times gain',
      reference: 'Saxe, McClelland, Ganguli 2014, arXiv 1312.6120',
    },
    gain(1),
    ({ gain: by }: { readonly gain: number }): Initialiser =>
      (values, shape, stream) => {
        const columns = shape.at(-1) ?? 1;
        orthogonal(values, values.length / columns, columns, by, stream);
      },
  ),
];

/** The registry of initialisers: finds a row by name and builds one from a spec. */
export const initialiserRegistry: Registry<InitialiserEntry, Initialiser> = registry('initialiser', entries);

/** Every initialiser, by name. */
export const initialisers: readonly InitialiserRow[] = initialiserRegistry.rows;

/**
 * The initialiser that a spec names, such as `normal(deviation=0.02)`. @throws InputError for an unknown
 * name or option.
 */
export const initialiserFrom: (spec: string | Spec) => Initialiser = initialiserRegistry.from;

/** An option that names an initialiser by its spec. */
export const initialiserOption = <const D extends string>(
  about: string,
  value: D,
): Option<string> & { readonly default: string } => ({
  about,
  expected: 'an initialiser, as he-normal or "normal(deviation=0.02)"',
  default: value,
  accepts: (given) => typeof given === 'string',
});
