import type { EngineName } from '@stillpoint/engine';
import type { Ledger, Prices } from '@stillpoint/operators';
import type { Arrow, Measure, Run, RunStatus, Snapshot } from '@stillpoint/tracking';
import type { GanPreset } from '../presets/preset.js';
import type { GameSource } from './game-source.js';
import type { MethodSource } from './method-source.js';
import type { ModuleSource } from './module-source.js';

/**
 * Where a trial keeps its checkpoints and what it reports, so that it can go on after an interruption. A
 * trial on a game has one checkpoint, of its end: interrupted, it is run again from its start.
 */
export interface Keep {
  readonly path: string;
  /** Everything that its numbers depend on, as JSON. What a folder holds of another identity is not used. */
  readonly identity: string;
  /** What the data of a GAN are, by their content, as JSON. */
  readonly data?: string;
  /** Seconds between two checkpoints; longer where writing takes over a 100th of the time. Default 30. */
  readonly everySeconds?: number;
}

/** How a trial without a folder is kept: it reports each checkpoint, as the event `kept`. */
export interface Carry {
  /** The last checkpoint that the trial reported before; it goes on from there. Default: it begins. */
  readonly from?: Uint8Array;
  /** What the data of a GAN must be, as in {@link Keep}: those under the same path elsewhere may differ. */
  readonly data?: string;
  /** Whether the last checkpoint is kept for who asked, who makes a {@link Keep}'s folder of it. */
  readonly whole?: boolean;
  /** As in {@link Keep}. */
  readonly everySeconds?: number;
}

/** One run of one method on a GAN with one seed, as plain data that can be sent to a process. */
export interface GanTrial {
  readonly kind: 'gan';
  readonly preset: GanPreset;
  readonly method: MethodSource;
  readonly seed: number;
  /** Budget of calls, or of method steps. */
  readonly calls?: number;
  readonly steps?: number;
  readonly engine: EngineName | 'auto';
  /** Default: nothing is kept. */
  readonly keep?: Keep;
  /** Instead of `keep`. */
  readonly carry?: Carry;
}

/** One run of one method on a game. */
export interface GameTrial {
  readonly kind: 'game';
  readonly game: GameSource;
  readonly method: MethodSource;
  /** The seed of a sampled game's draws, and of the method's. Null if F is exact and no method draws. */
  readonly seed: number | null;
  readonly start: readonly number[];
  readonly calls?: number;
  readonly steps?: number;
  readonly tolerance: number;
  /** Default: nothing is kept. */
  readonly keep?: Keep;
  /** Instead of `keep`. */
  readonly carry?: Carry;
}

/**
 * −F of a game of two numbers on a grid. It is run as a trial because a user's operator may hang or end its
 * process.
 */
export interface FieldTrial {
  readonly kind: 'field';
  readonly game: GameSource;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  /** Number of arrows in each direction. */
  readonly side: number;
}

/** One run of one method on a problem that an engine computes. */
export interface ProblemTrial {
  readonly kind: 'problem';
  /** The file that exports it. Null: it is an object. */
  readonly problem: ModuleSource | null;
  readonly method: MethodSource;
  /** Of the start, of the draws and of the method's random numbers. */
  readonly seed: number;
  /** The L by which default step sizes are chosen if the problem states none; null if none is needed. */
  readonly lipschitz: number | null;
  readonly calls?: number;
  readonly steps?: number;
  /** Default: nothing is kept. */
  readonly keep?: Keep;
  /** Instead of `keep`. */
  readonly carry?: Carry;
}

/** A vector as text: its numbers, each of `bits` bits, little-endian. */
export interface PackedVector {
  readonly bits: 32 | 64;
  readonly base64: string;
}

/** The local steps of one worker of a federation, up to an average. */
export interface LocalTrial {
  readonly kind: 'local';
  readonly game: GameSource;
  readonly method: MethodSource;
  readonly seed: number;
  /** Its number, from 0. */
  readonly worker: number;
  /** Steps in all, those before the last average included. */
  readonly steps: number;
  readonly start: PackedVector;
  /** Its checkpoint after the last average, in base64; null at first. */
  readonly from: string | null;
}

/** Everything that a worker can run. */
export type Trial = GanTrial | GameTrial | ProblemTrial | FieldTrial | LocalTrial;

/** A run so far, thinned. It replaces the course that was reported before. */
export type Course = Pick<Run, 'values' | 'series' | 'claims'>;

/** What a run has asked so far, and its seconds. */
export type Made = { readonly ledger: Ledger; readonly calls: number; readonly seconds: number };

/** What a trial reports while it runs. */
export type TrialEvent =
  | {
      readonly kind: 'begin';
      readonly engine: string;
      readonly version: string;
      readonly about: string;
      readonly terms: number;
    }
  /** What the kinds of questions that the run asked cost. */
  | { readonly kind: 'prices'; readonly prices: Partial<Prices> }
  | ({ readonly kind: 'progress'; readonly fraction: number } & Made)
  /** One more point of each named series. */
  | {
      readonly kind: 'points';
      readonly calls: number;
      readonly values: { readonly [series: string]: Measure };
    }
  /** The samples at this moment as a PNG in base64, shown while the run goes on. */
  | { readonly kind: 'picture'; readonly calls: number; readonly png: string }
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'course'; readonly course: Course }
  /** A checkpoint of a trial with {@link Carry}. */
  | { readonly kind: 'kept'; readonly bytes: Uint8Array }
  /** Where local steps ended: a checkpoint in base64. */
  | { readonly kind: 'local'; readonly checkpoint: string }
  | { readonly kind: 'arrows'; readonly arrows: readonly Arrow[] }
  | ({
      readonly kind: 'end';
      readonly status: RunStatus;
      readonly message: string;
      readonly figures?: Run['figures'];
    } & Made);
