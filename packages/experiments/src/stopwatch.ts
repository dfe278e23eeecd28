import type { Method, State } from '@stillpoint/operators';

/** Seconds of a method and its oracle alone: measuring, records and messages run outside. */
export interface Stopwatch {
  seconds(): number;
  /** The method, its steps timed from their beginning to their end, the oracle included. */
  time<S extends State>(method: Method<S>): Method<S>;
  /** What is done inside a step and is not its work: a record of what the oracle returned. */
  without(work: () => void): void;
}

/** @param now milliseconds of a clock. */
export function stopwatch(now: () => number = () => performance.now()): Stopwatch {
  let spent = 0;
  return {
    seconds: () => spent / 1000,
    time: (method) => ({
      ...method,
      begin(space) {
        const step = method.begin(space);
        return function* timed(state) {
          const begun = now();
          try {
            yield* step(state);
          } finally {
            spent += now() - begun;
          }
        };
      },
    }),
    without(work) {
      const begun = now();
      work();
      spent -= now() - begun;
    },
  };
}
