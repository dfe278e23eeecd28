import * as Plot from '@observablehq/plot';
import type { GameSection } from '../results.js';
import { byLabel, callsAxis, draw, logAxis, logTick, logTicks } from './draw.js';

/** The vector field of a 2-D game with each run's way through it. */
export function fieldPlot({ field, runs }: GameSection): string {
  if (field === undefined) return '';
  const lengths = field.arrows.map(({ u, v }) => Math.hypot(u, v)).sort((a, b) => a - b);
  const longest = lengths[Math.floor(0.85 * lengths.length)] || 1; // what lies far out would shrink the rest
  const width = 640;
  const cells = Math.max(1, Math.sqrt(field.arrows.length));
  const arrows = field.arrows.map(({ x, y, u, v }) => ({
    x,
    y,
    rotate: (Math.atan2(u, v) * 180) / Math.PI,
    length: Math.min(1.2, Math.sqrt(Math.hypot(u, v) / longest)),
  }));
  const points = runs.flatMap(({ label, path }) => path.map(([x, y]) => ({ x, y, label })));
  const ends = runs.flatMap(({ label, path }) => path.slice(-1).map(([x, y]) => ({ x, y, label })));
  const start = runs[0]?.path[0];
  return draw('The vector field −F and the way of each method through it', {
    width,
    height: Math.round((width * (field.y[1] - field.y[0])) / (field.x[1] - field.x[0])) + 10,
    marginLeft: 50,
    x: { domain: field.x, label: field.names[0], clamp: false },
    y: { domain: field.y, label: field.names[1] },
    color: byLabel(runs.map(({ label }) => label)),
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
        z: 'label',
        strokeOpacity: 0.9,
        clip: true,
      }),
      ...(start
        ? [
            Plot.dot([start], {
              x: (d: readonly [number, number]) => d[0],
              y: (d: readonly [number, number]) => d[1],
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

/** Residual against oracle calls, log scale. */
export function residualPlot({ runs }: GameSection): string {
  const points = runs.flatMap(({ label, curve }) =>
    curve.filter(({ residual }) => residual > 0).map(({ calls, residual }) => ({ calls, residual, label })),
  );
  if (points.length === 0) return '';
  return draw('Residual against oracle calls', {
    width: 640,
    height: 340,
    marginLeft: 60,
    color: byLabel(runs.map(({ label }) => label)),
    marginBottom: 44,
    x: callsAxis,
    y: logAxis(
      points.map(({ residual }) => residual),
      'residual',
    ),
    marks: [Plot.line(points, { x: 'calls', y: 'residual', stroke: 'label', z: 'label', strokeWidth: 1.8 })],
  });
}

/**
 * What theory promises (dashed) over what was measured, a panel for each method that has a theorem; both axes
 * logarithmic.
 */
export function theoryPlot({ runs }: GameSection): string {
  const held = runs.flatMap(({ label, theory }) =>
    theory !== undefined && 'theorem' in theory
      ? [{ label, panel: `${label}: ${theory.theorem}`, curve: theory.curve }]
      : [],
  );
  const points = held.flatMap(({ label, panel, curve }) =>
    curve
      .filter(({ steps }) => steps > 0)
      .flatMap(({ steps, measured, bound }) => [
        ...(measured > 0 ? [{ label, panel, steps, value: measured, line: 'measured' }] : []),
        ...(bound === null ? [] : [{ label, panel, steps, value: bound, line: 'bound' }]),
      ]),
  );
  if (points.length === 0) return '';
  const columns = Math.min(2, held.length);
  const position = new Map(
    held.map(({ panel }, i) => [panel, { fx: i % columns, fy: Math.floor(i / columns) }]),
  );
  const placed = points.map((point) => ({ ...point, ...(position.get(point.panel) ?? { fx: 0, fy: 0 }) }));
  const most = Math.max(...points.map(({ value }) => value));
  const least = Math.max(Math.min(...points.map(({ value }) => value)), 1e-20 * most);
  const rows = Math.ceil(held.length / columns);
  return draw('What theory bounds, dashed, and what was measured', {
    width: 380 * columns,
    height: 60 + 210 * rows,
    marginLeft: 60,
    marginTop: 26,
    marginBottom: 44,
    color: byLabel(runs.map(({ label }) => label)),
    fx: { axis: null, padding: 0.12 },
    fy: { axis: null, padding: 0.16 },
    x: {
      type: 'log',
      label: 'steps',
      labelAnchor: 'center',
      labelOffset: 36,
      ticks: logTicks(
        points.map(({ steps }) => steps),
        4,
      ),
      tickFormat: logTick,
    },
    y: {
      ...logAxis([least, most], null),
      domain: [least, most],
      ticks: logTicks([least, most], 5),
      clamp: true,
    },
    marks: [
      Plot.line(
        placed.filter(({ line }) => line === 'bound'),
        {
          x: 'steps',
          y: 'value',
          fx: 'fx',
          fy: 'fy',
          z: 'panel',
          stroke: 'currentColor',
          strokeDasharray: '5 4',
          strokeOpacity: 0.8,
        },
      ),
      Plot.line(
        placed.filter(({ line }) => line === 'measured'),
        { x: 'steps', y: 'value', fx: 'fx', fy: 'fy', z: 'panel', stroke: 'label', strokeWidth: 1.8 },
      ),
      Plot.text(
        [...position].map(([panel, at]) => ({ panel, ...at })),
        {
          fx: 'fx',
          fy: 'fy',
          text: 'panel',
          lineWidth: 24,
          textOverflow: 'ellipsis',
          frameAnchor: 'top-left',
          dy: -16,
          fill: 'currentColor',
          fontWeight: 'bold',
        },
      ),
    ],
  });
}
