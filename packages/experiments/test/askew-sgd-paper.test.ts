import { describe, expect, it } from 'vitest';
import type { Section } from '@stillpoint/tracking';
import { contendersFor, fashionMlp } from '../src/papers/askew-sgd/fashion-mlp.js';
import { logistic } from '../src/papers/askew-sgd/logistic.js';
import { twoMoons } from '../src/papers/askew-sgd/two-moons.js';
import { judged, reproduce } from '../src/papers/reproduce.js';
import { tableSection } from '../src/papers/runs.js';

type Values = { readonly [column: string]: number };

/** A section of these values: for each seed those of each label. */
const sectionOf = (seeds: readonly { readonly [label: string]: Values }[]): Section =>
  tableSection({
    title: 'made up',
    problem: 'none',
    about: 'values for a test',
    columns: [{ name: 'loss', label: 'loss', digits: 1, better: 'lower' }],
    rows: seeds.flatMap((labels, seed) =>
      Object.entries(labels).map(([label, values]) => ({ label, method: label, seed: seed + 1, values })),
    ),
    verdict: [],
    identity: {},
  });
const verdicts = (
  { claims }: typeof logistic,
  sections: readonly Section[],
  quick = false,
): { readonly [claim: string]: string } =>
  Object.fromEntries(claims.map((claim) => [claim.name, judged(claim, sections, quick).verdict]));

describe('the claims of AskewSGD', () => {
  const fine = { wrong: 0, furthest: 0.042, beyond: 6e-5, excess: 0, projected: 0.1 };
  const plain = { ...fine, projected: 0 };
  const logisticOf = (annealed: Values, whole: Values): Section =>
    sectionOf([
      { annealed: fine, whole: plain, through: fine },
      { annealed, whole, through: fine },
    ]);
  const two = logistic.with!({ seeds: 2 });
  it('of the toy hold of what was measured', () => {
    expect(verdicts(two, [logisticOf(fine, plain)])).toEqual({
      found: 'reproduced',
      unannealed: 'reproduced',
    });
  });
  it.each([
    ['found', { ...fine, wrong: 1 }, plain],
    ['found', { ...fine, furthest: 0.05 }, plain],
    ['found', { ...fine, beyond: 1e-3 }, plain],
    ['found', { ...fine, excess: 1e-3 }, plain],
    ['unannealed', fine, { ...plain, projected: 1e-6 }],
    ['unannealed', { ...fine, projected: 0 }, plain],
  ])('of the toy: %s fails where one seed has %j and %j', (name, annealed, whole) => {
    expect(verdicts(two, [logisticOf(annealed, whole)])[name]).toBe('not reproduced');
  });

  it('of the toy are judged of every seed that is chosen', () => {
    expect(verdicts(logistic, [logisticOf(fine, plain)])).toEqual({
      found: 'not tried here',
      unannealed: 'not tried here',
    });
  });

  const moonsOf = (askew: Values, through: Values, rounded: Values): Section =>
    sectionOf([1, 2].map(() => ({ float: { loss: 0, jump: 0, accuracy: 100 }, rounded, askew, through })));
  const good = { loss: 0.03, jump: 1e-3, accuracy: 99 };
  const bad = { loss: 0.2, jump: 0.1, accuracy: 90 };
  it('of two moons hold where its loss is the lowest, and fail where it is not', () => {
    const held = verdicts(twoMoons, [moonsOf(good, bad, bad), moonsOf(good, bad, bad)]);
    expect(Object.values(held)).toEqual(['reproduced', 'reproduced', 'reproduced']);
    const section = moonsOf(bad, good, good);
    const failed = verdicts(twoMoons, [section, section]);
    expect(Object.values(failed)).toEqual(['not reproduced', 'not reproduced', 'not reproduced']);
    // 3 units alone: the straight-through estimator may have the lower loss
    expect(
      verdicts(twoMoons, [moonsOf(good, { ...good, loss: 0.01 }, bad), moonsOf(good, bad, bad)]),
    ).toEqual(held);
  });

  const images = (accuracies: readonly number[], seeds = 3): Section =>
    sectionOf(
      Array.from({ length: seeds }, () =>
        Object.fromEntries(contendersFor(30).map(({ label }, i) => [label, { accuracy: accuracies[i]! }])),
      ),
    );
  it('of images judge the mean accuracy beside that of full precision, of the whole form alone', () => {
    const [accuracy, through] = [fashionMlp.claims[0]!.name, fashionMlp.claims[1]!.name];
    expect(verdicts(fashionMlp, [images([88, 84, 83, 87, 86])])).toEqual({
      [accuracy]: 'reproduced',
      [through]: 'reproduced',
    });
    expect(verdicts(fashionMlp, [images([88, 83.9, 84, 87, 86])])).toEqual({
      [accuracy]: 'not reproduced',
      [through]: 'not reproduced',
    });
    expect(verdicts(fashionMlp, [images([88, 85, 83, 85, 86])])[accuracy]).toBe('not reproduced');
    for (const [section, quick] of [
      [images([88, 84, 83, 87, 86]), true],
      [images([88, 84, 83, 87, 86], 2), false],
    ] as const)
      expect(new Set(Object.values(verdicts(fashionMlp, [section], quick)))).toEqual(
        new Set(['not tried here']),
      );
  });

  it('of images are made with the seeds and on the data that are chosen', async () => {
    const chosen = {
      seeds: 1,
      firstSeed: 7,
      data: 'fashion-mnist(classes=[0,1])',
      hidden: 8,
      batch: 8,
      steps: 6,
    };
    const [made] = await reproduce([fashionMlp.with!(chosen)], { quick: true, processes: 1 });
    const { runs, settings } = made!.sections[0]!;
    expect(new Set(runs.map(({ seed }) => seed))).toEqual(new Set([7]));
    expect(settings['data']).toContain('T-shirt/top and Trouser only');
    await expect(
      reproduce([fashionMlp.with!({ data: 'ring' })], { quick: true, processes: 1 }),
    ).rejects.toThrow('ring has none with labels');
  });

  it('of images are made on a small network, which learns far more than chance with every method', async () => {
    const [made] = await reproduce([fashionMlp], { quick: true, processes: 1 });
    const runs = made!.sections[0]!.runs;
    expect(runs.map(({ label }) => label)).toEqual(contendersFor(1).map(({ label }) => label));
    // chance is 10 %, with a deviation of 1.7 on 300 images
    for (const { values } of runs) expect(values['accuracy']!).toBeGreaterThan(40);
  });
});
