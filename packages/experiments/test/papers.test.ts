import { describe, expect, it } from 'vitest';
import { integer } from '@stillpoint/operators';
import type { PaperFigure, Section } from '@stillpoint/tracking';
import { figuresNamed, papers, reproduce, withChosen, type Claimed, type Figure } from '../src/papers.js';
import { figure as figureOf, seedOptions, seedsInWords, seedsOf } from '../src/papers/figure.js';
import { judged } from '../src/papers/reproduce.js';

const all = papers.flatMap((paper) => paper.figures.map((figure) => ({ paper, figure })));
const alike = { processes: 1, quick: true } as const;

describe('papers', () => {
  it('have names, figures and claims that are unique, and state what is tried', () => {
    const unique = (names: readonly string[]): void => expect([...new Set(names)]).toEqual(names);
    unique(papers.map(({ name }) => name));
    for (const { figures } of papers) unique(figures.map(({ name }) => name));
    for (const { figure } of all) {
      unique(figure.claims.map(({ name }) => name));
      expect(figure.claims).not.toHaveLength(0);
      for (const { published } of figure.settings) expect(published).not.toBe('');
      for (const { judge, needs, expected } of figure.claims)
        if (judge === undefined) expect([needs === undefined, expected]).toEqual([false, false]);
      // a figure is made and says how long that takes, or nothing of it is tried
      expect(figure.run === undefined).toBe(figure.takes === undefined);
      if (figure.run === undefined)
        expect(figure.claims.map(({ judge }) => judge)).toEqual(figure.claims.map(() => undefined));
    }
  });
  it('are found by name, with the nearest for an unknown one', () => {
    expect(figuresNamed('rapp').figures).toHaveLength(papers[0]!.figures.length);
    expect(figuresNamed('rapp/polar').figures.map(({ name }) => name)).toEqual(['polar']);
    expect(() => figuresNamed('rap')).toThrow('did you mean rapp?');
    expect(() => figuresNamed('rapp/pola')).toThrow('did you mean polar?');
    expect(() => figuresNamed('rapp/polar/x')).toThrow('expected a paper, or one of its figures');
  });
});

const claim: Claimed = { name: 'c', statement: 's', source: 'Stillpoint’s', expected: true };
const figure = (claims: readonly Claimed[], sections: () => readonly Section[]): Figure => ({
  name: 'f',
  title: 'F',
  shows: '',
  takes: 'seconds',
  settings: [],
  claims,
  run: async () => sections(),
});

/** The figures that take seconds, at least in their quick form, made once. */
const quick = new Map<string, Promise<readonly PaperFigure[]>>();
const made = (name: string): Promise<readonly PaperFigure[]> => {
  const found = quick.get(name) ?? reproduce(figuresNamed(name).figures, alike);
  quick.set(name, found);
  return found;
};
const seconds = all
  .filter(({ paper, figure: { takes } }) => takes === 'seconds' || paper.name === 'pl-star')
  .map(({ paper, figure: { name } }) => `${paper.name}/${name}`);

describe('what holds is found to hold, and would be found not to', () => {
  it.each(seconds)('%s: every claim that is stated to hold does', async (name) => {
    const [result] = await made(name);
    for (const { statement, verdict, expected, measured } of result!.claims)
      if (expected && measured !== null)
        expect([statement, verdict]).toEqual([
          statement,
          expect.stringMatching(/^(reproduced|scaled down)$/),
        ]);
  });
  it.each(seconds)(
    '%s: no claim holds of runs in another order, or of what was not measured',
    async (name) => {
      const [result] = await made(name);
      const { claims } = figuresNamed(name).figures[0]!;
      const wrong: readonly ((section: Section) => Section)[] = [
        (section) => ({ ...section, runs: section.runs.toReversed() }),
        // every run reaches the solution
        (section) => ({
          ...section,
          runs: section.runs.map((run) => ({
            ...run,
            series: { ...run.series, distance: { x: [0, 1], y: [1, 0] } },
          })),
        }),
        (section) => ({
          ...section,
          // what came nearer goes away, and the other way round; nothing is bounded
          runs: section.runs.map((run) => ({
            ...run,
            claims: [],
            status: 'budget',
            message: '',
            values: Object.fromEntries(
              Object.entries(run.values).map(([key, value]) => [
                key,
                value === null ? null : 1 / (value + 1e-9),
              ]),
            ),
            series: Object.fromEntries(
              Object.entries(run.series).map(([key, { x, y }]) => [key, { x, y: y.toReversed() }]),
            ),
          })),
        }),
      ];
      for (const one of claims)
        if (one.judge !== undefined && judged(one, result!.sections, true).measured !== null)
          expect([
            one.name,
            wrong.some((spoil) => {
              const found = judged(one, result!.sections.map(spoil), true);
              return found.verdict === 'not reproduced';
            }),
          ]).toEqual([one.name, true]);
    },
  );
});

describe('reproduce', () => {
  const section = async (): Promise<Section> => (await made('weak-minty/global-forsaken'))[0]!.sections[0]!;

  it('gives a claim one of four verdicts', async () => {
    const sections = [await section()];
    const verdict = (more: Partial<Claimed>, quickly = false) => {
      const { verdict: word, scaled, needs } = judged({ ...claim, ...more }, sections, quickly);
      return [word, scaled, needs];
    };
    const holds = { judge: () => ({ holds: true, measured: '1' }) };
    expect(verdict(holds)).toEqual(['reproduced', null, null]);
    expect(verdict({ ...holds, scaled: 'half' })).toEqual(['scaled down', 'half', null]);
    expect(verdict({ judge: () => ({ holds: true, measured: '1', scaled: 'a third' }) })).toEqual([
      'scaled down',
      'a third',
      null,
    ]);
    expect(verdict({ judge: () => ({ holds: false, measured: '1' }), scaled: 'half' })).toEqual([
      'not reproduced',
      'half',
      null,
    ]);
    expect(verdict({ needs: 'a GPU' })).toEqual(['not tried here', null, 'a GPU']);
    expect(verdict({ judge: () => undefined }, true)).toEqual([
      'not tried here',
      null,
      'the whole form, without --quick',
    ]);
  });

  it('reads figures that are kept, and writes those that are not', async () => {
    const kept = new Map<string, readonly Section[]>();
    const store = {
      read: ({ name }: Figure) => kept.get(name),
      write: ({ name }: Figure, sections: readonly Section[]) => void kept.set(name, sections),
      folder: () => '/nowhere',
    };
    const sections = [await section()];
    let runs = 0;
    const one = figure([{ ...claim, judge: () => ({ holds: true, measured: 'x' }) }], () => {
      runs++;
      return sections;
    });
    const [first] = await reproduce([one], { ...alike, kept: store });
    const [second] = await reproduce([one], { ...alike, kept: store });
    expect(runs).toBe(1);
    expect(second).toEqual(first);
    expect(first!.claims[0]!.verdict).toBe('reproduced');
  });

  it('keeps nothing of a figure that was stopped, and judges none whose run failed', async () => {
    const stop = new AbortController();
    const sections = [await section()];
    const stopped = figure([claim], () => {
      stop.abort();
      return sections;
    });
    let written = 0;
    const kept = { read: () => undefined, write: () => void written++, folder: () => '/nowhere' };
    expect(await reproduce([stopped, stopped], { ...alike, signal: stop.signal, kept })).toEqual([]);
    const failed = figure([claim], () =>
      sections.map((one) => ({
        ...one,
        runs: one.runs.map((run) => ({ ...run, status: 'failed' as const, message: 'no engine' })),
      })),
    );
    await expect(reproduce([failed], { ...alike, kept })).rejects.toThrow(/figure f, .*failed: no engine/);
    expect(written).toBe(0);
  });
});

describe('options of a figure', () => {
  const shown: (readonly number[])[] = [];
  const row = figureOf({
    name: 'f',
    title: 'F',
    shows: '',
    takes: 'seconds',
    options: { ...seedOptions(3), steps: integer({ about: 'steps', from: 1, default: 10 }) },
    quick: { seeds: 1, steps: 2 },
    settings: (values) => [{ name: 'seeds', value: seedsInWords(values), published: null }],
    claims: ({ steps }) => [{ ...claim, judge: () => ({ holds: steps === 10, measured: `${steps} steps` }) }],
    run: async ({ steps, ...values }) => {
      shown.push([steps, ...seedsOf(values)]);
      return [await section()];
    },
  });
  const section = async (): Promise<Section> => (await made('weak-minty/global-forsaken'))[0]!.sections[0]!;
  const run = async (of: Figure, quick: boolean) => {
    const [result] = await reproduce([of], { ...alike, quick });
    const [found] = result!.claims;
    return [shown.at(-1), found!.measured, found!.verdict, found!.expected];
  };

  it('are those of the whole form or the quick one, unless they are chosen', async () => {
    expect(await run(row, false)).toEqual([[10, 1, 2, 3], '10 steps', 'reproduced', true]);
    expect(await run(row, true)).toEqual([[2, 1], '2 steps', 'not reproduced', true]);
    const [other] = withChosen([row], { firstSeed: 11, seeds: 2 });
    // with other seeds the claims are still expected to hold; with other sizes they are not
    expect(await run(other!, false)).toEqual([[10, 11, 12], '10 steps', 'reproduced', true]);
    expect(await run(other!, true)).toEqual([[2, 11, 12], '2 steps', 'not reproduced', true]);
    expect(await run(other!.with!({ steps: 5 }), true)).toEqual([
      [5, 11, 12],
      '5 steps',
      'not reproduced',
      false,
    ]);
    expect(other!.settings.map(({ value }) => value)).toEqual(['11 to 12', '11', '2']);
  });
  it('go to the figures that have them, and are refused with the nearest if none has', () => {
    const plain = figure([claim], () => []);
    expect(withChosen([plain, row], { seeds: 1 }).map(({ chosen }) => chosen)).toEqual([
      undefined,
      { seeds: 1 },
    ]);
    expect(() => withChosen([plain, row], { sed: 1 })).toThrow(
      /unknown option of .*"sed"; did you mean seeds/,
    );
    expect(() => withChosen([row], { seeds: 0 })).toThrow(
      'figure f: seeds is 0; expected a whole number >= 1',
    );
  });
});
