import { describe, expect, it } from 'vitest';
import { imageSet } from '@stillpoint/datasets';
import { aucProblem, mlp, network, start } from '@stillpoint/networks';
import * as tf from '@stillpoint/networks/tf';
import { compareOnProblem } from '../src/problem-comparison.js';

/** Images of one pixel; those of label 1 are brighter from `bright` on. */
const images = (count: number, bright: number) =>
  imageSet({
    name: 'made-up',
    describe: 'for a test',
    shape: [1, 1, 1],
    bytes: Uint8Array.from({ length: count }, (_, i) => (i % 3 === 0 ? bright : 0) + ((37 * i) % 60)),
    labels: Uint8Array.from({ length: count }, (_, i) => Number(i % 3 === 0)),
  });

describe('a problem of aucProblem, compared', () => {
  it.each([
    [1, 1],
    [-1, 0],
  ])('has a column of the AUC on held-out data, the headline: weight %s, AUC %s', async (weight, auc) => {
    // a score that rises with brightness puts all of label 1 above the rest; three short steps keep its sign
    const problem = await aucProblem({
      data: images(30, 100),
      test: images(15, 100),
      network: network({
        inputs: 1,
        outputs: 1,
        parameters: () => ({ w: start.constant([1, 1], weight) }),
        apply: ({ w }, x) => tf.matMul(x, w!),
      }),
      batch: 10,
      seed: 1,
    });
    const { columns, runs, plots } = await compareOnProblem(problem, {
      title: 'mine',
      methods: ['coda(stepSize=0.01)', 'gda(stepSize=0.01)'],
      steps: 3,
    });
    expect(columns[0]).toMatchObject({ name: 'auc', better: 'higher' });
    expect(columns.map(({ name }) => name)).toContain('residual');
    expect(plots.filter(({ name }) => name === 'held-out AUC')).toHaveLength(1);
    expect(runs.map(({ values }) => values['auc'])).toEqual([auc, auc]);
    for (const { series } of runs) {
      expect(series['auc']!.y).toEqual(series['residual']!.y.map(() => auc));
      expect(series['full loss v']!.y).not.toContain(null);
    }
    await problem.dispose();
  });

  it('has none without held-out data', async () => {
    const problem = await aucProblem({ data: images(30, 100), network: mlp({ sizes: [1, 1] }), batch: 10 });
    const { columns } = await compareOnProblem(problem, { title: 'mine', methods: ['adam'], steps: 3 });
    expect(columns.map(({ name }) => name)).not.toContain('auc');
    await problem.dispose();
  });
});
