import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { recordOf } from '@stillpoint/experiments';
import { livePictures } from '../src/live-pictures.js';
import { resultsFolder } from '../src/results-folder.js';
import { saver } from '../src/saver.js';
import { traceFile } from '../src/trace.js';
import { binary, blocking, folder, stillpoint } from './run.js';

const reportIn = (path: string): void => {
  mkdirSync(join(path, 'samples'), { recursive: true });
  writeFileSync(join(path, 'results.json'), '{"command":"npx stillpoint compare ring","sections":[]}');
  for (const name of ['report.html', 'report.html.partial-7', 'samples/old.png', 'samples/mine.txt'])
    writeFileSync(join(path, name), '');
};

const fresh = { overwrite: false, goOn: false };
const overwrite = { overwrite: true, goOn: false };

describe('a folder for results', () => {
  it('is not taken if it holds files; --overwrite replaces an earlier report and nothing else', () => {
    const path = folder();
    reportIn(path);
    expect(() => resultsFolder(path, fresh)).toThrow(
      `--out ${path} holds files already; choose another folder, or give --continue to go on with that comparison, or --overwrite to replace an earlier report`,
    );
    const results = resultsFolder(path, overwrite);
    expect(existsSync(join(path, 'report.html'))).toBe(true); // nothing is removed before a run begins
    results.clear();
    expect(() => resultsFolder(path, { overwrite: false, goOn: true })).toThrow(
      `--out ${path}: this process writes it already`,
    );
    results.close();
    expect([readdirSync(path), readdirSync(join(path, 'samples'))]).toEqual([['samples'], ['mine.txt']]);
  });
  it('is gone on with as it is, unless it holds other files', () => {
    const path = folder();
    reportIn(path);
    mkdirSync(join(path, 'trials', 'ring-gda-seed-1-0123456789ab'), { recursive: true });
    const first = resultsFolder(path, { overwrite: false, goOn: true });
    first.clear();
    first.close();
    expect(readdirSync(path)).toContain('report.html');
    expect(readdirSync(join(path, 'trials'))).toHaveLength(1);
    const second = resultsFolder(path, overwrite);
    second.clear();
    second.close();
    expect(readdirSync(path)).toEqual(['samples']);
    writeFileSync(join(path, 'thesis.txt'), '');
    expect(() => resultsFolder(path, { overwrite: false, goOn: true })).toThrow('no comparison wrote');
  });
  it('that holds something else is not overwritten', () => {
    const path = folder();
    writeFileSync(join(path, 'thesis.txt'), '');
    expect(() => resultsFolder(path, overwrite)).toThrow('no results.json of an earlier report');
    resultsFolder(join(path, 'new'), overwrite).clear();
    expect(readdirSync(path).sort()).toEqual(['new', 'thesis.txt']);
  });
  it('without --out is a new one each time', () => {
    const cwd = folder();
    const out = [1, 2, 3].map(
      () =>
        /The report: (.*)\/report\.html/.exec(
          stillpoint(['compare', 'bilinear', '--methods', 'gda(stepSize=0.1)', '--steps', '2'], cwd).stdout,
        )?.[1],
    );
    expect(out).toEqual(['stillpoint-report', 'stillpoint-report-2', 'stillpoint-report-3']);
    const again = stillpoint(
      ['compare', 'bilinear', '--methods', 'gda(stepSize=0.1)', '--steps', '2', '--out', 'stillpoint-report'],
      cwd,
    );
    expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('--overwrite')]);
  });
});

describe('what cannot be written does not end a run', () => {
  it('pictures: said once, and the next is tried again', () => {
    const path = folder();
    writeFileSync(join(path, 'samples'), '');
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const live = livePictures(join(path, 'samples'));
    const preset = {
      name: 'p',
      title: '',
      about: '',
      dataset: '',
      model: '',
      loss: '',
      batch: 1,
      calls: 1,
      seeds: 1,
      evaluations: 1,
      snapshots: 1,
      tail: 1,
      metrics: ['modes'],
      headline: 'modes',
      samples: 1,
      trained: '',
      methods: [],
    } as const;
    const records = (calls: number): Parameters<typeof live.show>[1] => [
      {
        ...recordOf({ kind: 'gan', preset, method: 'adam(stepSize=1)', seed: 1, engine: 'auto' }),
        status: 'running',
        picture: { calls, png: 'QQ==' },
      },
    ];
    live.show('p', records(1));
    live.show('p', records(2));
    const lines = said.mock.calls
      .map(([text]) => String(text))
      .filter((text) => text.includes('cannot be written'));
    said.mockRestore();
    expect(lines).toHaveLength(1);
    rmSync(join(path, 'samples'));
    live.show('p', records(3));
    expect(readFileSync(join(path, 'samples', 'p-adam-seed-1.png'), 'utf8')).toBe('A');
  });
  it('results on the way: said once, tried again', () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const written: string[] = [];
    const saved = saver((text: string) => {
      written.push(text);
      throw new Error('no space left on device');
    });
    saved.now([], 'a');
    expect(written).toEqual([]); // what lasts less than a second is written at its end only
    vi.advanceTimersByTime(1000);
    expect(written).toEqual(['a']);
    saved.now([], 'b');
    vi.advanceTimersByTime(3000);
    saved.end();
    vi.advanceTimersByTime(60_000);
    const lines = said.mock.calls.map(([text]) => String(text));
    said.mockRestore();
    vi.useRealTimers();
    expect(written).toEqual(['a', 'b']);
    expect(lines).toEqual(['Not saved on the way: no space left on device\n']);
  });
  it.skipIf(process.platform !== 'linux')(
    'progress on a stderr that is full, or whose reader has left',
    () => {
      const cwd = folder();
      writeFileSync(
        join(cwd, 'g.mjs'),
        `export default { players: { x: 1, y: 2 }, start: [1, 1, 1], operator(z, out) { ${blocking(5)} out[0] = z[1]; out[1] = -z[0]; out[2] = z[2]; } };`,
      );
      const shell = (line: string): { status: number | null; stdout: string } =>
        spawnSync('bash', ['-c', `set -o pipefail; ${line}`], { cwd, encoding: 'utf8' });
      const compare = `"${process.execPath}" "${binary}" compare g.mjs --methods 'gda(stepSize=0.1); rapp(stepSize=0.1)' --steps 40`;
      expect(shell(`${compare} 2> /dev/full`)).toMatchObject({
        status: 0,
        stdout: expect.stringContaining('The report: '),
      });
      expect(shell(`(${compare} 2>&1 > out.txt) | head -c 1; cat out.txt`).stdout).toContain('The report: ');
    },
  );
  it('a trace: no half a row, and an error in the end', () => {
    const path = join(folder(), 't.csv');
    const trace = traceFile(path, ['step', 'x']);
    expect(existsSync(path)).toBe(false);
    trace.finish();
    expect(existsSync(path)).toBe(false); // no row, no file
    trace.add([0, 1]);
    trace.finish();
    expect(readFileSync(path, 'utf8')).toBe('step,x\n0,1\n');
    const nowhere = traceFile(join(folder(), 'no', 't.csv'), ['step']);
    nowhere.add([0]);
    expect(() => nowhere.finish()).toThrow(
      /^--trace: not all rows could be written: .*t\.csv cannot be written: ENOENT/,
    );
  });
});

describe('runs are islands', () => {
  it('a game whose numbers lie in a file reaches them', () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'A.csv'), '1,2\n3,4\n');
    const { status, stdout } = stillpoint(
      ['compare', 'matrix-game(matrix=@A.csv)', '--methods', 'extragradient', '--json'],
      cwd,
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ sections: [{ runs: [{ status: 'converged' }] }] });
  });
  it('one that ends its process, one that sends nonsense: the others are reported', () => {
    const cwd = folder();
    const game = (body: string): string =>
      `let n = 0;\nexport default { players: { x: 1, y: 1 }, start: [1, 1], operator(z, out) { ${body} out[0] = z[1]; out[1] = -z[0]; } };`;
    writeFileSync(join(cwd, 'exit.mjs'), game('if (Math.abs(z[0]) > 2) process.exit(0);'));
    writeFileSync(
      join(cwd, 'send.mjs'),
      game(
        'if (Math.abs(z[0]) > 2 && ++n === 1) process.send({ kind: "event", event: { kind: "progress", steps: "many" } });',
      ),
    );
    const methods = ['--methods', 'gda(stepSize=0.1); gda(stepSize=0.001)', '--steps', '300', '--json'];
    const runsOf = (file: string): unknown => {
      const { status, stdout } = stillpoint(['compare', file, ...methods], cwd);
      const {
        sections,
      }: {
        readonly sections: readonly {
          readonly runs: readonly { readonly status: string; readonly message: string }[];
        }[];
      } = JSON.parse(stdout);
      return [
        status,
        sections[0]?.runs.map(({ status: how, message }) => (how === 'failed' ? message : how)),
      ];
    };
    expect(runsOf('exit.mjs')).toEqual([1, ['Its process ended with status 0.', 'budget']]);
    expect(runsOf('send.mjs')).toEqual([
      1,
      [expect.stringMatching(/^its process sent a message of another shape: event\.\w+: /), 'budget'],
    ]);
  });
  it('a folder that is removed while runs go on is made again', () => {
    const cwd = folder();
    writeFileSync(
      join(cwd, 'g.mjs'),
      `import { rmSync } from 'node:fs';\nlet n = 0;\nexport default { players: { x: 1, y: 1 }, start: [1, 1], operator(z, out) { if (++n === 90) rmSync('out', { recursive: true }); out[0] = z[1]; out[1] = -z[0]; } };`,
    );
    const { status } = stillpoint(
      ['compare', 'g.mjs', '--methods', 'gda(stepSize=0.1)', '--steps', '200', '--out', 'out'],
      cwd,
    );
    expect([status, readdirSync(join(cwd, 'out')).sort()]).toEqual([
      0,
      ['measures.csv', 'report.html', 'results.json'],
    ]);
  });
  it('what cannot be written in the end: the words are there, and status 1', () => {
    const cwd = folder();
    writeFileSync(
      join(cwd, 'g.mjs'),
      `import { rmSync, writeFileSync } from 'node:fs';\nlet n = 0;\nexport default { players: { x: 1, y: 1 }, start: [1, 1], operator(z, out) { if (++n === 90) { rmSync('out', { recursive: true }); writeFileSync('out', ''); } out[0] = z[1]; out[1] = -z[0]; } };`,
    );
    const { status, stdout, stderr } = stillpoint(
      ['compare', 'g.mjs', '--methods', 'gda(stepSize=0.1)', '--steps', '200', '--out', 'out'],
      cwd,
    );
    expect([status, stdout]).toEqual([
      1,
      expect.stringMatching(
        /^g\.mjs\n  No method converged on g\.mjs within this budget\.\n  gda \(residual [\d.]+\) did not get there within the budget\.\n\n$/,
      ),
    ]);
    expect(stderr).toContain('stillpoint: out is no folder');
  });
});
