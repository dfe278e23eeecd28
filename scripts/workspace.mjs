// Shared by `npm start`, `npm test` and `npm run docs`: runs commands, and finds pnpm if it is not installed.
import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const PNPM = '10.34.9';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Stillpoint needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(2);
}

/** How a command of the repository is run. */
const settings = ({ cwd = root, env = {} }) => ({
  cwd,
  maxBuffer: 2 ** 28,
  shell: process.platform === 'win32',
  env: {
    ...process.env,
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
    PATH: `${join(root, 'node_modules', '.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
    ...env,
  },
});

/**
 * Runs a command in the repository; returns its exit status and, if quiet, its output, which otherwise goes
 * to the terminal.
 */
export function run(command, args, { quiet = false, ...options } = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    ...settings(options),
    encoding: 'utf8',
    stdio: quiet ? 'pipe' : 'inherit',
  });
  return {
    status: error ? 127 : (status ?? 1),
    output: error ? error.message : `${stdout ?? ''}${stderr ?? ''}`,
  };
}

/** Runs a command as `run` does, quietly and beside others. */
export function runBeside(command, args, options = {}) {
  return new Promise((resolve) => {
    execFile(command, args, { ...settings(options), encoding: 'utf8' }, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : 127;
      resolve({ status, output: `${stdout}${stderr}` || (error?.message ?? '') });
    });
  });
}

/**
 * Installs the workspace, or only what some packages need, with the version of pnpm that wrote the lockfile.
 */
export function install(filters = []) {
  const local = join(root, 'node_modules', '.bin', 'pnpm');
  const args = ['install', '--frozen-lockfile', ...filters.flatMap((filter) => ['--filter', filter])];
  const quiet = !process.stdout.isTTY;
  const { status, output } = existsSync(local)
    ? run(local, args, { quiet })
    : run('npx', ['-y', `pnpm@${PNPM}`, ...args], { quiet });
  if (status !== 0) {
    console.error(
      `${output}\nInstalling failed (status ${status}). Stillpoint needs access to the npm registry and to nothing else.`,
    );
    process.exit(1);
  }
}
