import {
  dot,
  InputError,
  integer,
  norm,
  number,
  permutation,
  randomFrom,
  rescale,
  shown,
  subset,
  type Asking,
  type Player,
  type Problem,
  type SampleRule,
  type Space,
  type Vector,
} from '@stillpoint/operators';
import { probe, type ProbeEntry } from './probe-row.js';
import { checkNames, type OptionNames } from '../drivers/door.js';
import { checkPoint } from './check-point.js';

/** How a batch is divided into sub-batches. */
export interface SubBatchOptions {
  /** D, the sub-batches. Default 4. */
  readonly subBatches?: number;
  /** Terms of the sum in a batch. Default: those of D draws, or all where the sum is evaluated whole. */
  readonly batch?: number;
  /** r, by which sub-batches of terms reach into each other, from 0 to less than 1. Default 0. */
  readonly overlap?: number;
  /** Seed of the batches’ terms. Default 0. */
  readonly seed?: number;
}

/** Names of the options. */
export const subBatchNames: OptionNames<SubBatchOptions> = {
  subBatches: true,
  batch: true,
  overlap: true,
  seed: true,
};

/** GradCosine of one player. */
export interface PlayerCosine {
  readonly player: string;
  /** GC, from −1/(D − 1) to 1; NaN where a gradient is 0. */
  readonly cosine: number;
  /** The mean of ‖gᵢ‖ over the sub-batches, in the unit of the loss over that of z. */
  readonly norm: number;
}

/**
 * What to ask for the sub-batches of batch `call`: of a finite sum D sets of its terms, else D fresh draws.
 * With B terms, L = ⌊B/D⌋, they are the terms from (1 − r)Li to (1 + r)L(i + 1), the first from 0 and the
 * last to B, as in the authors' code.
 * @throws InputError for a problem that is neither, and for numbers that do not fit.
 */
export function subBatchesOf(
  owner: string,
  { name, terms, draw }: Pick<Problem, 'name' | 'terms' | 'draw'>,
  { subBatches: D = 4, batch, overlap: r = 0, seed = 0 }: SubBatchOptions,
): (call: number) => readonly SampleRule[] {
  if (!(Number.isSafeInteger(D) && D >= 2))
    throw new InputError(`${owner}: subBatches is ${shown(D)}; expected a whole number >= 2`);
  if (!(r >= 0 && r < 1))
    throw new InputError(`${owner}: overlap is ${shown(r)}; expected a number from 0 to less than 1`);
  if (terms === undefined) {
    if (draw === undefined)
      throw new InputError(
        `${owner}: ${name} has one gradient only; expected a finite sum (terms) or a sampled problem (draw)`,
      );
    if (batch !== undefined || r !== 0)
      throw new InputError(
        `${owner}: ${batch === undefined ? 'overlap' : 'batch'} is ${batch ?? r}; expected none, since ${name} is no finite sum: its sub-batches are draws`,
      );
    return () => Array<SampleRule>(D).fill('fresh');
  }
  const { count, drawn = count } = terms;
  if (D > count)
    throw new InputError(`${owner}: subBatches is ${D}; expected at most ${count}, the terms of ${name}`);
  const B = batch ?? (draw === undefined ? count : Math.min(count, D * drawn));
  if (!(Number.isSafeInteger(B) && B >= D && B <= count))
    throw new InputError(
      `${owner}: batch is ${shown(B)}; expected a whole number from ${D} to ${count}, a term for each sub-batch and no more than ${name} has`,
    );
  const L = Math.floor(B / D);
  const numbers = randomFrom({ seed, purpose: 'sub-batches' });
  return (call) => {
    const set = subset(count, B, numbers(call));
    // the order of a subset is not random where it is all
    const order = [...permutation(B, { seed, purpose: 'order of sub-batches', call })].map((at) => set[at]!);
    return Array.from({ length: D }, (_, i) => {
      const from = i === 0 ? 0 : Math.floor((1 - r) * L * i);
      const to = i === D - 1 ? B : Math.floor((1 + r) * L * (i + 1));
      return { terms: order.slice(from, to) };
    });
  };
}

/** The gradients of D sub-batches at a point. */
export interface SubBatchGradients {
  /** Each player's gradient of each sub-batch at length 1, uᵢ; 0 where it is 0. */
  readonly units: readonly Vector[];
  /** ‖gᵢ‖ by player, then by sub-batch. */
  readonly norms: readonly (readonly number[])[];
}

/** Scales each player's slice of each gradient to length 1, in place. */
export function unitsOf(players: readonly Player[], gradients: readonly Vector[]): SubBatchGradients {
  const norms = players.map(({ start, end }) =>
    gradients.map((g) => {
      const n = norm(g, start, end);
      if (n > 0) rescale(g, n, 1, start, end);
      return n;
    }),
  );
  return { units: gradients, norms };
}

/** Asks for the gradients of the sub-batches: one gradient of all players for each. */
export function* gradientsOf(
  z: Vector,
  players: readonly Player[],
  rules: readonly SampleRule[],
): Asking<SubBatchGradients> {
  const gradients: Vector[] = [];
  for (const sample of rules) gradients.push((yield { want: 'gradient', at: z, sample }).slice());
  return unitsOf(players, gradients);
}

/** GradCosine and the mean norm of each player. */
export function cosinesOf(
  players: readonly Player[],
  { units, norms }: SubBatchGradients,
): readonly PlayerCosine[] {
  const D = units.length;
  return players.map(({ name: player, start, end }, p) => {
    let sum = 0;
    for (let i = 0; i < D; i++) for (let j = 0; j < i; j++) sum += dot(units[i]!, units[j]!, start, end);
    return {
      player,
      cosine: norms[p]!.includes(0) ? NaN : (2 * sum) / (D * (D - 1)),
      norm: norms[p]!.reduce((total, n) => total + n / D, 0),
    };
  });
}

/**
 * GradCosine at z: how far the gradients of sub-batches point the same way,
 *   GC = (1/(D(D − 1))) Σ_{i≠j} ⟨gᵢ, gⱼ⟩/(‖gᵢ‖‖gⱼ‖)
 * of each player of a game on its own, with gᵢ the player's gradient of its own loss on sub-batch i. It is 1
 * where all point the same way, about 0 where they have nothing in common. It depends on neither the unit of
 * the loss nor that of z as a whole, but on how large a sub-batch is: compare values of equal sub-batches.
 *
 * Cost: D gradients of all players, each of a sub-batch. `probed(problem, z, gradCosine(z))` asks a
 * synchronous problem, `probeAsync` any. Source: Yibo Yang, Hong Wang, Haobo Yuan, Zhouchen Lin, "Towards
 * theoretically inspired neural initialization optimization", 2022, arXiv 2210.05956.
 * @throws InputError for a problem that is neither a finite sum nor sampled, for numbers that do not fit, and
 *   for a point of another length or that is not finite.
 */
export function gradCosine(
  z: Vector,
  options: SubBatchOptions = {},
): (problem: Problem, space: Space) => Asking<readonly PlayerCosine[]> {
  return function* (problem, space) {
    checkNames('gradCosine', subBatchNames, options);
    checkPoint('gradCosine', problem, z);
    const rules = subBatchesOf('gradCosine', problem, options)(0);
    return cosinesOf(space.players, yield* gradientsOf(z, space.players, rules));
  };
}

/** {@link gradCosine} by its spec. */
export const gradCosineRow: ProbeEntry = /* @__PURE__ */ probe(
  {
    name: 'grad-cosine',
    about: 'how far each player’s gradients on sub-batches point the same way, and their mean length',
    assumptions: 'a finite sum or a sampled problem; 1: all the same way, 0: nothing in common',
    reference: 'Yang, Wang, Yuan, Lin 2022, arXiv 2210.05956',
  },
  {
    subBatches: integer({ about: 'sub-batches', symbol: 'D', from: 2, default: 4 }),
    overlap: number({ about: 'how far sub-batches reach into each other', from: 0, below: 1, default: 0 }),
    seed: integer({ about: 'seed of the batches’ terms', from: 0, default: 0 }),
  },
  (options: Required<Omit<SubBatchOptions, 'batch'>>) => (z) =>
    function* (problem, space) {
      const found = yield* gradCosine(z, options)(problem, space);
      return Object.fromEntries(
        found.flatMap(({ player, cosine, norm: length }) => [
          [`cosine ${player}`, cosine],
          [`norm ${player}`, length],
        ]),
      );
    },
);
