import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { binary, folder, stillpoint } from './run.js';

interface Summary {
  readonly interrupted: boolean;
  readonly sections: readonly {
    readonly verdict: readonly string[];
    readonly settings: { readonly [name: string]: string };
    readonly runs: readonly {
      readonly label: string;
      readonly status: string;
      readonly seed: number;
      readonly message: string;
      readonly calls: number;
      readonly values: object;
    }[];
  }[];
}
const parsed = (text: string): Summary => JSON.parse(text);
const timeless = (text: string): string =>
  JSON.stringify(JSON.parse(text), (name, value: unknown) => (/^seconds(ToTarget)?$/.test(name) ? 0 : value));

describe('compare on a game', () => {
  it('runs all with one budget, says who converged, and writes three files', () => {
    const cwd = folder();
    const { status, stdout } = stillpoint(
      [
        'compare',
        'forsaken',
        '--methods',
        'gda; lookahead(gda(stepSize=0.1), steps=20); rapp',
        '--oracle-calls',
        '2000',
        '--json',
        '--out',
        'out',
      ],
      cwd,
    );
    expect(status).toBe(0);
    const [section] = parsed(stdout).sections;
    expect(section?.runs.map(({ label, status: s }) => [label, s])).toEqual([
      ['gda', 'budget'],
      ['lookahead(gda, steps=20)', 'converged'],
      ['rapp', 'budget'],
    ]);
    expect(section?.verdict[0]).toMatch(
      /^lookahead\(gda, steps=20\) converged on forsaken with the fewest oracle calls: \d+\.$/,
    );
    expect(readdirSync(join(cwd, 'out')).sort()).toEqual([
      'measures.csv',
      'report.html',
      'results.json',
      'trials',
    ]);
    for (const { calls } of section?.runs ?? []) expect(calls).toBeLessThanOrEqual(2000);
  });
  it('takes a user’s file, labels equal names by their options, and reports a run that throws', () => {
    const cwd = folder();
    writeFileSync(
      join(cwd, 'g.mjs'),
      'export default { players: { x: 1, y: 1 }, start: [1, 1], operator(z, out) { if (Math.abs(z[0]) > 2) throw new Error("too far"); out[0] = z[1]; out[1] = -z[0]; } };',
    );
    const { status, stdout } = stillpoint(
      ['compare', 'g.mjs', '--methods', 'gda(stepSize=0.1); gda(stepSize=0.001)', '--steps', '500', '--json'],
      cwd,
    );
    expect(status).toBe(1);
    const runs = parsed(stdout).sections[0]?.runs ?? [];
    expect(runs.map(({ label, status: s }) => [label, s])).toEqual([
      ['gda(stepSize=0.1)', 'failed'],
      ['gda(stepSize=0.001)', 'budget'],
    ]);
    expect(runs[0]?.message).toBe('g.mjs: operator throws: too far');
  });
  it('twice the same: the same results but for the seconds', () => {
    const results = [folder(), folder()].map((cwd) => {
      stillpoint(['compare', 'bilinear', '--oracle-calls', '300'], cwd);
      return timeless(readFileSync(join(cwd, 'stillpoint-report', 'results.json'), 'utf8'));
    });
    expect(results[0]).toBe(results[1]);
  });
});

describe('compare on a GAN', () => {
  const args = [
    'compare',
    'ring',
    '--methods',
    'adam(stepSize=0.001); rapp-adam(stepSize=0.001)',
    '--oracle-calls',
    '200',
    '--seeds',
    '2',
    '--json',
  ];
  it('runs each trial with the budget, measures it, names its engine; twice the same, bit for bit', () => {
    const [first, second] = [folder(), folder()].map((cwd) => ({
      ...stillpoint(args, cwd),
      results: timeless(readFileSync(join(cwd, 'stillpoint-report', 'results.json'), 'utf8')),
    }));
    expect(first?.status).toBe(0);
    expect(first?.results).toBe(second?.results);
    const [section] = parsed(first?.stdout ?? '').sections;
    expect(section?.runs.map(({ label, seed, status, calls }) => [label, seed, status, calls])).toEqual([
      ['adam', 1, 'budget', 200],
      ['adam', 2, 'budget', 200],
      ['rapp-adam', 1, 'budget', 198],
      ['rapp-adam', 2, 'budget', 198],
    ]);
    for (const { values } of section?.runs ?? [])
      expect(Object.keys(values).join()).toBe('modes,highQuality,reverseKl,callsToTarget,secondsToTarget');
    expect(section?.settings['engine']).toMatch(/^(native|wasm) \(onnxruntime-/);
    expect(section?.verdict.join(' ')).toContain('too few to rank');
  });
  it('--model and --loss take the place of the preset’s, are named in the report and in the command that makes it again; samples are there to be looked at', () => {
    const cwd = folder();
    const { status, stdout } = stillpoint(
      [
        'compare',
        'fashion-mnist',
        '--methods',
        'adam(stepSize=0.001); adam(stepSize=0.002)',
        '--model',
        'mlp(latent=4, generator=[8], discriminator=[8])',
        '--loss',
        'hinge',
        '--oracle-calls',
        '10',
        '--json',
      ],
      cwd,
    );
    expect(status).toBe(0);
    const summary: Summary & { readonly command: string } = JSON.parse(stdout);
    expect(summary.sections[0]?.settings['networks']).toBe(
      'mlp(latent=4, generator=[8], discriminator=[8]): G 4-8-784 relu, tanh out; D 784-8-1 leaky-relu',
    );
    expect(summary.sections[0]?.settings['loss']).toBe('hinge');
    expect(summary.command).toContain(
      "--model 'mlp(latent=4, generator=[8], discriminator=[8])' --loss hinge --oracle-calls 10",
    );
    const pictures = readdirSync(join(cwd, 'stillpoint-report', 'samples')).sort();
    expect(pictures).toEqual(['fashion-mnist-adam-1-seed-1.png', 'fashion-mnist-adam-2-seed-1.png']);
    const png = readFileSync(join(cwd, 'stillpoint-report', 'samples', pictures[0] ?? ''));
    expect([...png.subarray(1, 4)].map((byte) => String.fromCharCode(byte)).join('')).toBe('PNG');
    // width and height: 8×8 tiles of 28 with a pixel between
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([8 * 29 - 1, 8 * 29 - 1]);
  });
  it('--data takes the place of the preset’s: a path, or a spec with the options of its files', () => {
    const cwd = folder();
    writeFileSync(
      join(cwd, 'points.csv'),
      Array.from({ length: 40 }, (_, i) => `${Math.cos(i)},${i / 40},${i % 2}\n`).join(''),
    );
    const compared = (data: string): Summary & { readonly command: string } => {
      const { status, stdout } = stillpoint(
        `compare swiss-roll --methods adam --seeds 1 --oracle-calls 6 --json --overwrite --data ${data}`.split(
          ' ',
        ),
        cwd,
      );
      expect(status).toBe(0);
      return JSON.parse(stdout);
    };
    const [path] = compared('points.csv').sections;
    expect(path?.settings['data']).toBe(
      'csv(path="points.csv"): 40 points of points.csv, 3 coordinates as they are; 36 of them, the other 4 are held out',
    );
    const { sections, command } = compared('csv(path="points.csv",label=2)');
    expect(sections[0]?.settings['data']).toContain(
      'csv(path="points.csv", label=2): 40 points of points.csv, 2',
    );
    expect(command).toContain('--data \'csv(path="points.csv",label=2)\'');
  });
  it('a loss without what it assumes is noted when the run begins, in the settings and with each run', () => {
    const { status, stdout, stderr } = stillpoint(
      'compare ring --methods adam(stepSize=0.001) --seeds 1 --oracle-calls 2 --loss wasserstein --json'.split(
        ' ',
      ),
      folder(),
    );
    const note = 'Note: the loss wasserstein has no lower bound for D while nothing limits D’s slope';
    expect(status).toBe(0);
    expect(stderr).toContain(note);
    const { sections }: Summary = JSON.parse(stdout);
    const [section] = sections;
    expect(section?.settings['loss']).toContain(note);
    expect(section?.runs[0]?.message).toContain(note);
  });
  it.each([
    [['compare', 'ring', '--model', 'dcgan'], 'model dcgan makes images; the data have shape [2]; use mlp'],
    [['compare', 'ring', '--model', 'mpl'], 'did you mean mlp?'],
    [['compare', 'ring', '--loss', 'hing'], 'did you mean hinge?'],
    [['compare', 'bilinear', '--loss', 'hinge'], '--loss is for presets of GANs; a game needs no loss'],
    [['compare', 'bilinear', '--data', 'ring'], '--data is for presets of GANs; a game needs no data'],
    [['compare', 'ring', '--data', 'grids'], 'unknown data "grids": no data set and no file has that name'],
    [['compare', 'ring', '--data', '.'], '.: found no file; expected a folder of PNG or JPEG images'],
    [
      ['compare', 'ring', '--data', 'swiss-roll'],
      'metric modes needs a known mixture; data set swiss-roll is none',
    ],
    [['compare', 'swiss-roll', '--data', 'csv'], 'dataset csv needs path (the path of the file)'],
  ])('%j is refused before anything is written', (wrong, words) => {
    const cwd = folder();
    const { status, stdout, stderr } = stillpoint(wrong, cwd);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(readdirSync(cwd)).toEqual([]);
  });
  it('--engine wasm is named in the report', () => {
    const { stdout } = stillpoint([
      'compare',
      'fashion-mnist',
      '--methods',
      'adam(stepSize=0.001)',
      '--oracle-calls',
      '20',
      '--engine',
      'wasm',
      '--json',
    ]);
    const [section] = parsed(stdout).sections;
    expect(section?.settings['engine']).toMatch(/^wasm \(onnxruntime-web/);
    expect(section?.verdict[0]).toContain('A look, not a result');
  });
  it('trials whose process dies before it begins fail, and nothing waits for them', () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'die.cjs'), 'if (process.send) process.exit(7);');
    const { status, stdout } = spawnSync(
      process.execPath,
      [
        binary,
        'compare',
        'ring',
        '--methods',
        'adam(stepSize=0.001)',
        '--oracle-calls',
        '20',
        '--seeds',
        '3',
        '--json',
      ],
      {
        cwd,
        encoding: 'utf8',
        timeout: 50_000,
        env: { ...process.env, NODE_OPTIONS: `--require ${join(cwd, 'die.cjs')}` },
      },
    );
    expect(status).toBe(1);
    const runs = parsed(stdout).sections[0]?.runs ?? [];
    expect(runs.map(({ status: s, message }) => [s, message])).toEqual(
      Array(3).fill(['failed', 'Its process ended with status 7.']),
    );
  });
  it('a diverging run is reported, the others stay', () => {
    const { status, stdout } = stillpoint([
      'compare',
      'ring',
      '--methods',
      'gda(stepSize=1e6); adam(stepSize=0.001)',
      '--oracle-calls',
      '60',
      '--seeds',
      '1',
      '--json',
    ]);
    expect(status).toBe(0);
    expect(parsed(stdout).sections[0]?.runs.map(({ status: s }) => s)).toEqual(['non-finite', 'budget']);
  });

  /** Begins a long comparison and returns how it ended after `act`, which is called once its trials run. */
  const disturbed = (
    calls: number,
    act: (pid: number, children: number[]) => void,
  ): Promise<{ cwd: string; status: number | null; stdout: string }> =>
    new Promise((resolve) => {
      const cwd = folder();
      const child = spawn(
        process.execPath,
        [
          binary,
          'compare',
          'ring',
          '--methods',
          'adam(stepSize=0.001)',
          '--oracle-calls',
          String(calls),
          '--seeds',
          '3',
          '--json',
        ],
        { cwd },
      );
      let stdout = '';
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
      });
      const timer = setInterval(() => {
        const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')
          .trim()
          .split(' ')
          .filter(Boolean)
          .map(Number);
        const trials = join(cwd, 'stillpoint-report', 'trials');
        const begun = existsSync(trials) ? readdirSync(trials).length : 0;
        if (children.length === 0 || begun < children.length) return; // a trial that runs has a folder
        clearInterval(timer);
        act(child.pid ?? 0, children);
      }, 20);
      child.on('close', (status) => resolve({ cwd, status, stdout }));
    });
  it.skipIf(process.platform !== 'linux')('Ctrl-C leaves a report of what was done', async () => {
    const { cwd, status, stdout } = await disturbed(200_000, (pid) => process.kill(pid, 'SIGINT'));
    expect(status).toBe(130);
    expect(parsed(stdout).interrupted).toBe(true);
    expect(
      readdirSync(join(cwd, 'stillpoint-report'))
        .filter((name) => name !== 'samples')
        .sort(),
    ).toEqual(['measures.csv', 'report.html', 'results.json', 'trials']); // whether a run got as far as a picture depends on the machine
    expect(readFileSync(join(cwd, 'stillpoint-report', 'report.html'), 'utf8')).toContain('was interrupted');
  });
  it.skipIf(process.platform !== 'linux')(
    'a trial whose process is killed is reported as failed, the rest goes on',
    async () => {
      const { status, stdout } = await disturbed(2000, (_, [victim = 0]) => process.kill(victim, 'SIGKILL'));
      expect(status).toBe(1);
      const [section] = parsed(stdout).sections;
      expect(section?.runs.map(({ status: s }) => s).sort()).toEqual(['budget', 'budget', 'failed']);
      expect(section?.verdict.join(' ')).toContain('One run did not finish');
    },
  );
});
