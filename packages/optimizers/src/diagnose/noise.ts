import { distance, norm, waxpy, type Asking, type Player, type Vector } from '@stillpoint/operators';
import { cosinesOf, unitsOf, type PlayerCosine } from '../probes/grad-cosine.js';

/** How much draws of F disagree at a point. */
export interface Noise {
  /** √E‖F(z, ξ) − F(z)‖², with the mean of the draws for F(z), and n − 1 for n. */
  readonly deviation: number;
  /** ‖F(z)‖, of the mean of the draws. */
  readonly mean: number;
  readonly draws: number;
  /** GradCosine of each player, with the draws for sub-batches. */
  readonly cosines: readonly PlayerCosine[];
}

/** Asks for `draws` fresh draws at z, two at least. */
export function* noiseAt(z: Vector, draws: number, players: readonly Player[]): Asking<Noise> {
  const all: Vector[] = [];
  for (let i = 0; i < draws; i++) all.push((yield { want: 'gradient', at: z }).slice());
  const mean = z.slice().fill(0);
  for (const F of all) waxpy(mean, mean, 1 / draws, F);
  const size = all.reduce((most, F) => Math.max(most, norm(F)), 0) || 1;
  const squares = all.reduce((sum, F) => sum + (distance(F, mean) / size) ** 2, 0);
  return {
    deviation: size * Math.sqrt(squares / (draws - 1)),
    mean: norm(mean),
    draws,
    cosines: cosinesOf(players, unitsOf(players, all)),
  };
}
