import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import * as checks from '../release/checks.mjs';
import { environment, execute, must, start } from '../release/commands.mjs';

const readme = `# @stillpoint/some

\`\`\`js
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { one } from '@stillpoint/some/part';
import { two } from '@stillpoint/other';
console.log(one, two); // → 1 2
// → 3
\`\`\`

    npm install @stillpoint/some @tensorflow/tfjs-core@4.22.0
    npm install onnxruntime-node --ignore-scripts

\`\`\`ts
const not = 'run';
\`\`\`

\`\`\`js
const silent = 1;
\`\`\`

\`\`\`sh
npx stillpoint solve "polar(a=0.75)"
npx stillpoint doctor
\`\`\`
`;

describe('a README', () => {
  it('has its js blocks as examples, with what they print', () => {
    const examples = checks.examplesOf(readme);
    expect(examples.map(({ prints }) => prints)).toEqual(['1 2\n3', '']);
    expect(examples[1].code).toBe('const silent = 1;\n');
  });
  it('has the lines of its sh blocks as commands', () =>
    expect(checks.commandsOf(readme)).toEqual([
      'npx stillpoint solve "polar(a=0.75)"',
      'npx stillpoint doctor',
    ]));
  it('installs what its npm lines say, or the package alone', () => {
    expect(checks.installsOf(readme, '@stillpoint/some')).toEqual([
      ['@stillpoint/some', '@tensorflow/tfjs-core@4.22.0'],
      ['onnxruntime-node', '--ignore-scripts'],
    ]);
    expect(checks.installsOf('nothing', 'stillpoint')).toEqual([['stillpoint']]);
  });
  it('must install what its examples import', () =>
    expect(checks.notInstalled(readme, '@stillpoint/some')).toEqual(['@stillpoint/other']));
});

const places = ['packages', 'apps'].flatMap((folder) =>
  readdirSync(new URL(`../../${folder}/`, import.meta.url)).map(
    (name) => new URL(`../../${folder}/${name}/`, import.meta.url),
  ),
);
const manifests = places
  .filter((place) => existsSync(new URL('package.json', place)))
  .map((place) => ({ place, ...JSON.parse(readFileSync(new URL('package.json', place), 'utf8')) }))
  .filter((manifest) => manifest.private !== true);

describe.each(manifests)('the README of $name', ({ name, place, bin }) => {
  const text = readFileSync(new URL('README.md', place), 'utf8');
  it('has something to run', () =>
    expect(bin === undefined ? checks.examplesOf(text) : checks.commandsOf(text)).not.toEqual([]));
  it('says to install what its examples import', () => expect(checks.notInstalled(text, name)).toEqual([]));
});

const good = {
  name: '@stillpoint/some',
  version: '0.2.0',
  exports: {
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './*': './dist/methods/*.js',
  },
  bin: { some: 'bin/some.mjs' },
  files: ['dist', 'bin', '!**/*.tsbuildinfo'],
  dependencies: { '@stillpoint/other': '^0.3.0', valibot: '1.5.0' },
  scripts: { prepack: 'node x.mjs', build: 'tsc' },
};
const packed = [
  'package.json',
  'README.md',
  'LICENSE',
  'dist/index.js',
  'dist/index.d.ts',
  'dist/methods/gda.js',
  'bin/some.mjs',
];
const versions = { '@stillpoint/some': '0.2.0', '@stillpoint/other': '0.3.0' };
const faults = (change, files = packed) => checks.packageFaults({ ...good, ...change }, files, versions);

describe('a packed package', () => {
  it('has no fault if it is as it should be', () => expect(faults({})).toEqual([]));
  it.each([
    [{ dependencies: { valibot: 'catalog:' } }, ['dependencies has valibot: "catalog:"']],
    [{ peerDependencies: { a: 'workspace:^' } }, ['peerDependencies has a: "workspace:^"']],
    [{ devDependencies: { a: 'workspace:*' } }, ['devDependencies has a: "workspace:*"']],
    [
      { optionalDependencies: { '@stillpoint/other': '^0.2.0' } },
      ['optionalDependencies has @stillpoint/other: "^0.2.0"; expected "^0.3.0"'],
    ],
    [{ scripts: { postinstall: 'x' } }, ['installing it would run its script "postinstall"']],
    [
      { exports: { '.': { '@stillpoint/source': './dist/index.js' } } },
      ['exports > . > @stillpoint/source leads to sources: ./dist/index.js'],
    ],
    [{ exports: './src/index.ts' }, ['exports leads to sources: ./src/index.ts']],
    [{ exports: { '.': './dist/main.js' } }, ['exports > . is not packed: ./dist/main.js']],
    [{ exports: { './*': './dist/*.mjs' } }, ['exports > ./* matches no packed file: ./dist/*.mjs']],
    [{ bin: 'bin/other.mjs' }, ['bin > @stillpoint/some is not packed: bin/other.mjs']],
    [{ files: ['dist', 'bin', 'data'] }, ['nothing was packed of: data']],
  ])('is faulty with %j', (change, expected) => expect(faults(change)).toEqual(expected));
  it.each([
    [[...packed, 'test/a.test.ts'], ['packed, but "files" does not name it: test/a.test.ts']],
    [[...packed, 'CHANGELOG.md'], ['packed, but "files" does not name it: CHANGELOG.md']],
    [[...packed, 'dist/.tsbuildinfo'], ['packed, but "files" excludes it: dist/.tsbuildinfo']],
    [packed.filter((file) => file !== 'LICENSE'), ['nothing was packed of: LICENSE']],
  ])('is faulty with the files %j', (files, expected) => expect(faults({}, files)).toEqual(expected));
});

it('the entries of a package are its exports but package.json, patterns written out', () => {
  const exports = {
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './package.json': './package.json',
    './part': './dist/part.js',
    './methods/*': { types: './dist/methods/*.d.ts', default: './dist/methods/*.js' },
  };
  const files = ['dist/index.js', 'dist/methods/a/b.js', 'dist/methods/a/b.d.ts', 'dist/methods/c.js'];
  expect(checks.entriesOf({ name: '@stillpoint/some', exports }, files)).toEqual([
    '@stillpoint/some',
    '@stillpoint/some/part',
    '@stillpoint/some/methods/a/b',
    '@stillpoint/some/methods/c',
  ]);
});

describe('a change', () => {
  const graph = [
    { name: 'base', version: '0.2.0' },
    { name: 'middle', version: '1.0.0', dependencies: { base: '^0.2.0' } },
    { name: 'peer', version: '0.2.0', peerDependencies: { '@tensorflow/tfjs-core': '4.22.0' } },
    { name: 'leaf', version: '0.2.0', optionalDependencies: { middle: '^1.0.0', peer: '^0.2.0' } },
    { name: 'tests', version: '0.2.0', devDependencies: { base: '^0.2.0', peer: '^0.2.0' } },
  ];
  it.each([
    ['base', 'patch', ['base patch']],
    ['base', 'minor', ['base minor', 'middle patch']],
    ['middle', 'minor', ['middle minor']],
    ['middle', 'major', ['leaf patch', 'middle major']],
    ['leaf', 'minor', ['leaf minor']],
  ])('of %s, %s, releases %j', (name, type, expected) =>
    expect(checks.expectedBumps(graph, name, type)).toEqual(expected),
  );
  it('of tfjs-core reaches what needs it, through others too, but not through tests', () =>
    expect(graph.map(({ name }) => name).filter((name) => checks.needsTfjs(graph, name))).toEqual([
      'peer',
      'leaf',
    ]));
});

it('a table has aligned columns, numbers on the right', () =>
  expect(
    checks.tableOf(
      ['package', 'kB', 'ran'],
      [
        ['a', 4563, '1 of 1'],
        ['bcdefghij', '12', '–'],
      ],
    ),
  ).toBe('package      kB  ran\na          4563  1 of 1\nbcdefghij    12  –'));

describe('a command', () => {
  const { signal } = new AbortController();
  const node = (code, options = {}) => [
    process.execPath,
    ['--eval', code],
    { signal, env: process.env, ...options },
  ];
  it('returns its status and what it printed', async () => {
    const run = await execute(...node("console.log('out'); console.error('err'); process.exitCode = 3"));
    expect(run).toEqual({ status: 3, stdout: 'out\n', stderr: 'err\n' });
  });
  it('that does not exist has status 127', async () => {
    const run = await execute('no-such-command', [], { signal, env: process.env, shell: false });
    expect([run.status, run.stderr]).toEqual([127, 'spawn no-such-command ENOENT']);
  });
  it('that has to succeed throws what it printed', () =>
    expect(must(...node("console.log('seen'); process.exitCode = 1"))).rejects.toThrow(
      /failed \(status 1\):\nseen/,
    ));
  it('gets nothing of npm’s settings, and reaches loopback without a proxy', () => {
    const before = { ...process.env };
    Object.assign(process.env, { npm_config_registry: 'x', NPM_CONFIG_CACHE: 'y', no_proxy: 'intern' });
    delete process.env.NO_PROXY;
    try {
      const env = environment({ npm_config_registry: 'own' });
      expect(env.NO_PROXY).toBe('intern,127.0.0.1');
      expect(Object.keys(env).filter((name) => /^npm_/i.test(name))).toEqual(['npm_config_registry']);
      expect(env.npm_config_registry).toBe('own');
    } finally {
      for (const name of ['npm_config_registry', 'NPM_CONFIG_CACHE', 'no_proxy', 'NO_PROXY'])
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
    }
  });
  it('is stopped with the commands that it started', async () => {
    const control = new AbortController();
    const waits =
      "require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'])";
    const code = `console.log(${waits}.pid); setInterval(() => {}, 1e6)`;
    const { child, ended } = start(...node(code, { signal: control.signal }));
    const inner = await new Promise((resolve) => child.stdout.once('data', (text) => resolve(Number(text))));
    const runs = () => {
      try {
        // Linux keeps a process that has ended until its parent asks for its status
        const stat = `/proc/${inner}/stat`;
        return process.kill(inner, 0) && !(existsSync(stat) && / Z /.test(readFileSync(stat, 'utf8')));
      } catch {
        return false;
      }
    };
    expect(runs()).toBe(true);
    control.abort();
    expect((await ended).status).not.toBe(0);
    for (let tries = 0; runs() && tries < 500; tries++) await setTimeout(10);
    expect(runs()).toBe(false);
  });
});
