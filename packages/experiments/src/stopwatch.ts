import type { Method, State } from '@stillpoint/operators';

/** Measures the seconds of a method and its oracle, without those of measurements, records and messages. */
export interface Stopwatch {
  seconds(): number;
  /** The same method; its steps are timed from beginning to end, with the oracle's work. */
  time<S extends State>(method: Method<S>): Method<S>;
  /** Does work inside a step without counting its seconds. */
  without(work: () => void): void;
}

/** A new stopwatch. @param now returns a clock's milliseconds. */
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
