import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder, stillpoint } from './run.js';

describe('compare on a preset of a game', () => {
  it('draws each method’s residual in the terminal, says what became of it, and writes the pictures as files', () => {
    const cwd = folder();
    const { status, stdout } = stillpoint(['compare', 'spiral', '--figures', 'svg', '--out', 'out'], cwd);
    expect(status).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('A spiral: min over x, max over y, of xy');
    const line = (method: string): string => lines.find((text) => text.startsWith(`  ${method} `)) ?? '';
    // 646 of 1,000 calls are 16 of 24 shares
    expect(line('gda')).toMatch(/ █{16} +diverged after 646 calls$/);
    expect(line('rapp')).toMatch(/ [▄▅▆▇][▂-▅][▁▂] +converged after 111 calls$/);
    expect(lines.slice(-2)).toEqual([`The report: ${join('out', 'report.html')}`, '']);
    const figures = join(cwd, 'out', 'figures');
    expect(readdirSync(figures).sort()).toEqual(
      ['paths', 'residual', 'theory'].map((what) => `a-spiral-min-over-x-max-over-y-of-xy-${what}.svg`),
    );
    for (const name of readdirSync(figures))
      expect(
        readFileSync(join(figures, name), 'utf8').startsWith('<svg xmlns="http://www.w3.org/2000/svg"'),
      ).toBe(true);
  });
  it('takes other methods and another budget as any game does', () => {
    const { status, stdout } = stillpoint(
      ['compare', 'cycle', '--methods', 'gda(stepSize=0.05)', '--oracle-calls', '50', '--json'],
      folder(),
    );
    expect(status).toBe(0);
    const {
      sections,
    }: {
      readonly sections: readonly {
        readonly runs: readonly { readonly label: string; readonly calls: number }[];
        readonly settings: { readonly [name: string]: string };
      }[];
    } = JSON.parse(stdout);
    expect(sections[0]?.runs.map(({ label, calls }) => [label, calls])).toEqual([['gda', 50]]);
    expect(sections[0]?.settings['step sizes']).toBe(
      'as given; where none is given, each method’s default (stillpoint list methods)',
    );
  });
  it('prints no curves of a game that is no preset, and no pictures unless asked', () => {
    const cwd = folder();
    const { stdout } = stillpoint(
      ['compare', 'bilinear', '--methods', 'extragradient(stepSize=0.5)', '--out', 'out'],
      cwd,
    );
    expect(stdout).toBe(
      `bilinear\n  extragradient converged on bilinear with the fewest oracle calls: 356.\n\nThe report: ${join('out', 'report.html')}\n`,
    );
    expect(readdirSync(join(cwd, 'out'))).not.toContain('figures');
  });
  it('refuses formats it cannot write, before any work', () => {
    const cwd = folder();
    const { status, stderr } = stillpoint(['compare', 'spiral', '--figures', 'svg,pdf'], cwd);
    expect(status).toBe(2);
    expect(stderr).toContain(
      '--figures "svg,pdf": expected svg; for PDF, open an SVG or the report in a browser and print it',
    );
    expect(readdirSync(cwd)).toEqual([]);
  });
});
