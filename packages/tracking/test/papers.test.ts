import { expect, it } from 'vitest';
import {
  brokenClaims,
  figures,
  paperReport,
  readResults,
  report,
  verdictCounts,
  type PaperClaim,
  type PaperResults,
  type Section,
} from '../src/index.js';
import { game, nasty, results } from './sections.js';

const claim = (verdict: PaperClaim['verdict'], more: Partial<PaperClaim> = {}): PaperClaim => ({
  name: verdict,
  statement: `${nasty} holds`,
  source: 'Figure 2',
  published: null,
  measured: '1 of 2',
  verdict,
  scaled: null,
  needs: null,
  expected: true,
  ...more,
});
const claims = [
  claim('reproduced', { published: '12.19' }),
  claim('scaled down', { scaled: 'half of it' }),
  claim('not reproduced', { expected: false }),
  claim('not tried here', { measured: null, needs: 'a GPU', expected: false }),
];
const paper: PaperResults = {
  paper: 'p',
  title: nasty,
  authors: 'A, B',
  year: 2020,
  where: 'arXiv 1',
  command: 'npx stillpoint reproduce p',
  quick: false,
  interrupted: false,
  incomplete: [],
  environment: { node: 'v20' },
  figures: [
    {
      name: 'f',
      title: 'The figure',
      shows: 'what it shows',
      settings: [
        { name: 'γ', value: '0.1', published: 'the code' },
        { name: 'steps', value: '5', published: null },
      ],
      claims,
      sections: [game],
    },
  ],
};

it('the page of a paper has each claim with its verdict, and says which settings are published', () => {
  const html = paperReport(paper);
  for (const words of [
    'Claims: 1 reproduced, 1 scaled down, 1 not reproduced, 1 not tried here.',
    '12.19',
    'half of it',
    'a GPU',
    '0.1 (the code)',
    '5 (not published: Stillpoint’s)',
    'npx stillpoint reproduce p',
  ])
    expect(html).toContain(words);
  expect(html).not.toContain('<script>');
  expect(html).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
  // a figure's title, then below it the section's with its parts
  const ranks = [...html.matchAll(/<h([1-6])/g)].map(([, rank]) => Number(rank));
  expect(ranks.slice(0, 4)).toEqual([1, 2, 3, 3]);
  for (const [i, rank] of ranks.slice(1).entries()) expect(rank - ranks[i]!).toBeLessThanOrEqual(1);
});
it('the page says that it is quick, interrupted, or lacks figures', () => {
  const html = paperReport({ ...paper, quick: true, interrupted: true, incomplete: ['g', 'h'] });
  for (const words of ['The quick form', 'was interrupted', 'Not complete: g, h.'])
    expect(html).toContain(words);
  for (const words of ['The quick form', 'was interrupted', 'Not complete'])
    expect(paperReport(paper)).not.toContain(words);
});
it('a claim is broken if it was to hold and did not', () => {
  expect(brokenClaims(paper)).toEqual([]);
  const broken = claim('not reproduced');
  expect(brokenClaims({ figures: [{ ...paper.figures[0]!, claims: [...claims, broken] }] })).toEqual([
    broken,
  ]);
  expect(verdictCounts([])).toBe('no claims');
});

const scattered: Section = {
  ...game,
  plots: [
    {
      name: 'scatter',
      title: 'smoothness against gradient norm',
      draw: 'scatter',
      series: 'smoothness',
      x: { label: 'gradient norm', scale: 'log' },
      y: { label: 'local smoothness', scale: 'log' },
    },
  ],
  runs: game.runs.map((run, i) => ({
    ...run,
    series: i === 0 ? { smoothness: { x: [1, 10, 0, 100, 5], y: [2, 20, 3, 200, null] } } : {},
  })),
};
it('a scatter plot has a dot for each pair that its axes can show, and is read back from a file', () => {
  const drawn = figures(results(scattered));
  expect(drawn).toHaveLength(1);
  // the point at 0 has no logarithm, and one value is missing
  expect(drawn[0]!.svg.match(/<circle/g)!.length - scattered.runs.length).toBe(3);
  expect(drawn[0]!.svg).toContain('local smoothness');
  const text = JSON.stringify(results(scattered));
  expect(readResults(text).sections[0]!.plots).toEqual(scattered.plots);
  expect(figures(results({ ...scattered, runs: [{ ...game.runs[0]!, series: {} }] }))).toEqual([]);
});

it('a scatter plot draws a series of each run as a line beside its dots, if one is named', () => {
  const lined: Section = {
    ...scattered,
    plots: scattered.plots.map((plot) => (plot.draw === 'scatter' ? { ...plot, line: 'theory' } : plot)),
    runs: scattered.runs.map((run) => ({
      ...run,
      series: { ...run.series, theory: { x: [1, 100], y: [2, 200] } },
    })),
  };
  const lines = (section: Section): number =>
    figures(results(section))[0]!
      .svg.match(/aria-label="line"[^]*?<\/g>/)?.[0]
      .match(/<path/g)?.length ?? 0;
  expect([lines(scattered), lines(lined)]).toEqual([0, lined.runs.length]);
  expect(readResults(JSON.stringify(results(lined))).sections[0]!.plots).toEqual(lined.plots);
});

it('of more than ten seeds the report states how many runs ended how, not each', () => {
  const [one] = game.runs;
  const seeds = Array.from({ length: 12 }, (_, seed) => seed);
  const many: Section = {
    ...game,
    seeds: 12,
    runs: seeds.map((seed) => ({ ...one!, seed, status: seed < 5 ? 'ended' : 'diverged' })),
  };
  const html = report(results(many));
  expect(html).toContain('ended by its own rule (5 of 12), diverged (7 of 12)');
  expect(html).not.toContain('seed 3');
  expect(html).toContain('mean of 12');
});
