import type { Data } from '@stillpoint/operators';

/**
 * Which batch: data order has no state, so (seed, call, player, worker) is all there is to know. All are
 * integers 0 … 2³²−1.
 */
export interface BatchStream {
  readonly seed: number;
  /**
   * Number of the batch, from 0. Keep `size` the same from call to call: a finite set counts its epochs in
   * `call * size`.
   */
  readonly call: number;
  /** Default 0. Players have orders of their own. */
  readonly player?: number;
  /** Default 0. */
  readonly worker?: number;
}

/** Examples to train on: plain data and pure functions. */
export interface Dataset {
  /** Kebab-case, as in the registry. */
  readonly name: string;
  /** Shape of one example; `[2]` or `[28, 28, 1]`. */
  readonly shape: readonly number[];
  /** One line for reports: what the examples are, their units, where they come from. */
  readonly describe: string;
  /**
   * Plain data that decides whether a checkpoint trained on these examples fits: the options with all
   * defaults, or a hash of the content. Without it `ganGame` hashes a batch. Whoever copies a data set and
   * changes its `batch` must change this, too.
   */
  readonly identity?: Data;
  /**
   * `size` examples, flat `[size, ...shape]`, a pure function of (size, stream).
   * Written to `out`, if given, which must have just that length; returns what it wrote to.
   * Throws InputError for a size, a stream or an `out` that does not fit.
   */
  readonly batch: (size: number, stream: BatchStream, out?: Float32Array) => Float32Array;
}

/** A mixture of equal isotropic Gaussians, with what mode-coverage metrics need to know of it. */
export interface Mixture extends Dataset {
  /** One row per mode, one number per coordinate. */
  readonly centres: readonly (readonly number[])[];
  /** Standard deviation of each coordinate around its centre, in data units. */
  readonly deviation: number;
}

/** A finite set of byte images with labels, all in memory. */
export interface ImageSet extends Dataset {
  readonly count: number;
  /** `[count, ...shape]`, 0 … 255, in file order. */
  readonly bytes: Uint8Array;
  /** `[count]`, in file order. */
  readonly labels: Uint8Array;
  /** The places in the file of the examples that `batch` returns for the same arguments: for their labels. */
  readonly indices: (size: number, stream: BatchStream) => Uint32Array;
  /**
   * Images `start` to `end` (defaults 0, `count`) in file order, flat, scaled to [−1, 1] as in `batch`: for
   * metrics.
   */
  readonly values: (start?: number, end?: number) => Float32Array;
}
