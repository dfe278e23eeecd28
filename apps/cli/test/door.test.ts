import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { binary, folder, stillpoint, type Ran } from './run.js';

// Whatever stands on the command line or in a user's file: one line that names it, status 2 or 1, no stack,
// no raw error, no hang.

const game = 'players: { x: 1, y: 1 }, start: [1, 1], operator(z, out) { out[0] = z[1]; out[1] = -z[0]; }';
const later = (what: string): string =>
  `let n = 0;\nexport default { ${game.replace('out[0]', `if (n++ > 20) ${what} out[0]`)} };`;
const good = ['--method', 'extragradient(stepSize=0.5)'];

/** As a user would run it, killed where it hangs. */
function run(args: readonly string[], cwd: string): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [binary, ...args], {
    cwd,
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { status, stdout, stderr };
}
function withFiles(files: { readonly [name: string]: string }): string {
  const cwd = folder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  return cwd;
}
function oneLine({ stderr }: Ran): string {
  const lines = stderr.trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(stderr).toMatch(/^stillpoint: /);
  expect(stderr).not.toMatch(
    /TypeError|RangeError|SyntaxError: |undefined is not|Cannot read|node:internal|\n\s+at /,
  );
  return stderr;
}

describe('a hostile command line', () => {
  const solve = (spec: string): readonly string[] => ['solve', spec, ...good];
  const method = (spec: string): readonly string[] => ['solve', 'bilinear', '--method', spec];
  it.each<readonly [args: readonly string[], message: RegExp]>([
    [method('gda(constructor=1)'), /unknown option of method gda "constructor"/],
    [method('lookahead(gda, toString=1)'), /"toString"/],
    [method('transform(gda, adam(valueOf=1))'), /"valueOf"/],
    [solve('polar(hasOwnProperty=3)'), /"hasOwnProperty"/],
    [solve('constructor'), /unknown problem "constructor"/],
    [['list', 'toString'], /unknown kind of list "toString"/],
    [['list', 'methods', 'constructor'], /unknown method "constructor"/],
    [['solve', 'bilinear', ...good, '--__proto__=1'], /unknown flag/],
    [['help', 'constructor'], /unknown command "constructor"/],
    [['completion', 'valueOf'], /unknown shell "valueOf"/],
    [
      solve('random-matrix-game(seed=4294967296)'),
      /seed is 4294967296; expected a whole number >= 0 and <= 4294967295/,
    ],
    [solve('random-matrix-game(seed=-1)'), /seed is -1/],
    [solve('random-matrix-game(rows=1e9)'), /rows is 1000000000; expected .* <= 100000/],
    [solve('random-matrix-game(rows=100000, columns=100000)'), /at most 25000000 entries/],
    [solve('random-comonotone(dimension=2000)'), /<= 600/],
    [solve('lq-game(horizon=1e6)'), /<= 100/],
    [solve('markov-game(states=1e6)'), /<= 200/],
    [method('rapp(innerSteps=1e15)'), /<= 1000000/],
    [method('gda(stepSize=1e999)'), /1e999 is too large a number/],
    [method('gda(stepSize={kind=constructor, from=1, steps=2})'), /stepSize is \{kind=constructor/],
    [method('alternating-gda(order=[1e9])'), /there is no player 1000000000/],
    [method(`${'lookahead('.repeat(300)}gda${')'.repeat(300)}`), /at most 200 nested brackets/],
    [method('gda(stepSize=[[[[1]]]])'), /stepSize is \[\[\[\[1\]\]\]\]/],
    [
      ['compare', 'ring', '--seeds', '1000000000'],
      /--seeds is "1000000000"; expected a whole number >= 1 and <= 1000/,
    ],
    [['compare', 'bilinear', '--start', '1'], /--start has 1 number; bilinear has 2/],
    [['compare', 'ring', '--start', '1,2'], /--start is for games/],
    [['compare', 'ring', '--tolerance', '1'], /--tolerance is for games/],
    [['compare', 'bilinear', '--tolerance', 'x'], /--tolerance is "x"/],
    [['solve', 'bilinear', '--method'], /--method needs a value/],
    [['solve', 'bilinear', ...good, '--steps', '1e400'], /--steps is "1e400"/],
    [['solve', './loop.mjs', ...good], /\.\/loop\.mjs cannot be accessed: ELOOP/],
    [['solve', `./${'g'.repeat(300)}.mjs`, ...good], /cannot be accessed: ENAMETOOLONG/],
    [['solve', './good.mjs/x.mjs', ...good], /there is no file|ENOTDIR/],
    [['solve', 'bilinear', ...good, '--trace', 'loop.mjs/x.csv'], /ELOOP/],
    [['solve', 'bilinear', ...good, '--trace', 't'.repeat(300)], /ENAMETOOLONG/],
    [solve('matrix-game(matrix=@none.csv)'), /matrix=@none\.csv: there is no such file/],
    [solve('matrix-game(matrix=@.)'), /it is no regular file/],
    [solve('matrix-game(matrix=@text.csv)'), /line 2, column 3: "x" is no finite number/],
    [solve('matrix-game(matrix=@ragged.csv)'), /line 2 has 1 number; expected 2, as in line 1/],
    [solve('matrix-game(matrix=@empty.csv)'), /is empty; expected rows of numbers/],
    [solve('cournot(costs=@square.csv)'), /holds 2 rows of 2; expected numbers as \[1,2,3\]/],
    [solve('convex-relu(data=@text.csv)'), /data=@text\.csv: line 2, column 3: "x" is no finite number/],
    [solve('threshold-lasso(data=@ragged.csv)'), /line 2 has 1 number; expected 2, as in line 1/],
    [solve('threshold-lasso(data=@square.csv, targets=[1])'), /data and targets are both given/],
    [solve('matrix-game(matrix=@hex.csv)'), /line 1, column 1: "0x10" is no finite number/],
    [method('gda(stepSize=@loop.mjs)'), /ELOOP/],
    [solve('matrix-game(matrx=@square.csv)'), /did you mean matrix\?/],
    [['solve', 'exits.mjs', ...good], /exits\.mjs ends the program \(process\.exit\)/],
    [['solve', 'text.mjs', ...good], /text\.mjs: operator writes "abc" to out\[0\]; expected a number/],
    [
      ['solve', 'huge.mjs', ...good],
      /player x has size 1e9|size 1000000000; expected a whole number from 1 to 10,000,000/,
    ],
    [['solve', 'message.mjs', ...good], /cannot be imported: a value that is not an Error/],
    [['solve', 'null.mjs', ...good], /cannot be imported: a value that is not an Error/],
  ])('%#: %j is status 2 and one line', (args, message) => {
    const cwd = withFiles({
      'good.mjs': `export default { ${game} };`,
      'exits.mjs': later('process.exit(0);'),
      'text.mjs': later('{ out[0] = "abc"; return; }'),
      'huge.mjs': `export default { ${game.replace('x: 1', 'x: 1e9')} };`,
      'message.mjs': 'throw Object.assign(new Error(), { message: 5 });',
      'null.mjs': 'throw null;',
      'text.csv': '1,2,3\n4,5,x\n',
      'ragged.csv': '1,2\n3\n',
      'empty.csv': '\n\n',
      'square.csv': '1,2\n3,4\n',
      'hex.csv': '0x10,1\n',
    });
    if (process.platform !== 'win32') symlinkSync('loop.mjs', join(cwd, 'loop.mjs'));
    const ran = run(args, cwd);
    expect(oneLine(ran)).toMatch(message);
    expect([ran.status, ran.stdout]).toEqual([2, '']);
    expect(existsSync(join(cwd, 'stillpoint-report'))).toBe(false);
  });
  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'a folder that may not be read is status 2 and one line',
    () => {
      const cwd = folder();
      mkdirSync(join(cwd, 'locked'));
      chmodSync(join(cwd, 'locked'), 0o000);
      const ran = run(['solve', './locked/g.mjs', ...good], cwd);
      chmodSync(join(cwd, 'locked'), 0o700);
      expect(oneLine(ran)).toMatch(/cannot be accessed: EACCES/);
      expect(ran.status).toBe(2);
    },
  );
});

describe('a user’s file that does more than it is asked', () => {
  it.each([
    [
      'a promise that nobody handles',
      "Promise.reject(new Error('boo'));",
      1,
      /mine\.mjs: a promise is rejected and nothing handles it: boo/,
    ],
    [
      'a promise rejected with a value that is not an Error',
      'Promise.reject(7);',
      1,
      /mine\.mjs: a promise is rejected and nothing handles it: a value that is not an Error/,
    ],
    ['a timer that stays', 'setInterval(() => {}, 1000);', 0, /^$/],
    [
      'a timer that throws, too late to matter',
      "setTimeout(() => { throw new Error('tick'); }, 60_000);",
      0,
      /^$/,
    ],
  ])('%s: solve prints its result and ends', (_, extra, expected, message) => {
    const cwd = withFiles({ 'mine.mjs': `${extra}\nexport default { ${game} };` });
    const { status, stdout, stderr } = run(['solve', 'mine.mjs', ...good], cwd);
    expect(status).toBe(expected);
    expect(stdout).toMatch(/^Converged in \d+ steps/);
    expect(stderr).toMatch(message);
  });
  it('a timer that throws at once and again: said once; the comparison goes on', () => {
    const cwd = withFiles({
      'mine.mjs': `setInterval(() => { throw new Error('tick'); }, 1);\nexport default { ${game} };`,
    });
    const ran = run(
      ['compare', 'mine.mjs', '--methods', 'extragradient(stepSize=0.5)', '--json', '--quiet'],
      cwd,
    );
    expect(oneLine(ran)).toContain('mine.mjs: an error is thrown outside any call of the program: tick');
    expect(ran.status).toBe(1);
    expect(JSON.parse(ran.stdout)).toMatchObject({ sections: [{ runs: [{ status: 'converged' }] }] });
    expect(existsSync(join(cwd, 'stillpoint-report', 'report.html'))).toBe(true);
  });
  it.skipIf(process.platform === 'win32')('control characters of its name stay out of the terminal', () => {
    const name = 'a\u001b[31m\u009bb\u202e.mjs';
    const cwd = withFiles({ [name]: `export default { ${game} };` });
    const { stdout } = run(['solve', name, ...good], cwd);
    expect(stdout).toContain('a\\u001b[31m\\u009bb\\u202e.mjs');
    expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
    const parsed: { game: string } = JSON.parse(run(['solve', name, ...good, '--json'], cwd).stdout);
    expect(parsed.game).toBe(name);
    expect(run(['solve', `${name}x`, ...good], cwd).stderr).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
  });
});

describe('numbers from files', () => {
  it('make the same run as numbers in the spec, and what is printed makes it again', () => {
    const cwd = withFiles({
      'a.csv': '2,-1\n-1,1\n',
      'b.csv': '\uFEFF2;-1\r\n-1;"1"\r\n\r\n',
      'c.csv': '2\t-1\n-1\t1',
    });
    const inline = run(['solve', 'matrix-game(matrix=[[2,-1],[-1,1]])', ...good, '--json'], cwd).stdout;
    for (const file of ['a.csv', './b.csv', join(cwd, 'c.csv')])
      expect(run(['solve', `matrix-game(matrix=@${file})`, ...good, '--json'], cwd).stdout).toBe(inline);
    const { game: name }: { game: string } = JSON.parse(inline);
    expect(run(['solve', name, ...good, '--json'], cwd).stdout).toBe(inline);
  });
  it('are a list where an option takes a list, from a row or a column', () => {
    const cwd = withFiles({ 'row.csv': '1,2,3\n', 'column.csv': '1\n2\n3\n', 'steps.csv': '0.1,0.2\n' });
    const inline = run(
      ['solve', 'cournot(costs=[1,2,3])', '--method', 'extragradient(stepSize=0.1)', '--json'],
      cwd,
    ).stdout;
    for (const file of ['row.csv', 'column.csv'])
      expect(
        run(['solve', `cournot(costs=@${file})`, '--method', 'extragradient(stepSize=0.1)', '--json'], cwd)
          .stdout,
      ).toBe(inline);
    const stepped = run(
      [
        'solve',
        'bilinear',
        '--method',
        'lookahead(gda(stepSize=@steps.csv), steps=3)',
        '--steps',
        '9',
        '--json',
      ],
      cwd,
    ).stdout;
    expect(JSON.parse(stepped)).toMatchObject({ options: { method: { options: { stepSize: [0.1, 0.2] } } } });
  });
  it('a large matrix is named by its file; compare saves numbers that make the run again', () => {
    const row = Array.from({ length: 40 }, (_, j) => j).join(',');
    const cwd = withFiles({
      'large.csv': `${Array.from({ length: 40 }, () => row).join('\n')}\n`,
      'g.csv': '0.1,0.1\n',
    });
    expect(
      JSON.parse(
        run(
          [
            'solve',
            'matrix-game(matrix=@large.csv)',
            '--method',
            'gda(stepSize=0.01)',
            '--steps',
            '1',
            '--json',
          ],
          cwd,
        ).stdout,
      ),
    ).toMatchObject({ game: 'matrix-game(matrix=@large.csv)' });
    expect(
      run(
        [
          'compare',
          'bilinear',
          '--methods',
          'gda(stepSize=@g.csv)',
          '--steps',
          '5',
          '--start',
          '2,-1',
          '--tolerance',
          '1e-3',
          '--quiet',
        ],
        cwd,
      ).status,
    ).toBe(0);
    const results: {
      command: string;
      sections: readonly { settings: object; runs: readonly { method: string }[] }[];
    } = JSON.parse(readFileSync(join(cwd, 'stillpoint-report', 'results.json'), 'utf8'));
    expect(results.sections[0]?.runs[0]?.method).toBe('gda(stepSize=[0.1,0.1])');
    expect(results.sections[0]?.settings).toMatchObject({
      start: '[2, -1]',
      converged: expect.stringContaining('at most 0.001'),
    });
    expect(results.command).toContain('--start 2,-1 --tolerance 1e-3');
  });
});

describe('certificates of solve', () => {
  const json = (...args: readonly string[]): Record<string, unknown> =>
    JSON.parse(stillpoint(['solve', ...args, '--json']).stdout).certificates;
  it('of a matrix game: the value between bounds whose difference is the duality gap', () => {
    const { value, dualityGap, theorem } = json(
      'matrix-game(matrix=[[2,-1],[-1,1]])',
      '--method',
      'extragradient(stepSize=0.3)',
    );
    const [lower, upper] = Array.isArray(value) ? value.map(Number) : [];
    expect(lower).toBeLessThanOrEqual(0.2 + 2 ** -52); // by hand: (2·1 − 1)/(2 + 1 + 1 + 1)
    expect(upper).toBeGreaterThanOrEqual(0.2 - 2 ** -52);
    expect(dualityGap).toBe((upper ?? NaN) - (lower ?? NaN));
    expect(dualityGap).toBeLessThan(1e-6);
    expect(theorem).toMatchObject({ name: 'extragradient, best iterate, Korpelevich 1976' });
  });
  it('of an affine game: the distance is within the error bound, in words, too', () => {
    const args = ['cournot', '--method', 'extragradient(stepSize=0.1)', '--steps', '20'];
    const {
      distance,
      certificates,
    }: { distance: number; certificates: { errorBound: { distance: number } } } = JSON.parse(
      stillpoint(['solve', ...args, '--json']).stdout,
    );
    expect(distance).toBeGreaterThan(0);
    expect(certificates.errorBound.distance).toBeGreaterThanOrEqual(distance);
    expect(stillpoint(['solve', ...args]).stdout).toMatch(
      /error bound {3}[\d.e-]+: ‖z − z\*‖ ≤ \(1 \+ ‖M‖\)r\/μ/,
    );
  });
  it('of the bilinear game: σ = 1, so the error bound is the distance; the gap on the ball is radius·‖z‖', () => {
    const { errorBound, restrictedGap } = json(
      'bilinear',
      '--method',
      'gda(stepSize=0.1)',
      '--start',
      '3,4',
      '--steps',
      '0',
    );
    expect(errorBound).toMatchObject({ distance: 5 });
    // the maximum of ⟨F(u), z − u⟩ = ⟨Mᵀz, u⟩ over ‖u‖ ≤ 5 is 5·‖z‖
    expect(restrictedGap).toMatchObject({ value: expect.closeTo(25, 12), radius: 5 });
  });
  it('says why no theorem holds', () => {
    expect(json('forsaken', '--method', 'gda')['theorem']).toEqual({
      reason: expect.stringContaining('not known to be cocoercive'),
    });
    expect(stillpoint(['solve', 'forsaken', '--method', 'gda', '--steps', '1']).stdout).toMatch(
      /theorem {7}none: /,
    );
  });
});
