import type { Trial, TrialEvent } from '../trial/trial.js';
import type { OpenWorker } from '../trial/worker.js';

/** Milliseconds for which a trial that is to stop may go on with its step. */
const GRACE = 10_000;

/** What ends a trial early. */
export interface Ends {
  /** Ends it after its step. */
  readonly stop: AbortSignal;
  /** Ends it at once. */
  readonly kill: AbortSignal;
}

/**
 * Runs one trial in a worker of its own. Rejects with the error of a trial that failed, and if the worker
 * ended before it.
 */
export async function runAlone(
  open: OpenWorker,
  trial: Trial,
  report: (event: TrialEvent) => void,
  { stop, kill }: Ends,
): Promise<void> {
  let end = (): void => {};
  await new Promise<void>((resolve, reject) => {
    let failure: Error | undefined;
    let begun = false;
    const worker = open((said) => {
      if (said.kind === 'event') return report(said.event);
      if (said.kind === 'error') return void (failure = new Error(said.message));
      if (said.kind === 'exit') return reject(failure ?? new Error(said.reason));
      if (begun) {
        if (failure) reject(failure);
        else resolve();
        return worker.leave();
      }
      begun = true;
      worker.start(trial);
    });
    let timer: NodeJS.Timeout | undefined;
    const onKill = (): void => worker.kill();
    const onStop = (): void => {
      worker.stop();
      timer = setTimeout(onKill, GRACE);
    };
    kill.addEventListener('abort', onKill, { once: true });
    stop.addEventListener('abort', onStop, { once: true });
    if (kill.aborted) onKill();
    else if (stop.aborted) onStop();
    end = () => {
      clearTimeout(timer);
      kill.removeEventListener('abort', onKill);
      stop.removeEventListener('abort', onStop);
    };
  }).finally(() => end());
}
