import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { InputError, messageOf } from '@stillpoint/operators';
import { moduleDifference, type ModuleHashes } from '@stillpoint/tracking/files';
import { checkShape, eventSchema, trialSchema } from '../trial/messages.js';
import { filesOf, modulesOf, type ModuleSource } from '../trial/module-source.js';
import type { Trial, TrialEvent } from '../trial/trial.js';

// What goes through Redis is JSON of anybody who can write there: its shape is checked on both sides.

/** Seconds for which the results of jobs and the checkpoints of interrupted ones are kept: a week. */
export const KEPT_SECONDS = 7 * 24 * 3600;

/** Why a job failed that was asked to stop, during a step for which its worker did not wait. */
export const NOT_WAITED = 'Stopped during a step that was not waited for.';

/** A file of the user's that a trial runs, with hashes of it and of what it imports. */
interface UsedFile extends Pick<ModuleSource, 'module' | 'name'> {
  readonly hashes: ModuleHashes;
}

/** A trial on the queue. */
export interface Job {
  readonly trial: Trial;
  /** A worker runs the trial only if its own copies have this content. */
  readonly files: readonly UsedFile[];
  /** The program that asks, which reads its files once: so does a process that runs trials of it. */
  readonly asker: string;
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
  files: v.array(
    v.object({
      module: v.string(),
      name: v.string(),
      hashes: v.record(v.string(), v.nullable(v.string())),
    }),
  ),
  asker: v.string(),
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

const hashOf = (content: string): string => createHash('sha256').update(content).digest('hex');

/** The job of a trial. @throws InputError for objects, which cannot be sent. */
export async function jobOf(trial: Trial, everySeconds: number | undefined, asker: string): Promise<Job> {
  if (
    (trial.kind === 'problem' && trial.problem === null) ||
    (trial.kind !== 'field' && isGiven(trial.method))
  )
    throw new InputError('objects cannot be sent to a queue; expected specs and files');
  const files = await Promise.all(
    modulesOf(trial).map(async ({ module, name }) => ({
      module,
      name,
      hashes: await filesOf({ module }),
    })),
  );
  if (trial.kind === 'field' || trial.kind === 'local') return { trial, files, asker };
  const { keep, ...rest } = trial;
  const carry = {
    ...(everySeconds === undefined ? {} : { everySeconds }),
    ...(keep?.data === undefined ? {} : { data: keep.data }),
    ...(keep === undefined ? {} : { whole: true }),
  };
  return { trial: { ...rest, carry }, files, asker };
}

const isGiven = (method: unknown): boolean =>
  typeof method === 'object' && method !== null && 'given' in method;

/**
 * The id of a trial's job. It is the same for trials whose numbers depend on the same; undefined if what
 * they depend on is not known, as of the fields of games in files, and of local steps, whose results are
 * large and asked for once.
 */
export function jobId(trial: Trial): string | undefined {
  if (trial.kind === 'local') return undefined;
  const identity = 'keep' in trial && trial.keep ? trial.keep.identity : JSON.stringify(trial);
  const isKnown =
    'keep' in trial || (trial.kind !== 'gan' && trial.kind !== 'problem' && modulesOf(trial).length === 0);
  return isKnown ? hashOf(identity).slice(0, 32) : undefined;
}

/** @throws Error if a file, or one that it imports, is not on this machine, or is another one. */
export async function checkFiles({ files }: Job): Promise<void> {
  for (const { module, name, hashes } of files) {
    const path = fileURLToPath(module);
    if (!existsSync(path))
      throw new Error(
        `a worker has no file ${path}, which is ${name} of the program that asked; put it there, or start workers where it is`,
      );
    let found: ModuleHashes;
    try {
      found = await filesOf({ module });
    } catch (cause) {
      throw new Error(`a worker cannot read ${path}: ${messageOf(cause)}`, { cause });
    }
    const other = moduleDifference(found, hashes);
    if (other !== undefined)
      throw new Error(
        `a worker’s ${path} is not the one of the program that asked (what differs: ${other}); expected the same files`,
      );
  }
}
