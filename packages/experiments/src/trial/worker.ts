import { messageOf } from '@stillpoint/operators';
import { runTrial, type Given } from './run.js';
import type { FromTrial } from './messages.js';
import type { Trial } from './trial.js';

/** A report of a worker: about its trial, or that the worker itself has ended and takes no more trials. */
export type WorkerReport = FromTrial | { readonly kind: 'exit'; readonly reason: string };

/** Runs one trial after another, in this process or in another. */
export interface TrialWorker {
  /** Begins a trial. To be called once after each `ready`. */
  start(trial: Trial): void;
  /** Asks the running trial to end after its current step. */
  stop(): void;
  /** Ends a worker that runs no trial. */
  leave(): void;
  /** Ends the worker at once, even during a trial. */
  kill(): void;
}

/** Opens a worker, which sends its reports to `on`; the first says that it is ready. */
export type OpenWorker = (on: (report: WorkerReport) => void) => TrialWorker;

/**
 * Workers in this process, for games that are objects, which cannot be sent to another process, and for
 * tests. `kill` cannot end a trial's current step: the trial ends after it, and its reports are no longer
 * passed on.
 */
export function inlineWorker(given: Given = {}): OpenWorker {
  return (on) => {
    let open = true;
    let stop = new AbortController();
    const report = (what: WorkerReport): void => {
      if (open) on(what);
    };
    const exit = (reason: string): void => {
      report({ kind: 'exit', reason });
      open = false;
      stop.abort();
    };
    queueMicrotask(() => report({ kind: 'ready' }));
    return {
      start(trial) {
        stop = new AbortController();
        runTrial(trial, (event) => report({ kind: 'event', event }), stop.signal, given)
          .catch((error: unknown) => report({ kind: 'error', message: messageOf(error) }))
          .finally(() => report({ kind: 'ready' }));
      },
      stop: () => stop.abort(),
      leave: () => exit('left'),
      kill: () => exit('was ended'),
    };
  };
}
