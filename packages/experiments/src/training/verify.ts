import { isFiniteVector, type Buffers, type Facts, type Vector } from '@stillpoint/operators';
import { train } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import type { Column, Measure } from '@stillpoint/tracking';
import { SAMPLE_SEED, finiteValues } from '../finite-values.js';
import type { Trained } from './problem.js';

/** A training by one method, and what it was measured by. */
export interface VerifiedTraining {
  readonly spec: string;
  readonly calls: number;
  /** Null if it overflowed. */
  readonly value: number | null;
}

/** The advice against another method from the same start, with the same calls. */
export interface TrainingVerdict {
  /** By what they are measured. */
  readonly column: Column;
  readonly advice: VerifiedTraining;
  readonly rival: VerifiedTraining;
  /** Whether the advice’s value is the better one, or the same. */
  readonly right: boolean;
}

/**
 * Trains by the advised method and by a rival, each from the same start with the same calls, and measures
 * both: a GAN by its first metric on `samples` examples, another problem by its loss on draws that no
 * training sees. One seed: a difference as small as that between seeds says nothing.
 */
export async function verifyTraining(
  trained: Omit<Trained, 'method'>,
  {
    advice,
    rival,
    start,
    calls,
    samples = 1000,
  }: {
    readonly advice: string;
    readonly rival: string;
    readonly start: Vector;
    readonly calls: number;
    readonly samples?: number;
  },
): Promise<TrainingVerdict> {
  const { problem, gan, measurer } = trained;
  const column: Column =
    gan !== undefined && trained.columns[0] !== undefined
      ? trained.columns[0]
      : { name: `full loss ${problem.players[0]?.name ?? ''}`, label: 'loss', better: 'lower', digits: 4 };
  const measured = async (z: Vector, buffers: Buffers): Promise<number | null> => {
    if (!isFiniteVector(z)) return null;
    const values: { readonly [name: string]: Measure } =
      gan !== undefined && measurer !== undefined
        ? finiteValues(await measurer.measure(await gan.sample(z, samples, SAMPLE_SEED)))
        : finiteValues(await trained.measure(z.slice(), buffers));
    return values[column.name] ?? null;
  };
  const facts: Facts = problem.facts ?? {};
  const run = async (spec: string): Promise<VerifiedTraining> => {
    const { z, calls: used, checkpoint } = await train(problem, methodFrom(spec, facts), { start, calls });
    return { spec, calls: used, value: await measured(z, checkpoint.buffers) };
  };
  const [own, other] = [await run(advice), await run(rival)];
  const signed = ({ value }: VerifiedTraining): number =>
    value === null ? Infinity : column.better === 'lower' ? value : -value;
  return { column, advice: own, rival: other, right: signed(own) <= signed(other) && own.value !== null };
}
