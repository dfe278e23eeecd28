import type { EngineName } from '@stillpoint/engine';
import type { GameRun, GameSection, Measure, PlayerPoint, RunStatus, Snapshot } from '@stillpoint/tracking';
import type { GanPreset } from '../presets/preset.js';
import type { GameSource } from './game-source.js';

/** One run of one method on a GAN with one seed, as data that crosses a process boundary. */
export interface GanTrial {
  readonly kind: 'gan';
  readonly preset: GanPreset;
  readonly method: string;
  readonly seed: number;
  /** Budget of oracle calls, or of method steps. */
  readonly calls?: number;
  readonly steps?: number;
  readonly engine: EngineName | 'auto';
}

/** One run of one method on a deterministic game. */
export interface GameTrial {
  readonly kind: 'game';
  readonly game: GameSource;
  readonly method: string;
  readonly start: readonly number[];
  readonly calls?: number;
  readonly steps?: number;
  readonly tolerance: number;
}

/**
 * −F of a game of two numbers on a grid: run like a trial, since a user's operator may hang or end its
 * process.
 */
export interface FieldTrial {
  readonly kind: 'field';
  readonly game: GameSource;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  /** Arrows in each direction. */
  readonly side: number;
}

/** Whatever a worker can run. */
export type Trial = GanTrial | GameTrial | FieldTrial;

/** An arrow of a field. */
export type Arrow = NonNullable<GameSection['field']>['arrows'][number];

/**
 * How far a run on a game has come: the whole course so far, thinned, in place of the one reported before.
 */
export type Course = Pick<GameRun, 'residual' | 'distance' | 'path' | 'curve' | 'theory'>;

/** What a trial reports while it runs. */
export type TrialEvent =
  | { readonly kind: 'begin'; readonly engine: string; readonly version: string; readonly about: string }
  | {
      readonly kind: 'progress';
      readonly fraction: number;
      readonly steps: number;
      readonly oracleCalls: number;
      readonly seconds: number;
    }
  | {
      readonly kind: 'measure';
      readonly calls: number;
      readonly values: { readonly [metric: string]: Measure };
    }
  | ({ readonly kind: 'players' } & PlayerPoint)
  /** Samples at this moment as a PNG in base64, to be looked at while the run goes on. */
  | { readonly kind: 'picture'; readonly calls: number; readonly png: string }
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'course'; readonly course: Course }
  | { readonly kind: 'arrows'; readonly arrows: readonly Arrow[] }
  | {
      readonly kind: 'end';
      readonly status: RunStatus;
      readonly message: string;
      readonly steps: number;
      readonly oracleCalls: number;
      readonly seconds: number;
    };
