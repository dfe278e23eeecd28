import { InputError, normal, shown, uniform, type Stream } from '@stillpoint/operators';
import type { BatchOf, Drawn, RealData } from './gan.js';
import type { Parts } from './graphs.js';
import type { Part } from './objective.js';
import type { Network } from '@stillpoint/networks';

// The parts of a player's sample, each a pure function of (seed, call, player, worker).

/** Rows of one-hot labels; rows beyond the labels are those of class 0. */
export function oneHot(
  labels: ArrayLike<number>,
  classes: number,
  rows: number = labels.length,
): Float32Array {
  const out = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row++) out[row * classes + (row < labels.length ? labels[row]! : 0)] = 1;
  return out;
}

/** Classes drawn uniformly. */
export const classesAt = (count: number, classes: number, stream: Stream): Uint32Array =>
  Uint32Array.from(uniform(new Float32Array(count), stream), (u) => Math.floor(u * classes));

/** The labels for which a user asks. @throws InputError for labels that G does not know, or too few. */
export function checkedLabels(labels: ArrayLike<number>, count: number, { classes }: Network): Uint32Array {
  if (classes === undefined)
    throw new InputError('sample: this generator has no classes; expected no labels');
  const found: unknown = labels;
  if (!Array.isArray(found) && !ArrayBuffer.isView(found))
    throw new InputError(
      `sample: labels are ${shown(found)}; expected one class for each of ${count} examples`,
    );
  if (labels.length !== count)
    throw new InputError(`sample: ${labels.length} labels for ${count} examples; expected one each`);
  return Uint32Array.from(labels, (label, i) => {
    if (!(Number.isInteger(label) && label >= 0 && label < classes))
      throw new InputError(
        `sample: label ${i} is ${shown(label)}; expected a whole number from 0 to ${classes - 1}`,
      );
    return label;
  });
}

/** What the samples of a game are drawn from. */
interface DrawingOptions {
  readonly data: RealData;
  readonly batch: number;
  readonly seed: number;
}

/** Draws the samples of a game's players. */
export interface Drawer {
  /** @throws InputError where the data lack the labels that these parts need. */
  readonly check: (parts: Parts) => void;
  readonly draw: (parts: ReadonlyMap<Part, number>, player: number, call: number, worker: number) => Drawn;
}

/** What draws the samples of a game. */
export function drawer({ data, batch, seed }: DrawingOptions): Drawer {
  const labelsOf = (classes: number, stream: BatchOf): Float32Array => {
    const { labels, indices } = data;
    if (labels === undefined || typeof indices !== 'function')
      throw new InputError(
        `${data.name} has no labels, which the loss or a network reads; expected \`labels\`, the class of each example, and \`indices\`, as the image sets of @stillpoint/datasets have them`,
      );
    return oneHot(
      Array.from(indices(batch, stream), (i) => labels[i]!),
      classes,
    );
  };
  return {
    check(parts) {
      for (const player of ['D', 'G'] as const) {
        const classes = parts[player].get('labelsReal');
        if (classes !== undefined) labelsOf(classes, { seed, call: 0 });
      }
    },
    draw(parts, player, call, worker) {
      // D's real examples are those of a stream without a player, as a data set gives to whoever asks alone
      const stream = { seed, call, worker, ...(player === 0 ? {} : { player }) };
      const at = (purpose: string): Stream => ({ seed, purpose, call, player, worker });
      const make: { readonly [part in Part]: (width: number) => Float32Array } = {
        real: () => data.batch(batch, stream),
        noise: (width) => normal(new Float32Array(batch * width), at('noise')),
        labelsReal: (width) => labelsOf(width, stream),
        labelsGenerated: (width) => oneHot(classesAt(batch, width, at('labels')), width),
        uniform: (width) => uniform(new Float32Array(batch * width), at('uniform')),
        randomReal: (width) => uniform(new Float32Array(batch * width), at('D on real')),
        randomGenerated: (width) => uniform(new Float32Array(batch * width), at('D on generated')),
        randomG: (width) => uniform(new Float32Array(batch * width), at('G')),
      };
      return Object.fromEntries(Array.from(parts, ([part, width]) => [part, make[part](width)]));
    },
  };
}
