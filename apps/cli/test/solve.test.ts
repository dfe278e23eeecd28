import { spawnSync } from 'node:child_process';
import { lstatSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { naturalResidual } from '@stillpoint/operators';
import { gda, solve } from '@stillpoint/optimizers';
import { problemFrom } from '@stillpoint/problems';
import { describe, expect, it } from 'vitest';
import { binary, folder, stillpoint } from './run.js';

const json = (...args: string[]): Record<string, unknown> => {
  const { status, stdout, stderr } = stillpoint(['solve', ...args, '--json']);
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
};
const game =
  'export default { players: { x: 1, y: 1 }, start: [1, 1], operator(z, out) { out[0] = z[1]; out[1] = -z[0]; }, facts: { lipschitz: 1, solution: [0, 0] } };\n';

describe('solve in words', () => {
  it('shows the gap of a minimisation over a bounded set, and the theorem of its method', () => {
    const { status, stdout } = stillpoint([
      'solve',
      'sparse-regression(examples=20, dimension=4)',
      '--method',
      'conditional-gradient',
      '--steps',
      '50',
    ]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/\n {2}gap {11}\d/);
    expect(stdout).toContain('theorem       Frank–Wolfe with open-loop steps, Jaggi 2013');
  });
});

describe('solve --json', () => {
  it('says everything', () => {
    const result = json('bilinear', '--method', 'extragradient(stepSize=0.1)', '--steps', '100');
    expect(Object.keys(result)).toEqual([
      'game',
      'method',
      'options',
      'status',
      'message',
      'steps',
      'calls',
      'z',
      'residual',
      'threshold',
      'distance',
      'ledger',
      'prices',
      'terms',
      'judging',
      'warnings',
      'certificates',
    ]);
    expect(result).toMatchObject({
      game: 'bilinear',
      method: 'extragradient',
      options: { stepSize: 0.1 },
      status: 'budget',
      steps: 100,
      calls: 200,
    });
    expect(result['z']).toEqual([expect.closeTo(-0.1228173, 7), expect.closeTo(-0.8511241, 7)]);
  });
  it('holds what was asked, and for judging', () => {
    const result = json('bilinear', '--method', 'consensus(stepSize=0.1, penalty=1)', '--steps', '10');
    const nothing = { losses: 0, products: 0, residuals: 0, residualProducts: 0 };
    expect(result['ledger']).toEqual({ ...nothing, steps: 10, gradients: [10, 10], transposedProducts: 10 });
    // ten gradients of both, and ten products
    expect(result).toMatchObject({
      prices: { shares: [0.5, 0.5], transposedProduct: 1 },
      terms: 1,
      calls: 20,
    });
    expect(result['judging']).toMatchObject({ ...nothing, steps: 0, transposedProducts: 0 });
    expect(result['warnings']).toEqual([]);
  });
  it('runs a sampled game on its samples, and judges it by its mean', () => {
    const result = json(
      'batch-bilinear(dimension=4, batch=2)',
      '--method',
      'gda(stepSize=0.1)',
      '--steps',
      '6',
    );
    const game = problemFrom('batch-bilinear(dimension=4, batch=2)');
    const { z, residual, ledger } = solve(game.problem, gda({ stepSize: 0.1 }), { steps: 6 });
    expect(result).toMatchObject({ z: Array.from(z), residual, ledger, calls: 3, terms: 4 });
    expect(residual).toBe(naturalResidual(game.exact, z, new Float64Array(8)));
    expect(result['certificates']).toMatchObject({ theorem: { reason: expect.stringContaining('sampled') } });
  });
  it('says that an inner solver ran out', () => {
    const args = ['bilinear', '--method', 'proximal-point(stepSize=100, innerSteps=2)', '--steps', '10'];
    expect(json(...args)['warnings']).toEqual([
      '10 times in 10 steps, the resolvent’s inner loop made all innerSteps = 2 steps without coming within its tolerance',
    ]);
    expect(stillpoint(['solve', ...args]).stdout).toContain('\nNote: 10 times in 10 steps, the resolvent');
  });
  it('fills in 1/L, also inside a wrapper', () => {
    expect(json('linear(lipschitz=4)', '--method', 'lookahead(gda)', '--steps', '5')).toMatchObject({
      method: 'lookahead',
      options: { method: { name: 'gda', options: { stepSize: 0.05 } }, steps: 5, weight: 0.5 },
      steps: 5,
      calls: 5,
    });
  });
  it('turns what JSON cannot hold into null', () =>
    expect(json('bilinear', '--method', 'gda(stepSize=1e200)', '--steps', '9')).toMatchObject({
      status: 'non-finite',
      residual: null,
    }));
  it('takes a start with signs, and a tolerance', () => {
    expect(
      json(
        'bilinear',
        '--method',
        'extragradient(stepSize=0.5)',
        '--start',
        '-1,2e-1',
        '--tolerance',
        '1e-3',
      ),
    ).toMatchObject({ status: 'converged' });
  });
  it('a step count alone never stops early; with a tolerance it does', () => {
    expect(json('bilinear', '--method', 'extragradient(stepSize=0.5)', '--steps', '3000')).toMatchObject({
      steps: 3000,
    });
    expect(
      json('bilinear', '--method', 'extragradient(stepSize=0.5)', '--steps', '3000', '--tolerance', '1e-8'),
    ).toMatchObject({ status: 'converged' });
  });
  it('is the same, bit for bit, every time', () => {
    const args = [
      'solve',
      'forsaken',
      '--method',
      'lookahead(adam(stepSize=0.01), steps=7)',
      '--steps',
      '5000',
      '--json',
    ];
    expect(stillpoint(args).stdout).toBe(stillpoint(args).stdout);
  });
  it('takes a user’s file from any folder', () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'mine.mjs'), game);
    for (const path of ['mine.mjs', './mine.mjs', join(cwd, 'mine.mjs')]) {
      const { status, stdout } = stillpoint(
        ['solve', path, '--method', 'extragradient(stepSize=0.5)', '--json'],
        cwd,
      );
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ game: path, status: 'converged' });
    }
  });
});

describe('solve in words', () => {
  it('says it in a sentence, and writes a trace that a spreadsheet opens', () => {
    const cwd = folder();
    const { stdout, status } = stillpoint(
      ['solve', 'bilinear', '--method', 'gda(stepSize=0.1)', '--steps', '3', '--trace', 'trace.csv'],
      cwd,
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Made the 3 steps asked for: the residual went from 1\.41 to 1\.44\./);
    const rows = readFileSync(join(cwd, 'trace.csv'), 'utf8')
      .trim()
      .split('\n')
      .map((row) => row.split(','));
    expect(rows[0]).toEqual(['step', 'calls', 'residual', 'x', 'y']);
    expect(rows).toHaveLength(5);
    expect(rows[2]?.map(Number)).toEqual([1, 1, expect.closeTo(Math.hypot(0.9, 1.1), 15), 0.9, 1.1]);
  });
});

describe('whatever is wrong: status 2, at most three lines on stderr, nothing on stdout, nothing written', () => {
  const files: { readonly [name: string]: string } = {
    'good.mjs': game,
    'throws.mjs': 'throw new Error("at import");',
    'syntax.mjs': 'export default {',
    'nodefault.mjs': 'export const a = 1;',
    'nan.mjs': game.replace('out[0] = z[1]', 'out[0] = NaN'),
    'long.mjs': game.replace('out[0] = z[1]', 'out[2] = 1; out[0] = z[1]'),
    'short.mjs': game.replace('out[1] = -z[0];', ''),
    'boom.mjs': game.replace('out[0] = z[1]', 'throw new Error("boom")'),
    'start.mjs': game.replace('start: [1, 1]', 'start: [1]'),
    'hang.mjs': 'await new Promise(() => {});',
    'exit.mjs': 'process.exit(0);',
    'nostart.mjs': game.replace('start: [1, 1],', ''),
    'typo.mjs': game.replace('operator(', 'operatr('),
  };
  it.each<readonly [args: readonly string[], message: RegExp]>([
    [[], /expected a command: compare, tune, sweep, worker, solve/],
    [['constructor'], /unknown command "constructor"/],
    [['solve', 'bilinear', '--method', 'gda', '--constructor'], /unknown flag/],
    [['doctor', 'foo'], /doctor takes no argument/],
    [['solve', 'bilinear', '--method', 'gda', '--trace', ''], /expected a file’s path/],
    [['solve', 'bilinear', '--method', 'gda', '--trace', '/dev/null'], /no regular file/],
    [
      ['compare', 'bilinear', '--methods', 'alternating-gda(order=[5])'],
      /there is no player 5; this game has 0 \(x\), 1 \(y\)/,
    ],
    [
      ['compare', 'ring', '--methods', 'alternating-adam(stepSize=0.001, order=[7])'],
      /there is no player 7; this game has 0 \(D\), 1 \(G\)/,
    ],
    [['compare', 'bilinear', '--out', 'good.mjs'], /cannot be made/],
    [['solve', 'hang.mjs', '--method', 'gda'], /never finishes/],
    [['solve', 'exit.mjs', '--method', 'gda'], /ends the program/],
    [['solve', 'folder.mjs/..', '--method', 'gda'], /there is no file|is a folder/],
    [['solve', `g${'d'.repeat(9999)}`, '--method', 'gda'], /\(10000 characters\)"; expected one of/],
    [['slove'], /unknown command "slove"; did you mean solve\?/],
    [['solve'], /solve needs a game/],
    [['solve', 'bilinear'], /solve needs --method/],
    [['solve', 'blinear', '--method', 'gda'], /unknown problem "blinear"; did you mean bilinear\?/],
    [['solve', 'bilinear', '--method', 'exragradient'], /did you mean extragradient\?/],
    [['solve', 'bilinear', '--method', 'gda(stepsize=1)'], /did you mean stepSize\?/],
    [['solve', 'bilinear', '--method', 'gda(stepSize=-1)'], /stepSize is -1; expected a number > 0/],
    [['solve', 'bilinear', '--method', 'gda('], /expected a name at character 5/],
    [['solve', 'bilinear', '--method', 'gda', '--stpes', '3'], /did you mean --steps\?/],
    [
      ['solve', 'bilinear', '--method', 'gda', '--steps', 'x'],
      /--steps is "x"; expected a whole number >= 0/,
    ],
    [['solve', 'bilinear', '--method', 'gda', '--steps', '1.5'], /expected a whole number/],
    [['solve', 'bilinear', '--method', 'gda', '--steps', '-3'], /expected a whole number/],
    [
      ['solve', 'bilinear', '--method', 'gda', '--tolerance', 'tiny'],
      /--tolerance is "tiny"; expected a number >= 0/,
    ],
    [['solve', 'bilinear', '--method', 'gda', '--steps'], /--steps needs a value/],
    [
      ['solve', 'bilinear', '--method', 'gda', '--start', '1'],
      /--start has 1 number; bilinear has 2 \(x: 1, y: 1\)/,
    ],
    [['solve', 'bilinear', '--method', 'gda', '--start', '1,NaN'], /"NaN" is no finite number/],
    [['solve', 'bilinear', '--method', 'gda', '--start', '1,,2'], /is no finite number/],
    [['solve', 'bilinear', '--method', 'gda', '--trace', 'no/such/t.csv'], /there is no folder/],
    [['solve', 'bilinear', '--method', 'gda', '--json=yes'], /--json takes no value/],
    [['solve', 'bilinear', 'polar', '--method', 'gda'], /takes one game/],
    [['solve', 'bilinear', '--method', 'gda', '--method', 'rapp'], /--method is given twice/],
    [['solve', 'good.msj', '--method', 'gda'], /there is no file good\.msj; did you mean good\.mjs\?/],
    [['solve', './god.mjs', '--method', 'gda'], /there is no file \.\/god\.mjs; did you mean good\.mjs\?/],
    [['solve', 'throws.mjs', '--method', 'gda'], /throws\.mjs cannot be imported: at import/],
    [['solve', 'syntax.mjs', '--method', 'gda'], /syntax\.mjs cannot be imported/],
    [['solve', 'nodefault.mjs', '--method', 'gda'], /nodefault\.mjs has no default export/],
    [['solve', 'nan.mjs', '--method', 'gda'], /gives out\[0\] = NaN/],
    [['solve', 'long.mjs', '--method', 'gda'], /writes out\[2\]; the players own entries 0 to 1/],
    [['solve', 'short.mjs', '--method', 'gda'], /gives out\[1\] = NaN/],
    [['solve', 'boom.mjs', '--method', 'gda'], /operator throws at its start: boom/],
    [['solve', 'start.mjs', '--method', 'gda'], /start is \[1\]; expected 2 finite numbers/],
    [['solve', 'nostart.mjs', '--method', 'gda'], /states no start; give --start with 2 numbers/],
    [['solve', 'typo.mjs', '--method', 'gda'], /did you mean operator\?/],
    [['list'], /list needs one of/],
    [['list', 'method'], /did you mean methods\?/],
    [['compare'], /expected a preset, a game or a file/],
    [['compare', 'rign'], /did you mean ring\?/],
    [['compare', 'ring', '--methods', 'adan(stepSize=1)'], /did you mean adam\?/],
    [['compare', 'ring', '--methods', 'gda'], /method gda needs stepSize/],
    [['solve', 'bilinear', '--method', 'saga'], /^stillpoint: saga needs a problem with terms, a finite sum/],
    [
      ['compare', 'bilinear', '--methods', 'gda; lookahead(sag)'],
      /^stillpoint: sag needs a problem with terms, a finite sum/,
    ],
    [['compare', 'ring', '--methods', 'saga'], /^stillpoint: saga needs a problem with terms, a finite sum/],
    [['compare', 'ring', '--engine', 'nativ'], /did you mean native\?/],
    [['compare', 'bilinear', '--seeds', '3'], /--seeds is for presets/],
    [['compare', 'bilinear', '--steps', '3', '--oracle-calls', '3'], /exclude each other/],
    [['compare', 'bilinear', '--methods', ' ; '], /expected specs/],
    [['compare', 'ring', '--seeds', '0'], /expected a whole number >= 1/],
  ])('%j', (args, message) => {
    const cwd = folder();
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
    const { status, stdout, stderr } = stillpoint(args, cwd);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(3);
    expect(readdirSync(cwd).sort()).toEqual(Object.keys(files).sort());
  });
  it('a game that throws later: status 1', () => {
    const cwd = folder();
    writeFileSync(
      join(cwd, 'later.mjs'),
      `let n = 0;\n${game.replace('out[0] = z[1]', 'if (++n > 50) throw new Error("later"); out[0] = z[1]')}`,
    );
    const { status, stdout, stderr } = stillpoint(
      ['solve', 'later.mjs', '--method', 'gda(stepSize=0.1)'],
      cwd,
    );
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('later.mjs: operator throws: later');
  });
  it('a game that turns NaN later: a result', () => {
    const cwd = folder();
    writeFileSync(
      join(cwd, 'later.mjs'),
      `let n = 0;\n${game.replace('out[0] = z[1]', 'out[0] = ++n > 50 ? NaN : z[1]')}`,
    );
    expect(
      JSON.parse(stillpoint(['solve', 'later.mjs', '--method', 'gda(stepSize=0.1)', '--json'], cwd).stdout),
    ).toMatchObject({ status: 'non-finite' });
  });
});

describe('files', () => {
  it.skipIf(process.platform !== 'linux')(
    'a reader that leaves is no failure; a full disk is one line and status 1',
    () => {
      const cwd = folder();
      writeFileSync(
        join(cwd, 'wide.mjs'),
        'export default { players: { x: 200000 }, start: new Array(200000).fill(1), operator(z, out) { out.set(z); } };',
      );
      const shell = (line: string): { status: number | null; stderr: string } =>
        spawnSync('bash', ['-c', `set -o pipefail; ${line}`], { cwd, encoding: 'utf8' });
      const solve = `"${process.execPath}" "${binary}" solve wide.mjs --method 'gda(stepSize=0.1)' --steps 1 --json`;
      expect(shell(`${solve} | head -c1`)).toMatchObject({ status: 0, stderr: '' });
      const full = shell(`${solve} > /dev/full`);
      expect(full.status).toBe(1);
      expect(full.stderr).toMatch(/^stillpoint: cannot write to stdout: [^\n]*\n$/);
    },
  );
  it.skipIf(process.platform === 'win32')(
    'a trace goes through a link and leaves it one; names are quoted',
    () => {
      const cwd = folder();
      writeFileSync(join(cwd, 'real.csv'), '');
      symlinkSync('real.csv', join(cwd, 'link.csv'));
      writeFileSync(join(cwd, 'g.mjs'), game.replace('x: 1, y: 1', '"a,b": 1, y: 1'));
      expect(
        stillpoint(['solve', 'g.mjs', '--method', 'gda', '--steps', '1', '--trace', 'link.csv'], cwd).status,
      ).toBe(0);
      expect(lstatSync(join(cwd, 'link.csv')).isSymbolicLink()).toBe(true);
      expect(readFileSync(join(cwd, 'real.csv'), 'utf8')).toMatch(/^step,calls,residual,"a,b",y\n0,/);
    },
  );
});

describe('help and lists', () => {
  it.each(['compare', 'solve', 'list', 'doctor'])('%s --help', (name) => {
    const { status, stdout } = stillpoint([name, '--help']);
    expect(status).toBe(0);
    expect(stdout).toContain(`stillpoint ${name}`);
  });
  it.each(['methods', 'games', 'presets', 'datasets', 'metrics', 'extractors', 'functions', 'engines'])(
    'list %s --json',
    (kind) => {
      const rows: unknown = JSON.parse(stillpoint(['list', kind, '--json']).stdout);
      expect(Array.isArray(rows) && rows.length > 0).toBe(true);
    },
  );
  it('list metrics says what each needs, how far one can get, and which presets measure it', () => {
    const rows: unknown = JSON.parse(stillpoint(['list', 'metrics', '--json']).stdout);
    expect(rows).toContainEqual({
      name: 'modes',
      about: expect.any(String),
      options: [
        { name: 'sigmas', about: expect.any(String), expected: 'a number > 0', default: 3 },
        { name: 'share', about: expect.any(String), expected: 'a number >= 0 and <= 1', default: 0 },
      ],
      needs: 'mixture',
      unit: 'modes',
      better: 'higher',
      perfect: 'measured',
      presets: ['ring', 'ring-r3gan', 'grid', 'grid-r3gan', 'four-gaussians'],
      reference: expect.any(String),
    });
    const { stdout } = stillpoint(['list', 'metrics', 'density']);
    for (const line of ['needs: features', 'unit: ratio', 'perfect: 1', 'presets: none'])
      expect(stdout).toContain(`\n    ${line}\n`);
  });
  it('doctor names every engine', () => {
    const { status, stdout } = stillpoint(['doctor']);
    expect(status).toBe(0);
    for (const engine of ['native', 'wasm', 'webgpu', 'cpu']) expect(stdout).toContain(`engine ${engine}`);
  });
  it('--version', () => expect(stillpoint(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/));
});
