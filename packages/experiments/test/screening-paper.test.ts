import { describe, expect, it } from 'vitest';
import { linearGap, normal } from '@stillpoint/operators';
import { conditionalGradient, reweightedConditionalGradient, train } from '@stillpoint/optimizers';
import { keptAtoms } from '@stillpoint/optimizers/certificates';
import { problemFromLosses } from '@stillpoint/networks';
import * as tf from '@stillpoint/networks/tf';
import type { Run, Section } from '@stillpoint/tracking';
import { judged, reproduce } from '../src/papers/reproduce.js';
import { safe } from '../src/papers/screening/safe.js';

const verdicts = (sections: readonly Section[]): { readonly [claim: string]: string } =>
  Object.fromEntries(safe.claims.map((claim) => [claim.name, judged(claim, sections, true).verdict]));
/** The sections with the last run changed. */
const spoilt = (sections: readonly Section[], change: (run: Run) => Partial<Run>): readonly Section[] =>
  sections.map((section) => ({
    ...section,
    runs: section.runs.map((run, i) => (i === section.runs.length - 1 ? { ...run, ...change(run) } : run)),
  }));
const holds = { gap: 'reproduced', safe: 'reproduced', rate: 'reproduced' };

it('claims of safe screening fail by one stale gap, one dropped atom, one that stays, and one slow run', async () => {
  const [made] = await reproduce([safe], { quick: true, processes: 1 });
  const { sections } = made!;
  expect(verdicts(sections)).toEqual(holds);
  for (const { series } of sections[0]!.runs) {
    const [gap, above] = [series['gap']!, series['above']!];
    expect(gap.x).toEqual(above.x);
    gap.y.forEach((value, i) => expect(value).toBeGreaterThanOrEqual(above.y[i]!));
  }
  const changed = (column: string, value: number) =>
    verdicts(spoilt(sections, ({ values }) => ({ values: { ...values, [column]: value } })));
  // the gap of the start beside the second point, and the other way round
  const stale = spoilt(sections, ({ series }) => {
    const { x, y } = series['gap']!;
    return { series: { ...series, gap: { x, y: [y.at(-1)!, ...y.slice(1)] } } };
  });
  expect(verdicts(stale)).toEqual({ ...holds, gap: 'not reproduced' });
  expect(changed('above', 1.01)).toEqual({ ...holds, gap: 'not reproduced' });
  expect(changed('dropped', 1)).toEqual({ ...holds, safe: 'not reproduced' });
  expect(changed('late', 1)).toEqual({ ...holds, safe: 'not reproduced' });
  expect(changed('rate', 1.01)).toEqual({ ...holds, rate: 'not reproduced' });
});

describe('a problem of one’s own in TensorFlow.js code', () => {
  const [n, d] = [40, 12];
  const A = normal(new Float64Array(n * d), { seed: 1, purpose: 'examples' });
  const rows = Array.from({ length: n }, (_, i) => Array.from(A.subarray(i * d, (i + 1) * d)));
  const targets = rows.map((row) => [3 * row[2]! - 2 * row[3]!]);
  const lipschitz = A.reduce((sum, a) => sum + a * a, 0) / n;
  const own = () =>
    problemFromLosses({
      players: { x: { w: [d, 1] } },
      data: { rows, targets },
      losses: ({ x }, data) => ({
        x: tf.div(tf.mean(tf.square(tf.sub(tf.matMul(data.rows!, x.w!), data.targets!))), 2),
      }),
      constraint: { x: 'squared-gauge(group-l1-ball(radius=1, groups=[2,2,2,2,2,2]), weight=0.5)' },
      engine: 'cpu',
    });
  it('has atoms and a gap, and screening keeps the group that its targets need', async () => {
    const problem = await own();
    const start = new Float32Array(d);
    const step = 'line-search';
    for (const [method, atLeast] of [
      [conditionalGradient({ step }), 0],
      [reweightedConditionalGradient({ step, concavity: 2 }), 0.3],
    ] as const) {
      const { z, status } = await train(problem, method, { start, steps: 30 });
      expect(status).toBe('budget');
      const gradient = new Float32Array(d);
      await problem.operator(z, gradient, {
        player: undefined,
        sample: undefined,
        losses: undefined,
        buffers: {},
      });
      const constraint = problem.constraint!;
      if (method.name === 'conditional-gradient') {
        const gap = linearGap(constraint)(z, gradient);
        expect(keptAtoms(constraint.atoms!, { z, gradient, gap, lipschitz })).toEqual([1]);
      }
      // less shrunk where the penalty is concave
      expect(Math.hypot(z[2]!, z[3]!)).toBeGreaterThan(Math.hypot(3, 2) / 2 + atLeast);
    }
    await problem.dispose();
  });
});
