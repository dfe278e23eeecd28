import { constants } from 'node:os';
import { say } from './say.js';

/** What the signals to end a program do to a run. */
export interface Interrupt {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /**
   * The exit status of a program that was ended by this signal, by convention; undefined while none has come.
   */
  readonly status: () => number | undefined;
  /** From now on a signal aborts the run; a second one ends the program at once. */
  readonly listen: () => void;
  /** From now on a signal ends the program at once, as it does where nobody listens. */
  readonly release: () => void;
}

const NAMES = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Lets Ctrl-C, SIGTERM and SIGHUP end a run rather than the program. `words` say what will become of the run.
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
