import * as Plot from '@observablehq/plot';
import { labelsIn } from '../../results/judge.js';
import type { BoundsPlot, Section } from '../../results/section.js';
import { byLabel, draw, logAxis, logTick, logTicks } from '../draw.js';

/**
 * What theory promises (dashed) over what was measured, a panel for each method that has a theorem; both axes
 * logarithmic.
 */
export function boundsPlot(section: Section, { title }: BoundsPlot): string {
  const held = section.runs.flatMap(({ label, seed, claims, series }) =>
    claims.flatMap((claim) =>
      claim.claim === 'bound'
        ? [{ label, panel: `${label}: ${claim.theorem}${seed === null ? '' : `, seed ${seed}`}`, series }]
        : [],
    ),
  );
  const points = held.flatMap(({ label, panel, series }) =>
    (['measured', 'bound'] as const).flatMap((line) => {
      const { x, y } = series[line] ?? { x: [], y: [] };
      return x.flatMap((steps, i) => {
        const value = y[i] ?? null;
        const drawn = value !== null && steps > 0 && (line === 'bound' || value > 0);
        return drawn ? [{ label, panel, steps, value, line }] : [];
      });
    }),
  );
  if (points.length === 0) return '';
  const columns = Math.min(2, held.length);
  const position = new Map(
    held.map(({ panel }, i) => [panel, { fx: i % columns, fy: Math.floor(i / columns) }]),
  );
  const placed = points.map((point) => ({ ...point, ...position.get(point.panel)! }));
  const most = Math.max(...points.map(({ value }) => value));
  const least = Math.max(Math.min(...points.map(({ value }) => value)), 1e-20 * most);
  const rows = Math.ceil(held.length / columns);
  return draw(title, {
    width: 380 * columns,
    height: 60 + 210 * rows,
    marginLeft: 60,
    marginTop: 26,
    marginBottom: 44,
    color: byLabel(labelsIn(section)),
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
