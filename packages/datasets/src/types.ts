import type { Data } from '@stillpoint/operators';

/**
 * Says which batch is meant. The order of the data has no state: (seed, call, player, worker) decide it. All
 * four are integers from 0 to 2³² − 1.
 */
export interface BatchStream {
  readonly seed: number;
  /**
   * Number of the batch, from 0. Keep `size` the same from call to call: a finite set finds its epoch from
   * `call * size`.
   */
  readonly call: number;
  /** Index of the player that the batch is for; default 0. Each player has its own order of the data. */
  readonly player?: number;
  /** Index of the worker that the batch is for; default 0. Each worker has its own order of the data. */
  readonly worker?: number;
}

/** A source of examples to train on: plain data and pure functions. */
export interface Dataset {
  /** Name in kebab-case, as in the registry. */
  readonly name: string;
  /** Shape of one example, such as `[2]` or `[28, 28, 1]`. */
  readonly shape: readonly number[];
  /** One line for reports: what the examples are, their units, where they come from. */
  readonly describe: string;
  /**
   * Plain data that decides whether a checkpoint trained on these examples fits: the options with all
   * defaults, or a hash of the content. Without it `ganGame` hashes a batch. If you copy a data set and
   * change its `batch`, change this too.
   */
  readonly identity?: Data;
  /**
   * Returns `size` examples, flat `[size, ...shape]`: a pure function of (size, stream). They are written to
   * `out` if it is given, which must have exactly that length, else to a new array.
   * @throws InputError for an invalid size or stream, or an `out` of another length.
   */
  readonly batch: (size: number, stream: BatchStream, out?: Float32Array) => Float32Array;
}

/**
 * A mixture of isotropic Gaussians, with the centres, the deviation and the weights that mode-coverage
 * metrics need.
 */
export interface Mixture extends Dataset {
  /** Centres of the modes, in data units: one row per mode, one number per coordinate. */
  readonly centres: readonly (readonly number[])[];
  /** Standard deviation of each coordinate around its centre, in data units. */
  readonly deviation: number;
  /** How likely each mode is; the numbers sum to 1. Default: all equally. */
  readonly weights?: readonly number[];
}

/** A finite set of byte images with labels, all in memory. */
export interface ImageSet extends Dataset {
  /** Number of images. */
  readonly count: number;
  /** Pixels, `[count, ...shape]`, 0 … 255, in file order. */
  readonly bytes: Uint8Array;
  /** Label of each image, `[count]`, in file order. */
  readonly labels: Uint8Array;
  /**
   * Indices, in file order, of the images that `batch` returns for the same arguments. Use them to find the
   * labels.
   */
  readonly indices: (size: number, stream: BatchStream) => Uint32Array;
  /**
   * Images `start` (included, default 0) to `end` (excluded, default `count`) in file order, flat, scaled to
   * [−1, 1] as in `batch`. Metrics use them.
   */
  readonly values: (start?: number, end?: number) => Float32Array;
}
