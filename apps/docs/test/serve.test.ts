import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { docs } from './examples.js';

const script = join(docs, '..', '..', 'scripts', 'docs.mjs');
function run(...args: readonly string[]): { readonly status: number | null; readonly stderr: string } {
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', timeout: 20_000 });
}

it.each([
  [['--port', 'abc'], '--port is abc; expected a whole number from 1 to 65535'],
  [['--port', '70000'], '--port is 70000; expected a whole number from 1 to 65535'],
  [['--prot', '8080'], "Unknown option '--prot'; expected --port <number> or --build"],
])('npm run docs refuses %j before it builds anything', (args, message) => {
  expect(run(...args)).toMatchObject({ status: 2, stderr: `${message}\n` });
});

it('npm run docs says at once that the port asked for is in use', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { status, stderr } = run('--port', String(port));
  await new Promise((resolve) => {
    server.close(resolve);
  });
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: `Port ${port} is in use; give a free one with --port.\n`,
  });
});
