import {
  InputError,
  randomFrom,
  shown,
  subset,
  type Data,
  type Terms,
  contentHash,
} from '@stillpoint/operators';
import { countRows, namedDense, rowsOf, type NamedDense, type NamedNumbers } from './samples.js';
import type { Shape } from '../layers/layer.js';

/** The stream of a draw. A pure function of it gives the same sample each time. */
export interface DrawStream {
  readonly seed: number;
  readonly call: number;
  readonly worker: number;
}

/** Where a problem's numbers come from. */
export interface SourceOptions<D extends NamedNumbers> {
  /**
   * Arrays whose rows are examples, such as inputs and labels. The losses see all rows, or those of a batch.
   */
  readonly data?: D;
  /** Rows of `data` in a fresh draw. Default: all, without sampling. */
  readonly batch?: number;
  /**
   * Draws a sample: noise, or data that are not kept in memory. A pure function of the stream; shapes must
   * not change. Default: none.
   */
  readonly draw?: (stream: DrawStream) => D;
  /** Of batches and of `draw`. Default 0. */
  readonly seed?: number;
}

/** What a problem's functions are given: all of it, samples, and terms. */
export interface Source {
  /** Everything that is not sampled; undefined if there are only draws. */
  readonly whole: NamedDense | undefined;
  /** A sample by which shapes are known: everything, or draw 0. */
  readonly first: NamedDense;
  readonly draw?: (call: number, player?: number, worker?: number) => NamedDense;
  readonly terms?: Terms<NamedDense>;
  readonly identity: Data;
}

/** The shape of each array. */
export const shapesOf = (sample: NamedDense): { readonly [name: string]: Shape } =>
  Object.fromEntries(Object.entries(sample).map(([name, { shape }]) => [name, shape]));

const bytes = ({ values }: { readonly values: Float32Array }): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
const hashes = (sample: NamedDense): Data =>
  Object.fromEntries(
    Object.entries(sample).map(([name, dense]) => [
      name,
      { shape: dense.shape, values: contentHash(bytes(dense)) },
    ]),
  );

/**
 * Reads where numbers come from. `rows`: whether the data's rows are examples; otherwise all is seen at once,
 * in arrays of any shapes. @throws InputError that names what is wrong.
 */
export function sourceOf<D extends NamedNumbers>(
  owner: string,
  { data, batch, draw, seed = 0 }: SourceOptions<D>,
  { rows: asRows = true }: { readonly rows?: boolean } = {},
): Source {
  if (!(Number.isSafeInteger(seed) && seed >= 0 && seed < 2 ** 32))
    throw new InputError(`${owner}: seed is ${shown(seed)}; expected a whole number from 0 to 4294967295`);
  if (data !== undefined && draw !== undefined)
    throw new InputError(`${owner} has both data and draw; expected one of them`);
  if (batch !== undefined && data === undefined)
    throw new InputError(`${owner}: batch is ${shown(batch)}, but there is no data of which to take rows`);
  if (draw !== undefined) return drawn(owner, draw, seed);
  if (data === undefined) return { whole: {}, first: {}, identity: null };
  const whole = namedDense(`${owner}: data`, data);
  if (!asRows) return { whole, first: whole, identity: { data: hashes(whole) } };
  const rows = countRows(`${owner}: data`, whole);
  const sample = (indices: readonly number[]): NamedDense => rowsOf(whole, indices);
  const identity = { data: hashes(whole), ...(batch === undefined ? {} : { batch, seed }) };
  if (batch === undefined) return { whole, first: whole, terms: { count: rows, sample }, identity };
  if (!(Number.isSafeInteger(batch) && batch >= 1 && batch <= rows))
    throw new InputError(
      `${owner}: batch is ${shown(batch)}; expected a whole number from 1 to ${rows}, the rows of the data`,
    );
  return {
    whole,
    first: sample(Array.from({ length: batch }, (_, i) => i)),
    draw: (call, _player, worker = 0) =>
      sample(subset(rows, batch, randomFrom({ seed, purpose: 'batch', worker })(call))),
    terms: { count: rows, drawn: batch, sample },
    identity,
  };
}

function drawn(owner: string, draw: (stream: DrawStream) => unknown, seed: number): Source {
  if (typeof draw !== 'function')
    throw new InputError(`${owner}: draw is ${shown(draw)}; expected a function of { seed, call, worker }`);
  const at = (call: number, worker: number): NamedDense =>
    namedDense(`${owner}: draw ${call}`, draw({ seed, call, worker }));
  const first = at(0, 0);
  const again = at(0, 0);
  for (const [name, { values }] of Object.entries(first))
    if (!again[name]?.values.every((x, i) => x === values[i]))
      throw new InputError(
        `${owner}: draw returns other numbers for ${name} when it is called again with the same stream; expected a pure function of it, as normal(new Float32Array(64), { ...stream, purpose: 'noise' })`,
      );
  const shapes = JSON.stringify(shapesOf(first));
  return {
    whole: undefined,
    first,
    draw(call, _player, worker = 0) {
      const sample = at(call, worker);
      const found = JSON.stringify(shapesOf(sample));
      if (found !== shapes)
        throw new InputError(`${owner}: draw ${call} has shapes ${found}; expected ${shapes}, as draw 0 has`);
      return sample;
    },
    identity: { draw: contentHash(String(draw)), first: hashes(first), seed },
  };
}
