import * as Plot from '@observablehq/plot';
import { labelsIn, seedsIn } from '../../results/judge.js';
import type { LinesPlot, Section } from '../../results/section.js';
import { byLabel, callsAxis, dashOf, draw, logAxis, symbolOf } from '../draw.js';
import { figure } from '../html.js';

/** Calls `mark` with the points of each seed and its index; what is not random is with the first. */
export function bySeed<P extends { readonly seed: number | null }, M>(
  points: readonly P[],
  seeds: readonly number[],
  mark: (points: readonly P[], index: number) => M,
): M[] {
  if (seeds.length === 0) return [mark(points, 0)];
  return seeds.map((seed, i) =>
    mark(
      points.filter((point) => point.seed === seed || (i === 0 && point.seed === null)),
      i,
    ),
  );
}

/**
 * Where values are cut off, so that one run that diverges does not hide the others: at four times the median
 * of the runs' largest absolute values.
 */
function cutOff(sizes: readonly number[]): number {
  const sorted = sizes.toSorted((a, b) => a - b);
  const most = 4 * (sorted[Math.floor((sorted.length - 1) / 2)] ?? Infinity);
  return most > 0 ? most : Infinity;
}

/** Draws series against oracle calls, a line for each run. */
export function linesPlot(section: Section, { title, panels, y, reference, dots }: LinesPlot): string {
  const { runs } = section;
  const sizes = runs.map(({ series }) =>
    panels.reduce(
      (most, panel) =>
        (series[panel.series]?.y ?? []).reduce<number>((a, b) => Math.max(a, Math.abs(b ?? 0)), most),
      0,
    ),
  );
  const most = y.cut ? cutOff(sizes) : Infinity;
  const label = sizes.some((size) => size > most) ? `${y.label}, cut off at ±${figure(most)}` : y.label;
  const points = runs.flatMap(({ label: run, seed, series }) =>
    panels.flatMap((panel) => {
      const { x, y: values } = series[panel.series] ?? { x: [], y: [] };
      return x.flatMap((calls, i) => {
        const value = values[i] ?? null;
        if (value === null || (y.scale === 'log' && value <= 0)) return [];
        return [
          {
            calls,
            value: Math.max(-most, Math.min(value, most)),
            label: run,
            seed,
            panel: panel.title ?? '',
          },
        ];
      });
    }),
  );
  if (points.length === 0) return '';
  const facet = panels.length > 1 ? { fx: 'panel' } : {};
  const seeds = seedsIn(section);
  return draw(title, {
    width: 760,
    height: panels.length > 1 ? 260 : 330,
    ...(panels.length > 1 ? { marginTop: 48 } : {}), // the axis' label above the panels' titles
    marginLeft: 60,
    marginRight: 20,
    marginBottom: 44,
    color: byLabel(labelsIn(section)),
    x: { ...callsAxis, ...(panels.length > 1 ? { ticks: 4 } : {}) },
    y:
      y.scale === 'log'
        ? logAxis(
            points.map(({ value }) => value),
            label,
          )
        : {
            label,
            grid: true,
            type: y.scale,
            ...(y.domain ? { domain: y.domain } : {}),
            ...(y.zero ? { zero: true } : {}),
          },
    // in the order given, where Plot would sort them
    fx: { label: null, domain: panels.map(({ title: name }) => name ?? '') },
    marks: [
      ...(y.domain && y.domain[0] < 0
        ? [Plot.ruleY([0], { stroke: 'currentColor', strokeOpacity: 0.5 })]
        : []),
      ...(reference
        ? [
            Plot.ruleY([reference.value], { stroke: 'currentColor', strokeDasharray: '4 4' }),
            Plot.text([reference.label], {
              x: points.reduce((far, { calls }) => Math.max(far, calls), 0),
              y: reference.value,
              text: (d: string) => d,
              textAnchor: 'end',
              dy: -7,
              fill: 'currentColor',
            }),
          ]
        : []),
      ...bySeed(points, seeds, (own, i) =>
        Plot.line(own, {
          x: 'calls',
          y: 'value',
          stroke: 'label',
          z: 'label',
          ...facet,
          strokeWidth: panels.length > 1 ? 1.2 : 1.7,
          strokeDasharray: dashOf(i),
        }),
      ),
      ...(dots
        ? bySeed(points, seeds, (own, i) =>
            Plot.dot(own, { x: 'calls', y: 'value', fill: 'label', ...facet, r: 2.6, symbol: symbolOf(i) }),
          )
        : []),
    ],
  });
}
