import * as Plot from '@observablehq/plot';
import { labelsIn, resultOf, seedsIn } from '../../results/judge.js';
import type { EndsPlot, Section } from '../../results/section.js';
import { byLabel, draw, symbolOf } from '../draw.js';
import { bySeed } from './lines.js';

/** Draws a column's value at the end of every run as a mark. */
export function endsPlot(section: Section, { title, column: name }: EndsPlot): string {
  const labels = labelsIn(section);
  const column = section.columns.find((one) => one.name === name);
  const points = section.runs.flatMap((run) => {
    const { label, seed } = run;
    const value = resultOf(run)[name];
    return value === null || value === undefined ? [] : [{ label, seed, value }];
  });
  if (column === undefined || points.length === 0) return '';
  return draw(title, {
    width: 760,
    height: 70 + 26 * labels.length,
    marginLeft: Math.min(330, 16 + 6.6 * Math.max(...labels.map(({ length }) => length))),
    marginBottom: 44,
    color: byLabel(labels),
    y: { domain: [...labels], label: null },
    x: {
      label: `${column.label}${column.unit === undefined ? '' : `, ${column.unit}`}`,
      labelAnchor: 'center',
      labelOffset: 36,
      grid: true,
      zero: true,
    },
    marks: [
      ...(column.best !== undefined
        ? [Plot.ruleX([column.best], { stroke: 'currentColor', strokeDasharray: '4 4' })]
        : []),
      ...bySeed(points, seedsIn(section), (own, i) =>
        Plot.dot(own, {
          x: 'value',
          y: 'label',
          fill: 'label',
          r: 5,
          fillOpacity: 0.85,
          symbol: symbolOf(i),
        }),
      ),
    ],
  });
}
