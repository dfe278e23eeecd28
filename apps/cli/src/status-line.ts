import { say } from './say.js';

/** Milliseconds after which progress is shown. */
export const QUICK_MS = 2000;
/** Milliseconds between lines that cannot be rewritten, elsewhere than on a terminal. */
const LINE_MS = 10_000;
/** Milliseconds between two versions of a line that can. */
export const LIVE_MS = 200;

/** Minutes and seconds: `1:05`. */
export function clock(ms: number): string {
  const s = Math.floor(ms / 1000);
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
}

/**
 * A line that is rewritten on a terminal; elsewhere a new one is written every ten seconds. @param quiet
 * whether nothing is shown.
 */
export function statusLine(quiet = false): { show(text: () => string): void; clear(): void } {
  const live = process.stderr.isTTY;
  const begun = performance.now();
  let shown = begun + QUICK_MS - (live ? LIVE_MS : LINE_MS);
  let there = false;
  return {
    show(text) {
      const now = performance.now();
      if (quiet || now - shown < (live ? LIVE_MS : LINE_MS)) return;
      shown = now;
      const line = `${text()}, ${clock(now - begun)}`;
      say(live ? `\r\x1b[2K${line.slice(0, (process.stderr.columns ?? 80) - 1)}` : `${line}\n`);
      there = live;
    },
    clear() {
      if (there) say('\r\x1b[2K');
      there = false;
    },
  };
}

/** Progress of one run: `bilinear: step 12000 of 100000, residual 0.12, 0:05`. */
export function runProgress(
  title: string,
  limit: number,
  quiet: boolean,
): { step(steps: number, residual: () => number): void; clear(): void } {
  const line = statusLine(quiet);
  const known = (r: number): string => (Number.isNaN(r) ? '' : `, residual ${Number(r.toPrecision(3))}`);
  return {
    step: (steps, residual) =>
      line.show(() => `${title}: step ${steps} of at most ${limit}${known(residual())}`),
    clear: () => line.clear(),
  };
}
