import { describe, expect, it } from 'vitest';
import type { Section } from '@stillpoint/tracking';
import type { Given } from '@stillpoint/operators';
import { figuresNamed, type Figure } from '../src/papers.js';
import { judged, reproduce } from '../src/papers/reproduce.js';
import { tableSection, type Row } from '../src/papers/runs.js';

// The claims of papers/momentum-dynamics about images, on made-up runs: which values make them hold.

const verdictsOf = (
  name: string,
  rows: readonly Row[],
  quick = false,
): { readonly [claim: string]: string } => {
  const section: Section = tableSection({
    title: 'made up',
    problem: 'none',
    about: 'values for a test',
    columns: [{ name: 'rise', label: 'rise', better: 'lower', digits: 3 }],
    rows,
    verdict: [],
    identity: {},
  });
  const { claims } = figuresNamed(`momentum-dynamics/${name}`).figures[0]!;
  return Object.fromEntries(claims.map((claim) => [claim.name, judged(claim, [section], quick).verdict]));
};
const [YES, NO, UNTRIED] = ['scaled down', 'not reproduced', 'not tried here'];

describe('epochs', () => {
  /** Errors after 1,000 and 2,000 epochs, the rise, and ηλ after the first epochs, in shares of its limit. */
  const fine: { readonly [label: string]: readonly [number, number, number, number, number] } = {
    'gradient descent': [2, 1, 1, 0.8, 2],
    'heavy ball, β = 0.2': [2, 0.9, 1, 0.6, 2.4],
    'heavy ball, β = 0.5': [2, 0.8, 1, 0.5, 3],
    'heavy ball, β = 0.8': [2, 0.7, 1, 0.3, 3.6],
    'β = (0.2, 0.2)': [2, 0.9, 1, 0.7, 2],
    'β = (0.2, 0.5)': [2, 0.8, 1, 0.7, 1.4],
    'β = (0.2, 0.8)': [2, 0.9, 20, 1.1, 0.8],
    'Nesterov, d = 2': [1e-2, 8e-3, 1, 0.6, 4 / 3],
    'Nesterov, d = 3': [1e-3, 7e-4, 1, 0.7, 4 / 3],
    'Nesterov, d = 6': [1e-5, 6e-6, 1, 0.8, 4 / 3],
    'Nesterov, d = 8': [1e-4, 5e-7, 1, 0.9, 4 / 3],
  };
  const rowsOf = (runs: typeof fine): readonly Row[] =>
    Object.entries(runs).map(([label, [early, late, rise, share, limit]]) => ({
      label,
      method: label,
      seed: 1,
      values: { after1000: early, after2000: late, rise },
      series: { sharpness: { x: [0, 100, 200], y: [9, share * limit, 0] } },
    }));
  it('hold of runs as the paper’s, and each fails where the runs it is about differ', () => {
    expect(Object.values(verdictsOf('epochs', rowsOf(fine)))).toEqual(Array(7).fill(YES));
    const failing = (label: string, entry: number, value: number): readonly string[] => {
      const changed = fine[label]!.map((x, i) => (i === entry ? value : x));
      const [a = NaN, b = NaN, c = NaN, d = NaN, e = NaN] = changed;
      const verdicts = verdictsOf('epochs', rowsOf({ ...fine, [label]: [a, b, c, d, e] }));
      return Object.keys(verdicts).filter((claim) => verdicts[claim] === NO);
    };
    expect(failing('Nesterov, d = 2', 1, 2e-2)).toEqual(['nesterov']);
    expect(failing('Nesterov, d = 8', 0, 1e-6)).toEqual(['early-friction']);
    expect(failing('Nesterov, d = 8', 1, 7e-6)).toEqual(['friction']);
    expect(failing('heavy ball, β = 0.5', 1, 0.95)).toEqual(['heavy-ball']);
    expect(failing('β = (0.2, 0.5)', 1, 0.95)).toEqual(['two-lags']);
    expect(failing('β = (0.2, 0.8)', 2, 1.5)).toEqual(['blow-up']);
    expect(failing('gradient descent', 2, 3)).toEqual(['blow-up']);
    expect(failing('β = (0.2, 0.8)', 3, 0.9)).toEqual(['root']);
    expect(failing('gradient descent', 3, 1.01)).toEqual(['root']);
  });
  it('are not judged of some runs, nor of the quick form', () => {
    const { 'gradient descent': _, ...rest } = fine;
    expect(Object.values(verdictsOf('epochs', rowsOf(rest)))).toEqual(Array(7).fill(UNTRIED));
    expect(Object.values(verdictsOf('epochs', rowsOf(fine), true))).toEqual(Array(7).fill(UNTRIED));
  });
});

describe('best-width', () => {
  const rowsOf = (bests: readonly number[]): readonly Row[] =>
    bests.map((best, i) => ({ label: `${i}`, method: `${i}`, seed: 1, values: { best } }));
  const of = (...bests: number[]): readonly string[] =>
    Object.values(verdictsOf('best-width', rowsOf(bests)));
  it('hold if every best width is within, and the heavy ball’s does not grow with its momentum', () => {
    expect(of(1500, 1000, 500, 1000, 1500)).toEqual([YES, YES]);
    expect(of(1000, 1000, 1000, 500, 500)).toEqual([YES, YES]);
    expect(of(1500, 1000, 500, 1000, 3000)).toEqual([NO, YES]);
    expect(of(1500, 1000, 250, 1000, 1500)).toEqual([NO, YES]);
    expect(of(1000, 1500, 500, 1000, 1500)).toEqual([YES, NO]);
    expect(of(1500, 1000, 500)).toEqual([UNTRIED, UNTRIED]);
  });
});

describe('what is chosen', () => {
  const chosen = (name: string, values: Given) =>
    figuresNamed(`momentum-dynamics/${name}`).figures[0]!.with!(values);
  const made = async (figure: Figure) => (await reproduce([figure], { processes: 1 }))[0]!;
  it('is what the runs on images are made with', async () => {
    const size = { seeds: 2, firstSeed: 5, images: 4, data: 'fashion-mnist(classes=[0,1])' };
    const { sections, claims } = await made(chosen('best-width', { ...size, widths: [2, 3, 4], epochs: 2 }));
    expect(new Set(sections[0]!.runs.map(({ seed }) => seed))).toEqual(new Set([5, 6]));
    expect(Object.keys(sections[0]!.runs[0]!.values)).toEqual(['m2', 'm3', 'm4', 'best']);
    expect(claims[0]!.scaled).toContain('widths 2, 3, 4 for theirs from 1,000 to 8,000, 2 seeds');
    await expect(
      made(chosen('best-width', { images: 5000, widths: [1], data: 'fashion-mnist(classes=[0])' })),
    ).rejects.toThrow('images is 5000; expected at most');
    const { claims: later } = chosen('epochs', { ...size, width: 3, epochs: 200 });
    expect(later[0]!.statement).toMatch(/^After 200 epochs/);
    expect(later[1]!.statement).toMatch(/^After 100 epochs/);
  });
  it('of two lags is as many of both, with which some step converges', async () => {
    await expect(made(chosen('two-lags', { momentum: [0] }))).rejects.toThrow(
      'momentum has 1 values and secondMomentum 4; expected as many',
    );
    await expect(made(chosen('two-lags', { momentum: [0.5], secondMomentum: [0.6] }))).rejects.toThrow(
      'β₁ + β₂ is 0.5 + 0.6; expected at most 1',
    );
    const { claims } = await made(chosen('two-lags', { momentum: [0.9], secondMomentum: [0.1] }));
    expect(claims[0]!.verdict).toBe('reproduced');
  });
});
