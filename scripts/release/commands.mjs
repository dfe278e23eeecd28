// Commands that `npm run release:dry` can stop at any moment, also by Ctrl-C.
import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';

const windows = process.platform === 'win32';

/**
 * This process's environment without what npm sets for scripts or the user sets for npm and Node, so that a
 * command behaves as in a new terminal, with variables of our own. Loopback needs no proxy.
 */
export function environment(own) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|pnpm_|(NODE_OPTIONS|NODE_PATH|INIT_CWD|NO_COLOR|FORCE_COLOR|NO_PROXY)$)/i.test(name),
  );
  const direct = [process.env.NO_PROXY ?? process.env.no_proxy, '127.0.0.1'].filter(Boolean).join(',');
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => !entry.includes('node_modules'));
  return { ...Object.fromEntries(kept), NO_PROXY: direct, PATH: path.join(delimiter), ...own };
}

/** Starts a command as a group of processes, and stops the whole group when the signal is aborted. */
export function start(command, args, { cwd, env, signal, shell = windows && command !== process.execPath }) {
  signal.throwIfAborted();
  const child = spawn(command, args, { cwd, env, shell, detached: !windows });
  const stop = () => {
    try {
      if (windows || child.pid === undefined) child.kill();
      else process.kill(-child.pid, 'SIGKILL');
    } catch {
      // it has ended already
    }
  };
  signal.addEventListener('abort', stop, { once: true });
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve({ status: 127, error }));
    child.once('close', (status) => resolve({ status: status ?? 1 }));
  }).finally(() => signal.removeEventListener('abort', stop));
  return { child, ended, stop };
}

/** Runs a command to its end; returns its status, what it printed, and its errors. */
export async function execute(command, args, options) {
  const { child, ended } = start(command, args, options);
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', (part) => (text[name] += part));
  child.stdin.end();
  const { status, error } = await ended;
  options.signal.throwIfAborted();
  return { status, stdout: text.stdout, stderr: error ? error.message : text.stderr };
}

/** Runs a command that has to succeed; returns what it printed. Throws with all of its output otherwise. */
export async function must(command, args, options) {
  const { status, stdout, stderr } = await execute(command, args, options);
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} failed (status ${status}):\n${stdout}${stderr}`.trim());
  return stdout;
}
