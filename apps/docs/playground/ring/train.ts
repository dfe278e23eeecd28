import { ganGame } from '@stillpoint/gans';
import { modeCoverage, type ModeCoverage } from '@stillpoint/metrics';
import { mlp } from '@stillpoint/networks';
import type { Vector } from '@stillpoint/operators';
import { train } from '@stillpoint/optimizers/drivers';
import { ringMethod } from './methods.js';
import { mixture } from './mixture.js';
import type { RingState } from './state.js';

/** What is measured, and how many of the samples are drawn. */
const SAMPLES = 2500;
const DRAWN = 1000;
/** Seed of the samples: the same noise each time, so that points move as the generator does. */
const SAMPLES_SEED = 1;

/** What a run is like after a step. */
export interface Frame {
  readonly steps: number;
  readonly calls: number;
  /** Samples of the generator, flat `[n, 2]`. */
  readonly points: Float32Array;
  /** Of more samples than these points. */
  readonly quality: ModeCoverage;
  /** How the run ended, in words; absent while it goes on. */
  readonly ended?: string;
}

/** Who looks on. */
export interface Onlooker {
  /** Called once the engine is loaded. */
  readonly begun: (engine: string) => void;
  /** Whether the next frame is due. */
  readonly due: () => boolean;
  readonly frame: (frame: Frame) => void;
  /** Called after each step: a promise pauses the run. */
  readonly turn: () => Promise<void> | undefined;
}

/**
 * Trains the GAN of the preset `ring`: networks of two layers of 64, batches of 128, the non-saturating loss.
 * Returns when it has made its steps, or a value is not finite.
 */
export async function trainRing({ method, seed, steps }: RingState, onlooker: Onlooker): Promise<void> {
  const game = await ganGame({
    generator: mlp({ sizes: [2, 64, 64, 2] }),
    discriminator: mlp({ sizes: [2, 64, 64, 1] }),
    data: mixture,
    batch: 128,
    seed,
    engine: 'wasm',
  });
  onlooker.begun(`${game.engine.name} ${game.engine.version}`);
  const frameAt = async (z: Vector, made: number, calls: number): Promise<Frame> => {
    const samples = await game.sample(z, SAMPLES, SAMPLES_SEED);
    return {
      steps: made,
      calls,
      points: samples.slice(0, 2 * DRAWN),
      quality: modeCoverage(samples, mixture),
    };
  };
  try {
    const { z, message, ledger, calls } = await train(game, ringMethod(method), {
      start: game.initialise(seed),
      seed,
      steps,
      async observe({ state, ledger: { steps: made }, calls: spent }) {
        if (made < steps && (made === 0 || onlooker.due()))
          onlooker.frame(await frameAt(state.z, made, spent));
        await onlooker.turn();
      },
    });
    const last = z.every(Number.isFinite) ? await frameAt(z, ledger.steps, calls) : undefined;
    onlooker.frame({
      ...(last ?? { steps: ledger.steps, calls, points: new Float32Array(0), quality: nothing }),
      ended: message,
    });
  } finally {
    await game.dispose();
  }
}

/** The quality of samples that all are far away. */
const nothing = modeCoverage(new Float64Array([1e6, 1e6]), mixture);
