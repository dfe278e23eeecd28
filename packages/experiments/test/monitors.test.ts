import { describe, expect, test } from 'vitest';
import type { Player } from '@stillpoint/operators';
import type { Column } from '@stillpoint/tracking';
import { stillBlocks, warningsOf, type Row } from '../src/training/monitors.js';

const players: readonly Player[] = [
  { name: 'D', start: 0, end: 4 },
  { name: 'G', start: 4, end: 8 },
];
const distance: Column = { name: 'distance', label: 'distance', better: 'lower', digits: 3 };
const of = { players, columns: [distance], budget: 1000, constrained: false };

/** Rows every 10 calls; `values` by the number of the row. */
const rows = (count: number, values: (i: number) => Row['values']): readonly Row[] =>
  Array.from({ length: count }, (_, i) => ({ step: 10 * i, calls: 10 * i, seconds: i, values: values(i) }));
const names = (made: readonly Row[]): readonly string[] => warningsOf(made, of).map(({ name }) => name);

const healthy = (i: number): Row['values'] => ({
  'loss D': 1.3 + 0.1 * Math.sin(i),
  'loss G': 0.8,
  'gradient norm D': 1,
  'gradient norm G': 0.5,
  'rotation D': 0.3,
  'rotation G': 0.2,
  ...(i % 2 === 0 ? { distance: 1 / (1 + i), diversity: 0.9, modes: Math.min(8, i) } : {}),
});

test('a run that goes well gets no warning', () => {
  for (let n = 0; n <= 60; n++) expect(names(rows(n, healthy))).toEqual([]);
});

describe('each warning states its evidence, and needs enough of it', () => {
  test('generated examples that are much alike', () => {
    const made = rows(40, (i) => ({
      ...healthy(i),
      ...(i % 2 === 0 && { diversity: i < 30 ? 0.9 : 0.05 }),
    }));
    expect(warningsOf(made, of)).toEqual([
      {
        name: 'collapse',
        message: expect.stringContaining(
          'have become much alike: their variance is 5 % of that of real ones at 380 calls (5 % at 360); it was up to 90 %',
        ),
      },
    ]);
    // at the start all are alike; half of the budget later they should not be
    const alike = rows(70, (i) => ({ ...healthy(i), ...(i % 2 === 0 && { diversity: 0.01 }) }));
    expect(names(alike.slice(0, 50))).toEqual([]);
    expect(warningsOf(alike, of)[0]?.message).toContain('have stayed much alike');
    // one bad measurement is none
    expect(names(rows(40, (i) => ({ ...healthy(i), ...(i === 38 && { diversity: 0 }) })))).toEqual([]);
  });

  test('modes that were covered', () => {
    const made = rows(40, (i) => ({ ...healthy(i), ...(i % 2 === 0 && { modes: i < 30 ? 8 : 3 }) }));
    expect(warningsOf(made, of)).toEqual([
      {
        name: 'lost-modes',
        message: 'Modes were lost: 3 are covered at 380 calls (3 at 360); there were up to 8.',
      },
    ]);
  });

  test('a saturated discriminator', () => {
    const made = rows(60, (i) => ({
      ...healthy(i),
      'loss D': i < 30 ? 1 : 0.001,
      'gradient norm G': i < 30 ? 0.5 : 0.01,
    }));
    expect(warningsOf(made, of)).toEqual([
      {
        name: 'discriminator-saturated',
        message: expect.stringContaining(
          'its loss was 0.001 (median of 20 rows), and the gradient of G is 0.01 where it was 0.5',
        ),
      },
    ]);
    // a loss that may be negative, as the Wasserstein loss, says nothing of the kind
    expect(
      names(rows(60, (i) => ({ ...healthy(i), 'loss D': -5, 'gradient norm G': i < 30 ? 0.5 : 0.01 }))),
    ).toEqual([]);
  });

  test('gradients of different orders', () => {
    const made = rows(30, (i) => ({ ...healthy(i), 'gradient norm G': 1e-4 }));
    expect(names(made)).toEqual(['gradient-ratio']);
    expect(warningsOf(made, of)[0]?.message).toContain(
      'The gradient of G is 0.0001, that of D 1 (medians of 20 rows)',
    );
    expect(names(rows(19, (i) => ({ ...healthy(i), 'gradient norm G': 1e-4 })))).toEqual([]);
    // in a set a gradient need not vanish
    expect(warningsOf(made, { ...of, constrained: true })).toEqual([]);
  });

  test('a player that jumps back and forth', () => {
    const made = rows(30, (i) => ({ ...healthy(i), 'rotation G': -0.9 }));
    expect(names(made)).toEqual(['rotation G']);
    expect(warningsOf(made, of)[0]?.message).toContain('is -0.9 (median of 20 rows)');
  });

  test('a metric that no longer improves, in either direction', () => {
    const made = rows(60, (i) => ({
      ...healthy(i),
      ...(i % 2 === 0 && { distance: Math.max(0.1, 1 - i / 20) }),
    }));
    expect(names(made)).toEqual(['flat']);
    const higher = { ...of, columns: [{ ...distance, better: 'higher' as const }] };
    const growing = rows(60, (i) => ({ ...healthy(i), ...(i % 2 === 0 && { distance: i }) }));
    expect(warningsOf(growing, higher)).toEqual([]);
    const level = rows(60, (i) => ({ ...healthy(i), ...(i % 2 === 0 && { distance: Math.min(9, i) }) }));
    expect(warningsOf(level, higher)[0]?.message).toBe(
      'distance has not improved in the last 8 measurements: at best 9 since 440 calls, 9 before.',
    );
  });

  test('a distance that is larger than before training', () => {
    const made = rows(30, (i) => ({ ...healthy(i), ...(i % 2 === 0 && { distance: i < 10 ? 1 : 50 }) }));
    expect(warningsOf(made, of)[0]).toEqual({
      name: 'worse',
      message: expect.stringContaining(
        'distance is 50 at 280 calls (50 at 260), 50 times what it was before the first step, 1',
      ),
    });
    // the factor does not depend on the unit
    const scaled = made.map((row) => ({
      ...row,
      values: {
        ...row.values,
        distance: row.values['distance'] == null ? null : 1e-9 * row.values['distance'],
      },
    }));
    expect(names(scaled)).toContain('worse');
  });

  test('a metric that cannot improve is not flat', () => {
    const level = rows(60, (i) => ({ ...healthy(i), ...(i % 2 === 0 && { distance: Math.min(9, i) }) }));
    const perfect = { ...distance, better: 'higher' as const, best: 9 };
    expect(warningsOf(level, { ...of, columns: [perfect] })).toEqual([]);
  });

  test('values that are not finite are no evidence', () => {
    expect(names(rows(60, () => ({ 'loss D': null, 'gradient norm G': null, diversity: null })))).toEqual([]);
  });
});

describe('tensors that have not moved', () => {
  const blocks = [
    { name: 'D.kernel', offset: 0, shape: [2, 2], player: 0 },
    { name: 'G.scale', offset: 4, shape: [4], player: 1 },
  ];
  const problem = { name: 'p', dim: 8, players, blocks, operator: () => undefined };

  test('are named with the steps between which they were looked at', () => {
    const start = new Float32Array(8);
    const look = stillBlocks(problem, start, 0);
    expect(look(Float32Array.of(1, 1, 1, 1, 0, 0, 0, 0), 100)).toEqual({
      name: 'still G.scale',
      message: expect.stringContaining('G.scale has not moved from step 0 to step 100: its gradient is zero'),
    });
    expect(look(Float32Array.of(2, 1, 1, 1, 0, 0, 0, 1e-30), 200)).toBeUndefined();
  });

  test('one number alone may have no effect on the loss', () => {
    const bias = { ...problem, blocks: [blocks[0]!, { name: 'D.bias', offset: 4, shape: [1], player: 0 }] };
    const look = stillBlocks(bias, new Float32Array(8), 0);
    expect(look(Float32Array.of(1, 1, 1, 1, 0, 0, 0, 0), 50)).toBeUndefined();
  });

  test('within a few steps a player may have had all of its steps rejected, but not a part of it', () => {
    const few = Float32Array.of(1, 1, 1, 1, 0, 0, 0, 0);
    expect(stillBlocks(problem, new Float32Array(8), 0)(few, 99)).toBeUndefined();
    const offset = { name: 'G.offset', offset: 8, shape: [2], player: 1 };
    const more = { ...problem, dim: 10, blocks: [...blocks, offset] };
    const look = stillBlocks(more, new Float32Array(10), 0);
    expect(look(Float32Array.of(...few, 1, 1), 2)?.name).toBe('still G.scale');
  });

  test('one number that has not moved either does not hide that nothing has', () => {
    const bias = { name: 'D.bias', offset: 8, shape: [1], player: 0 };
    const more = { ...problem, dim: 9, blocks: [...blocks, bias] };
    expect(stillBlocks(more, new Float32Array(9), 0)(new Float32Array(9), 200)).toBeUndefined();
  });

  test('a point that has not moved at all is that of a method that moves it now and then', () => {
    expect(stillBlocks(problem, new Float32Array(8), 0)(new Float32Array(8), 50)).toBeUndefined();
  });
});
