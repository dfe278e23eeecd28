import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readRun } from '@stillpoint/tracking/run';
import { folder, stillpoint, type Ran } from './run.js';

// A user's file that imports others: they are part of what a run is.

/** In exp/, with a helper above it that imports back, and rows in JSON. */
const files = {
  'exp/mine.mjs': `import { weight } from '../lib/weight.mjs';
    import rows from './rows.json' with { type: 'json' };
    export const scale = 2;
    export default ({ tf, problemFromLosses }) => problemFromLosses({
      engine: 'cpu',
      players: { fit: { w: { shape: [2, 1], fill: (values) => values.set([1, -1]) } } },
      data: { rows: Float32Array.from(rows) },
      batch: 2,
      losses: ({ fit }, data) => ({ fit: tf.add(tf.square(tf.sub(tf.mean(data.rows), tf.sum(fit.w))), tf.mul(weight(), tf.sum(tf.square(fit.w)))) }),
    });\n`,
  'exp/rows.json': '[1, 2, 3, 5]',
  'lib/weight.mjs': `import { scale } from '../exp/mine.mjs';\nexport const weight = () => scale * 0.25;\n`,
};
let cwd: string;
const write = (of: { readonly [place: string]: string } = files): void => {
  for (const [place, text] of Object.entries(of)) {
    mkdirSync(join(cwd, dirname(place)), { recursive: true });
    writeFileSync(join(cwd, place), text);
  }
};
beforeEach(() => {
  cwd = folder();
  write();
});
const edit = (): void => write({ 'lib/weight.mjs': files['lib/weight.mjs'].replace('0.25', '0.5') });
const run = (...args: readonly string[]): Ran => stillpoint(args, cwd);
const ok = ({ status, stderr, stdout }: Ran): string => {
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
};
const rowsOf = (path: string): readonly object[] =>
  readRun(join(cwd, path))
    .metrics()
    .map(({ seconds: _, ...row }) => row);

describe('train with a file that imports others', () => {
  const train = ['train', 'exp/mine.mjs', '--method', 'gda(stepSize=0.05)', '--quiet', '--oracle-calls'];

  it('keeps copies in the same places, from which the run goes on bit for bit wherever it is', () => {
    ok(run(...train, '40', '--out', 'whole'));
    ok(run(...train, '15', '--out', 'part'));
    expect(
      readdirSync(join(cwd, 'part', 'problem'), { recursive: true })
        .map(String)
        .toSorted(),
    ).toEqual(['exp', 'lib', ...Object.keys(files)].toSorted());
    edit();
    const noted = run('resume', 'part', '--oracle-calls', '25', '--quiet');
    expect([noted.status, noted.stderr]).toEqual([
      0,
      'Note: exp/mine.mjs is not the file with which part began (what differs: ../lib/weight.mjs, which it imports); the copy in the run, problem/exp/mine.mjs, is used.\n',
    ]);
    // nothing is left of the files but the copies, and those are elsewhere
    for (const name of ['exp', 'lib']) rmSync(join(cwd, name), { recursive: true });
    const elsewhere = folder();
    renameSync(join(cwd, 'part'), join(elsewhere, 'moved'));
    ok(stillpoint(['resume', 'moved', '--oracle-calls', '40', '--quiet'], elsewhere));
    cpSync(join(elsewhere, 'moved'), join(cwd, 'moved'), { recursive: true });
    expect(rowsOf('moved').at(-1)).toEqual(rowsOf('whole').at(-1));
  });

  it('takes the files themselves while they are as they were, and no copy that was changed', () => {
    ok(run(...train, '5', '--out', 'run'));
    const copy = join(cwd, 'run', 'problem', 'lib', 'weight.mjs');
    writeFileSync(copy, readFileSync(copy, 'utf8').replace('0.25', '0.75'));
    const refused = run('resume', 'run', '--oracle-calls', '9');
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(
      /run is a run of another exp\/mine\.mjs: it differs in files\.\.\.\/lib\/weight\.mjs: /,
    );
  });

  it('a method’s file counts with what it imports', () => {
    const method = `import { size } from './size.mjs';
      export default {
        name: 'mine',
        options: {},
        init: (space, z0) => ({ z: space.copy(z0) }),
        begin: () => function* (state) {
          const g = yield state.z;
          for (let i = 0; i < g.length; i++) state.z[i] -= size * g[i];
        },
        restart: (state, z) => { state.z.set(z); },
      };`;
    write({ 'size.mjs': 'export const size = 0.1;\n', 'method.mjs': method });
    ok(run(...train.toSpliced(3, 1, './method.mjs'), '5', '--out', 'run'));
    write({ 'size.mjs': 'export const size = 0.2;\n' });
    const on = run('resume', 'run', '--oracle-calls', '9', '--quiet');
    expect([on.status, on.stderr]).toEqual([
      0,
      'Note: ./method.mjs is not the file with which run began (what differs: size.mjs, which it imports); the copy in the run, method/method.mjs, is used.\n',
    ]);
  });

  it('refuses a link to a file that imports others, which no copy could', () => {
    write({ 'far/more.mjs': '', 'far/deep.mjs': `import './more.mjs';\n` });
    symlinkSync(join(cwd, 'far', 'deep.mjs'), join(cwd, 'exp', 'deep.mjs'));
    write({ 'exp/mine.mjs': `import './deep.mjs';\n${files['exp/mine.mjs']}` });
    const { status, stderr } = run(...train, '5', '--out', 'run');
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /deep\.mjs, which exp\/mine\.mjs imports, is a link to .* expected a file in the place of the link/,
    );
  });
});

it('solve refuses the checkpoint of a file whose import was changed', () => {
  const solve = ['solve', 'exp/mine.mjs', '--method', 'gda(stepSize=0.05)', '--quiet', '--json', '--steps'];
  ok(run(...solve, '5', '--save', 'a.st'));
  ok(run(...solve, '8', '--from', 'a.st'));
  edit();
  const { status, stderr } = run(...solve, '8', '--from', 'a.st');
  expect(status).toBe(2);
  expect(stderr).toMatch(/its identity differs in .*\.\.\/lib\/weight\.mjs/);
});

it('compare --continue makes the runs again after a change of an import, and only then', () => {
  const compare = [
    'compare',
    'exp/mine.mjs',
    '--methods',
    'gda(stepSize=0.05)',
    '--oracle-calls',
    '20',
    '--quiet',
    '--out',
    'out',
  ];
  const trials = (): readonly string[] => readdirSync(join(cwd, 'out', 'trials')).toSorted();
  ok(run(...compare));
  const [first, ...none] = trials();
  expect(none).toEqual([]);
  ok(run(...compare, '--continue'));
  expect(trials()).toEqual([first]);
  edit();
  ok(run(...compare, '--continue'));
  expect(trials()).toHaveLength(2);
  expect(run('evaluate', join('out', 'trials', first!)).stderr).toMatch(/differs in .*weight\.mjs/);
});
