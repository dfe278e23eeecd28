import { describe, expect, it } from 'vitest';
import type { Measure, Section } from '@stillpoint/tracking';
import { figuresNamed } from '../src/papers.js';
import { judged } from '../src/papers/reproduce.js';
import { tableSection } from '../src/papers/runs.js';

// The claims of papers/implicit-gradient about equations, on made-up runs: which values make them hold.

const [equations] = figuresNamed('implicit-gradient/equations').figures;
const { claims } = equations!;
type Values = { readonly left: number | null; readonly rose?: number; readonly reached?: number | null };
const sizes = [1e-2, 1, 1e2, 1e4, 1e6];
const sectionOf = (
  implicit: readonly Values[],
  explicit: readonly Values[],
  adam: Values = { left: 1e-5 },
): Section =>
  tableSection({
    title: 'made up',
    problem: 'none',
    about: 'values for a test',
    columns: [{ name: 'left', label: 'left', better: 'lower', digits: 3 }],
    rows: [
      ...sizes.map((η, i) => ({
        method: `implicit-gradient(stepSize=${η}, innerSteps=200)`,
        ...implicit[i]!,
      })),
      ...sizes.map((η, i) => ({ method: `gda(stepSize=${η})`, ...explicit[i]! })),
      ...[1e-3, 1e-2, 1e-1].map((η) => ({ method: `adam(stepSize=${η})`, ...adam })),
    ].map(({ method, left, rose = 0, reached = null }) => {
      const values: { readonly [column: string]: Measure } = { left, rose, reached };
      return { label: method, method, seed: 1, values };
    }),
    verdict: [],
    identity: {},
  });
const fall: Values[] = [0.5, 0.1, 1e-8, 1e-25, 1e-30].map((left) => ({
  left,
  reached: left < 1e-10 ? 200 : null,
}));
const leave: Values[] = [0.5, 0.9, 2, null, 7].map((left) => ({ left }));
const verdicts = (...sections: readonly Section[]): readonly string[] =>
  claims.map((claim) => judged(claim, sections, false).verdict);
const good = sectionOf(fall, leave);

describe('the claims about equations', () => {
  it('hold where implicit steps fall, explicit ones do not, and nothing else is as fast', () => {
    expect(verdicts(good, good, good)).toEqual(Array(3).fill('reproduced'));
  });
  it('need all three equations', () => {
    expect(verdicts(good, good)).toEqual(Array(3).fill('not tried here'));
  });
  it('are about the seeds and step sizes that are chosen', () => {
    const two = equations!.with!({ seeds: 2 });
    expect(two.claims.map((claim) => judged(claim, [good, good, good], false).verdict)).toEqual(
      Array(3).fill('not tried here'),
    );
    const short = equations!.with!({ stepSizes: [1e-2, 1], steps: 7 });
    const [, long] = short.claims;
    expect(long!.statement).toContain('7 implicit steps');
    expect(judged(long!, [good, good, good], false).verdict).toBe('not tried here');
    expect(() => equations!.with!({ stepSizes: [0] })).toThrow('expected a list of numbers > 0');
  });
  it('do not hold if one implicit step rose, one long one stayed, one explicit one fell, or Adam was faster', () => {
    const change = (values: readonly Values[], at: number, more: Partial<Values>): Values[] =>
      values.map((value, i) => (i === at ? { ...value, ...more } : value));
    for (const [at, bad] of [
      [0, sectionOf(change(fall, 2, { rose: 1 }), leave)],
      [1, sectionOf(change(fall, 4, { left: 1e-19 }), leave)],
      [1, sectionOf(fall, change(leave, 3, { left: 0.09 }))],
      [2, sectionOf(fall, leave, { left: 1e-12, reached: 150 })],
    ] as const)
      expect(verdicts(good, bad, good)[at]).toBe('not reproduced');
  });
});
