import { expect, it } from 'vitest';
import type { Section } from '@stillpoint/tracking';
import { inlineWorker } from '../src/index.js';
import { lower, makeTable, quickTable, type GanTable } from '../src/papers/gan-table.js';
import { fashionTable } from '../src/papers/gan-preset.js';
import { runsAt, tableSection, type Row } from '../src/papers/runs.js';

const preset = fashionTable({ name: 't', title: 'T', calls: 10 });
const table: GanTable = {
  preset,
  trials: 1,
  groups: [
    { methods: { A: 'gda(stepSize=1)', B: 'gda(stepSize=2)' }, ranges: {} },
    { methods: { C: 'adam(stepSize=1)' }, ranges: {} },
  ],
};
/** A comparison's section: the runs of the first method first, as comparisons have them. */
const compared = (values: { readonly [method: string]: readonly (number | null)[] }): Section =>
  tableSection({
    title: 'T',
    problem: 'p',
    about: '',
    columns: [{ name: 'frechetDistance', label: 'd', better: 'lower', digits: 3 }],
    rows: Object.entries(values).flatMap(([label, all]) =>
      all.map((frechetDistance, i): Row => ({
        label,
        method: label,
        seed: i + 1,
        values: { frechetDistance },
      })),
    ),
    verdict: [],
    identity: {},
  });
const tuning = compared({});
const sections = (
  a: readonly (number | null)[],
  b: readonly (number | null)[],
  c: readonly (number | null)[] = [9, 9, 9],
): readonly Section[] => [compared({ 'gda 1': a, 'gda 2': b }), tuning, compared({ adam: c }), tuning];

it('the runs of a method are found by its place, whatever the number of seeds', () => {
  const [section] = sections([1, 2, 3], [4, 5, 6]);
  expect(runsAt(section, 0).map(({ values }) => values['frechetDistance'])).toEqual([1, 2, 3]);
  expect(runsAt(section, 1).map(({ values }) => values['frechetDistance'])).toEqual([4, 5, 6]);
  expect(runsAt(section, 2)).toEqual([]);
});
it('a method beats another if it is lower with every seed, within its group or outside', () => {
  const holds = (...args: Parameters<typeof sections>) =>
    lower(table, 3, sections(...args), ['A', 'B'])?.holds;
  expect(holds([1, 2, 3], [4, 5, 6])).toBe(true);
  expect(holds([1, 2, 6], [4, 5, 6])).toBe(false);
  expect(holds([1, 2, null], [4, 5, 6])).toBe(false);
  expect(holds([1, 2, 3], [4, null, 6])).toBe(true);
  expect(holds([1, 2, 3], [4, 5])).toBe(undefined);
  expect(lower(table, 3, sections([1, 2, 3], [4, 5, 6]), ['A', 'B', 'C'])?.holds).toBe(true);
  expect(lower(table, 3, sections([1, 2, 3], [4, 5, 6], [2, 1, 4]), ['A', 'B', 'C'])?.holds).toBe(false);
  expect(lower(table, 3, sections([1, 2, 3], [4, null, 6]), ['B', 'A'])?.measured).toBe(
    'B 4, overflowed, 6; A 1, 2, 3',
  );
});
it('a column that no run has is an error, not an overflow', () => {
  const other = { ...table, preset: { ...preset, headline: 'classifier-score' } };
  expect(() => lower(other, 3, sections([1, 2, 3], [4, 5, 6]), ['A', 'B'])).toThrow(
    'no column classifierScore',
  );
});
it('the table of a paper is made: tuned, compared, and in the quick form only begun', async () => {
  const small = {
    ...preset,
    dataset: 'ring',
    model: 'mlp',
    metrics: ['high-quality'],
    headline: 'high-quality',
  };
  const tiny = { ...small, calls: 8, seeds: 2, samples: 50, evaluations: 2, snapshots: 1 };
  const groups = [
    {
      methods: { A: 'gda', B: 'lookahead(gda)' },
      ranges: { stepSize: { among: [0.01, 0.02] as [number, number] } },
    },
  ];
  const options = { engine: 'cpu', processes: 1, quick: false, worker: inlineWorker({}) } as const;
  const own = { preset: tiny, trials: 2, groups };
  const values = { seeds: 2, firstSeed: 1, calls: 8, trials: 2, data: 'fashion-mnist' };
  const made = await makeTable(own, values, options);
  expect(made.map(({ runs }) => runs.length)).toEqual([4, 4]);
  const begun = await makeTable(own, { ...values, ...quickTable, firstSeed: 5 }, { ...options, quick: true });
  expect(begun.map(({ runs }) => runs.length)).toEqual([2, 2]);
  expect(begun[0]!.runs.map(({ seed }) => seed)).toEqual([5, 5]);
  const onTuned = makeTable(own, { ...values, firstSeed: 1000 }, options);
  await expect(onTuned).rejects.toThrow(
    'seeds 1000 to 1001: methods are tuned on seed 1001; expected others',
  );
}, 60_000);
