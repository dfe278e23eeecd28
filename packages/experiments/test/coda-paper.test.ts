import { describe, expect, it } from 'vitest';
import type { Section } from '@stillpoint/tracking';
import { figuresNamed } from '../src/papers.js';
import { judged } from '../src/papers/reproduce.js';
import { tableSection } from '../src/papers/runs.js';

// The claims of papers/coda on made-up runs: which values make them hold.

const [rounds] = figuresNamed('coda/rounds').figures;
const { claims } = rounds!.with!({ seeds: 2 });
type Values = { readonly auc?: number; readonly heldOut?: number; readonly rounds?: number };
/** The five rows of the table with two seeds each; what is given replaces the values of the second seed. */
const sectionOf = (changed: { readonly [row: number]: Values } = {}): Section =>
  tableSection({
    title: 'made up',
    problem: 'none',
    about: 'values for a test',
    columns: [{ name: 'auc', label: 'AUC', better: 'higher', digits: 3 }],
    rows: [
      { auc: 0.86, heldOut: 0.86, rounds: 3200 },
      { auc: 0.861, heldOut: 0.86, rounds: 400 },
      { auc: 0.8621, heldOut: 0.8601, rounds: 50 },
      { auc: 0.85, heldOut: 0.86, rounds: 0 },
      { auc: 0.862, heldOut: 0.86, rounds: 50 },
    ].flatMap((values, row) =>
      [0, 1].map((seed) => ({
        label: `row ${row}`,
        method: 'coda',
        seed,
        values: seed === 1 ? { ...values, ...changed[row] } : values,
      })),
    ),
    verdict: [],
    identity: {},
  });
const verdicts = (changed?: { readonly [row: number]: Values }): readonly string[] =>
  claims.slice(0, 3).map((claim) => judged(claim, [sectionOf(changed)], false).verdict);

describe('the claims about CoDA', () => {
  const all = ['scaled down', 'scaled down', 'reproduced'];
  it('hold if they do with every seed', () => {
    expect(verdicts()).toEqual(all);
    expect(verdicts({ 2: { auc: 0.8629 } })).toEqual(all);
  });
  it('of rounds: not if the AUC differs by 0.003, in either direction', () => {
    for (const auc of [0.8571, 0.8631, NaN])
      expect(verdicts({ 0: { auc: 0.86 }, 2: { auc } })[0]).toBe(
        Math.abs(auc - 0.86) < 0.003 ? 'scaled down' : 'not reproduced',
      );
    expect(verdicts({ 0: { auc: 0.8652 } })[0]).toBe('not reproduced');
  });
  it('are judged of every seed that is chosen, and state what is chosen', () => {
    const three = rounds!.with!({ seeds: 3, workers: 6 });
    expect(three.claims.slice(0, 3).map((claim) => judged(claim, [sectionOf()], false).verdict)).toEqual(
      Array(3).fill('not tried here'),
    );
    expect(three.claims[1]!.statement).toMatch(/^6 workers/);
    expect(() => rounds!.with!({ steps: 100 })).toThrow('expected a whole number >= 64, a multiple of 64');
  });
  it('of workers and stages: not if one seed is only as good', () => {
    expect(verdicts({ 3: { heldOut: 0.8601 } })).toEqual(['scaled down', 'not reproduced', 'reproduced']);
    expect(verdicts({ 4: { auc: 0.8621 } })).toEqual(['scaled down', 'scaled down', 'not reproduced']);
  });
});
