import type { EngineName } from '@stillpoint/engine';
import type { Measure, PlayerPoint, RunStatus, Snapshot } from '@stillpoint/tracking';
import type { GanPreset } from './presets/preset.js';

/** One run of one method with one seed, as data that crosses a process boundary. */
export interface GanTrial {
  readonly preset: GanPreset;
  readonly method: string;
  readonly seed: number;
  /** Budget of oracle calls, or of method steps. */
  readonly calls?: number;
  readonly steps?: number;
  readonly engine: EngineName | 'auto';
}

/** What a trial tells while it runs. */
export type TrialEvent =
  | { readonly kind: 'begin'; readonly engine: string; readonly version: string; readonly about: string }
  | { readonly kind: 'progress'; readonly fraction: number; readonly steps: number; readonly oracleCalls: number; readonly seconds: number }
  | { readonly kind: 'measure'; readonly calls: number; readonly values: { readonly [metric: string]: Measure } }
  | { readonly kind: 'players' } & PlayerPoint
  /** Samples at this moment as a PNG in base64, to be looked at while the run goes on. */
  | { readonly kind: 'picture'; readonly calls: number; readonly png: string }
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'end'; readonly status: RunStatus; readonly message: string; readonly steps: number; readonly oracleCalls: number; readonly seconds: number };

/** Messages between a trial's process and the pool. */
export type ToTrial = { readonly kind: 'trial'; readonly trial: GanTrial } | { readonly kind: 'stop' } | { readonly kind: 'leave' };
/** What a trial’s process tells: how far it is, what it measured, how it ended. */
export type FromTrial = { readonly kind: 'ready' } | { readonly kind: 'event'; readonly event: TrialEvent } | { readonly kind: 'error'; readonly message: string; readonly usage: boolean };
