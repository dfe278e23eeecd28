import * as v from 'valibot';
import type { Theory } from '@stillpoint/tracking';
import type { GanPreset } from '../presets/preset.js';
import type { GameSource } from './game-source.js';
import type { Trial, TrialEvent } from './trial.js';

// A message comes from another process, in which a user's file may run: its shape is checked, never assumed.

/** What a worker's process is asked. */
export type ToTrial =
  | { readonly kind: 'trial'; readonly trial: Trial }
  | { readonly kind: 'stop' }
  | { readonly kind: 'leave' };

/**
 * What a worker's process reports: that it can take a trial, what its trial reports, why its trial failed.
 */
export type FromTrial =
  | { readonly kind: 'ready' }
  | { readonly kind: 'event'; readonly event: TrialEvent }
  | { readonly kind: 'error'; readonly message: string };

type Schema<T> = v.GenericSchema<unknown, T>;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const measure = v.nullable(v.number());
const measures = v.record(v.string(), measure);
const pair = v.tuple([v.number(), v.number()]);
const budget = { calls: v.exactOptional(count), steps: v.exactOptional(count) };
const status = v.picklist(['converged', 'budget', 'diverged', 'non-finite', 'rounding', 'stopped', 'failed']);
const made = { steps: count, oracleCalls: count, seconds: v.number() };

const goal = v.record(
  v.string(),
  v.union([v.strictObject({ atLeast: v.number() }), v.strictObject({ atMost: v.number() })]),
);
const preset: Schema<GanPreset> = v.object({
  name: v.string(),
  title: v.string(),
  about: v.string(),
  dataset: v.string(),
  model: v.string(),
  loss: v.string(),
  batch: count,
  calls: count,
  seeds: count,
  evaluations: count,
  snapshots: count,
  tail: count,
  measure: v.picklist(['mode-coverage', 'sliced-wasserstein']),
  samples: count,
  goal: v.exactOptional(goal),
  goalWords: v.exactOptional(v.string()),
  look: v.exactOptional(v.boolean()),
  methods: v.array(v.string()),
});
const game: Schema<GameSource> = v.union([
  v.strictObject({ spec: v.string() }),
  v.strictObject({ module: v.string(), name: v.string() }),
]);
const trial: Schema<Trial> = v.variant('kind', [
  v.object({
    kind: v.literal('gan'),
    preset,
    method: v.string(),
    seed: count,
    ...budget,
    engine: v.picklist(['auto', 'native', 'wasm', 'tensorflow', 'cpu']),
  }),
  v.object({
    kind: v.literal('game'),
    game,
    method: v.string(),
    start: v.array(v.number()),
    ...budget,
    tolerance: v.number(),
  }),
  v.object({ kind: v.literal('field'), game, x: pair, y: pair, side: count }),
]);

const theory: Schema<Theory> = v.union([
  v.object({
    theorem: v.string(),
    measure: v.string(),
    statement: v.string(),
    source: v.string(),
    broken: v.boolean(),
    curve: v.array(v.object({ steps: count, measured: v.number(), bound: measure })),
  }),
  v.object({ reason: v.string() }),
]);
const snapshot = v.union([
  v.object({ calls: v.number(), points: v.array(pair) }),
  v.object({ calls: v.number(), png: v.string(), width: count, height: count }),
]);
const event: Schema<TrialEvent> = v.variant('kind', [
  v.object({ kind: v.literal('begin'), engine: v.string(), version: v.string(), about: v.string() }),
  v.object({ kind: v.literal('progress'), fraction: v.number(), ...made }),
  v.object({ kind: v.literal('measure'), calls: v.number(), values: measures }),
  v.object({
    kind: v.literal('players'),
    calls: v.number(),
    losses: measures,
    gradientNorms: measures,
    rotations: measures,
  }),
  v.object({ kind: v.literal('picture'), calls: v.number(), png: v.string() }),
  v.object({ kind: v.literal('snapshot'), snapshot }),
  v.object({
    kind: v.literal('course'),
    course: v.object({
      residual: measure,
      distance: measure,
      path: v.array(pair),
      theory: v.exactOptional(theory),
      curve: v.array(v.object({ calls: v.number(), residual: v.number() })),
    }),
  }),
  v.object({
    kind: v.literal('arrows'),
    arrows: v.array(v.object({ x: v.number(), y: v.number(), u: v.number(), v: v.number() })),
  }),
  v.object({ kind: v.literal('end'), status, message: v.string(), ...made }),
]);

const toTrial: Schema<ToTrial> = v.variant('kind', [
  v.object({ kind: v.literal('trial'), trial }),
  v.object({ kind: v.literal('stop') }),
  v.object({ kind: v.literal('leave') }),
]);
const fromTrial: Schema<FromTrial> = v.variant('kind', [
  v.object({ kind: v.literal('ready') }),
  v.object({ kind: v.literal('event'), event }),
  v.object({ kind: v.literal('error'), message: v.string() }),
]);

function read<T>(schema: Schema<T>, who: string, message: unknown): T {
  const result = v.safeParse(schema, message);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const at = v.getDotPath(issue);
  throw new Error(`${who} sent a message of another shape: ${at === null ? '' : `${at}: `}${issue.message}`);
}

/** A message to a worker's process, checked. @throws Error that names the first entry of another shape. */
export const readToTrial = (message: unknown): ToTrial => read(toTrial, 'the program', message);

/** A message from a worker's process, checked. @throws Error that names the first entry of another shape. */
export const readFromTrial = (message: unknown): FromTrial => read(fromTrial, 'its process', message);
