import { describe, expect, it } from 'vitest';
import type { Section } from '@stillpoint/tracking';
import { blobs } from '../src/papers/gradcosine/blobs.js';
import { fashionMlp } from '../src/papers/gradcosine/fashion-mlp.js';
import { ring } from '../src/papers/gradcosine/ring.js';
import type { Figure } from '../src/papers/paper.js';
import { judged, reproduce } from '../src/papers/reproduce.js';
import { tableSection } from '../src/papers/runs.js';

type Values = { readonly [column: string]: number };

/** A section of these values: for each label those of each seed. */
const sectionOf = (labels: { readonly [label: string]: readonly Values[] }): Section =>
  tableSection({
    title: 'made up',
    problem: 'none',
    about: 'values for a test',
    columns: [{ name: 'loss', label: 'loss', digits: 1, better: 'lower' }],
    rows: Object.entries(labels).flatMap(([label, seeds]) =>
      seeds.map((values, at) => ({ label, method: label, seed: at + 1, values })),
    ),
    verdict: [],
    identity: {},
  });
const verdicts = (
  { claims }: Figure,
  sections: readonly Section[],
  quick = false,
): { readonly [claim: string]: string } =>
  Object.fromEntries(claims.map((claim) => [claim.name, judged(claim, sections, quick).verdict]));

describe('the claims of GradCosine on blobs', () => {
  const drawn = { cosine: 0.5, norm: 1, loss: 0.1, tuned: 0.01 };
  const fine = {
    gc: { cosine: 0.7, norm: 0.2, loss: 0.2, tuned: 0.02 },
    small: { cosine: 0.6, norm: 2, loss: 0.09, tuned: 0.02 },
    large: { cosine: 0.5, norm: 2.05, loss: 0.05, tuned: 0.02 },
    alike: { cosine: 0.4, norm: 1.5, loss: 0.07, tuned: 0.01 },
  };
  const of = (changed: Partial<typeof fine>): Section => {
    const { gc, small, large, alike } = { ...fine, ...changed };
    return sectionOf({
      drawn: [drawn, drawn],
      gc: [fine.gc, gc],
      small: [fine.small, small],
      large: [fine.large, large],
      alike: [fine.alike, alike],
    });
  };
  it('hold of what was measured, and are not tried on nothing', () => {
    expect(new Set(Object.values(verdicts(blobs, [of({})])))).toEqual(new Set(['reproduced']));
    expect(new Set(Object.values(verdicts(blobs, [])))).toEqual(new Set(['not tried here']));
  });
  it.each([
    ['cosine', { gc: { ...fine.gc, cosine: 0.49 } }],
    ['cosine', { small: { ...fine.small, cosine: 0.49 } }],
    ['bound', { large: { ...fine.large, norm: 2.11 } }],
    ['bound', { gc: { ...fine.gc, norm: 2.11 } }],
    ['gc-alone', { gc: { ...fine.gc, loss: 0.09 } }],
    ['with-norm', { large: { ...fine.large, loss: 0.11 } }],
    ['norm-alone', { alike: { ...fine.alike, loss: 0.2 } }],
    ['norm-alone', { alike: { ...fine.alike, cosine: 0.6 } }],
  ])('%s fails where one seed has %j', (name, changed) => {
    expect(verdicts(blobs, [of(changed)])[name]).toBe('not reproduced');
  });
  it('tuned fails where a target is faster with every seed', () => {
    const faster = { ...fine.large, tuned: 0.005 };
    const section = of({ large: faster });
    expect(verdicts(blobs, [section])['tuned']).toBe('reproduced');
    const both = {
      ...section,
      runs: section.runs.map((run) => (run.label === 'large' ? { ...run, values: faster } : run)),
    };
    expect(verdicts(blobs, [both])['tuned']).toBe('not reproduced');
  });
});

describe('the claims of GradCosine on images and on the ring', () => {
  const three = (cosine: number, testLoss: number): readonly Values[] =>
    [0, 1, 2].map(() => ({ cosine, testLoss }));
  it('on images are judged on every seed', () => {
    const of = (scaled: Values): Section =>
      sectionOf({
        drawn: three(0.5, 0.6),
        gc: three(0.6, 0.7),
        small: three(0.6, 0.7),
        large: [...three(0.6, 0.5).slice(0, 2), scaled],
      });
    const better = { cosine: 0.6, testLoss: 0.5 };
    expect(verdicts(fashionMlp, [of(better)])).toEqual({ cosine: 'reproduced', faster: 'reproduced' });
    expect(verdicts(fashionMlp, [of(better)], true)['faster']).toBe('not tried here');
    expect(verdicts(fashionMlp, [of({ cosine: 0.4, testLoss: 0.61 })])).toEqual({
      cosine: 'not reproduced',
      faster: 'not reproduced',
    });
  });
  it('on the ring are judged for both players, in the mean', () => {
    const six = (values: Values): readonly Values[] => Array<Values>(6).fill(values);
    const drawn = { D: 0.8, G: 0.8, highQuality: 20 };
    const of = (last: Values): Section =>
      sectionOf({ drawn: six(drawn), gc: [...six({ D: 0.82, G: 0.9, highQuality: 30 }).slice(0, 5), last] });
    expect(verdicts(ring, [of({ D: 0.75, G: 0.7, highQuality: 21 })])).toEqual({
      both: 'reproduced',
      samples: 'reproduced',
    });
    expect(verdicts(ring, [of({ D: 0.65, G: 0.7, highQuality: 19 })])).toEqual({
      both: 'not reproduced',
      samples: 'not reproduced',
    });
    expect(verdicts(ring, [of(drawn)], true)['samples']).toBe('not tried here');
  });
  it('hold in their quick form', async () => {
    const made = await reproduce([fashionMlp, ring], { quick: true, processes: 1 });
    for (const [i, figure] of [fashionMlp, ring].entries())
      expect(verdicts(figure, made[i]!.sections, true)).toEqual({
        [figure.claims[0]!.name]: 'reproduced',
        [figure.claims[1]!.name]: 'not tried here',
      });
  });
});
