import { constants } from 'node:os';
import { say } from './say.js';

/** Lets signals stop a run. */
export interface Interrupt {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /**
   * The exit status that is customary after the signal that came: 128 and its number. Undefined if none came.
   */
  readonly status: () => number | undefined;
  /** From now on a signal stops the run; a second one ends the program at once. */
  readonly listen: () => void;
  /** From now on a signal ends the program at once, which is Node's default. */
  readonly release: () => void;
}

const NAMES = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Lets Ctrl-C, SIGTERM and SIGHUP stop a run instead of ending the program. `words` say what happens to its
 * results.
 */
export function interrupt(words: string): Interrupt {
  const abort = new AbortController();
  let status: number | undefined;
  const onSignal = (name: NodeJS.Signals): void => {
    const code = 128 + constants.signals[name];
    if (status !== undefined) process.exit(code);
    status = code;
    say(`\nStopping; ${words}. ${name === 'SIGINT' ? 'Ctrl-C again' : 'Another signal'} ends it at once.\n`);
    abort.abort();
  };
  let listening = false;
  return {
    signal: abort.signal,
    status: () => status,
    listen() {
      if (listening) return;
      listening = true;
      for (const name of NAMES) process.on(name, onSignal);
    },
    release() {
      listening = false;
      for (const name of NAMES) process.off(name, onSignal);
    },
  };
}
