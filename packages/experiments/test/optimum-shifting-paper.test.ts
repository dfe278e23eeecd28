import { describe, expect, it } from 'vitest';
import type { Run, Section } from '@stillpoint/tracking';
import { features } from '../src/papers/optimum-shifting/features.js';
import { trained } from '../src/papers/optimum-shifting/trained.js';
import { judged, reproduce } from '../src/papers/reproduce.js';

const verdicts = (sections: readonly Section[]): { readonly [claim: string]: string } =>
  Object.fromEntries(trained.claims.map((claim) => [claim.name, judged(claim, sections, true).verdict]));
/** The sections with other values of the runs whose label begins so. */
const spoilt = (
  sections: readonly Section[],
  label: string,
  change: (values: Run['values']) => Run['values'],
): readonly Section[] =>
  sections.map((section) => ({
    ...section,
    runs: section.runs.map((run) =>
      run.label.startsWith(label) ? { ...run, values: change(run.values) } : run,
    ),
  }));

describe('the claims of optimum shifting on a trained network', () => {
  it('hold of a small one, and fail where loss, norm, trace or the change elsewhere are others', async () => {
    const [made] = await reproduce([trained], { quick: true, processes: 1 });
    const { sections } = made!;
    expect(verdicts(sections)).toEqual({ flatter: 'reproduced', guard: 'reproduced' });
    const [before, few] = sections[0]!.runs;
    for (const column of ['norm', 'trace'])
      expect(
        verdicts(
          spoilt(sections, 'shifted on 16', (values) => ({ ...values, [column]: before!.values[column]! })),
        )['flatter'],
      ).toBe('not reproduced');
    const loss = (factor: number): readonly Section[] =>
      spoilt(sections, 'shifted on 16', (values) => ({
        ...values,
        batchLoss: factor * values['batchLoss']!,
      }));
    expect([verdicts(loss(1.02))['flatter'], verdicts(loss(0.98))['flatter']]).toEqual([
      'not reproduced',
      'not reproduced',
    ]);
    const changed = (label: string, change: number): string =>
      verdicts(spoilt(sections, label, (values) => ({ ...values, change })))['guard']!;
    expect(changed('shifted on 16', 1.9)).toBe('not reproduced');
    expect(changed('shifted on 96', few!.values['change']! + 1)).toBe('not reproduced');
    expect(verdicts([])).toEqual({ flatter: 'not tried here', guard: 'not tried here' });
  });
});

describe('random features', () => {
  const run = async (chosen: { readonly [option: string]: number }) =>
    (await reproduce([features.with!(chosen)], { processes: 1 }))[0]!;
  it('are of the sizes and seeds that are chosen', async () => {
    const { sections, claims } = await run({ seeds: 2, firstSeed: 9, examples: 6, features: 40, batch: 3 });
    expect(sections[0]!.title).toBe('40 rectified features of 6 examples');
    expect(sections[0]!.runs.map(({ seed }) => seed)).toEqual([9, 10]);
    expect(claims[0]!.verdict).toBe('reproduced');
  });
  it('are more than the examples, and a batch has not all of these', async () => {
    await expect(run({ features: 30 })).rejects.toThrow('features is 30; expected more than the 30 examples');
    await expect(run({ batch: 30 })).rejects.toThrow('batch is 30; expected fewer than the 30 examples');
  });
});
