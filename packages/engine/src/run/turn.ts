import { InputError } from '@stillpoint/operators';

/** Lets one call at a time use a runtime, and none after it was freed. */
export interface Turn {
  /** Runs `body`. Rejects during another call and after `end`. */
  take<T>(body: () => Promise<T>): Promise<T>;
  /** Waits for a running call, and then runs `free`, once. */
  end(free: () => Promise<void>): Promise<void>;
}

/** `what` names the owner in errors, and `again` says how to get another. */
export function createTurn(what: string, again: string): Turn {
  let ended = false;
  let current: Promise<unknown> | undefined;
  return {
    async take(body) {
      if (ended) throw new InputError(`this ${what} was disposed; ${again}`);
      if (current !== undefined)
        throw new InputError(
          `run() was called while an earlier run() of the same ${what} is running; await that first`,
        );
      const call = body();
      current = call;
      try {
        return await call;
      } finally {
        current = undefined;
      }
    },
    async end(free) {
      if (ended) return;
      ended = true;
      await current?.catch(() => {}); // the call's own promise reports its error
      await free();
    },
  };
}
