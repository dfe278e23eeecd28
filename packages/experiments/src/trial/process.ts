import { Worker } from 'node:worker_threads';
import { messageOf } from '@stillpoint/operators';
import { readToTrial, type FromTrial, type ToTrial } from './messages.js';
import { runTrial, type Given } from './run.js';
import type { Trial } from './trial.js';

// The process of a worker, which runs one trial after another in one thread, so that trials share nothing.
// Its argument is the process id of the program that began it.

const send = (message: FromTrial): void => {
  process.send?.(message);
};

// These signals reach the whole group of processes. The program that began this one decides when it ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit(0));
// During a long step no event is handled here. So a thread watches whether the program is still running.
new Worker(new URL('./parent-watch.js', import.meta.url), { workerData: Number(process.argv[2]) }).unref();

let stop = new AbortController();
/** What one trial leaves to the next. */
const given: Given = { opened: new Map(), loaded: new Map() };
let ignored = false;

/**
 * Ignores what a user's file throws outside any call, in a timer or a promise of its own. It does not end the
 * run; the program imports the file too and reports the error.
 */
function ignoreStrays(): void {
  if (ignored) return;
  ignored = true;
  process.on('uncaughtException', () => {});
  process.on('unhandledRejection', () => {});
}

/** Whether a trial runs a user's file. */
const isUsers = (trial: Trial): boolean =>
  trial.kind === 'problem' ||
  (trial.kind !== 'gan' && 'module' in trial.game) ||
  (trial.kind !== 'field' && typeof trial.method === 'object');

function handle(message: ToTrial): void {
  if (message.kind === 'stop') return stop.abort();
  if (message.kind === 'leave') return process.exit(0);
  stop = new AbortController();
  if (isUsers(message.trial)) ignoreStrays();
  runTrial(message.trial, (event) => send({ kind: 'event', event }), stop.signal, given)
    .catch((error: unknown) => send({ kind: 'error', message: messageOf(error) }))
    .finally(() => send({ kind: 'ready' }));
}

process.on('message', (message: unknown) => {
  try {
    handle(readToTrial(message));
  } catch (error) {
    send({ kind: 'error', message: messageOf(error) });
    send({ kind: 'ready' });
  }
});
send({ kind: 'ready' });
