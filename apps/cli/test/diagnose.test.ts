import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder, stillpoint } from './run.js';

const diagnose = (cwd: string, ...args: readonly string[]) => stillpoint(['diagnose', ...args], cwd);

describe('diagnose', () => {
  const cwd = folder();

  it('says what a game is and which method to take, and the advice holds', () => {
    const { status, stdout, stderr } = diagnose(cwd, 'bilinear', '--verify', '--out', 'made/bilinear.html');
    expect([status, stderr]).toEqual([0, '\nThe report: made/bilinear.html\n']);
    expect(stdout).toContain('It rotates: 100 %');
    const spec = /^Advice: (.*)$/m.exec(stdout)?.[1] ?? '';
    expect(stdout).toContain(`From another start the advice was right: ${spec} converged`);
    const solved = JSON.parse(stillpoint(['solve', 'bilinear', '--method', spec, '--json'], cwd).stdout);
    expect(solved.status).toBe('converged');
    const page = readFileSync(join(cwd, 'made', 'bilinear.html'), 'utf8');
    for (const part of [
      spec,
      'Eigenvalues of the Jacobian',
      'What this cannot know',
      'npx stillpoint diagnose bilinear --verify',
    ])
      expect(page).toContain(part);
    expect(page).not.toContain('<script');
  });

  it('takes a game of one’s own, which states no constants', () => {
    writeFileSync(
      join(cwd, 'own.mjs'),
      `export default { players: { x: 1, y: 1 }, start: [3, 1],
        operator(z, out) { out[0] = -0.2 * z[0] + z[1]; out[1] = -z[0] - 0.2 * z[1]; } };`,
    );
    const { status, stdout } = diagnose(cwd, 'own.mjs', '--json');
    const found = JSON.parse(stdout);
    expect(status).toBe(0);
    const value = (name: string): number =>
      found.estimates.find((one: { name: string }) => one.name === name).value;
    // J = [[−0.2, 1], [−1, −0.2]]: L² = 1.04, ρ = −0.2/1.04; by differences
    expect(value('lipschitz')).toBeCloseTo(Math.sqrt(1.04), 5);
    expect(value('comonotone')).toBeCloseTo(-0.2 / 1.04, 5);
    expect(found.kinds.map(({ kind }: { kind: string }) => kind)).toContain('pushing outwards');
    expect(stillpoint(['solve', 'own.mjs', '--method', found.advice.spec], cwd).stdout).toContain('onverged');
  });

  it('looks at a preset, and at a run directory at its start and at its checkpoint', () => {
    const json = (...args: readonly string[]) =>
      JSON.parse(diagnose(cwd, ...args, '--json', '--quiet').stdout);
    const small = ['--budget', '200'];
    const preset = json('ring', ...small);
    expect(preset.players).toEqual(['D', 'G']);
    expect(preset.calls.estimates).toBeLessThanOrEqual(200);
    expect(preset.advice.spec).toMatch(/adam\(stepSize=0\.002/);
    expect(stillpoint(['train', 'ring', '--oracle-calls', '60', '--out', 'run', '--quiet'], cwd).status).toBe(
      0,
    );
    const [start, end] = [json('run', '--at', 'start', ...small), json('run', ...small)];
    expect(start.estimates).toEqual(preset.estimates);
    expect(end.about).toBe('the run run, at step 60');
    expect(end.estimates).not.toEqual(start.estimates);
  });

  it('names what is wrong', () => {
    const fails = (...args: readonly string[]): string => {
      const { status, stderr } = diagnose(cwd, ...args);
      expect(status).toBe(2);
      return stderr;
    };
    expect(fails()).toContain('takes one problem, preset, file or run directory; found none');
    expect(fails('bilinaer')).toContain('did you mean bilinear?');
    expect(fails('bilinear', '--at', 'checkpoint')).toContain('--at is for a run directory');
    expect(fails('bilinear', '--budget', '7')).toContain('--budget is "7"; expected a whole number >= 100');
    expect(fails('bilinear', '--start', '1')).toContain('--start has 1 number; bilinear has 2');
    expect(fails('bilinear', '--out', 'page.pdf')).toContain('expected a file’s name that ends in .html');
    expect(existsSync(join(cwd, 'page.pdf'))).toBe(false);
    expect(fails('nowhere.mjs')).toContain('there is no file nowhere.mjs');
    expect(fails('bilinear', '--probe', 'lipshitz')).toContain('did you mean lipschitz?');
    expect(fails('bilinear', '--probe', 'grad-cosine')).toContain(
      'expected a finite sum (terms) or a sampled',
    );
    expect(fails('bilinear', '--probe', 'jacobian', '--verify')).toContain('--verify is for a diagnosis');
    expect(fails('ring', '--probe', 'jacobian')).toContain('ring is a preset; --probe asks a problem');
  });

  it('asks probes instead, of a file with networks, too', () => {
    const probed = (...args: readonly string[]): string => {
      const { status, stdout, stderr } = diagnose(cwd, ...args);
      expect([status, stderr]).toEqual([0, '']);
      return stdout;
    };
    expect(probed('bilinear', '--probe', 'jacobian', '--start', '1,2')).toBe(
      `bilinear, at [1,2]
jacobian(directions=32)
  norm              1
  leastSymmetric    0
  comonotone        0
  leastReal         0
  largestReal       0
  largestImaginary  1
  products          2
  asked: 2 calls: gradients (0, 0 by player), products J·v (2)
`,
    );
    writeFileSync(
      join(cwd, 'sum.mjs'),
      `export default ({ tf, problemFromLosses }) => problemFromLosses({
        players: { fit: { w: [2] } },
        data: { a: [[1, 2], [3, 4], [5, 6], [7, 8]] },
        losses: ({ fit }, { a }) => ({ fit: tf.mean(tf.square(tf.sub(tf.sum(tf.mul(a, fit.w), 1), 1))) }),
        engine: 'cpu',
      });`,
    );
    const found: { readonly probes: readonly { readonly findings: object; readonly calls: number }[] } =
      JSON.parse(
        probed(
          'sum.mjs',
          '--probe',
          'hessian-trace(draws=1)',
          '--probe',
          'grad-cosine(subBatches=2)',
          '--json',
        ),
      );
    // one sign is exact where J is diagonal; here 2·mean(aᵢ²) ± twice the off-diagonal part
    const { trace }: { trace?: number } = found.probes[0]!.findings;
    expect([102 - 100, 102 + 100]).toContain(Math.round(trace!));
    expect(found.probes[1]).toMatchObject({ calls: 1, findings: { 'cosine fit': expect.any(Number) } });
  });
});
