import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether a Redis server is installed. */
export const hasRedis: boolean = spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;

/** A Redis server on loopback, which writes nothing. */
export interface RedisServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** A port of loopback that nothing uses. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise<void>((done) => server.close(() => done()));
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

/** Starts a Redis server that takes connections. @param password Default: none is needed. */
export async function startRedis(password?: string): Promise<RedisServer> {
  const port = await freePort();
  const place = mkdtempSync(join(tmpdir(), 'stillpoint-redis-'));
  const flags = [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--dir',
    place,
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  const server = spawn(
    'redis-server',
    [...flags, '--maxmemory-policy', 'noeviction', ...(password ? ['--requirepass', password] : [])],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const ended = new Promise<void>((done) => server.on('close', () => done()));
  await new Promise<void>((ready, failed) => {
    server.stdout.on('data', (text: Buffer) => text.includes('Ready to accept connections') && ready());
    server.on('close', (code) => failed(new Error(`redis-server ended with ${code}`)));
  });
  return {
    url: `redis://${password ? `:${password}@` : ''}127.0.0.1:${port}`,
    async stop() {
      server.kill('SIGKILL');
      await ended;
      rmSync(place, { recursive: true, force: true });
    },
  };
}
