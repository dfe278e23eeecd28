import { describe, expect, it } from 'vitest';
import { parseHTML } from 'linkedom';
import { figures, report, type Figure, type Results, type Section } from '../src/index.js';
import { logTick, logTicks } from '../src/report/draw.js';
import { bySeed } from '../src/report/plots/lines.js';
import { standalone, wrapped } from '../src/report/standalone.js';
import { game, gan, proved, results, run } from './sections.js';

const titled: Section = { ...proved(true), title: 'xy & its cure' };
const PNG = 'iVBORw0KGgo=';
const one = gan(1);
const images: Section = {
  ...one,
  title: 'images',
  plots: one.plots.map((plot) =>
    plot.draw === 'samples' ? { name: plot.name, title: plot.title, draw: 'samples' } : plot,
  ),
  runs: [
    {
      ...run('adam', 1, 90),
      pictures: [
        { calls: 5, png: PNG, width: 2, height: 2 },
        { calls: 9, png: PNG, width: 2, height: 2 },
      ],
    },
  ],
};
const shown: Results = results(titled, gan(2), images);
const drawn = figures(shown);
const named = (name: string): string => drawn.find((figure) => figure.name === name)?.svg ?? '';

/** What opens is closed, in order, as XML has it. */
function unbalanced(svg: string): string[] {
  const open: string[] = [];
  for (const [tag, end, name = '', empty] of svg.matchAll(/<(\/?)([a-zA-Z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (end === '' && empty === '') open.push(name);
    else if (end !== '' && open.pop() !== name) return [tag];
  }
  return open;
}
/** Coordinates without the last bits, which differ between versions of Node. */
const rounded = (svg: string): string =>
  svg.replace(/-?\d+\.\d{3,}/g, (x) => String(Number(Number(x).toFixed(2))));

describe('figures', () => {
  it('are all pictures of the report, by name', () =>
    expect(drawn.map(({ name }) => name)).toEqual([
      'xy-its-cure-paths',
      'xy-its-cure-residual',
      'xy-its-cure-theory',
      'ring-samples',
      'ring-metric',
      'ring-results',
      'ring-losses',
      'ring-gradients',
      'ring-turning',
      'images-samples',
      'images-metric',
      'images-losses',
      'images-gradients',
      'images-turning',
    ]));
  it.each(drawn)('$name is as it was, axes and legend included', async ({ name, svg }: Figure) => {
    await expect(rounded(svg)).toMatchFileSnapshot(`figures/${name}.svg`);
  });
  it.each(drawn)(
    '$name is an SVG file of its own: one namespace, well-formed, nothing from outside, no style of a page',
    ({ svg }: Figure) => {
      expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ')).toBe(true);
      expect(unbalanced(svg)).toEqual([]);
      expect(svg).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#\d+;)/);
      expect(svg).not.toMatch(/(?:href|src)="(?!data:|#)|url\((?!#)|var\(|@import|class="(?!plot-)/);
      expect(svg).toContain('<rect width="100%" height="100%" fill="#ffffff"/>');
    },
  );
  it('say what they show: a title, every method in its colour, every seed', () => {
    const { document } = parseHTML(named('ring-metric'));
    expect(document.querySelector('title')?.textContent).toBe('ring: high quality against oracle calls');
    const entries = [...document.querySelectorAll('g[transform] > text')].map((text) => text.textContent);
    for (const entry of ['adam', 'gda', '● seed 1', '▲ seed 2']) expect(entries).toContain(entry);
    const colourOf = (label: string): string | null | undefined =>
      [...document.querySelectorAll('g')]
        .find((g) => g.querySelector(':scope > text')?.textContent === label)
        ?.querySelector('circle')
        ?.getAttribute('fill');
    const strokes = [...document.querySelectorAll('g[aria-label="line"] path')].map((path) =>
      path.getAttribute('stroke'),
    );
    expect(strokes).toEqual([colourOf('adam'), colourOf('gda'), colourOf('adam'), colourOf('gda')]);
  });
  it('put oracle calls along x and the residual along y: extragradient ends right and low', () => {
    const { document } = parseHTML(named('xy-its-cure-residual'));
    const [first = [], last = []] = [...document.querySelectorAll('g[aria-label="line"] path')]
      .slice(-1)
      .flatMap((path) => [...(path.getAttribute('d') ?? '').matchAll(/[ML]?([\d.]+),([\d.]+)/g)])
      .map(([, x, y]) => [Number(x), Number(y)]);
    expect(last).toEqual([740, 286]); // the plot's inner edges: 760 − 20, 330 − 44
    expect(first[0]).toBe(60);
  });
  it('show what is not random once, beside seeds or alone', () => {
    const points = [{ seed: 1 }, { seed: null }, { seed: 2 }];
    expect(bySeed(points, [1, 2], (own) => own)).toEqual([[{ seed: 1 }, { seed: null }], [{ seed: 2 }]]);
    expect(bySeed([{ seed: null }], [], (own) => own)).toEqual([[{ seed: null }]]);
  });
  it('are a pure function, and survive results without runs', () => {
    expect(figures(shown)).toEqual(drawn);
    expect(figures(results({ ...game, runs: [] }, { ...gan(2), runs: [] })).map(({ name }) => name)).toEqual([
      'script-alert-x-script-τ-paths',
    ]);
  });
  it('of sections of one title have names of their own', () => {
    const names = figures(results(titled, titled)).map(({ name }) => name);
    expect(new Set(names).size).toBe(6);
    expect(names[3]).toBe('xy-its-cure-2-paths');
  });
});

describe('a picture as a file', () => {
  const plain = '<svg viewBox="0 0 200 100" width="200" height="100"></svg>';
  it('breaks a long title and a long legend, and grows by as much', () => {
    const height = (title: string, labels: string[]): number =>
      Number(/height="(\d+)"/.exec(standalone(plain, title, { labels }))?.[1]);
    expect(height('short', ['a'])).toBe(100 + 16 + 16 + 14 + 20 + 20 - 4);
    expect(height('a title of some words, too long', ['a'])).toBe(height('short', ['a']) + 20);
    expect(height('short', ['a long label of a method', 'another label'])).toBe(height('short', ['a']) + 20);
  });
  it('escapes its title and labels', () =>
    expect(standalone(plain, '<a> & b', { labels: ['"x"'] })).toContain('&lt;a&gt; &amp; b'));
  it('breaks lines at spaces only', () => {
    expect(wrapped('aa bb cc', 5)).toEqual(['aa bb', 'cc']);
    expect(wrapped('a-word-too-long b', 5)).toEqual(['a-word-too-long', 'b']);
    expect(wrapped('', 5)).toEqual(['']);
  });
});

describe('logarithmic axes', () => {
  it.each([
    [20, '20'],
    [0.05, '0.05'],
    [1, '1'],
    [1000, '10³'],
    [2e-8, '2·10⁻⁸'],
    [1e-8, '10⁻⁸'],
    [0.001, '10⁻³'],
    [3.7e12, '3.7·10¹²'],
  ])('write %d as %s', (x, words) => expect(logTick(x)).toBe(words));
  it('have ticks at powers of ten, at 1, 2 and 5 times one power, or at the ends', () => {
    expect(logTicks([1e-9, 1])).toEqual([1e-8, 1e-6, 1e-4, 0.01, 1]);
    expect(logTicks([0.4, 30])).toEqual([1, 10]);
    expect(logTicks([2, 9])).toEqual([2, 5]);
    expect(logTicks([0.61, 0.64])).toEqual([0.61, 0.64]);
    expect(logTicks([3])).toEqual([3]);
    expect(logTicks([])).toEqual([]);
  });
  it('never write 2e+1 in the report', () =>
    expect(parseHTML(report(shown)).document.body.textContent).not.toMatch(/\de\+\d/));
});

describe('the report on paper and on a phone', () => {
  const html = report(shown);
  it('keeps colours, and lets no column be cut off, in print', () => {
    const print = /@media print\{(.*)\}/.exec(html)?.[1] ?? '';
    for (const rule of [
      'print-color-adjust:exact',
      '.scroll{overflow:visible}',
      'th,td{padding:.2rem .35rem;white-space:normal}',
    ])
      expect(print).toContain(rule);
  });
  it('places each picture by row and time, so that a narrow screen can turn the order round', () => {
    const cells = [...parseHTML(html).document.querySelectorAll('.panels')]
      .at(-1)
      ?.querySelectorAll('[style]');
    expect([...(cells ?? [])].map((cell) => cell.getAttribute('style'))).toEqual([
      '--row:1;--time:1',
      '--row:1;--time:2',
      '--row:2;--time:0',
      '--row:2;--time:1',
      '--row:2;--time:2',
    ]);
    expect(
      /@media\(max-width:600px\)\{.*?grid-column:calc\(var\(--times\) \+ 2 - var\(--time\)\)/.test(html),
    ).toBe(true);
  });
  it('tells seeds apart by a legend of dashes and marks, where there is more than one', () => {
    expect(html).toContain('▲ seed 2');
    expect(report(results(gan(1)))).not.toContain('seed 1');
  });
});
