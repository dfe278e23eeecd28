import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { binary, blocking, folder, stillpoint } from './run.js';

// Real processes, really interrupted and killed. Linux only: they are looked at in /proc.

interface Ended {
  readonly cwd: string;
  readonly status: number | null;
  readonly killedBy: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds from the signal to the end. */
  readonly ms: number;
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
/** Whether a process runs; a dead one whose parent has not looked yet does not. */
const runs = (pid: number): boolean =>
  existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
const until = async (what: () => boolean, ms: number): Promise<boolean> => {
  for (const end = performance.now() + ms; performance.now() < end;) {
    if (what()) return true;
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
  return what();
};

/** Starts the program, waits until `ready`, sends the signal and waits for the end. */
async function ended(
  args: readonly string[],
  signal: NodeJS.Signals,
  ready: (stderr: string, child: ChildProcess) => boolean,
  files: { readonly [name: string]: string } = {},
): Promise<Ended> {
  const cwd = folder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  const child = spawn(process.execPath, [binary, ...args], { cwd });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const closed = new Promise<readonly [number | null, NodeJS.Signals | null]>((resolve) => {
    child.on('close', (code, killedBy) => resolve([code, killedBy]));
  });
  expect(await until(() => ready(stderr, child), 50_000), stderr).toBe(true);
  const sent = performance.now();
  child.kill(signal);
  const [status, killedBy] = await closed;
  return { cwd, status, killedBy, stdout, stderr, ms: performance.now() - sent };
}

interface Summary {
  readonly interrupted: boolean;
  readonly notBegun: readonly string[];
  readonly sections: readonly {
    readonly verdict: readonly string[];
    readonly runs: readonly { readonly status: string; readonly ledger: { readonly steps: number } }[];
  }[];
}
const parsed = (text: string): Summary => JSON.parse(text);
/** What the program has written to its folder `out` by now. */
const saved = (pid: number): Summary | undefined => {
  const path = `/proc/${pid}/cwd/out/results.json`;
  return existsSync(path) ? parsed(readFileSync(path, 'utf8')) : undefined;
};
/** How many runs of the first section have made steps by what is written. */
const stepping = (pid: number): number =>
  saved(pid)?.sections[0]?.runs.filter(({ ledger }) => ledger.steps > 0).length ?? 0;
const rotation = 'out[0] = z[1]; out[1] = -z[0];';
const game = (body: string): string =>
  `let n = 0; export default { players: { x: 1, y: 1 }, start: [1, 1], operator(z, out) { ${body} ${rotation} } };\n`;
/** A second by design; a machine that does other things as well needs more to end a process. */
const SOON = 5000;

describe.skipIf(process.platform !== 'linux')('signals', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends solve with what was done, the trace complete up to there', async (signal, code) => {
    const { cwd, status, stdout, ms } = await ended(
      [
        'solve',
        'bilinear',
        '--method',
        'gda(stepSize=1e-9)',
        '--steps',
        '1000000000',
        '--json',
        '--trace',
        't.csv',
      ],
      signal,
      (stderr) => stderr.includes('step '),
    );
    expect(status).toBe(code);
    expect(ms).toBeLessThan(SOON);
    const {
      status: how,
      steps,
      z,
    }: { readonly status: string; readonly steps: number; readonly z: readonly number[] } = JSON.parse(
      stdout,
    );
    expect(how).toBe('stopped');
    expect(readdirSync(cwd)).toEqual(['t.csv']);
    const rows = readFileSync(join(cwd, 't.csv'), 'utf8').split('\n');
    expect(rows).toHaveLength(steps + 3); // the head, the start, and the end of the last line
    expect(
      rows[steps + 1]
        ?.split(',')
        .map(Number)
        .filter((_, i) => i !== 2),
    ).toEqual([steps, steps, ...z]);
  });

  it('solve: where steps are slow, a signal does not wait for the one under way', async () => {
    const { killedBy, ms } = await ended(
      ['solve', 'g.mjs', '--method', 'gda(stepSize=0.1)', '--steps', '1000', '--trace', 't.csv'],
      'SIGINT',
      (_, { pid }) => {
        const partial = join(`/proc/${pid}/cwd`, `t.csv.partial-${pid}`);
        return existsSync(partial) && readFileSync(partial, 'utf8').split('\n').length > 3;
      },
      {
        'g.mjs': game(`if (++n > 1) ${blocking('n > 12 ? 60000 : 600')}`),
      },
    );
    expect(killedBy).toBe('SIGINT');
    expect(ms).toBeLessThan(SOON);
  });

  it('SIGTERM ends a comparison on games: what was done, and what was never begun', async () => {
    const { cwd, status, stdout, ms } = await ended(
      [
        'compare',
        'g.mjs',
        'forsaken',
        '--methods',
        'gda(stepSize=1e-9); extragradient(stepSize=1e-9)',
        '--steps',
        '1000000000',
        '--out',
        'out',
        '--json',
      ],
      'SIGTERM',
      (_, { pid = 0 }) => stepping(pid) === 2,
      { 'g.mjs': game('') },
    );
    expect([status, ms < SOON]).toEqual([143, true]);
    const {
      interrupted,
      notBegun,
      sections: [section],
    } = parsed(stdout);
    expect([interrupted, notBegun, section?.runs.map(({ ledger }) => ledger.steps > 0)]).toEqual([
      true,
      ['forsaken'],
      [true, true],
    ]);
    expect(section?.verdict).toEqual([
      'No run finished.',
      'Two runs were stopped before the end: gda and extragradient.',
    ]);
    expect(readdirSync(join(cwd, 'out')).sort()).toEqual([
      'measures.csv',
      'report.html',
      'results.json',
      'trials',
    ]);
    expect(readFileSync(join(cwd, 'out', 'report.html'), 'utf8')).toContain('Never begun: forsaken.');
  });

  it('a run that hangs in its operator is ended, and what it did before is kept', async () => {
    const { status, stdout, ms } = await ended(
      ['compare', 'hang.mjs', '--methods', 'gda(stepSize=1e-9)', '--steps', '1000', '--out', 'out', '--json'],
      'SIGINT',
      (_, { pid = 0 }) => stepping(pid) === 1,
      { 'hang.mjs': game(`if (++n > 100) for (;;); ${blocking(5)}`) },
    );
    expect([status, ms < SOON]).toEqual([130, true]);
    const [section] = parsed(stdout).sections;
    expect(section?.runs.map(({ status: s, ledger }) => [s, ledger.steps > 0])).toEqual([['stopped', true]]);
    expect(section?.verdict).toEqual(['No run finished.', 'One run was stopped before the end: gda.']);
  });

  const own = `export default ({ problemFromLosses }) => problemFromLosses({
    players: { x: { a: [1] }, y: { b: [1] } },
    losses: ({ x, y }) => ({ x: x.a.mul(y.b).sum(), y: x.a.mul(y.b).sum().neg() }),
  });`;
  it('losses of a file: Ctrl-C ends solve with what was done, and a checkpoint from which it goes on', async () => {
    const args = ['solve', 'own.mjs', '--method', 'gda(stepSize=1e-6)', '--steps', '1000000000', '--json'];
    const { cwd, status, stdout, ms } = await ended(
      [...args, '--save', 'a.st'],
      'SIGINT',
      (stderr) => stderr.includes('step '),
      { 'own.mjs': own },
    );
    expect([status, ms < SOON]).toEqual([130, true]);
    const found: { readonly status: string; readonly steps: number } = JSON.parse(stdout);
    expect([found.status, found.steps > 0]).toEqual(['stopped', true]);
    const { steps }: { readonly steps: number } = JSON.parse(
      stillpoint(
        [
          'solve',
          'own.mjs',
          ...args.slice(2, 4),
          '--steps',
          String(found.steps + 3),
          '--from',
          'a.st',
          '--json',
          '--quiet',
        ],
        cwd,
      ).stdout,
    );
    expect(steps).toBe(found.steps + 3);
  });

  it('losses of a file: Ctrl-C ends a comparison with what was done, and no run outlives it', async () => {
    let children: number[] = [];
    const { status, stdout, ms } = await ended(
      [
        'compare',
        'own.mjs',
        '--methods',
        'gda(stepSize=1e-6); extragradient(stepSize=1e-6)',
        '--oracle-calls',
        '100000000',
        '--out',
        'out',
        '--json',
      ],
      'SIGINT',
      (_, { pid = 0 }) => {
        children = childrenOf(pid);
        return readdirSync(`/proc/${pid}/cwd`).filter((name) => name.startsWith('at-')).length === 2;
      },
      {
        // each run leaves a file at its 100th draw
        'own.mjs': `import { writeFileSync } from 'node:fs';
          export default ({ problemFromLosses }) => problemFromLosses({
            players: { x: { a: [1] }, y: { b: [1] } },
            draw({ call }) {
              if (call === 100) writeFileSync('at-' + process.pid, '');
              return { c: [1] };
            },
            losses: ({ x, y }, { c }) => ({ x: x.a.mul(y.b).mul(c).sum(), y: x.a.mul(y.b).mul(c).sum().neg() }),
          });`,
      },
    );
    expect([status, ms < SOON]).toEqual([130, true]);
    const [section] = parsed(stdout).sections;
    expect(section?.runs.map(({ status: s, ledger }) => [s, ledger.steps > 50])).toEqual([
      ['stopped', true],
      ['stopped', true],
    ]);
    expect(section?.verdict[0]).toBe('No run finished.');
    expect(children.length).toBeGreaterThan(0);
    expect(await until(() => !children.some(runs), SOON)).toBe(true);
  });

  const gan = (engine: string): readonly string[] => [
    'compare',
    'ring',
    '--engine',
    engine,
    '--methods',
    'adam(stepSize=0.001); extra-adam(stepSize=0.001)',
    '--oracle-calls',
    '200000',
    '--seeds',
    '2',
    '--out',
    'out',
    '--json',
  ];
  it.each(['wasm', 'cpu'])('engine %s: Ctrl-C is heard, and no run outlives the program', async (engine) => {
    let children: number[] = [];
    const { status, stdout, ms } = await ended(gan(engine), 'SIGINT', (stderr, { pid = 0 }) => {
      children = childrenOf(pid);
      return stderr.includes(`engine ${engine}`);
    });
    expect([status, ms < SOON]).toEqual([130, true]);
    const [section] = parsed(stdout).sections;
    expect(new Set(section?.runs.map(({ status: s }) => s))).toEqual(new Set(['stopped']));
    expect(section?.verdict.join(' ')).not.toMatch(/solved the ring/);
    expect(section?.verdict).toContain('Two runs were never begun: adam (seed 2) and extra-adam (seed 2).');
    expect(children.length).toBeGreaterThan(0);
    expect(await until(() => !children.some(runs), SOON)).toBe(true);
  });

  it('killed: a report of what was done is there, and the runs end, also in a step that lasts', async () => {
    let children: number[] = [];
    const { cwd, killedBy } = await ended(
      ['compare', 'hang.mjs', '--methods', 'gda(stepSize=1e-9)', '--steps', '1000', '--out', 'out'],
      'SIGKILL',
      (_, { pid = 0 }) => {
        children = childrenOf(pid);
        return existsSync(`/proc/${pid}/cwd/out/report.html`);
      },
      { 'hang.mjs': game('if (++n > 100) for (;;);') },
    );
    expect(killedBy).toBe('SIGKILL');
    expect(children.length).toBeGreaterThan(0);
    expect(await until(() => !children.some(runs), SOON)).toBe(true);
    const results = parsed(readFileSync(join(cwd, 'out', 'results.json'), 'utf8'));
    expect(results.interrupted).toBe(true);
    expect(results.sections[0]?.runs.map(({ status, ledger }) => [status, ledger.steps > 0])).toEqual([
      ['stopped', false],
    ]);
  });
});
