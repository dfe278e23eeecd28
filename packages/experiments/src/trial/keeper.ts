import * as v from 'valibot';
import { encodeCheckpoint, parseJson, type Data } from '@stillpoint/operators';
import { valuesSchema } from '@stillpoint/tracking';
import { openRun, type Beginning } from '@stillpoint/tracking/run';
import { checkShape } from './messages.js';
import {
  isRunOf,
  keeping,
  keptAs,
  newRun,
  openTrial,
  writingTo,
  type At,
  type RunValues,
  type TrialFolder,
} from './trial-folder.js';
import type { Carry, Keep, TrialEvent } from './trial.js';

// A trial that is run elsewhere has no folder there. Its checkpoints hold what a folder is made of, and who
// asked for it makes the folder at its end.

/** What a checkpoint of a trial without a folder holds for one that is made later. */
interface Journal {
  readonly config: object;
  readonly environment: object;
  /** Where the trial was at each of its events. */
  readonly at: readonly At[];
  /** Values that no event has. */
  readonly values: readonly { readonly at: At; readonly values: RunValues }[];
  readonly pictures: readonly {
    readonly at: At;
    /** In base64. */
    readonly png: string;
    readonly size: { readonly width: number; readonly height: number };
  }[];
}

const at = v.object({ step: v.number(), calls: v.number(), seconds: v.number() });
const journalSchema: v.GenericSchema<unknown, Journal> = v.object({
  config: v.looseObject({}),
  environment: v.looseObject({}),
  at: v.array(at),
  values: v.array(v.object({ at, values: valuesSchema })),
  pictures: v.array(
    v.object({ at, png: v.string(), size: v.object({ width: v.number(), height: v.number() }) }),
  ),
});

function journalIn(text: Data | undefined): Journal {
  const json = typeof text === 'string' ? parseJson(text, 'the journal of a trial') : undefined;
  return checkShape(journalSchema, 'the worker', json);
}

/**
 * Keeps a trial without a folder: each checkpoint is reported, and whoever runs the trial again gives it
 * back. A damaged one is not used.
 */
function carriedTrial(
  { from, everySeconds }: Carry,
  report: (event: TrialEvent) => void,
  { config, environment, identity }: Beginning,
): TrialFolder {
  const before = from && keptAs(() => from);
  const kept = before && journalIn(before.more['journal']);
  const [ats, measured] = [[...(kept?.at ?? [])], [...(kept?.values ?? [])]];
  const pictures = [...(kept?.pictures ?? [])];
  return keeping(before, everySeconds, {
    note: (_, where) => void ats.push(where),
    values: (where, values) => void measured.push({ at: where, values }),
    picture: (where, png, size) =>
      void pictures.push({ at: where, png: Buffer.from(png).toString('base64'), size }),
    more: () => ({
      identity,
      journal: JSON.stringify({ config, environment, at: ats, values: measured, pictures } satisfies Journal),
    }),
    checkpoint: (bytes) => report({ kind: 'kept', bytes }),
    close() {},
  });
}

/**
 * Runs a trial with what keeps it, undefined if nothing does. One that has ended before, as one whose worker
 * was killed just after that, reports again what it reported, and is not run.
 * @param beginning of a new folder.
 */
export async function keptWhile(
  { keep, carry }: { readonly keep?: Keep; readonly carry?: Carry },
  report: (event: TrialEvent) => void,
  beginning: () => Beginning,
  run: (folder: TrialFolder | undefined) => Promise<void>,
): Promise<void> {
  const folder = carry ? carriedTrial(carry, report, beginning()) : keep && openTrial(keep, beginning());
  try {
    const events = folder?.before?.events ?? [];
    if (events.at(-1)?.kind === 'end') for (const event of events) report(event);
    else await run(folder);
  } finally {
    folder?.close();
  }
}

/**
 * Makes the folder of a trial that ended elsewhere of its last checkpoint, as if it had been run here; false
 * if the checkpoint is of one that has not ended. The times in it are those of now.
 * @throws InputError if another process writes the folder; Error if it cannot be written.
 */
export function folderOf(keep: Keep, checkpoint: Uint8Array): boolean {
  const kept = keptAs(() => checkpoint);
  if (kept?.events.at(-1)?.kind !== 'end') return false;
  const { from, events, seconds, record, more } = kept;
  const { config, environment, at: ats, values: measured, pictures } = journalIn(more['journal']);
  const { path } = keep;
  if (isRunOf(keep)) openRun(path).close(); // refuses what another process writes
  const run = newRun(keep, { config, environment, identity: more['identity'] ?? null });
  try {
    const to = writingTo(run);
    to.begun(0, 'A run of a comparison, made by a worker of a queue.');
    for (const [i, event] of events.entries()) to.note(event, ats[i] ?? { step: 0, calls: 0, seconds });
    for (const { at: where, values } of measured) to.values(where, values);
    for (const { at: where, png, size } of pictures) run.picture(where, Buffer.from(png, 'base64'), size);
    const last = ats.at(-1) ?? { step: from.ledger.steps, calls: 0, seconds };
    const whole = { ...from, run: { seconds, record: record ?? null, events: JSON.stringify(events) } };
    to.checkpoint(encodeCheckpoint(whole), last);
  } finally {
    run.close();
  }
  return true;
}
