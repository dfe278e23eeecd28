import { describe, expect, it } from 'vitest';
import { emptyLedger } from '@stillpoint/operators';
import type { Column, Run } from '@stillpoint/tracking';
import { claimsOf, compareOnGan, inlineWorker, presets, sentencesOf, targetFrom } from '../src/index.js';
import { targetColumns, targetWords, toTarget } from '../src/target.js';

const columns: readonly Column[] = [
  { name: 'modes', label: 'modes', better: 'higher', digits: 3 },
  { name: 'highQuality', label: 'quality', unit: '%', better: 'higher', digits: 3 },
  { name: 'reverseKl', label: 'reverse KL', better: 'lower', digits: 3 },
];

describe('a target', () => {
  it('is a bound on each of some metrics, by their names', () => {
    const bounds = targetFrom('high-quality>=80; reverse-kl <= 0.1', columns);
    expect(bounds).toEqual({ highQuality: { atLeast: 80 }, reverseKl: { atMost: 0.1 } });
    expect(targetWords(bounds, columns)).toBe('quality at least 80 %, reverse KL at most 0.1');
  });
  it.each([
    ['high-quality', 'expected a metric with a bound'],
    ['high-quality>=much', 'expected a metric with a bound'],
    ['high-quality=80', 'expected a metric with a bound'],
    ['high-qualty>=80', 'high-quality'],
    ['modes>=8; modes<=9', 'bounds modes twice'],
    [' ; ', "expected as 'high-quality>=80'"],
  ])('%j is refused with a reason', (text, reason) => {
    expect(() => targetFrom(text, columns)).toThrow(reason);
  });
  it('is reached at the calls and seconds of a measurement', () => {
    const series = {
      reverseKl: { x: [10, 20, 30, 40], y: [1, 0.05, 0.04, 0.2] },
      seconds: { x: [10, 20, 30, 40], y: [0.1, 0.2, 0.3, 0.4] },
      'loss D': { x: [5, 10], y: [1, 2] },
    };
    const bounds = { reverseKl: { atMost: 0.1 } };
    expect(toTarget(bounds, series, 3)).toEqual({ callsToTarget: 20, secondsToTarget: 0.2 });
    expect(toTarget({ reverseKl: { atMost: 0.01 } }, series, 1)).toEqual({
      callsToTarget: null,
      secondsToTarget: null,
    });
  });
});

describe('the verdict on a target', () => {
  const runs = (label: string, calls: readonly (number | null)[]): Run[] =>
    calls.map((callsToTarget, i) => ({
      identity: null,
      label,
      method: label,
      group: 'gradient methods',
      seed: i + 1,
      status: 'budget',
      message: '',
      ledger: emptyLedger(2),
      calls: 100,
      seconds: 1,
      values: { reverseKl: 0.1, callsToTarget },
      series: {},
      pictures: [],
      claims: [],
    }));
  const verdict = (all: readonly Run[], seeds: number): string[] =>
    sentencesOf(
      claimsOf({
        runs: all,
        columns: [...columns, ...targetColumns],
        headline: 'reverseKl',
        target: 'reverse KL at most 0.1',
        seeds,
      }),
      { problem: 'the ring' },
    );
  it('states each method’s calls; with few seeds it ranks nobody', () => {
    expect(verdict([...runs('gda', [null, null]), ...runs('rapp', [40, null])], 2)).toContain(
      'Oracle calls to the target (reverse KL at most 0.1): gda in no run, rapp 40 (1 of 2).',
    );
  });
  it('from five seeds ranks those that always reached it, the fewest calls first', () => {
    const all = [
      ...runs('gda', [50, 51, 50, 51, 50]),
      ...runs('adam', [40, 41, 40, 41, 40]),
      ...runs('rapp', [10, 10, 10, 10, null]),
    ];
    expect(verdict(all, 5)).toEqual(
      expect.arrayContaining([
        'Oracle calls to the target (reverse KL at most 0.1): gda 50 to 51 (5 of 5), adam 40 to 41 (5 of 5), rapp 10 (4 of 5).',
        'By oracle calls to the target, among gradient methods: adam (40) > gda (50).',
      ]),
    );
  });
});

it('a comparison states calls and seconds to a target, of its own measurements', async () => {
  const ring = {
    ...presets.find(({ name }) => name === 'ring')!,
    model: 'mlp(latent=2, generator=[8], discriminator=[8])',
    batch: 8,
    samples: 64,
    tail: 1,
  };
  const section = await compareOnGan(ring, {
    methods: ['adam(stepSize=0.002)'],
    seeds: 1,
    calls: 40,
    processes: 1,
    worker: inlineWorker(),
    target: 'modes>=0',
  });
  const { values, series } = section.runs[0]!;
  expect(series['modes']!.x[0]).toBe(2);
  expect(values['callsToTarget']).toBe(2);
  expect(values['secondsToTarget']).toBe(series['seconds']!.y[0]);
  expect(values['secondsToTarget']).toBeGreaterThan(0);
  expect(section.columns.slice(-2)).toEqual(targetColumns);
  expect(section.settings['target']).toMatch(/^modes covered at least 0; /);
});
