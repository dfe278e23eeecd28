import type { Network } from '@stillpoint/networks';
import { normal } from '@stillpoint/operators';
import { classesAt, oneHot } from './drawing.js';
import type { Graphs } from './graphs.js';
import type { GanLoss } from './losses/loss.js';

interface Judged {
  readonly graphs: Graphs;
  readonly discriminator: Network;
  readonly loss: GanLoss;
}

/**
 * What D's parameters are multiplied by, and the deviation of the examples: with large ones the outputs of
 * usual networks are far outside [−1, 1], also of one of slope at most 1, as with spectral norm.
 */
const TRIED = [
  [1, 1],
  [30, 1000],
  [-30, 1000],
] as const;

/**
 * A warning if D's outputs stay within [0, 1] or [−1, 1] whatever its parameters, as behind a sigmoid or
 * tanh, while the loss reads logits: it then never sees more than a narrow part of their range. Undefined
 * where nothing of the kind is found. It is tried on normal noise.
 * @param samples examples of a run of the graph.
 * @param buffers those of D at its start.
 */
export async function boundedScores(
  { graphs, discriminator, loss }: Judged,
  samples: number,
  d: Float32Array,
  buffers: Float32Array,
): Promise<string | undefined> {
  if (loss.logits !== true) return undefined;
  const run = await graphs.scores();
  const { classes } = discriminator;
  const stream = { seed: 0, purpose: 'examples for the range of D', call: 0 };
  let [low, high] = [Infinity, -Infinity];
  for (const [scale, deviation] of TRIED) {
    const noise = normal(new Float32Array(samples * discriminator.inputs), stream);
    const { scores } = await run.run({
      d: d.map((x) => scale * x),
      buffers,
      examples: noise.map((x) => deviation * x),
      ...(classes === undefined ? {} : { labels: oneHot(classesAt(samples, classes, stream), classes) }),
    });
    for (const score of scores) [low, high] = [Math.min(low, score), Math.max(high, score)];
  }
  if (!(low >= -1 && high <= 1 && high - low > 0.01)) return undefined;
  const [range, which] = low >= 0 ? ['[0, 1]', 'a sigmoid'] : ['[−1, 1]', 'tanh'];
  return `D’s outputs stay within ${range}, as behind ${which}, but the loss ${loss.name} reads logits, which have no limits: leave the last activation of D out`;
}
