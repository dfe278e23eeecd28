import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';

/** Chromium's command: the variable CHROMIUM, or `chromium` if that is installed; else undefined. */
export const chromium: string | undefined =
  process.env['CHROMIUM'] ??
  (spawnSync('chromium', ['--version'], { stdio: 'ignore' }).status === 0 ? 'chromium' : undefined);

const types: { readonly [extension: string]: string } = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** Ends a process and those that it started; does nothing if they have ended. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/**
 * Flags of Chromium that give a page WebGPU by a software adapter, which computes on the processor.
 */
export const softwareWebgpu: readonly string[] = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
];

/**
 * Serves the files of a folder, opens its index.html in Chromium without a window, and returns the text that
 * the page sends by `fetch('/result', { method: 'POST', body })`. Rejects after `limit` milliseconds.
 * `graphics` are Chromium's flags for graphics, which it does without by default.
 */
export async function openPage(
  command: string,
  root: string,
  limit = 60_000,
  graphics: readonly string[] = ['--disable-gpu'],
): Promise<string> {
  let resolve: (text: string) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const posted = new Promise<string>((done, failed) => {
    [resolve, reject] = [done, failed];
  });
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        response.end();
        resolve(Buffer.concat(parts).toString());
      });
      return;
    }
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = join(root, normalize(path === '/' ? '/index.html' : path));
    readFile(file).then(
      (bytes) => response.writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain' }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const profile = mkdtempSync(join(tmpdir(), 'stillpoint-chromium-')); // also outside of tests, so not folder()
  const page = `http://127.0.0.1:${address.port}/`;
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-dev-shm-usage',
    `--user-data-dir=${profile}`,
    ...graphics,
    page,
  ];
  // a group of its own, so that the processes that it starts end with it and write no more to its profile
  const browser = spawn(command, flags, { stdio: 'ignore', detached: true });
  const closed = new Promise((done) => browser.once('close', done));
  browser.once('error', reject);
  const timer = setTimeout(() => {
    reject(new Error(`the page sent nothing in ${limit} ms`));
  }, limit);
  try {
    return await posted;
  } finally {
    clearTimeout(timer);
    endGroup(browser.pid);
    await closed;
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  }
}
