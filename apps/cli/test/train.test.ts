import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseNpy } from '@stillpoint/datasets';
import { readRun } from '@stillpoint/tracking/run';
import { binary, folder, stillpoint } from './run.js';

// A GAN of a user's own file, and what the commands that use its run print and write.

const file = `export default ({ tf, ganGame, network, start, ring }) => {
  const net = (inputs, outputs) => network({
    inputs, outputs, independent: true,
    parameters: () => ({ w: start.by([inputs, outputs], 'glorot-uniform'), b: start.constant([outputs], 0) }),
    apply: ({ w, b }, x) => tf.tanh(x).matMul(w).add(b),
  });
  return ganGame({ data: ring(), generator: net(3, 2), discriminator: net(2, 1), batch: 8, seed: 1 });
};
`;
const cwd = folder();
const settings = [
  ['recordEvery', 5],
  ['measureEvery', 50],
  ['pictureEvery', 50],
  ['samples', 20],
  ['checkpointSeconds', 0],
].flatMap((pair) => ['--set', pair.join('=')]);
const train = ['train', 'mygan.mjs', '--method', 'ema(gda(stepSize=0.1), decay=0.9)', ...settings, '--quiet'];
const run = (...args: readonly string[]): ReturnType<typeof stillpoint> => stillpoint(args, cwd);
/** The rows of a run, without the seconds, which no two runs share. */
const rowsOf = (path: string): object[] =>
  readRun(join(cwd, path))
    .metrics()
    .map(({ seconds: _, ...row }) => row);

let stopped: { readonly status: number | null; readonly stdout: string; readonly stderr: string };
let steps = 0;

beforeAll(async () => {
  writeFileSync(join(cwd, 'mygan.mjs'), file);
  const child = spawn(process.execPath, [binary, ...train, '--out', 'run', '--oracle-calls', '1000000'], {
    cwd,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (status) => resolve(status));
  });
  const rows = join(cwd, 'run', 'metrics.jsonl');
  while (child.exitCode === null && !(existsSync(rows) && readFileSync(rows, 'utf8').split('\n').length > 12))
    await sleep(10);
  child.kill('SIGINT');
  stopped = { status: await ended, stdout, stderr };
  steps = readRun(join(cwd, 'run')).checkpoints.latest().entry.step;
}, 60_000);

describe('train, Ctrl-C, resume', () => {
  it('Ctrl-C writes a checkpoint and says how to go on', () => {
    expect(stopped).toEqual({
      status: 130,
      stdout: expect.stringMatching(
        new RegExp(
          `^Stopped after ${steps} steps\\.[^]*The report: run.report\\.html\nstillpoint resume run goes on from here\\.\n$`,
        ),
      ),
      stderr: expect.stringContaining(
        'Stopping; a checkpoint will be written. Ctrl-C again ends it at once.',
      ),
    });
    expect(steps).toBeGreaterThanOrEqual(50);
    expect(
      readRun(join(cwd, 'run'))
        .notes()
        .map(({ kind, step }) => [kind, step]),
    ).toEqual([
      ['begun', 0],
      ['stopped', steps],
    ]);
  });

  it('what goes on is the run that was not stopped', () => {
    const budget = ['--oracle-calls', String(steps + 100)];
    const whole = run(...train, '--out', 'whole', ...budget, '--json');
    expect([whole.status, whole.stderr]).toEqual([0, '']);
    const told: { readonly [key: string]: unknown } = JSON.parse(whole.stdout);
    expect(told).toEqual({
      run: 'whole',
      status: 'budget',
      message: `Made ${steps + 100} steps with ${steps + 100} oracle calls.`,
      steps: steps + 100,
      calls: steps + 100,
      values: { slicedWasserstein: expect.any(Number), diversity: expect.any(Number) },
      warnings: expect.any(Array),
      incidents: [],
      report: join('whole', 'report.html'),
    });
    const rest = run('resume', 'run', ...budget, '--quiet');
    expect([rest.status, rest.stderr]).toEqual([0, '']);
    expect(rest.stdout).toContain(
      'Next: stillpoint sample run, stillpoint evaluate run or stillpoint export run.',
    );
    expect(rowsOf('run')).toEqual(rowsOf('whole'));
    const [a, b] = ['run', 'whole'].map((path) => run('sample', path, '--out', `${path}.csv`).status);
    expect([a, b]).toEqual([0, 0]);
    expect(readFileSync(join(cwd, 'run.csv'), 'utf8')).toBe(readFileSync(join(cwd, 'whole.csv'), 'utf8'));
  });

  it('a used budget and a smaller one are refused, with one that would do', () => {
    const made = steps + 100;
    for (const more of [
      ['--oracle-calls', String(made)],
      ['--oracle-calls', '3'],
    ])
      expect(run('resume', 'whole', ...(more[1] === '3' ? more : []))).toEqual({
        status: 2,
        stdout: '',
        stderr: expect.stringContaining(
          `whole has used its budget: ${made} oracle calls were made, and the budget is ${more[1]}; expected a larger one: --oracle-calls ${2 * made}`,
        ),
      });
  });
});

describe('what uses a run', () => {
  it('sample writes tables, arrays and pictures of any point, the same for the same seed', () => {
    expect(run('sample', 'whole', '--count', '5', '--out', 'a.npy').stdout).toBe(
      '5 generated examples: a.npy\n',
    );
    const { shape, data } = parseNpy(readFileSync(join(cwd, 'a.npy')), 'a.npy');
    expect(shape).toEqual([5, 2]);
    run('sample', 'whole', '--count', '5', '--out', 'a.csv');
    const [head, ...rows] = readFileSync(join(cwd, 'a.csv'), 'utf8').trim().split('\n');
    expect(head).toBe('x0,x1');
    expect(rows.flatMap((row) => row.split(',').map(Number))).toEqual([...data].map(Number));
    run('sample', 'whole', '--count', '5', '--seed', '1', '--point', 'last', '--at', '0', '--out', 'b.csv');
    expect(readFileSync(join(cwd, 'b.csv'), 'utf8')).not.toBe(readFileSync(join(cwd, 'a.csv'), 'utf8'));
    run('sample', 'whole', '--out', 'a.png');
    expect(readFileSync(join(cwd, 'a.png')).subarray(1, 4).toString()).toBe('PNG');
  });

  it('evaluate measures each point beside real examples', () => {
    const asked = ['--metrics', 'recall;sliced-wasserstein', '--samples', '50', '--json', '--quiet'];
    const { status, stdout } = run('evaluate', 'whole', ...asked);
    expect(status).toBe(0);
    const found: {
      readonly evaluated: readonly { readonly spec: string; readonly values: object }[];
    } = JSON.parse(stdout);
    expect(found.evaluated.map(({ spec, values }) => [spec, Object.keys(values)])).toEqual([
      ['recall', ['z', 'last']],
      ['sliced-wasserstein', ['z', 'last']],
    ]);
  });

  it('export writes the generator, and nothing over it', () => {
    const { status, stdout } = run('export', 'whole', '--out', 'generator');
    expect(status).toBe(0);
    expect(readdirSync(join(cwd, 'generator')).sort()).toEqual([
      'README.md',
      'generator.onnx',
      'generator.safetensors',
    ]);
    expect(stdout).toContain('No layers model: ');
    expect(run('export', 'whole', '--out', 'generator')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(
        '--out generator has files in it; expected a folder that is new or empty',
      ),
    });
  });

  it('report shows runs side by side', () => {
    expect(run('report', 'run', 'whole', '--out', 'both').stdout).toBe(
      `The report: ${join('both', 'report.html')}\n`,
    );
    const html = readFileSync(join(cwd, 'both', 'report.html'), 'utf8');
    for (const name of ['run', 'whole']) expect(html).toContain(`>${name}<`);
  });
});

describe('what has changed since the run began', () => {
  it('a changed file is not used, and a changed copy is refused', () => {
    appendFileSync(join(cwd, 'mygan.mjs'), '// edited\n');
    const noted = run('sample', 'whole', '--count', '2', '--out', 'c.csv');
    expect(noted).toMatchObject({
      status: 0,
      stderr:
        'Note: mygan.mjs is not the file with which whole began (what differs: the file itself); the copy in the run, problem.mjs, is used.\n',
    });
    writeFileSync(join(cwd, 'whole', 'problem.mjs'), file.replace('batch: 8', 'batch: 9'));
    const refused = run('resume', 'whole', '--oracle-calls', '1000');
    expect([refused.status, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toMatch(/whole is a run of another gan\(.*it differs in /);
    writeFileSync(join(cwd, 'mygan.mjs'), file);
  });

  it('moved data are found by --data; other data are refused', () => {
    const points = Array.from({ length: 40 }, (_, i) => `${Math.cos(i)},${Math.sin(i)}\n`).join('');
    writeFileSync(join(cwd, 'points.csv'), points);
    const begun = run('train', '--data', 'points.csv', '--out', 'moved', '--oracle-calls', '4', '--quiet');
    expect([begun.status, begun.stderr]).toEqual([0, '']);
    renameSync(join(cwd, 'points.csv'), join(cwd, 'elsewhere.csv'));
    const lost = run('resume', 'moved', '--oracle-calls', '6');
    expect(lost.status).toBe(2);
    expect(lost.stderr).toMatch(/points\.csv: cannot be read .*--data says where the data of moved are now/);
    const found = run('resume', 'moved', '--oracle-calls', '6', '--data', 'elsewhere.csv', '--quiet');
    expect([found.status, found.stderr]).toEqual([0, '']);
    writeFileSync(join(cwd, 'others.csv'), points.replaceAll('0.', '1.'));
    const other = run('resume', 'moved', '--oracle-calls', '8', '--data', 'others.csv');
    expect(other.status).toBe(2);
    expect(other.stderr).toContain('--data says where the data are now');
  });
});

it('one bad batch: the step is named, status 1, and the run goes on without it', () => {
  // the sixth batch that the run draws holds a value that is not finite
  const bad = `{ ...ring(), batch: (size, stream) => {
    const points = ring().batch(size, stream);
    if (size === 8 && stream.call === 5) points[3] = NaN;
    return points;
  } }`;
  writeFileSync(join(cwd, 'bad.mjs'), file.replace('data: ring()', `data: ${bad}`));
  const begun = ['train', 'bad.mjs', '--method', 'gda(stepSize=0.1)', '--out', 'bad', '--oracle-calls', '9'];
  const { status, stdout } = run(...begun, '--json', '--quiet');
  expect(status).toBe(1);
  const told: { readonly [key: string]: unknown } = JSON.parse(stdout);
  expect(told).toMatchObject({ status: 'non-finite', steps: 5, calls: 5 });
  expect(told['message']).toContain('Stopped at the state before it, after 5 steps.');
  expect(told['incidents']).toEqual([
    expect.objectContaining({ step: 6, player: 'D', action: 'stop', at: 5 }),
  ]);
  // stopped again at the same step, then without it
  const same = run('resume', 'bad', '--quiet');
  expect(same.status).toBe(1);
  expect(same.stdout).toContain(
    'stillpoint resume bad --set onNonFinite=halve goes on with half the step size',
  );
  const skipped = run('resume', 'bad', '--set', 'onNonFinite=skip', '--quiet');
  expect([skipped.status, skipped.stderr]).toEqual([0, '']);
  expect(skipped.stdout).toContain('Made 8 steps with 9 oracle calls.');
});

it.each([
  ['no target', [], 'names nothing to train; expected a preset (ring'],
  ['an unknown preset', ['rign'], 'unknown preset "rign"; did you mean ring?'],
  ['a file that is not there', ['mygn.mjs'], 'there is no file mygn.mjs; did you mean mygan.mjs?'],
  ['two targets', ['ring', 'grid'], 'train takes one preset or file; found ring grid'],
  ['an unknown setting', ['ring', '--set', 'bacth=3'], 'unknown setting "bacth"; did you mean batch?'],
  ['a setting out of range', ['ring', '--set', 'batch=0'], '--set batch=0: expected a whole number >= 1'],
  ['a setting without a value', ['ring', '--set', 'batch'], '--set "batch"; expected key=value'],
  ['a setting given twice', ['ring', '--set', 'batch=2', '--set', 'batch=3'], '--set batch=… is given twice'],
  ['a budget that is no number', ['ring', '--oracle-calls', 'many'], '--oracle-calls many: expected a whole'],
  ['an unknown method', ['ring', '--method', 'adan'], 'unknown method "adan"; did you mean adam?'],
  [
    'a setting that the file states',
    ['mygan.mjs', '--set', 'batch=3'],
    'batch is 3; expected it in mygan.mjs',
  ],
  ['an engine for a file', ['mygan.mjs', '--engine', 'cpu'], 'engine is cpu; expected it in mygan.mjs'],
  [
    'a metric to be best by that is not measured',
    ['ring', '--set', 'best=recall'],
    'one of the metrics modes',
  ],
  ['a folder with a run', ['ring', '--out', 'run'], 'run holds a run already: resume continues it'],
])('train: %s', (_, args, message) => {
  const { status, stdout, stderr } = run('train', ...args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});

it.each([
  ['resume', ['mygan.mjs'], 'run mygan.mjs: there is a file; expected the folder of a run'],
  ['resume', ['run', 'whole'], 'resume takes one run directory, as train makes it; found run whole'],
  ['resume', ['run', '--set', 'batch=2'], '--set batch=… is fixed when a run begins; expected one of calls'],
  ['sample', [], 'sample takes one run directory, as train makes it; found none'],
  ['sample', ['run', '--point', 'lst'], 'unknown point "lst"; did you mean last?'],
  ['sample', ['run', '--at', 'first'], '--at first: expected last, best, good, or one of the steps '],
  ['sample', ['run', '--out', 'x.bmp'], '--out x.bmp: expected a file that ends in .png, .npy or .csv'],
  ['evaluate', ['run', '--metrics', 'recal', '--quiet'], 'unknown metric "recal"; did you mean recall?'],
  ['report', ['run', 'nowhere'], 'nowhere is no run'],
])('%s %j', (name, args, message) => {
  const { status, stdout, stderr } = run(name, ...args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});
