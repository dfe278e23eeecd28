import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { InputError, messageOf } from '@stillpoint/operators';
import { checkShape, eventSchema, trialSchema } from '../trial/messages.js';
import type { Trial, TrialEvent } from '../trial/trial.js';

// What goes through Redis is JSON of anybody who can write there: its shape is checked on both sides.

/** Seconds for which the results of jobs and the checkpoints of interrupted ones are kept: a week. */
export const KEPT_SECONDS = 7 * 24 * 3600;

/** A file of the user's that a trial runs. */
interface UsedFile {
  readonly module: string;
  readonly name: string;
  readonly sha256: string;
}

/** A trial on the queue. */
export interface Job {
  readonly trial: Trial;
  /** A worker runs the trial only if its own copies have this content. */
  readonly files: readonly UsedFile[];
}

/** What a finished trial reported, as far as it is part of its record. */
export interface JobResult {
  readonly events: readonly TrialEvent[];
}

/** What a running job reports: in which of its attempts, and what. */
export interface JobReport {
  readonly attempt: number;
  readonly event: TrialEvent;
}

const jobSchema: v.GenericSchema<unknown, Job> = v.object({
  trial: trialSchema,
  files: v.array(v.object({ module: v.string(), name: v.string(), sha256: v.string() })),
});
const resultSchema: v.GenericSchema<unknown, JobResult> = v.object({ events: v.array(eventSchema) });
const reportSchema: v.GenericSchema<unknown, JobReport> = v.object({
  attempt: v.number(),
  event: eventSchema,
});

/** Checks what was read from the queue. @throws Error that names the first entry of another shape. */
export const readJob = (value: unknown): Job => checkShape(jobSchema, 'the queue', value);
export const readResult = (value: unknown): JobResult => checkShape(resultSchema, 'the worker', value);
export const readReport = (value: unknown): JobReport => checkShape(reportSchema, 'the worker', value);

const hashOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

type Source = { readonly module: string; readonly name: string };

/** The modules of the user's that a trial runs. */
function modulesOf(trial: Trial): readonly Source[] {
  const sources = [
    trial.kind === 'problem' ? trial.problem : trial.kind === 'gan' ? null : trial.game,
    trial.kind === 'field' ? null : trial.method,
  ];
  return sources.filter(
    (source): source is Source => source !== null && typeof source === 'object' && 'module' in source,
  );
}

/** The job of a trial. @throws InputError for objects, which cannot be sent. */
export function jobOf(trial: Trial, everySeconds: number | undefined): Job {
  if (
    (trial.kind === 'problem' && trial.problem === null) ||
    (trial.kind !== 'field' && isGiven(trial.method))
  )
    throw new InputError('objects cannot be sent to a queue; expected specs and files');
  const files = modulesOf(trial).map(({ module, name }) => ({
    module,
    name,
    sha256: hashOf(readFileSync(fileURLToPath(module))),
  }));
  if (trial.kind !== 'gan' && trial.kind !== 'problem') return { trial, files };
  const { keep: _, ...rest } = trial;
  return { trial: { ...rest, carry: everySeconds === undefined ? {} : { everySeconds } }, files };
}

const isGiven = (method: unknown): boolean =>
  typeof method === 'object' && method !== null && 'given' in method;

/**
 * The id of a trial's job. It is the same for trials whose numbers depend on the same; undefined if what
 * they depend on is not known, as of files, which import others.
 */
export function jobId(trial: Trial): string | undefined {
  const identity = 'keep' in trial && trial.keep ? trial.keep.identity : JSON.stringify(trial);
  const isKnown =
    trial.kind === 'gan' || trial.kind === 'problem' ? 'keep' in trial : modulesOf(trial).length === 0;
  return isKnown ? hashOf(identity).slice(0, 32) : undefined;
}

/** @throws Error if a file is not on this machine, or is another one. */
export function checkFiles({ files }: Job): void {
  for (const { module, name, sha256 } of files) {
    const path = fileURLToPath(module);
    if (!existsSync(path))
      throw new Error(
        `a worker has no file ${path}, which is ${name} of the program that asked; put it there, or start workers where it is`,
      );
    let content: Uint8Array;
    try {
      content = readFileSync(path);
    } catch (cause) {
      throw new Error(`a worker cannot read ${path}: ${messageOf(cause)}`, { cause });
    }
    if (hashOf(content) !== sha256)
      throw new Error(`a worker’s file ${path} is not the one of the program that asked; expected the same`);
  }
}
