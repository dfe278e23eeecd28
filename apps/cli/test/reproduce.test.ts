import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder, stillpoint } from './run.js';

const FIGURE = 'weak-minty/global-forsaken';
const reproduce = (cwd: string, ...more: readonly string[]) =>
  stillpoint(['reproduce', FIGURE, '--quick', '--quiet', ...more], cwd);

describe('reproduce', () => {
  const cwd = folder();
  const place = (...names: readonly string[]): string =>
    join(cwd, 'stillpoint-papers', 'weak-minty-quick', ...names);
  const changed = (): number => statSync(place('global-forsaken', 'results.json')).mtimeMs;

  it('makes a figure, judges its claims and writes both, with the pictures', () => {
    const { status, stdout, stderr } = reproduce(cwd);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('  reproduced: CEG, CEG+ and AdaptiveEG+ reach the solution; gda does not');
    expect(stdout).toContain(`The report: ${join('stillpoint-papers', 'weak-minty-quick', 'report.html')}`);
    const claims = JSON.parse(readFileSync(place('claims.json'), 'utf8'));
    expect(claims.command).toBe(`npx stillpoint reproduce ${FIGURE} --quick`);
    expect(claims.figures[0].claims[0]).toMatchObject({ verdict: 'reproduced', expected: true });
    expect(readFileSync(place('report.html'), 'utf8')).toContain('GlobalForsaken');
    expect(readFileSync(place('measures.csv'), 'utf8').split('\n').length).toBeGreaterThan(100);
    expect(readdirSync(place('global-forsaken')).filter((name) => name.endsWith('.svg'))).not.toEqual([]);
  });
  it('the second time reads what is there; --overwrite makes it again', () => {
    const before = changed();
    const { status, stdout } = reproduce(cwd, '--json');
    expect([status, changed()]).toEqual([0, before]);
    const [made] = JSON.parse(stdout);
    expect(made.figures[0].claims[0].verdict).toBe('reproduced');
    expect(made.figures[0].sections[0].runs).toHaveLength(4);
    expect(reproduce(cwd, '--overwrite').status).toBe(0);
    expect(changed()).toBeGreaterThan(before);
  });
  it('another figure joins the report; --overwrite of it leaves the first as it was', () => {
    const before = changed();
    const other = ['reproduce', 'weak-minty/forsaken', '--quick', '--quiet'];
    const names = (): readonly string[] =>
      JSON.parse(readFileSync(place('claims.json'), 'utf8')).figures.map(
        ({ name }: { name: string }) => name,
      );
    const { status, stdout } = stillpoint(other, cwd);
    expect([status, stdout.includes('GlobalForsaken'), names()]).toEqual([
      0,
      false,
      ['forsaken', 'global-forsaken'],
    ]);
    expect(stillpoint([...other, '--overwrite'], cwd).status).toBe(0);
    expect([changed(), names()]).toEqual([before, ['forsaken', 'global-forsaken']]);
    // on another engine nothing that is there counts
    expect(reproduce(cwd, '--engine', 'cpu').status).toBe(0);
    expect(changed()).toBeGreaterThan(before);
  });
  it('a damaged file of a figure is named; foreign files are left alone', () => {
    const file = place('global-forsaken', 'results.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.slice(0, 500));
    const damaged = reproduce(cwd);
    expect([damaged.status, damaged.stderr]).toEqual([1, expect.stringContaining('results.json is damaged')]);
    writeFileSync(file, text);
    writeFileSync(place('thesis.tex'), '');
    const refused = reproduce(cwd, '--overwrite');
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('holds thesis.tex')]);
    expect(existsSync(file)).toBe(true);
  });
  it('--list prints papers, figures and claims, and runs nothing', () => {
    const empty = folder();
    const { status, stdout } = stillpoint(['reproduce', '--list'], empty);
    expect(status).toBe(0);
    for (const words of ['rapp: Stable Nonconvex', 'weak-minty/lower-bound', 'not tried here'])
      expect(stdout).toContain(words);
    expect(readdirSync(empty)).toEqual([]);
    const one = JSON.parse(stillpoint(['reproduce', 'clipping', '--list', '--json'], empty).stdout);
    expect(one[0].paper.name).toBe('clipping');
  });
  it('makes a figure of files of yours by --data, and says what it lacks without', () => {
    const here = folder();
    const files = join(here, 'cifar');
    mkdirSync(files);
    // four images of each of ten classes, one brightness each
    const images = Uint8Array.from({ length: 40 * 3073 }, (_, i) => {
      const label = Math.floor(i / 3073) % 10;
      return i % 3073 === 0 ? label : 20 * label;
    });
    writeFileSync(join(files, 'data_batch_1.bin'), images);
    writeFileSync(join(files, 'test_batch.bin'), images);
    const cifar = (...more: readonly string[]) =>
      stillpoint(['reproduce', 'clipping/cifar-10', '--quick', '--quiet', ...more], here);
    const results = join(here, 'stillpoint-papers', 'clipping-quick', 'cifar-10', 'results.json');
    const without = cifar();
    expect([without.status, existsSync(results)]).toEqual([0, false]);
    expect(without.stdout).toContain('it would take: CIFAR-10’s binary files');
    expect(cifar('--data', 'cifar').status).toBe(0);
    const { command, sections } = JSON.parse(readFileSync(results, 'utf8'));
    expect(command).toBe("npx stillpoint reproduce clipping/cifar-10 --quick --data 'cifar'");
    expect(sections[0].settings.data).toContain('40 images of CIFAR-10');
    expect(sections[0].runs.map(({ status }: { status: string }) => status)).toEqual(Array(4).fill('budget'));
    const refused = reproduce(here, '--data', 'cifar');
    expect([refused.status, refused.stderr]).toEqual([
      2,
      expect.stringContaining('no figure of these takes data; expected one that does, as clipping/cifar-10'),
    ]);
  });
  it('makes a figure with other seeds and sizes by --set', () => {
    const here = folder();
    const run = (...more: readonly string[]) =>
      stillpoint(['reproduce', 'multilevel/steps', '--quick', '--quiet', ...more], here);
    const results = join(here, 'stillpoint-papers', 'multilevel-quick', 'steps', 'results.json');
    const read = () => JSON.parse(readFileSync(results, 'utf8'));
    expect(run('--set', 'firstSeed=101', '--set', 'seeds=1', '--set', 'inner=[1,3]').status).toBe(0);
    const { command, sections } = read();
    expect(command).toBe(
      "npx stillpoint reproduce multilevel/steps --quick --set firstSeed=101 --set seeds=1 --set 'inner=[1,3]'",
    );
    expect(sections[0].runs.map(({ label, seed }: { label: string; seed: number }) => [label, seed])).toEqual(
      [
        ['T = 1', 101],
        ['T = 3', 101],
      ],
    );
    // what was made with other options does not count
    expect(run().status).toBe(0);
    expect(read().sections[0].runs.length).toBeGreaterThan(2);
    for (const [set, words] of [
      ['fristSeed=1', 'did you mean firstSeed?'],
      ['seeds=0', 'seeds is 0; expected a whole number >= 1'],
      ['seeds', 'expected key=value, as --set firstSeed=11'],
    ] as const) {
      const { status, stderr } = run('--set', set);
      expect([status, stderr]).toEqual([2, expect.stringContaining(words)]);
    }
  });
  it('refuses unknown papers and figures with the nearest', () => {
    for (const [name, nearest] of [
      ['weak-mint', 'did you mean weak-minty?'],
      ['rapp/forsake', 'did you mean forsaken?'],
    ] as const) {
      const { status, stderr } = stillpoint(['reproduce', name], cwd);
      expect([status, stderr]).toEqual([2, expect.stringContaining(nearest)]);
    }
  });
});
