// A registry on loopback: Verdaccio. This workspace's packages exist in it only if they were published to it;
// all others come from the registry that npm is configured for, and are kept in .cache for the next run.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { must, start } from './commands.mjs';

// The last version that runs on Node 20. Its audit part asks for a tag of node-fetch, which mirrors of npm
// may not have; the tag stands for this version.
const VERSION = '6.8.0';
const OVERRIDES = { 'node-fetch': '2.7.0' };

async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Installs Verdaccio in a folder, unless it is there; returns the file that starts it. */
async function installed(folder, options) {
  const main = join(folder, 'node_modules', 'verdaccio', 'package.json');
  if (!existsSync(main) || JSON.parse(readFileSync(main, 'utf8')).version !== VERSION) {
    console.log(`installing Verdaccio ${VERSION} in ${folder} …`);
    mkdirSync(folder, { recursive: true });
    const manifest = { private: true, dependencies: { verdaccio: VERSION }, overrides: OVERRIDES };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    await must('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
      ...options,
      cwd: folder,
    });
  }
  return join(folder, 'node_modules', 'verdaccio', 'bin', 'verdaccio');
}

/**
 * Starts the registry. `cache` is kept between runs, `scratch` is not. Returns its address, the variables
 * with which npm, pnpm and changesets use it and nothing else, a function that stops it, and the errors that
 * it has reported.
 */
export async function startRegistry({ cache, scratch, signal }) {
  const options = { cwd: scratch, env: process.env, signal };
  const setting = async (key) => (await must('npm', ['config', 'get', key], options)).trim();
  const main = await installed(join(cache, 'verdaccio'), options);
  const port = await freePort();
  const cafile = await setting('cafile');
  const storage = join(cache, 'registry');
  const own = `published-${process.pid}`;
  const config = {
    storage,
    web: { enable: false },
    max_body_size: '100mb',
    uplinks: {
      configured: {
        url: await setting('registry'),
        maxage: '1h',
        timeout: '2m',
      },
    },
    packages: {
      '@stillpoint/*': { access: '$all', publish: '$all', storage: own },
      stillpoint: { access: '$all', publish: '$all', storage: own },
      '**': { access: '$all', proxy: 'configured' },
    },
    log: { type: 'stdout', format: 'json', level: 'http' },
  };
  mkdirSync(storage, { recursive: true });
  const configFile = join(scratch, 'verdaccio.yaml');
  writeFileSync(configFile, JSON.stringify(config));
  const authorities = cafile === 'null' ? {} : { NODE_EXTRA_CA_CERTS: cafile };
  const { child, ended, stop } = start(
    process.execPath,
    [main, '--config', configFile, '--listen', `127.0.0.1:${port}`],
    { ...options, env: { ...authorities, ...process.env } },
  );
  const errors = new Set();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = /"err":\{[^}]*?"message":"([^"]*)/.exec(line)?.[1];
    if (message !== undefined) errors.add(message);
  });
  createInterface({ input: child.stderr }).on('line', (line) => errors.add(line));
  const url = `http://127.0.0.1:${port}/`;
  let exited = false;
  const end = ended.then(() => (exited = true));
  for (let up = false; !up;) {
    up = await fetch(`${url}-/ping`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (exited) throw new Error(['Verdaccio did not start:', ...errors].join('\n'));
    if (!up) await setTimeout(100, undefined, { signal });
  }
  // Not the user's own settings: they may hold a token with which a mistake here would be a real release.
  // changesets takes the registry from the variable alone; npm publishes only with a token, which is ignored.
  const userconfig = join(scratch, 'npmrc');
  writeFileSync(userconfig, `@stillpoint:registry=${url}\n//127.0.0.1:${port}/:_authToken=none\n`);
  const globalconfig = join(scratch, 'no-npmrc');
  writeFileSync(globalconfig, '');
  const variables = {
    npm_config_registry: url,
    npm_config_userconfig: userconfig,
    npm_config_globalconfig: globalconfig,
    npm_config_update_notifier: 'false',
  };
  const close = async () => {
    stop();
    await end;
    rmSync(join(storage, '.verdaccio-db.json'), { force: true });
    rmSync(join(storage, own), { recursive: true, force: true, maxRetries: 3 });
  };
  return { url, variables, close, errors };
}
