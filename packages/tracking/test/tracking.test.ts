import { decode } from 'fast-png';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import {
  csv,
  imageGrid,
  meanAndError,
  measuresCsv,
  reaches,
  report,
  settledMeasures,
  type GameSection,
  type GanRun,
} from '../src/index.js';
import { game, gan, nasty, results, run } from './sections.js';

const html = report(results(game, gan(2)));
const { document } = parseHTML(html);

describe('the report', () => {
  it('is a pure function of the results', () => expect(report(results(game, gan(2)))).toBe(html));
  it('asks the network for nothing: no script, no address but data', () => {
    expect(document.querySelectorAll('script, iframe, object, link[href^="http"]')).toHaveLength(0);
    expect(html).not.toMatch(/(?:src|href)="(?!data:|#)/);
    expect(html).not.toMatch(/url\((?!#)/);
    expect(html).toContain("default-src 'none'");
  });
  it('escapes text', () => {
    expect(html).not.toContain('<script>');
    expect(document.querySelector('h1')?.textContent).toBe(nasty);
    expect([...document.querySelectorAll('h2')].map((h) => h.textContent)).toContain(nasty);
  });
  it('draws a vector field with one path per method, residuals, samples, curves per player', () => {
    const headings = [...document.querySelectorAll('h3')].map((h) => h.textContent);
    for (const heading of [
      'Where they went',
      'Residual against oracle calls',
      'What they generate',
      'How it went',
      'Each player’s loss',
      'Numbers',
      'Settings',
    ])
      expect(headings).toContain(heading);
    expect(document.querySelectorAll('svg').length).toBeGreaterThanOrEqual(2 + 4 + 3);
    expect(html).toContain('aria-label="2 samples"');
  });
  it('below five seeds shows single values, no error and no mean; the verdict first', () => {
    const cells = [...document.querySelectorAll('td')].map((td) => td.textContent);
    expect(cells).toContain('90.0 · 91.0');
    expect(cells).toContain('2 of 2');
    expect(html).not.toContain('±');
    expect(html).toContain('2 seeds: each value is shown');
  });
  it('a run that overflowed has not solved it; one that failed or was stopped does not count; neither has a value', () => {
    const ended = (status: GanRun['status'], second: GanRun['status'] = 'budget'): (string | null)[] => {
      const section = gan(2);
      const runs = section.runs
        .slice(0, 2)
        .map((each, i) => ({ ...each, status: i === 0 ? status : second }));
      const page = parseHTML(report(results({ ...section, runs }))).document;
      return [...page.querySelectorAll('td')].map((td) => td.textContent).slice(1, 4);
    };
    expect(ended('budget')).toEqual(['2 of 2', '8 · 8', '90.0 · 91.0']);
    expect(ended('non-finite')).toEqual(['1 of 2', '– · 8', '– · 91.0']);
    expect(ended('stopped')).toEqual(['1 of 1 finished', '– · 8', '– · 91.0']);
    expect(ended('failed', 'stopped')).toEqual(['–', '– · –', '– · –']);
  });
  it('names what was never begun', () => {
    expect(report({ ...results(), interrupted: true, notBegun: ['ring', '<b>'] })).toContain(
      'Never begun: ring, &lt;b&gt;.',
    );
  });
  it('from five seeds shows mean ± standard error', () => {
    const many = report(results(gan(5)));
    expect(many).toContain('92.0 ± 0.7'); // 90 … 94: sd √2.5, /√5
    expect(many).toContain('5 of 5');
  });
  it('never puts the two families in one table', () => {
    const tables = [...document.querySelectorAll('table')].map((table) => table.textContent ?? '');
    expect(tables.some((text) => text.includes('adam') && text.includes('gda'))).toBe(false);
  });
  it('says when it was interrupted, and survives having nothing', () => {
    expect(report({ ...results(), interrupted: true })).toContain('was interrupted');
    expect(() => report(results({ ...game, runs: [] }, { ...gan(2), runs: [] }))).not.toThrow();
  });
  it('survives runs that failed before anything was measured', () => {
    const failed: GanRun = {
      ...run('adam', 1, 0),
      status: 'failed',
      result: {},
      measures: [],
      players: [],
      snapshots: [],
      seconds: null,
    };
    expect(report(results({ ...gan(1), runs: [failed] }))).toContain('failed (seed 1)');
  });
});

describe('theory in the report', () => {
  const curve = [
    { steps: 0, measured: 4, bound: null },
    { steps: 1, measured: 2, bound: 8 },
    { steps: 10, measured: 0.2, bound: 0.8 },
  ];
  const proved = (broken: boolean): GameSection => ({
    ...game,
    runs: game.runs.map((one, i) => ({
      ...one,
      theory:
        i === 0
          ? { reason: 'γ < 1/L fails' }
          : {
              theorem: 'EG+ under weak Minty',
              measure: 'best ‖F‖²',
              statement: 'a < b',
              source: 'Somebody 2022',
              curve,
              broken,
            },
    })),
  });
  it('draws bound and measurement, says the share at the end, and why nothing is promised of others', () => {
    const page = parseHTML(report(results(proved(false)))).document;
    const cells = [...page.querySelectorAll('td')].map((td) => td.textContent);
    for (const cell of ['EG+ under weak Minty', 'best ‖F‖²', '25 %']) expect(cells).toContain(cell);
    const said = page.body.textContent ?? '';
    for (const words of ['What theory promises', 'a < b. Somebody 2022.', 'γ < 1/L fails'])
      expect(said).toContain(words);
    expect(page.querySelectorAll('svg').length).toBe(3); // field, residuals, theory
    expect(
      [...page.querySelectorAll('text')].some((text) =>
        text.textContent?.includes('extragradient: EG+ under weak Minty'),
      ),
    ).toBe(true);
  });
  it('says so where more was measured than is allowed', () => {
    expect(report(results(proved(true)))).toContain('broken');
    expect(report(results(game))).not.toContain('What theory promises');
  });
});

it('a loss that explodes is cut off, and said to be, so that the others can be read', () => {
  const losses = (label: string, D: number): GanRun => ({
    ...run(label, 1, 90),
    players: [{ calls: 5, losses: { D, G: 0.7 }, gradientNorms: { D: 1, G: 1 }, rotations: { D: 0, G: 0 } }],
  });
  const tame = [losses('adam', 1.25), losses('extra-adam', 2), losses('alternating-adam', 1.5)];
  expect(report(results({ ...gan(1), runs: [...tame, losses('gda', 1e6)] }))).toContain(
    'loss, cut off at ±6',
  );
  expect(report(results({ ...gan(1), runs: tame }))).not.toContain('cut off');
});

describe('results', () => {
  it('reach a goal only with every measure there and good enough', () => {
    const goal = { modes: { atLeast: 8 }, reverseKl: { atMost: 0.1 } };
    expect(reaches(goal, { modes: 8, reverseKl: 0.1 })).toBe(true);
    expect(reaches(goal, { modes: 7, reverseKl: 0 })).toBe(false);
    expect(reaches(goal, { modes: 8, reverseKl: 0.11 })).toBe(false);
    expect(reaches(goal, { modes: 8, reverseKl: null })).toBe(false);
    expect(reaches(goal, {})).toBe(false);
  });
  it('are judged by the median of the last measurements: one dip, or one lucky moment, decides nothing', () => {
    const at = (...values: (number | null)[]): GanRun['measures'] =>
      values.map((kl, calls) => ({ calls, values: { kl } }));
    expect(settledMeasures(at(9, 9, 0.01, 0.5, 0.02, 0.03, 0.01), 5)).toEqual({ kl: 0.02 });
    expect(settledMeasures(at(0.5, 0.5, 0.01), 5)).toEqual({ kl: 0.5 });
    expect(settledMeasures(at(null, 0.1, null), 5)).toEqual({ kl: null });
    expect(settledMeasures(at(0.3, 0.7), 1)).toEqual({ kl: 0.7 });
    expect(settledMeasures([], 5)).toEqual({});
  });
  it('mean and standard error by hand', () => {
    const { n, mean, error } = meanAndError([1, 2, 3, null, NaN]);
    expect([n, mean]).toEqual([3, 2]);
    expect(error).toBeCloseTo(1 / Math.sqrt(3), 15);
  });
  it('survive JSON', () =>
    expect(JSON.parse(JSON.stringify(results(game, gan(2))))).toEqual(results(game, gan(2))));
});

describe('csv', () => {
  it('holds no formula: text that begins like one gets an apostrophe, numbers stay numbers', () => {
    const rows = ['=1+1', '+a', '-b', '@c', '\tt', '\rr'].map((text) => [text, -1, 1e-9, -0.5]);
    expect(csv(['=h'], rows)).toBe(
      "'=h\n'=1+1,-1,1e-9,-0.5\n'+a,-1,1e-9,-0.5\n'-b,-1,1e-9,-0.5\n'@c,-1,1e-9,-0.5\n'\tt,-1,1e-9,-0.5\n\"'\rr\",-1,1e-9,-0.5\n",
    );
  });
  it('quotes what needs it', () =>
    expect(
      csv(
        ['a', 'b'],
        [
          ['x,y', 'say "hi"'],
          [null, 1],
        ],
      ),
    ).toBe('a,b\n"x,y","say ""hi"""\n,1\n'));
  it('has one row per measure', () => {
    const lines = measuresCsv(results(gan(2)))
      .trim()
      .split('\n');
    expect(lines[0]).toBe('section,method,seed,oracleCalls,metric,value');
    // two measures at two times; loss, gradient norm and rotation of two players
    expect(lines).toHaveLength(1 + 4 * (2 * 2 + 3 * 2));
    expect(lines).toContain('ring,adam,1,5,rotation D,-0.5');
    expect(lines).toContain('ring,adam,1,9,highQuality,90');
  });
});

describe('image grids', () => {
  it('open in a PNG reader with the right pixels', () => {
    const { png, width, height } = imageGrid(Float32Array.of(-1, 1, 0, 2, -9, NaN, 1, 1, 1, 1, 1, 1), {
      shape: [2, 2, 1],
      columns: 2,
    });
    const image = decode(png);
    expect([image.width, image.height, width, height]).toEqual([5, 5, 5, 5]);
    const at = (x: number, y: number): number => image.data[y * 5 + x] ?? -1;
    expect([at(0, 0), at(1, 0), at(0, 1), at(1, 1)]).toEqual([0, 255, 128, 255]);
    expect([at(3, 0), at(4, 0)]).toEqual([0, 0]); // −9 clamps, NaN is black
    expect(at(2, 0)).toBe(128); // the gap
    expect(at(3, 3)).toBe(128); // no fourth image
  });
  it('refuse values that are no whole images', () =>
    expect(() => imageGrid(new Float32Array(5), { shape: [2, 2], columns: 1 })).toThrow(
      '5 values are no images of shape [2,2]',
    ));
});
