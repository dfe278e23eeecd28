import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readResults } from '@stillpoint/tracking';
import { folder, stillpoint } from './run.js';

/** Gradient descent as a user would write it; `step` is its step size. */
const method = (name: string, step: string): string => `{
  name: '${name}',
  options: { stepSize: ${step} },
  init: (space, z0) => ({ z: space.copy(z0) }),
  begin: () => function* (state) {
    const g = yield state.z;
    for (let i = 0; i < g.length; i++) state.z[i] -= ${step} * g[i];
  },
  restart: (state, z) => { state.z.set(z); },
}`;

/** What a comparison in a folder found, without what differs from run to run. */
const found = (cwd: string, out = 'out'): unknown => {
  const results = readResults(readFileSync(join(cwd, out, 'results.json'), 'utf8'));
  return {
    ...results,
    sections: results.sections.map((section) => ({
      ...section,
      runs: section.runs.map(({ series: { seconds: _, ...series }, ...run }) => ({
        ...run,
        series,
        values: { ...run.values, secondsToTarget: null },
        seconds: 0,
      })),
    })),
  };
};

describe('compare --methods with a user’s file', () => {
  it('runs what the file exports beside names: a method does what the registry’s does, number for number', () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'one.mjs'), `export default ${method('mine', '0.1')};`);
    writeFileSync(
      join(cwd, 'two.mjs'),
      `export default [(facts) => (${method('by-facts', '(0.5 / facts.lipschitz)')}), ${method('plain', '0.2')}];`,
    );
    const { status, stderr } = stillpoint(
      [
        'compare',
        'bilinear',
        '--methods',
        './one.mjs; gda(stepSize=0.1);two.mjs',
        '--oracle-calls',
        '30',
        '--out',
        'out',
        '--quiet',
      ],
      cwd,
    );
    expect([status, stderr]).toEqual([0, '']);
    const { sections } = readResults(readFileSync(join(cwd, 'out', 'results.json'), 'utf8'));
    const runs = sections[0]?.runs ?? [];
    expect(runs.map((run) => run.method)).toEqual([
      'mine(stepSize=0.1)',
      'gda(stepSize=0.1)',
      'by-facts(stepSize=0.5)',
      'plain(stepSize=0.2)',
    ]);
    expect(runs.map(({ ledger }) => ledger.gradients)).toEqual(Array(4).fill([30, 30]));
    expect(runs[0]?.series['residual']).toEqual(runs[1]?.series['residual']);
    expect(new Set(runs.map(({ group }) => group)).size).toBe(1);
  });
  it('gives a function what the packages export, so that its file needs no imports', () => {
    const cwd = folder();
    writeFileSync(
      join(cwd, 'bare.mjs'),
      `export default ({ lipschitz, gda, waxpy }) => ({
        ...gda({ stepSize: 0.1 / lipschitz }),
        name: 'bare',
        begin: () => function* (s) { waxpy(s.z, s.z, -0.1 / lipschitz, yield s.z); },
      });`,
    );
    const methods = './bare.mjs; gda(stepSize=0.1)';
    const args = [
      'compare',
      'bilinear',
      '--methods',
      methods,
      '--oracle-calls',
      '30',
      '--out',
      'out',
      '--quiet',
    ];
    const { status, stderr } = stillpoint(args, cwd);
    expect([status, stderr]).toEqual([0, '']);
    const { sections } = readResults(readFileSync(join(cwd, 'out', 'results.json'), 'utf8'));
    const [bare, plain] = sections[0]?.runs ?? [];
    expect(bare?.method).toBe('bare(stepSize=0.1)');
    expect(bare?.series['residual']).toEqual(plain?.series['residual']);
  });
  it.each([
    ['a file that is not there', './none.mjs', 'there is no file ./none.mjs'],
    [
      'a file that exports no method',
      './wrong.mjs',
      './wrong.mjs is no method: it lacks options, init, begin, restart',
    ],
    ['a file without a default export', './empty.mjs', './empty.mjs has no default export'],
    ['names between commas', 'gda, rapp', 'separate methods with semicolons'],
    ['a bracket that is not closed', 'gda(stepSize=0.1; rapp', 'cannot read "gda(stepSize=0.1; rapp"'],
  ])('%s is refused before anything is written', (_, methods, words) => {
    const cwd = folder();
    writeFileSync(join(cwd, 'wrong.mjs'), `export default { name: 'x' };`);
    writeFileSync(join(cwd, 'empty.mjs'), 'export const x = 1;');
    const { status, stdout, stderr } = stillpoint(['compare', 'bilinear', '--methods', methods], cwd);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(readdirSync(cwd).sort()).toEqual(['empty.mjs', 'wrong.mjs']);
  });
});

describe('compare on a sampled game', () => {
  it('measures every seed on the mean game, and ranks from five seeds', () => {
    const cwd = folder();
    const { status } = stillpoint(
      [
        'compare',
        'sampled-bilinear(noise=0.1)',
        '--methods',
        'extragradient(stepSize=0.1); gda(stepSize=0.1)',
        '--seeds',
        '5',
        '--oracle-calls',
        '40',
        '--out',
        'out',
      ],
      cwd,
    );
    expect(status).toBe(0);
    const { sections } = readResults(readFileSync(join(cwd, 'out', 'results.json'), 'utf8'));
    const [section] = sections;
    if (section === undefined) throw new Error('no section');
    const { runs, claims, goal } = section;
    expect(runs.map(({ label, seed }) => [label, seed])).toEqual(
      ['extragradient', 'gda'].flatMap((label) => [1, 2, 3, 4, 5].map((seed) => [label, seed])),
    );
    expect(goal).toBeUndefined();
    expect(claims.map(({ claim }) => claim)).toEqual(['values', 'ranking']);
    for (const { series, calls, values } of runs) {
      expect(calls).toBe(40);
      // at the start, 0, the mean F is (−0.9, 0.9) and the solution is (0.9, 0.9): without noise
      expect(series['residual']?.y[0]).toBeCloseTo(0.9 * Math.SQRT2, 12);
      expect(series['distance']?.y[0]).toBeCloseTo(0.9 * Math.SQRT2, 12);
      expect(Object.keys(values)).toEqual(['residual', 'distance']);
    }
    const ends = runs.slice(0, 5).map(({ values }) => values['distance']);
    expect(new Set(ends).size).toBe(5); // each seed has draws of its own
  });
});

describe('report', () => {
  it('makes the same report again from results.json', () => {
    const cwd = folder();
    stillpoint(['compare', 'bilinear', '--oracle-calls', '30', '--out', 'out'], cwd);
    const files = ['report.html', 'measures.csv'].map((name) => join(cwd, 'out', name));
    const before = files.map((path) => readFileSync(path, 'utf8'));
    for (const path of files) writeFileSync(path, '');
    const { status, stdout } = stillpoint(['report', 'out', '--figures', 'svg'], cwd);
    expect([status, stdout]).toEqual([0, `The report: ${join('out', 'report.html')}\n`]);
    expect(files.map((path) => readFileSync(path, 'utf8'))).toEqual(before);
    expect(readdirSync(join(cwd, 'out', 'figures')).length).toBeGreaterThan(0);
  });
  it('refuses what holds no results of this format', () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'results.json'), '{"command":"x","sections":[]}');
    const { status, stderr } = stillpoint(['report', '.'], cwd);
    expect(status).toBe(2);
    expect(stderr).toContain('results.json: its format is not stated; expected 1');
    expect(stillpoint(['report', 'nowhere'], cwd).stderr).toContain('there is no nowhere');
  });
});

describe('“Make it again”', () => {
  it.each([
    [
      'a game',
      [
        'spiral',
        '--methods',
        'gda(stepSize=0.2);lookahead(gda(stepSize=0.3), steps=7)',
        '--steps',
        '60',
        '--start=-1,2',
        '--tolerance',
        '1e-3',
      ],
    ],
    [
      'a sampled game',
      ['sampled-bilinear', '--methods', 'gda(stepSize=0.1)', '--seeds', '2', '--oracle-calls', '50'],
    ],
    [
      'a GAN',
      [
        'ring',
        '--methods',
        'adam(stepSize=0.001)',
        '--seeds',
        '2',
        '--oracle-calls',
        '12',
        '--model',
        'mlp(latent=2, generator=[4], discriminator=[4])',
        '--loss',
        'hinge',
        '--engine',
        'wasm',
      ],
    ],
  ])('of %s: the printed command gives the same results', (_, given) => {
    const cwd = folder();
    const first = stillpoint(['compare', ...given, '--out', 'out', '--quiet'], cwd);
    expect(first.status, first.stderr).toBe(0);
    const { command } = readResults(readFileSync(join(cwd, 'out', 'results.json'), 'utf8'));
    const words = [...command.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ''));
    expect(words.slice(0, 3)).toEqual(['npx', 'stillpoint', 'compare']);
    const again = stillpoint([...words.slice(2), '--out', 'again', '--quiet'], cwd);
    expect(again.status, again.stderr).toBe(0);
    expect(found(cwd, 'again')).toEqual(found(cwd));
  });
});
