import { InputError, messageOf } from '@stillpoint/operators';
import { runGanTrial } from './gan-trial.js';
import type { FromTrial, ToTrial } from './trial.js';

// A process of its own for one trial after another: single-threaded, so that trials neither share nor disturb each other.

const stop = new AbortController();
const send = (message: FromTrial): void => { process.send?.(message); };

// Ctrl-C reaches the whole group; the parent decides what becomes of it.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToTrial) => {
  if (message.kind === 'stop') return stop.abort();
  if (message.kind === 'leave') return process.exit(0);
  runGanTrial(message.trial, (event) => send({ kind: 'event', event }), stop.signal)
    .catch((error: unknown) => send({ kind: 'error', message: messageOf(error), usage: error instanceof InputError }))
    .finally(() => send({ kind: 'ready' }));
});
send({ kind: 'ready' });
