import * as Plot from '@observablehq/plot';
import { labelsIn } from '../../results/judge.js';
import type { ScatterPlot, Section } from '../../results/section.js';
import { byLabel, draw, logTick, logTicks } from '../draw.js';

/** The most dots that are drawn large. */
const FEW = 60;

/** Draws a series of each run as dots, y over x. Values that a logarithmic axis cannot show are left out. */
export function scatterPlot(section: Section, { title, series: name, line, x, y }: ScatterPlot): string {
  const shown = (value: number, scale: 'linear' | 'log'): boolean => scale === 'linear' || value > 0;
  const pointsOf = (named: string) =>
    section.runs.flatMap(({ label, seed, series }) => {
      const { x: xs, y: ys } = series[named] ?? { x: [], y: [] };
      return xs.flatMap((at, i) => {
        const value = ys[i] ?? null;
        const run = `${label} ${seed}`;
        return value === null || !shown(at, x.scale) || !shown(value, y.scale)
          ? []
          : [{ at, value, label, run }];
      });
    });
  const points = pointsOf(name);
  if (points.length === 0) return '';
  const few = points.length <= FEW; // dots that are alone must be seen
  const axis = ({ label, scale }: ScatterPlot['x'], values: readonly number[]): Plot.ScaleOptions => ({
    label,
    grid: true,
    ...(scale === 'log' ? { type: 'log', ticks: logTicks(values), tickFormat: logTick } : {}),
  });
  return draw(title, {
    width: 760,
    height: 420,
    marginLeft: 60,
    marginRight: 20,
    marginBottom: 44,
    color: byLabel(labelsIn(section)),
    x: {
      ...axis(
        x,
        points.map(({ at }) => at),
      ),
      labelAnchor: 'center',
      ...(few ? { inset: 10 } : {}),
      labelOffset: 36,
    },
    y: {
      ...axis(
        y,
        points.map(({ value }) => value),
      ),
      ...(few ? { inset: 10 } : {}),
    },
    marks: [
      ...(line === undefined
        ? []
        : [
            Plot.line(pointsOf(line), {
              x: 'at',
              y: 'value',
              stroke: 'label',
              z: 'run',
              strokeOpacity: 0.6,
            }),
          ]),
      Plot.dot(points, {
        x: 'at',
        y: 'value',
        fill: 'label',
        fillOpacity: few ? 0.8 : 0.55,
        r: few ? 5 : 2.6,
      }),
    ],
  });
}
