import { messageOf } from '@stillpoint/operators';
import { runTrial, type Given } from './run.js';
import type { FromTrial } from './messages.js';
import type { Trial } from './trial.js';

/**
 * What a worker reports: what its trial does, or that the worker itself has ended and takes no more trials.
 */
export type WorkerReport = FromTrial | { readonly kind: 'exit'; readonly reason: string };

/** Runs one trial after another; which kind of worker it is, whoever gives it trials need not know. */
export interface TrialWorker {
  /** Begins a trial. Only after `ready`, and once for each. */
  start(trial: Trial): void;
  /** Asks the trial under way to end after its step. */
  stop(): void;
  /** Ends the worker, which has nothing to do. */
  leave(): void;
  /** Ends the worker at once, whatever it does. */
  kill(): void;
}

/** Opens a worker, which reports to `on`, first that it is ready. */
export type OpenWorker = (on: (report: WorkerReport) => void) => TrialWorker;

/**
 * Workers in this process: for games that are objects and cannot cross into another, and for tests.
 * A trial that is killed is left alone: its reports are no longer passed on, but it ends only after its step.
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
