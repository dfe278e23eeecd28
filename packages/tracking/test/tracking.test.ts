import { decode } from 'fast-png';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import {
  csv,
  imageGrid,
  meanAndError,
  measuresCsv,
  readResults,
  report,
  firstWithin,
  settledValues,
  within,
  type Run,
  type Series,
} from '../src/index.js';
import { drawNamed } from '../src/report/plots.js';
import { game, gan, ledger, nasty, proved, results, run } from './sections.js';

const html = report(results(game, gan(2)));
const { document } = parseHTML(html);

describe('the report', () => {
  it('draws samples of data without centres: in the given square, or in one that holds all points', () => {
    const drawn = (plot: object): number[] => {
      const section = gan(2);
      const samples = section.plots.map((one) =>
        one.draw === 'samples' ? { name: one.name, title: one.title, draw: one.draw, ...plot } : one,
      );
      const { document: page } = parseHTML(report(results({ ...section, plots: samples })));
      const paths = [...page.querySelectorAll('.panels svg')].map((svg) => svg.innerHTML);
      return paths.map((path) => path.match(/h0/g)?.length ?? 0);
    };
    const points = gan(2).runs.flatMap(({ pictures }) =>
      pictures.map((picture) => ('points' in picture ? picture.points : [])),
    );
    expect(drawn({})).toEqual(points.map(({ length }) => length));
    const near = points.map(
      (some) => some.filter(([x, y]) => Math.max(Math.abs(x), Math.abs(y)) <= 0.5).length,
    );
    expect(drawn({ reach: 0.5 })).toEqual(near);
    expect(near).not.toEqual(points.map(({ length }) => length));
  });
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
      'High quality against oracle calls',
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
    const ended = (status: Run['status'], second: Run['status'] = 'budget'): (string | null)[] => {
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
  it('ranks within groups: a table each, whatever a group is called', () => {
    const headings = [...document.querySelectorAll('h4')];
    const [first, second] = headings;
    expect([first?.textContent, second?.textContent]).toEqual([
      'Methods with Adam’s direction',
      'Gradient methods',
    ]);
    const rows = (heading: (typeof headings)[number] | undefined): (string | null)[] =>
      [...(heading?.nextElementSibling?.querySelectorAll('tbody td:first-child') ?? [])].map(
        (td) => td.textContent,
      );
    expect([rows(first), rows(second)]).toEqual([['adam'], ['gda']]);
  });
  it('shows what was asked in every run, its calls, and the price of each kind of question that was asked', () => {
    const [first] = game.runs;
    const asked = {
      ...game,
      runs: [{ ...first!, calls: 3 + 8 + 2, ledger: ledger(3, [3, 3], { products: 4, losses: 6 }) }],
    };
    const page = parseHTML(report(results(asked))).document;
    const table = [...page.querySelectorAll('table')].find((one) =>
      one.querySelector('th:nth-child(3)')?.textContent?.startsWith('gradients of x'),
    );
    const words = (selector: string): (string | null)[] =>
      [...(table?.querySelectorAll(selector) ?? [])].map((each) => each.textContent);
    expect(words('th')).toEqual([
      'method',
      'steps',
      'gradients of x',
      'gradients of y',
      'losses',
      'products J·v',
      'oracle calls',
    ]);
    expect(words('td')).toEqual(['gda', '3', '3', '3', '6', '4', '13']);
    const prices = [...page.querySelectorAll('dl')]
      .map((list) => list.textContent ?? '')
      .find((text) => text.includes('gradient of all players'));
    for (const price of ['gradient of x0.5 calls', 'products J·v2 calls', 'losses0.333 calls'])
      expect(prices).toContain(price);
    expect(prices).not.toContain('residuals'); // nobody asked for one
  });
  it('says when it was interrupted, and survives having nothing', () => {
    expect(report({ ...results(), interrupted: true })).toContain('was interrupted');
    expect(() => report(results({ ...game, runs: [] }, { ...gan(2), runs: [] }))).not.toThrow();
  });
  it('survives runs that failed before anything was measured', () => {
    const failed: Run = {
      ...run('adam', 1, 0),
      status: 'failed',
      values: {},
      series: {},
      pictures: [],
      seconds: null,
    };
    expect(report(results({ ...gan(1), runs: [failed] }))).toContain('<td>failed</td>');
  });
});

describe('theory in the report', () => {
  it('draws bound and measurement, says the share at the end, and why nothing is promised of others', () => {
    const page = parseHTML(report(results(proved(true)))).document;
    const cells = [...page.querySelectorAll('td')].map((td) => td.textContent);
    for (const cell of ['EG+ under weak Minty', 'best ‖F‖²', '25 %']) expect(cells).toContain(cell);
    const said = page.body.textContent ?? '';
    for (const words of ['What theory promises', 'a < b. Somebody 2022.', 'γ < 1/L fails'])
      expect(said).toContain(words);
    expect(page.querySelectorAll('svg').length).toBe(3); // field, residuals, theory
    const titles = [...page.querySelectorAll('text')].map((text) => text.textContent);
    for (const words of ['EG+ under weak Minty', 'best ‖F‖²']) expect(titles).toContain(words);
  });
  it('a panel says the whole theorem, however long its name, on lines of its own', () => {
    const theorem = `a bound ${'of a very long name '.repeat(9)}after Somebody 2022`;
    const section = proved(true);
    const long = section.runs.map((one) => ({
      ...one,
      claims: one.claims.map((claim) => (claim.claim === 'bound' ? { ...claim, theorem } : claim)),
    }));
    const { document } = parseHTML(drawNamed({ ...section, runs: long }, 'theory'));
    const titles = [...document.querySelectorAll('text')].map((text) =>
      [...text.querySelectorAll('tspan')].map((line) => line.textContent).join(' '),
    );
    expect(titles.filter((title) => title === theorem)).toHaveLength(
      long.filter(({ claims }) => claims[0]?.claim === 'bound').length,
    );
  });
  it('a panel names its run where several runs have the theorem', () => {
    const section = proved(true);
    const bound = section.runs.at(-1)!;
    const runs = [bound, { ...bound, label: 'lookahead' }];
    const { document } = parseHTML(drawNamed({ ...section, runs }, 'theory'));
    const titles = [...document.querySelectorAll('text')].map((text) => text.textContent);
    for (const words of ['extragradient: best ‖F‖²', 'lookahead: best ‖F‖²']) expect(titles).toContain(words);
  });
  it('says so where more was measured than is allowed', () => {
    expect(report(results(proved(false)))).toContain('broken');
    expect(report(results(game))).not.toContain('What theory promises');
  });
});

it('a loss that explodes is cut off, and said to be, so that the others can be read', () => {
  const losses = (label: string, D: number): Run => ({
    ...run(label, 1, 90),
    series: { 'loss D': { x: [5], y: [D] }, 'loss G': { x: [5], y: [0.7] } },
  });
  const tame = [losses('adam', 1.25), losses('extra-adam', 2), losses('alternating-adam', 1.5)];
  expect(report(results({ ...gan(1), runs: [...tame, losses('gda', 1e6)] }))).toContain(
    'loss, cut off at ±6',
  );
  expect(report(results({ ...gan(1), runs: tame }))).not.toContain('cut off');
});

describe('results', () => {
  it('reach a goal only with every value there and good enough', () => {
    const goal = { modes: { atLeast: 8 }, reverseKl: { atMost: 0.1 } };
    expect(within(goal, { modes: 8, reverseKl: 0.1 })).toBe(true);
    expect(within(goal, { modes: 7, reverseKl: 0 })).toBe(false);
    expect(within(goal, { modes: 8, reverseKl: 0.11 })).toBe(false);
    expect(within(goal, { modes: 8, reverseKl: null })).toBe(false);
    expect(within(goal, {})).toBe(false);
  });
  it('are judged by the median of the last measurements: one dip, or one lucky moment, decides nothing', () => {
    const settled = (y: (number | null)[], tail: number): Run['values'] => {
      const kl: Series = { x: y.map((_, i) => i), y };
      return settledValues({ kl }, ['kl', 'absent'], tail);
    };
    expect(settled([9, 9, 0.01, 0.5, 0.02, 0.03, 0.01], 5)).toEqual({ kl: 0.02 });
    expect(settled([0.5, 0.5, 0.01], 5)).toEqual({ kl: 0.5 });
    expect(settled([null, 0.1, null], 5)).toEqual({ kl: null });
    expect(settled([0.3, 0.7], 1)).toEqual({ kl: 0.7 });
    expect(settled([], 5)).toEqual({});
  });
  it('have reached bounds at the first measurement within them that was no lucky moment', () => {
    const found = (y: (number | null)[], tail: number, other = y.map(() => 0)): number | undefined =>
      firstWithin({ kl: { atMost: 0.1 }, other: { atLeast: 0 } }, { kl: over(y), other: over(other) }, tail);
    const over = (y: (number | null)[]): Series => ({ x: y.map((_, i) => 10 * i), y });
    expect(found([9, 0.1, 9], 1)).toBe(1);
    expect(found([9, 0.1, 0.2], 3)).toBeUndefined();
    // of 0.05, 9, 0.1 the median is 0.1
    expect(found([9, 9, 0.05, 9, 0.1], 3)).toBe(2);
    expect(found([9, 9, 9, 0.05, 0.1, null], 3)).toBe(3);
    expect(found([0.05], 5)).toBe(0);
    expect(found([], 5)).toBeUndefined();
    expect(found([9, null, 9], 1)).toBeUndefined();
    // each median is within, but no measurement is as a whole: the last of them counts
    expect(found([0, 0, 9, 9], 3, [0, -1, 0, 0])).toBe(0);
    expect(found([0, 0, 9], 3, [-1, 0, 0])).toBe(1);
    expect(found([9, 0, 0, 0, 9], 5, [0, -1, -1, 0, 0])).toBe(3);
    expect(found([9, 0, 0], 3, [0, -1, 0])).toBe(2);
    expect(found([9, 0, 0, 9, 0], 5, [0, -1, -1, 0, 0])).toBe(4);
    expect(firstWithin({}, {}, 1)).toBeUndefined();
    // where the settled values are within, there is one
    for (let k = 0; k < 200; k++) {
      const y = Array.from({ length: 7 }, (_, i) => (Math.imul(k + 1, 2654435761 + 97 * i) >>> 16) % 2);
      const settled = settledValues({ kl: over(y) }, ['kl'], 5)['kl'] === 0;
      if (settled) expect(found(y, 5)).toBeTypeOf('number');
    }
  });
  it('mean and standard error by hand', () => {
    const { n, mean, error } = meanAndError([1, 2, 3, null, NaN]);
    expect([n, mean]).toEqual([3, 2]);
    expect(error).toBeCloseTo(1 / Math.sqrt(3), 15);
  });
  it('are read as they were written', () => {
    const whole = results(proved(true), gan(2));
    expect(readResults(JSON.stringify(whole))).toEqual(whole);
  });
  const text = JSON.stringify(results(game));
  it.each([
    ['another format', text.replace('"format":1', '"format":2'), 'r.json: its format is 2; expected 1'],
    [
      'none, as earlier versions wrote',
      text.replace('"format":1,', ''),
      'r.json: its format is not stated; expected 1 (results of earlier versions state none; run the comparison again)',
    ],
    ['half a file', text.slice(0, 99), 'r.json is damaged, or holds no results: '],
    [
      'an entry of another shape',
      text.replace('"calls":3', '"calls":"3"'),
      'r.json is damaged: sections.0.runs.0.calls: ',
    ],
    [
      'series of unequal lengths',
      text.replace('"x":[0,1]', '"x":[0]'),
      'sections.0.runs.0.series.residual: a series has as many y as x',
    ],
    ['a status that is none', text.replace('"status":"converged"', '"status":"done"'), 'sections.0.'],
  ])('%s: an error of the user that says what is wrong', (_, damaged, words) => {
    expect(damaged).not.toBe(text);
    expect(() => readResults(damaged, 'r.json')).toThrow(words);
    expect(() => readResults(damaged, 'r.json')).toThrow(expect.objectContaining({ name: 'InputError' }));
  });
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
    expect(lines[0]).toBe('section,method,seed,series,x,y');
    expect(lines).toHaveLength(1 + 4 * (7 * 2 + 1));
    expect(lines).toContain('ring,adam,1,rotation D,5,-0.5');
    expect(lines).toContain('ring,adam,1,highQuality,9,90');
    expect(measuresCsv(results(game)).split('\n')[1]).toMatch(/,gda,,residual,0,1$/);
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
