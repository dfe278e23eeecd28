// The lane's side of the protocol: it writes JSON messages to stdout, one a line; a line on stdin requests a
// round of that many seconds.
import { createInterface } from 'node:readline';
import { messageOf } from '@stillpoint/operators';

export const tell = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

/** Ends the process with a reason instead of figures. */
export function missing(reason) {
  tell({ missing: reason });
  process.exit(0);
}

/** Runs a lane; the message of an error that it throws becomes the reason. */
export async function lane(run) {
  try {
    await run();
    process.exit(0);
  } catch (error) {
    missing(messageOf(error));
  }
}

/**
 * Counts the steps of rounds. `after(losses)` is called after each step. It returns undefined during a round,
 * else a promise that resolves at the next round (true) or at the end (false). `figures(seconds)` returns
 * further fields of a round's message; `begin` is called when a round begins.
 */
export function rounds(version, { begin = () => {}, figures = () => ({}) } = {}) {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  let [ready, finite, steps, started, until, cpu] = [false, true, 0, 0, 0, process.cpuUsage()];
  const next = async () => {
    const { value, done } = await lines.next();
    [steps, started, cpu] = [0, performance.now(), process.cpuUsage()];
    until = started + 1000 * Number(value);
    begin();
    return !done;
  };
  return (losses) => {
    for (const loss of losses) finite &&= Number.isFinite(loss);
    if (!ready) {
      ready = true;
      tell({ ready: version });
      return next();
    }
    steps++;
    const now = performance.now();
    if (now < until) return undefined;
    const seconds = (now - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    tell({
      steps,
      seconds,
      cpu: (user + system) / 1e6,
      finite,
      rss: process.resourceUsage().maxRSS / 1024,
      ...figures(seconds),
    });
    return next();
  };
}
