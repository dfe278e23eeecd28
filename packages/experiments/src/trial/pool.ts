import { fork, type ChildProcess } from 'node:child_process';
import { InputError } from '@stillpoint/operators';
import type { GanRun, RunStatus } from '@stillpoint/tracking';
import type { FromTrial, GanTrial, ToTrial, TrialEvent } from './trial.js';

/** A trial with what it has told so far. */
export interface TrialRecord {
  readonly trial: GanTrial;
  engine: string;
  version: string;
  /** Which engine runs it, in one line. */
  about: string;
  fraction: number;
  status: RunStatus | 'waiting' | 'running';
  message: string;
  steps: number;
  oracleCalls: number;
  seconds: number | null;
  readonly measures: GanRun['measures'][number][];
  readonly players: GanRun['players'][number][];
  /** The latest picture of its samples, a PNG in base64. */
  picture?: { readonly calls: number; readonly png: string };
  readonly snapshots: GanRun['snapshots'][number][];
}

/** What a pool of processes runs. */
export interface PoolOptions {
  /** Processes at once. Default: one per core that the process may use. */
  readonly processes: number;
  /** Called whenever a trial has told something. */
  readonly onProgress?: (records: readonly TrialRecord[]) => void;
  /** Stops what runs, after the step under way, and begins nothing more. */
  readonly signal?: AbortSignal;
}

const GRACE = 10_000;

function apply(record: TrialRecord, event: TrialEvent): void {
  if (event.kind === 'begin') Object.assign(record, { engine: event.engine, version: event.version, about: event.about });
  else if (event.kind === 'progress') Object.assign(record, { fraction: event.fraction, steps: event.steps, oracleCalls: event.oracleCalls, seconds: event.seconds });
  else if (event.kind === 'measure') record.measures.push({ calls: event.calls, values: event.values });
  else if (event.kind === 'players') record.players.push({ calls: event.calls, losses: event.losses, gradientNorms: event.gradientNorms, rotations: event.rotations });
  else if (event.kind === 'picture') record.picture = { calls: event.calls, png: event.png };
  else if (event.kind === 'snapshot') record.snapshots.push(event.snapshot);
  else Object.assign(record, { fraction: 1, status: event.status, message: event.message, steps: event.steps, oracleCalls: event.oracleCalls, seconds: event.seconds });
}

/**
 * Runs trials in processes of their own. A process that dies fails its trial only; another takes its place.
 * Resolves once all trials have ended or, after the signal, once those running have. Records keep what was told.
 * @throws InputError if a trial was given something wrong: then all trials are ended, since all were given by the same hand.
 */
export async function runTrials(trials: readonly GanTrial[], { processes, onProgress, signal }: PoolOptions): Promise<readonly TrialRecord[]> {
  const records = trials.map((trial): TrialRecord => ({ trial, engine: '', version: '', about: '', fraction: 0, status: 'waiting', message: '', steps: 0, oracleCalls: 0, seconds: null, measures: [], players: [], snapshots: [] }));
  const queue = [...records];
  const children = new Set<ChildProcess>();
  let wrong: InputError | undefined;
  const stop = (): void => {
    queue.length = 0;
    for (const child of children) if (child.connected) child.send({ kind: 'stop' } satisfies ToTrial);
    setTimeout(() => { for (const child of children) child.kill('SIGKILL'); }, GRACE).unref();
  };

  const worker = (): Promise<void> => new Promise((resolve) => {
    const child = fork(new URL('./trial-process.js', import.meta.url), { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] });
    let record: TrialRecord | undefined;
    let ready = false;
    let noise = '';
    children.add(child);
    child.stderr?.on('data', (chunk: Buffer) => { noise = (noise + chunk.toString()).slice(-2000); });
    child.on('message', (message: FromTrial) => {
      if (message.kind === 'event') {
        if (record) apply(record, message.event);
        onProgress?.(records);
      } else if (message.kind === 'error') {
        if (record) Object.assign(record, { status: 'failed', message: message.message });
        if (message.usage && wrong === undefined) {
          wrong = new InputError(message.message);
          stop();
        }
      } else {
        ready = true;
        record = queue.shift();
        if (record === undefined) return void child.send({ kind: 'leave' } satisfies ToTrial); // a channel closed from this side never tells of its close
        record.status = 'running';
        child.send({ kind: 'trial', trial: record.trial } satisfies ToTrial);
      }
    });
    child.on('error', (error) => { noise = error.message; });
    child.on('close', (code, killedBy) => {
      children.delete(child);
      if (!ready) { // it died before it could take a trial; without this its successor would die the same way, forever
        record = queue.shift();
        if (record) record.status = 'running';
      }
      if (record?.status === 'running') {
        const reason = noise.split('\n').find((line) => /Error|error/.test(line)) ?? '';
        Object.assign(record, signal?.aborted && killedBy === 'SIGKILL'
          ? { status: 'stopped', message: 'Stopped by force.' }
          : { status: 'failed', message: `Its process ended with ${killedBy ?? `status ${code}`}${reason ? `: ${reason.trim()}` : ''}.` });
        onProgress?.(records);
      }
      resolve();
    });
  });

  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  const lane = async (): Promise<void> => {
    while (queue.length > 0) await worker();
  };
  await Promise.all(Array.from({ length: Math.min(processes, trials.length) }, lane));
  signal?.removeEventListener('abort', stop);
  if (wrong) throw wrong;
  return records;
}
