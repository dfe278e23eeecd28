import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { folder } from '../../../testing/folder.js';

export { folder };

export const binary: string = fileURLToPath(new URL('../bin/stillpoint.mjs', import.meta.url));
if (!existsSync(new URL('../dist/main.js', import.meta.url)))
  throw new Error('the CLI is not built; run: npx tsc -b apps/cli');

/** Code that takes so many milliseconds, during which its process hears nothing. It computes nothing. */
export const blocking = (milliseconds: number | string): string =>
  `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${milliseconds});`;

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line as a user would, in a folder of its own. */
export function stillpoint(args: readonly string[], cwd: string = folder()): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [binary, ...args], {
    cwd,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}
