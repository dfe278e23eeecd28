import * as Plot from '@observablehq/plot';
import type { DiagnosisPage } from '../../results/diagnosis.js';
import { byLabel, callsAxis, draw, logAxis } from '../draw.js';

const wide = { width: 640, height: 300, marginLeft: 64, marginRight: 20, marginBottom: 44 };

/** The share of imaginary parts along a run. */
export function rotationPlot({ path }: Pick<DiagnosisPage, 'path'>): string {
  const points = path.flatMap(({ at, rotation }) => (rotation === null ? [] : [{ at, rotation }]));
  if (points.length < 2) return '';
  return draw('Rotation along a run', {
    ...wide,
    x: callsAxis,
    y: { domain: [0, 1], label: 'imaginary share of the eigenvalues', grid: true },
    marks: [
      Plot.lineY(points, { x: 'at', y: 'rotation', stroke: 'currentColor' }),
      Plot.dot(points, { x: 'at', y: 'rotation', fill: 'currentColor', r: 3 }),
    ],
  });
}

/** Each player’s gradient along a run. */
export function gradientsPlot({ path, players }: Pick<DiagnosisPage, 'path' | 'players'>): string {
  const points = path.flatMap(({ at, gradients }) =>
    gradients.flatMap((value, p) => (value > 0 ? [{ at, value, player: players[p] ?? '' }] : [])),
  );
  if (new Set(points.map(({ at }) => at)).size < 2) return '';
  return draw('Each player’s gradient along a run', {
    ...wide,
    x: callsAxis,
    y: logAxis(
      points.map(({ value }) => value),
      '‖F‖ by player',
    ),
    color: byLabel(players),
    marks: [
      Plot.lineY(points, { x: 'at', y: 'value', stroke: 'player' }),
      Plot.dot(points, { x: 'at', y: 'value', fill: 'player', r: 3 }),
    ],
  });
}

/** Smoothness against the gradient’s norm. */
export function smoothnessPlot({ smoothness }: Pick<DiagnosisPage, 'smoothness'>): string {
  const points = smoothness.filter(({ gradient, smoothness: steep }) => gradient > 0 && steep > 0);
  if (points.length < 3) return '';
  return draw('Smoothness against the gradient', {
    ...wide,
    x: {
      ...logAxis(
        points.map(({ gradient }) => gradient),
        '‖F(z)‖',
      ),
      labelAnchor: 'center',
      labelOffset: 36,
    },
    y: logAxis(
      points.map((point) => point.smoothness),
      'smoothness',
    ),
    marks: [
      Plot.dot(points, { x: 'gradient', y: 'smoothness', fill: 'currentColor', fillOpacity: 0.6, r: 3.5 }),
    ],
  });
}
