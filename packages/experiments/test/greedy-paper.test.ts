import { describe, expect, it } from 'vitest';
import type { Section } from '@stillpoint/tracking';
import { fourGaussians } from '../src/papers/greedy/four-gaussians.js';
import { twoClass } from '../src/papers/greedy/two-class.js';
import { tableSection } from '../src/papers/runs.js';

/** A section of ten seeds of each label, with the value of each run. */
const sectionOf = (column: string, values: { readonly [label: string]: readonly number[] }): Section =>
  tableSection({
    title: 'made up',
    problem: 'none',
    about: 'values for a test',
    columns: [{ name: column, label: column, digits: 1, better: 'higher' }],
    // all labels of one seed before the next, as in a comparison
    rows: Array.from({ length: 10 }, (_, i) =>
      Object.entries(values).flatMap(([label, each]) =>
        each[i] === undefined ? [] : [{ label, method: label, seed: i + 1, values: { [column]: each[i] } }],
      ),
    ).flat(),
    verdict: [],
    identity: {},
  });
const ten = (first: number, count: number, rest: number): number[] => [
  ...Array<number>(count).fill(first),
  ...Array<number>(10 - count).fill(rest),
];
const judged = (figure: typeof twoClass, name: string, sections: readonly Section[], quick = false) =>
  figure.claims.find((claim) => claim.name === name)!.judge!(sections, quick);

describe('the claims of greedy min-max on GANs', () => {
  const ahead = sectionOf('modes', { turns: ten(2, 10, 0) });
  const plain = (greedy: readonly number[], one: readonly number[], six: readonly number[]): Section =>
    sectionOf('modes', { greedy, one, six, optimistic: ten(1, 10, 0), gda: ten(1, 7, 0) });

  it('count the modes of each method at the end of its runs', () => {
    const sections = [plain(ten(4, 6, 3), ten(1, 9, 0), ten(3, 10, 0)), ahead];
    const words =
      'greedy: 4 in 6, 3 in 4 of 10 runs, mean 3.6; one: 1 in 9, 0 in 1 of 10 runs, mean 0.9; six: 3 in 10 of 10 runs, mean 3.0; optimistic: 1 in 10 of 10 runs, mean 1.0; gda: 1 in 7, 0 in 3 of 10 runs, mean 0.7; unrolled: 2 in 10 of 10 runs, mean 2.0';
    for (const name of ['all-modes', 'one-mode', 'most-modes'])
      expect(judged(fourGaussians, name, sections)).toEqual({ holds: true, measured: words });
  });
  it('say of descent–ascent with six steps of D that it has one mode, or more', () => {
    const six = (modes: readonly number[]): boolean | undefined =>
      judged(fourGaussians, 'one-mode-six', [plain(ten(4, 6, 3), ten(3, 9, 0), modes), ahead])?.holds;
    expect([six(ten(1, 8, 0)), six(ten(1, 9, 2))]).toEqual([true, false]);
  });
  it('say that the steps of D suffice where most runs without the test have all modes, with one step none', () => {
    const suffice = (one: readonly number[], six: readonly number[]): boolean | undefined =>
      judged(fourGaussians, 'steps-of-D', [plain(ten(4, 6, 3), one, six), ahead])?.holds;
    const none = ten(3, 9, 0);
    expect([
      suffice(none, ten(4, 6, 3)),
      suffice(none, ten(4, 5, 3)),
      suffice(ten(4, 1, 0), ten(4, 10, 0)),
    ]).toEqual([true, false, false]);
  });
  it('do not hold where half of the runs lack a mode, another method learns as many, or descent–ascent two', () => {
    const sections = [plain(ten(4, 5, 3), ten(1, 9, 2), ten(4, 5, 3)), ahead];
    for (const name of ['all-modes', 'one-mode', 'most-modes'])
      expect(judged(fourGaussians, name, sections)?.holds, name).toBe(false);
  });
  it('are not tried in the quick form, and not where a run is missing', () => {
    const all = [plain(ten(4, 6, 3), ten(1, 10, 0), ten(1, 10, 0)), ahead];
    const fewer = [plain(ten(4, 6, 3).slice(1), ten(1, 10, 0), ten(1, 10, 0)), ahead];
    for (const { name } of fourGaussians.claims) {
      expect(judged(fourGaussians, name, all, true)).toBe(undefined);
      expect(judged(fourGaussians, name, fewer)).toBe(undefined);
      expect(judged(fourGaussians, name, all.slice(0, 1))).toBe(undefined);
    }
  });
  it('are judged of as many seeds as were chosen', () => {
    const three = fourGaussians.with!({ seeds: 3, firstSeed: 11 });
    const some = (modes: readonly number[]): number[] => modes.slice(0, 3);
    const all = sectionOf('modes', {
      greedy: some(ten(4, 6, 3)),
      one: some(ten(1, 10, 0)),
      six: some(ten(4, 10, 0)),
      optimistic: some(ten(1, 10, 0)),
      gda: some(ten(1, 7, 0)),
    });
    const sections = [all, sectionOf('modes', { turns: some(ten(4, 10, 0)) })];
    expect(judged(three, 'all-modes', sections)?.measured).toContain('greedy: 4 in 3 of 3 runs');
    expect(judged(fourGaussians, 'all-modes', sections)).toBe(undefined);
    expect(judged(three, 'steps-of-D', sections)).toBe(undefined); // of three seeds chance says too much
    expect(three.claims[0]!.scaled).toContain('3 seeds');
  });
  it('say of plain gradients that they have one mode', () => {
    const section = (gda: readonly number[]): Section =>
      sectionOf('modes', {
        greedy: ten(4, 6, 3),
        one: ten(1, 10, 0),
        six: ten(4, 10, 0),
        optimistic: ten(1, 10, 0),
        gda,
      });
    const plainly = (gda: readonly number[]): boolean | undefined =>
      judged(fourGaussians, 'one-mode-plain', [section(gda), ahead])?.holds;
    expect([plainly(ten(1, 7, 0)), plainly(ten(1, 9, 2))]).toEqual([true, false]);
  });
  it('count the runs in which the rarer class has at least 5 %', () => {
    const share = (values: { readonly [label: string]: readonly number[] }): Section =>
      sectionOf('leastClassShare', values);
    const others = { optimistic: ten(5, 7, 0), gda: ten(30, 1, 0) };
    const unrolled = share({ turns: ten(6, 5, 0) });
    const section = share({ greedy: ten(5, 8, 4.9), turns: ten(30, 2, 0), ...others });
    for (const name of ['both-classes', 'most-runs'])
      expect(judged(twoClass, name, [section, unrolled])).toEqual({
        holds: true,
        measured: 'both, in how many of 10 runs: greedy 8, turns 2, optimistic 7, gda 1, unrolled 5',
      });
    const even = share({ greedy: ten(30, 4, 0), turns: ten(30, 4, 0), ...others });
    expect(judged(twoClass, 'both-classes', [even, unrolled])?.holds).toBe(false);
    expect(judged(twoClass, 'both-classes', [even, unrolled], true)).toBe(undefined);
    expect(judged(twoClass, 'both-classes', [section])).toBe(undefined);
    const asMany = [section, share({ turns: ten(6, 8, 0) })];
    expect(['both-classes', 'most-runs'].map((name) => judged(twoClass, name, asMany)?.holds)).toEqual([
      true,
      false,
    ]);
  });
});
