import * as v from 'valibot';
import { engineNames } from '@stillpoint/engine';
import { InputError, messageOf, parseJson } from '@stillpoint/operators';
import {
  arrowSchema,
  boundsSchema,
  ledgerSchema,
  runClaimSchema,
  runStatuses,
  seriesSchema,
  snapshotSchema,
  somePricesSchema,
  valuesSchema,
} from '@stillpoint/tracking';
import type { GanPreset } from '../presets/preset.js';
import type { GameSource } from './game-source.js';
import type { MethodSource } from './method-source.js';
import type { ModuleSource } from './module-source.js';
import type { Carry, Keep, Trial, TrialEvent } from './trial.js';

// A message comes from another process, which may run a user's file: its shape is checked, never assumed.

/** A message to a worker's process: a trial to run, a request to stop it, or to end. */
export type ToTrial =
  | { readonly kind: 'trial'; readonly trial: Trial }
  | { readonly kind: 'stop' }
  | { readonly kind: 'leave' };

/**
 * A message from a worker's process: that it can take a trial, what its trial reports, or why its trial
 * failed.
 */
export type FromTrial =
  | { readonly kind: 'ready' }
  | { readonly kind: 'event'; readonly event: TrialEvent }
  | { readonly kind: 'error'; readonly message: string };

type Schema<T> = v.GenericSchema<unknown, T>;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const pair = v.tuple([v.number(), v.number()]);
const budget = { calls: v.exactOptional(count), steps: v.exactOptional(count) };
const made = { ledger: ledgerSchema, calls: v.pipe(v.number(), v.minValue(0)), seconds: v.number() };

const file = {
  module: v.string(),
  name: v.string(),
  files: v.exactOptional(v.string()),
  engine: v.exactOptional(v.picklist(engineNames)),
};
const module: Schema<ModuleSource> = v.strictObject(file);
const method: Schema<MethodSource> = v.union([
  v.string(),
  v.strictObject({ ...file, index: count }),
  v.strictObject({ given: count }),
]);
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
  metrics: v.array(v.string()),
  headline: v.string(),
  samples: count,
  goal: v.exactOptional(boundsSchema),
  goalWords: v.exactOptional(v.string()),
  look: v.exactOptional(v.boolean()),
  trained: v.string(),
  methods: v.array(v.string()),
});
const game: Schema<GameSource> = v.union([v.strictObject({ spec: v.string() }), module]);
const keep: Schema<Keep> = v.strictObject({
  path: v.string(),
  identity: v.string(),
  data: v.exactOptional(v.string()),
  everySeconds: v.exactOptional(v.number()),
});
const carry: Schema<Carry> = v.strictObject({
  from: v.exactOptional(v.instance(Uint8Array)),
  data: v.exactOptional(v.string()),
  whole: v.exactOptional(v.boolean()),
  everySeconds: v.exactOptional(v.number()),
});
/** Of a trial. Strict: a field that is missing here would be lost without a word. */
export const trialSchema: Schema<Trial> = v.variant('kind', [
  v.strictObject({
    kind: v.literal('gan'),
    preset,
    method,
    seed: count,
    ...budget,
    engine: v.picklist(['auto', ...engineNames]),
    keep: v.exactOptional(keep),
    carry: v.exactOptional(carry),
  }),
  v.strictObject({
    kind: v.literal('game'),
    game,
    method,
    seed: v.nullable(count),
    start: v.array(v.number()),
    ...budget,
    tolerance: v.number(),
    keep: v.exactOptional(keep),
    carry: v.exactOptional(carry),
  }),
  v.strictObject({
    kind: v.literal('problem'),
    problem: v.nullable(module),
    method,
    seed: count,
    lipschitz: v.nullable(v.number()),
    ...budget,
    keep: v.exactOptional(keep),
    carry: v.exactOptional(carry),
  }),
  v.strictObject({
    kind: v.literal('local'),
    game,
    method,
    seed: count,
    worker: count,
    steps: count,
    start: v.strictObject({ bits: v.picklist([32, 64]), base64: v.string() }),
    from: v.nullable(v.string()),
  }),
  v.strictObject({ kind: v.literal('field'), game, x: pair, y: pair, side: count }),
]);

/** Of what a trial reports. */
export const eventSchema: Schema<TrialEvent> = v.variant('kind', [
  v.object({
    kind: v.literal('begin'),
    engine: v.string(),
    version: v.string(),
    about: v.string(),
    terms: count,
  }),
  v.object({ kind: v.literal('prices'), prices: somePricesSchema }),
  v.object({ kind: v.literal('progress'), fraction: v.number(), ...made }),
  v.object({ kind: v.literal('points'), calls: v.number(), values: valuesSchema }),
  v.object({ kind: v.literal('picture'), calls: v.number(), png: v.string() }),
  v.object({ kind: v.literal('snapshot'), snapshot: snapshotSchema }),
  v.object({
    kind: v.literal('course'),
    course: v.object({
      values: valuesSchema,
      series: v.record(v.string(), seriesSchema),
      claims: v.array(runClaimSchema),
    }),
  }),
  v.object({ kind: v.literal('kept'), bytes: v.instance(Uint8Array) }),
  v.object({ kind: v.literal('local'), checkpoint: v.string() }),
  v.object({ kind: v.literal('arrows'), arrows: v.array(arrowSchema) }),
  v.object({
    kind: v.literal('end'),
    status: v.picklist(runStatuses),
    message: v.string(),
    figures: v.exactOptional(valuesSchema),
    ...made,
  }),
]);

const toTrial: Schema<ToTrial> = v.variant('kind', [
  v.object({ kind: v.literal('trial'), trial: trialSchema }),
  v.object({ kind: v.literal('stop') }),
  v.object({ kind: v.literal('leave') }),
]);
const fromTrial: Schema<FromTrial> = v.variant('kind', [
  v.object({ kind: v.literal('ready') }),
  v.object({ kind: v.literal('event'), event: eventSchema }),
  v.object({ kind: v.literal('error'), message: v.string() }),
]);

/** Checks a message. @throws Error that names the first entry of another shape. */
export function checkShape<T>(schema: Schema<T>, who: string, message: unknown): T {
  const result = v.safeParse(schema, message);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const at = v.getDotPath(issue);
  throw new Error(`${who} sent a message of another shape: ${at === null ? '' : `${at}: `}${issue.message}`);
}

/** Checks a message to a worker's process. @throws Error that names the first entry of another shape. */
export const readToTrial = (message: unknown): ToTrial => checkShape(toTrial, 'the program', message);

/** Checks a message from a worker's process. @throws Error that names the first entry of another shape. */
export const readFromTrial = (message: unknown): FromTrial => checkShape(fromTrial, 'its process', message);

/** The events in a JSON text that a trial kept. @throws InputError if it is none of them. */
export function readEvents(text: string): readonly TrialEvent[] {
  try {
    return checkShape(v.array(eventSchema), 'the checkpoint', parseJson(text, 'the events of a trial'));
  } catch (cause) {
    throw new InputError(messageOf(cause), { cause });
  }
}
