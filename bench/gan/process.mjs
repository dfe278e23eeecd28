// The bench's side of a lane: starts it, asks for rounds, ends it.
import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';

/** Seconds that all processors together have worked since the machine was started. */
const worked = () =>
  cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0) / 1000;

const lastLine = (text) => text.trim().split('\n').at(-1) ?? '';

/**
 * Starts a lane and waits for its first step, at most `limit` seconds. Returns `{ version, startup, round,
 * stop }`, with `startup` in seconds from the process' start to the end of its first step, or `{ missing }`.
 */
export async function begin({ command, args, env = {} }, limit) {
  const begun = performance.now();
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors = (errors + text).slice(-4000);
  });
  child.stdin.on('error', () => {}); // it ended: the missing answer says so
  const ended = new Promise((resolve) => {
    child.on('error', (error) =>
      resolve({ missing: error.code === 'ENOENT' ? `${command} is not there` : error.message }),
    );
    child.on('close', (status, signal) =>
      resolve({ missing: `it ended with ${signal ?? `status ${status}`}: ${lastLine(errors)}` }),
    );
  });
  const messages = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  /** The next JSON message; other output of libraries is ignored. */
  const next = async () => {
    for (;;) {
      const { value, done } = await messages.next();
      if (done) return ended;
      if (value.startsWith('{')) return JSON.parse(value);
    }
  };
  const stop = async () => {
    child.stdin.end();
    await ended;
  };

  let late;
  const first = await Promise.race([
    next(),
    new Promise((resolve) => {
      late = setTimeout(resolve, limit * 1000, { missing: `no first step within ${limit} s` });
    }),
  ]);
  clearTimeout(late);
  if (first.missing !== undefined) {
    child.kill('SIGKILL');
    await ended;
    return first;
  }
  return {
    version: first.ready,
    startup: (performance.now() - begun) / 1000,
    stop,
    /**
     * Runs a round of that many seconds, at least one step. Returns its figures and the number of processors
     * that other work used meanwhile, or `{ missing }` if the lane ends during the round.
     */
    async round(seconds) {
      const before = worked();
      child.stdin.write(`${seconds}\n`);
      const figures = await next();
      return figures.missing === undefined
        ? { ...figures, others: Math.max(0, worked() - before - figures.cpu) / figures.seconds }
        : figures;
    },
  };
}
