import { describe, expect, it } from 'vitest';
import { methods } from '@stillpoint/optimizers/registry';
import { stillpoint } from './run.js';

describe('cite', () => {
  it('prints the publications of a method and of a theorem', () => {
    expect(stillpoint(['cite', 'rapp'])).toMatchObject({
      status: 0,
      stdout:
        `rapp (method): ${methods.find(({ name }) => name === 'rapp')?.about}\n` +
        '    [pethick2023] Thomas Pethick, Wanyun Xie, Volkan Cevher: Stable Nonconvex-Nonconcave Training via Linear Interpolation, Advances in Neural Information Processing Systems (NeurIPS), 2023, arXiv 2310.13459\n',
    });
    expect(stillpoint(['cite', 'eg-plus-weak-minty']).stdout).toMatch(
      /^eg-plus-weak-minty \(theorem\): EG\+ under weak Minty, Diakonikolas, Daskalakis, Jordan 2021\n {4}\[diakonikolas2021\] .*\n {4}\[pethick2022\] .*\n$/,
    );
  });
  it('prints both where a method and a theorem have one name', () => {
    const { stdout } = stillpoint(['cite', 'halpern', '--format', 'json']);
    const found: { kind: string; references: { key: string }[] }[] = JSON.parse(stdout);
    expect(found.map(({ kind, references }) => [kind, references.map(({ key }) => key)])).toEqual([
      ['method', ['halpern1967', 'diakonikolas2020']],
      ['theorem', ['lieder2021', 'halpern1967', 'goujaud2024']],
    ]);
  });
  it('prints where a problem and a probe come from, in the words of their rows if that is in no list', () => {
    const { stdout } = stillpoint(['cite', 'polar', 'cournot', 'hessian-trace']);
    expect(stdout).toMatch(/^polar \(problem\): .*\n {4}\[pethick2022\] /);
    expect(stdout).toMatch(/\ncournot \(problem\): .*\n {4}Cournot 1838\n/);
    expect(stdout).toMatch(/\nhessian-trace \(probe\): .*\n {4}\S/);
    expect(stillpoint(['cite', 'polar', 'polar', 'cournot', 'hessian-trace']).stdout).toBe(stdout);
  });
  it('prints BibTeX of every method with each key once', () => {
    const names = methods.map(({ name }) => name);
    const { stdout, status } = stillpoint(['cite', ...names, '--format', 'bibtex']);
    expect(status).toBe(0);
    const keys = [...stdout.matchAll(/^@\w+\{(\w+),$/gm)].map(([, key]) => key);
    expect(keys).toContain('yoon2021');
    expect(new Set(keys).size).toBe(keys.length);
    expect(stdout.match(/^@/gm)).toHaveLength(keys.length);
    expect(stdout).toMatch(/^[\x20-\x7e\n]+$/);
  });
  it('refuses an unknown name with the nearest, an unknown format and no name', () => {
    expect(stillpoint(['cite', 'rap'])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(
        /unknown method, transform, problem, probe, theorem or reference "rap".*rapp/,
      ),
    });
    expect(stillpoint(['cite', 'rapp', '--format', 'bibtext'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('bibtex'),
    });
    expect(stillpoint(['cite'])).toMatchObject({ status: 2, stderr: expect.stringContaining('cite needs') });
  });
});
