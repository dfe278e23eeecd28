import * as Plot from '@observablehq/plot';
import { labelsIn } from '../../results/judge.js';
import type { PlanePlot, Section } from '../../results/section.js';
import { byLabel, draw } from '../draw.js';

/** The path of a run in the plane: its series `path`. */
const pathOf = ({ series }: Section['runs'][number]): { readonly x: number; readonly y: number }[] => {
  const { x, y } = series['path'] ?? { x: [], y: [] };
  return x.flatMap((at, i) => {
    const up = y[i] ?? null;
    return up === null ? [] : [{ x: at, y: up }];
  });
};

/** Draws a vector field in the plane, and each run's path through it. */
export function planePlot(section: Section, field: PlanePlot): string {
  const { runs } = section;
  const lengths = field.arrows.map(({ u, v }) => Math.hypot(u, v)).sort((a, b) => a - b);
  // the longest arrows, far out, would shrink the others
  const longest = lengths[Math.floor(0.85 * lengths.length)] || 1;
  const width = 640;
  const cells = Math.max(1, Math.sqrt(field.arrows.length));
  const arrows = field.arrows.map(({ x, y, u, v }) => ({
    x,
    y,
    rotate: (Math.atan2(u, v) * 180) / Math.PI,
    length: Math.min(1.2, Math.sqrt(Math.hypot(u, v) / longest)),
  }));
  const points = runs.flatMap((run) =>
    pathOf(run).map((at) => ({ ...at, label: run.label, seed: run.seed })),
  );
  const ends = runs.flatMap((run) =>
    pathOf(run)
      .slice(-1)
      .map((at) => ({ ...at, label: run.label })),
  );
  const start = runs.flatMap((run) => pathOf(run).slice(0, 1))[0];
  return draw(field.title, {
    width,
    height: Math.round((width * (field.y[1] - field.y[0])) / (field.x[1] - field.x[0])) + 10,
    marginLeft: 50,
    x: { domain: field.x, label: field.names[0], clamp: false },
    y: { domain: field.y, label: field.names[1] },
    color: byLabel(labelsIn(section)),
    length: { domain: [0, 1], range: [0, (0.75 * width) / cells] },
    marks: [
      Plot.vector(arrows, {
        x: 'x',
        y: 'y',
        rotate: 'rotate',
        length: 'length',
        stroke: 'currentColor',
        strokeOpacity: 0.28,
        anchor: 'middle',
      }),
      Plot.line(points, {
        x: 'x',
        y: 'y',
        stroke: 'label',
        strokeWidth: 1.6,
        z: (d: (typeof points)[number]) => `${d.label} ${d.seed}`,
        strokeOpacity: 0.9,
        clip: true,
      }),
      ...(start
        ? [
            Plot.dot([start], {
              x: 'x',
              y: 'y',
              r: 4,
              stroke: 'currentColor',
              strokeWidth: 1.5,
            }),
          ]
        : []),
      Plot.dot(ends, { x: 'x', y: 'y', fill: 'label', r: 4, clip: true }),
      ...(field.solution
        ? [
            Plot.dot([field.solution], {
              x: (d: readonly [number, number]) => d[0],
              y: (d: readonly [number, number]) => d[1],
              symbol: 'star',
              r: 7,
              fill: 'currentColor',
            }),
          ]
        : []),
    ],
  });
}
