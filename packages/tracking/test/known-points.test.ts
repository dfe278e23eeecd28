import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import type { ScatterPlot, Section } from '../src/index.js';
import { drawPlot } from '../src/report/plots.js';
import { gradientsPlot, rotationPlot, smoothnessPlot } from '../src/report/plots/along.js';
import { spectrumPlot } from '../src/report/plots/spectrum.js';
import { renumbered } from '../src/report/draw.js';
import { game } from './sections.js';

type Pair = readonly [x: number, y: number];
interface Drawn {
  readonly dots: readonly Pair[];
  readonly x: string;
  readonly y: string;
}

/** Where dots are drawn, in pixels from the upper left corner, and the axes' labels. */
function drawn(svg: string): Drawn {
  const { document } = parseHTML(svg);
  const marks = [...document.querySelectorAll('g[aria-label="dot"] > *')];
  const dots = marks.map((mark): Pair => {
    const [, x, y] = /translate\(([^,]+),([^)]+)\)/.exec(mark.getAttribute('transform') ?? '') ?? [
      '',
      mark.getAttribute('cx') ?? '',
      mark.getAttribute('cy') ?? '',
    ];
    return [Math.round(Number(x)), Math.round(Number(y))];
  });
  const label = (axis: string): string =>
    document.querySelector(`g[aria-label="${axis}-axis label"]`)?.textContent ?? '';
  return { dots, x: label('x'), y: label('y') };
}
/** Coordinates without the last bits, which differ between versions of Node. */
const rounded = (svg: string): string =>
  renumbered(svg).replace(/-?\d+\.\d{3,}/g, (x) => String(Number(Number(x).toFixed(2))));

const scatter: ScatterPlot = {
  name: 'cloud',
  title: 'a cloud',
  draw: 'scatter',
  series: 'cloud',
  line: 'law',
  x: { label: 'length', scale: 'linear' },
  y: { label: 'weight', scale: 'log' },
};
const clouds: Section = {
  ...game,
  runs: game.runs.map((one, i) => ({
    ...one,
    series: {
      cloud: i === 0 ? { x: [0, 10], y: [1, 10_000] } : { x: [2.5], y: [100] },
      law: { x: [0, 10], y: [10, 1000] },
    },
  })),
};
const path = [
  { at: 0, rotation: 0.25, gradients: [100, 1] },
  { at: 40, rotation: 1, gradients: [1, 10] },
];
const smoothness = [
  { gradient: 1, smoothness: 10 },
  { gradient: 100, smoothness: 1000 },
  { gradient: 10, smoothness: 10 },
];
const spectra = [
  { at: 'start', whole: true, re: [1, 1], im: [3, -3] },
  { at: 'end', whole: true, re: [0], im: [0] },
];
const cells = { re: [-2, 8], im: [-4, 4], columns: 2, rows: 2 } as const;
const regions = [{ label: 'gda', ...cells, factors: [2, 2, 0.5, 2] }];

// Frames: of a scatter 60 to 740 by 20 to 376, and 10 less on each side for few points; of a spectrum 64 to
// 620 by 20 to 416; of curves along a run 64 to 620 by 20 to 256.
describe('points are drawn where they are, and axes say what they are', () => {
  it.each<[string, string, readonly Pair[], x: string, y: string]>([
    [
      'scatter',
      drawPlot(clouds, scatter),
      [
        [70, 366],
        [730, 30],
        [235, 198],
      ],
      'length',
      'weight',
    ],
    [
      'spectrum',
      spectrumPlot({ spectra, regions }),
      [
        [218, 53],
        [218, 383],
        [157, 218],
      ],
      'real part: pulls inwards above 0',
      'imaginary part: rotates',
    ],
    [
      'rotation',
      rotationPlot({ path }),
      [
        [64, 197],
        [620, 20],
      ],
      'oracle calls',
      'imaginary share of the eigenvalues',
    ],
    [
      'gradients',
      gradientsPlot({ path, players: ['x', 'y'] }),
      [
        [64, 20],
        [64, 256],
        [620, 256],
        [620, 138],
      ],
      'oracle calls',
      '‖F‖ by player',
    ],
    [
      'smoothness',
      smoothnessPlot({ smoothness }),
      [
        [64, 256],
        [620, 20],
        [342, 256],
      ],
      '‖F(z)‖',
      'smoothness',
    ],
  ])('%s', async (name, svg, dots, x, y) => {
    const found = drawn(svg);
    expect(found.dots).toEqual(dots);
    expect(found.x.replaceAll(/[^\p{L}\p{N}:‖() ]/gu, '').trim()).toBe(x);
    expect(found.y.replaceAll(/[^\p{L}\p{N}:‖() ]/gu, '').trim()).toBe(y);
    await expect(rounded(svg)).toMatchFileSnapshot(`figures/known-${name}.svg`);
  });
});
