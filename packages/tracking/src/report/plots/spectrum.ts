import * as Plot from '@observablehq/plot';
import type { DiagnosisPage } from '../../results/diagnosis.js';
import { colour } from '../colours.js';
import { byLabel, draw } from '../draw.js';

/** Eigenvalues in the complex plane, and the lines inside which methods are stable. */
export function spectrumPlot({ spectra, regions }: Pick<DiagnosisPage, 'spectra' | 'regions'>): string {
  const points = spectra.flatMap(({ at, re, im }) => re.map((x, k) => ({ x, y: im[k] ?? 0, at })));
  if (points.length === 0) return '';
  const reach = Math.max(...points.map(({ x, y }) => Math.hypot(x, y)), 0) || 1;
  const [least, most] = [Math.min(...points.map(({ x }) => x)), Math.max(...points.map(({ x }) => x))];
  // a tenth less than the cells, so that no line runs along the frame
  const inner = ([from, to]: readonly [number, number]): [number, number] => [
    from + 0.05 * (to - from),
    to - 0.05 * (to - from),
  ];
  const [first] = regions;
  const across = inner(first?.re ?? [Math.min(-0.1 * reach, 1.2 * least), 1.2 * Math.max(reach, most)]);
  const up = inner(first?.im ?? [-1.2 * reach, 1.2 * reach]);
  const names = spectra.map(({ at }) => at);
  return draw('Eigenvalues of the Jacobian, and where methods are stable', {
    width: 640,
    height: 460,
    marginLeft: 64,
    marginRight: 20,
    marginBottom: 44,
    x: {
      domain: across,
      label: 'real part: pulls inwards above 0',
      labelAnchor: 'center',
      labelOffset: 36,
    },
    y: { domain: up, label: 'imaginary part: rotates' },
    color: byLabel(regions.map(({ label }) => label)),
    symbol: { domain: names, range: ['circle', 'times'] },
    marks: [
      Plot.ruleX([0], { strokeOpacity: 0.35 }),
      Plot.ruleY([0], { strokeOpacity: 0.35 }),
      ...regions.map(({ factors, columns, rows, re, im }, i) =>
        Plot.contour(factors, {
          width: columns,
          height: rows,
          x1: re[0],
          x2: re[1],
          y1: im[0],
          y2: im[1],
          thresholds: [1],
          stroke: colour(i),
          strokeWidth: 1.8,
          clip: true,
        }),
      ),
      Plot.dot(points, { x: 'x', y: 'y', symbol: 'at', stroke: 'currentColor', r: 4, strokeWidth: 1.4 }),
    ],
  });
}
