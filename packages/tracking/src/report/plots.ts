import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { resultOf, type GameSection, type GanSection } from '../results.js';
import { colours, figure } from './html.js';

/** Draws with a document of its own; the SVG takes its colours from the page, so one picture serves light and dark. */
function draw(options: Plot.PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = Plot.plot({ ...options, document, style: { background: 'transparent', fontSize: '12px', overflow: 'visible' } });
  svg.setAttribute('role', 'img');
  return svg.outerHTML;
}

const byLabel = (labels: readonly string[]): { domain: string[]; range: string[] } => ({ domain: [...labels], range: labels.map((_, i) => colours[i % colours.length] ?? '#888') });

/** The vector field of a 2-D game with each run's way through it. */
export function fieldPlot({ field, runs }: GameSection): string {
  if (field === undefined) return '';
  const lengths = field.arrows.map(({ u, v }) => Math.hypot(u, v)).sort((a, b) => a - b);
  const longest = lengths[Math.floor(0.85 * lengths.length)] || 1; // what lies far out would shrink the rest
  const width = 640;
  const cells = Math.max(1, Math.sqrt(field.arrows.length));
  const arrows = field.arrows.map(({ x, y, u, v }) => ({ x, y, rotate: (Math.atan2(u, v) * 180) / Math.PI, length: Math.min(1.2, Math.sqrt(Math.hypot(u, v) / longest)) }));
  const points = runs.flatMap(({ label, path }) => path.map(([x, y]) => ({ x, y, label })));
  const ends = runs.flatMap(({ label, path }) => path.slice(-1).map(([x, y]) => ({ x, y, label })));
  const start = runs[0]?.path[0];
  return draw({
    width, height: Math.round((width * (field.y[1] - field.y[0])) / (field.x[1] - field.x[0])) + 10, marginLeft: 50,
    x: { domain: field.x, label: field.names[0], clamp: false }, y: { domain: field.y, label: field.names[1] },
    color: byLabel(runs.map(({ label }) => label)), length: { domain: [0, 1], range: [0, (0.75 * width) / cells] },
    marks: [
      Plot.vector(arrows, { x: 'x', y: 'y', rotate: 'rotate', length: 'length', stroke: 'currentColor', strokeOpacity: 0.28, anchor: 'middle' }),
      Plot.line(points, { x: 'x', y: 'y', stroke: 'label', strokeWidth: 1.6, z: 'label', strokeOpacity: 0.9, clip: true }),
      ...(start ? [Plot.dot([start], { x: (d: readonly [number, number]) => d[0], y: (d: readonly [number, number]) => d[1], r: 4, stroke: 'currentColor', strokeWidth: 1.5 })] : []),
      Plot.dot(ends, { x: 'x', y: 'y', fill: 'label', r: 4, clip: true }),
      ...(field.solution ? [Plot.dot([field.solution], { x: (d: readonly [number, number]) => d[0], y: (d: readonly [number, number]) => d[1], symbol: 'star', r: 7, fill: 'currentColor' })] : []),
    ],
  });
}

/** Residual against oracle calls, log scale. */
export function residualPlot({ runs }: GameSection): string {
  const points = runs.flatMap(({ label, curve }) => curve.filter(({ residual }) => residual > 0).map(({ calls, residual }) => ({ calls, residual, label })));
  if (points.length === 0) return '';
  return draw({
    width: 640, height: 340, marginLeft: 60, color: byLabel(runs.map(({ label }) => label)),
    marginBottom: 44, x: { label: 'oracle calls', labelAnchor: 'center', labelOffset: 36 }, y: { type: 'log', label: 'residual', grid: true, tickFormat: '.0e', ticks: 6 },
    marks: [Plot.line(points, { x: 'calls', y: 'residual', stroke: 'label', z: 'label', strokeWidth: 1.8 })],
  });
}

/** What theory promises (dashed) over what was measured, a panel for each method that has a theorem; both axes logarithmic. */
export function theoryPlot({ runs }: GameSection): string {
  const held = runs.flatMap(({ label, theory }) => (theory !== undefined && 'theorem' in theory ? [{ label, panel: `${label}: ${theory.theorem}`, curve: theory.curve }] : []));
  const points = held.flatMap(({ label, panel, curve }) => curve.filter(({ steps }) => steps > 0).flatMap(({ steps, measured, bound }) => [
    ...(measured > 0 ? [{ label, panel, steps, value: measured, line: 'measured' }] : []), ...(bound === null ? [] : [{ label, panel, steps, value: bound, line: 'bound' }]),
  ]));
  if (points.length === 0) return '';
  const columns = Math.min(2, held.length);
  const position = new Map(held.map(({ panel }, i) => [panel, { fx: i % columns, fy: Math.floor(i / columns) }]));
  const placed = points.map((point) => ({ ...point, ...(position.get(point.panel) ?? { fx: 0, fy: 0 }) }));
  const least = Math.max(Math.min(...points.map(({ value }) => value)), 1e-20 * Math.max(...points.map(({ value }) => value)));
  const rows = Math.ceil(held.length / columns);
  return draw({
    width: 380 * columns, height: 60 + 210 * rows, marginLeft: 60, marginTop: 26, marginBottom: 44, color: byLabel(runs.map(({ label }) => label)), fx: { axis: null, padding: 0.12 }, fy: { axis: null, padding: 0.16 },
    x: { type: 'log', label: 'steps', labelAnchor: 'center', labelOffset: 36, tickFormat: ',', ticks: 4 }, y: { type: 'log', domain: [least, Math.max(...points.map(({ value }) => value))], label: null, grid: true, tickFormat: '.0e', ticks: 5, clamp: true },
    marks: [
      Plot.line(placed.filter(({ line }) => line === 'bound'), { x: 'steps', y: 'value', fx: 'fx', fy: 'fy', z: 'panel', stroke: 'currentColor', strokeDasharray: '5 4', strokeOpacity: 0.8 }),
      Plot.line(placed.filter(({ line }) => line === 'measured'), { x: 'steps', y: 'value', fx: 'fx', fy: 'fy', z: 'panel', stroke: 'label', strokeWidth: 1.8 }),
      Plot.text([...position].map(([panel, at]) => ({ panel, ...at })), { fx: 'fx', fy: 'fy', text: 'panel', lineWidth: 24, textOverflow: 'ellipsis', frameAnchor: 'top-left', dy: -16, fill: 'currentColor', fontWeight: 'bold' }),
    ],
  });
}

/** The headline metric against oracle calls, a line per seed. */
export function metricPlot({ runs, metrics, headline }: GanSection, labels: readonly string[]): string {
  const column = metrics.find(({ name }) => name === headline);
  const points = runs.flatMap(({ label, seed, measures }) => measures.flatMap(({ calls, values }) => {
    const value = values[headline];
    return value === null || value === undefined ? [] : [{ calls, value, label, run: `${label} ${seed}` }];
  }));
  if (column === undefined || points.length === 0) return '';
  return draw({
    width: 760, height: 320, marginLeft: 55, marginRight: 20, color: byLabel(labels),
    marginBottom: 44, x: { label: 'oracle calls', labelAnchor: 'center', labelOffset: 36 }, y: { label: `${column.label}${column.unit ? `, ${column.unit}` : ''}`, grid: true, zero: true },
    marks: [
      ...(column.best !== undefined ? [Plot.ruleY([column.best], { stroke: 'currentColor', strokeDasharray: '4 4' }), Plot.text([column.bestLabel ?? 'best possible'], { x: Math.max(...points.map(({ calls }) => calls)), y: column.best, text: (d: string) => d, textAnchor: 'end', dy: -7, fill: 'currentColor' })] : []),
      Plot.line(points, { x: 'calls', y: 'value', stroke: 'label', z: 'run', strokeWidth: 1.6 }),
      Plot.dot(points, { x: 'calls', y: 'value', fill: 'label', r: 2.4 }),
    ],
  });
}

/** What is drawn of each player, and how. */
const ofPlayers = {
  losses: { words: 'loss', y: { label: 'loss', grid: true, type: 'symlog' } },
  gradientNorms: { words: 'gradient', y: { label: '‖gradient‖', grid: true, type: 'log', tickFormat: '.0e', ticks: 5 } },
  rotations: { words: 'turning', y: { label: 'cosine of successive steps', grid: true, domain: [-1, 1] } },
} as const;

/** What one run that explodes would hide of the others: beyond four times the median of the runs' largest sizes. */
function cutOff(sizes: readonly number[]): number {
  const sorted = sizes.toSorted((a, b) => a - b);
  const most = 4 * (sorted[Math.floor((sorted.length - 1) / 2)] ?? Infinity);
  return most > 0 ? most : Infinity;
}

/** One quantity of each player against oracle calls, side by side. */
export function playerPlot({ runs }: GanSection, labels: readonly string[], what: keyof typeof ofPlayers): string {
  const { words, y } = ofPlayers[what];
  const sizes = runs.map(({ players }) => Math.max(0, ...players.flatMap((point) => Object.values(point[what]).map((value) => Math.abs(value ?? 0)))));
  const most = what === 'losses' ? cutOff(sizes) : 1e6;
  const label = what === 'losses' && sizes.some((size) => size > most) ? `${y.label}, cut off at ±${figure(most)}` : y.label;
  const points = runs.flatMap(({ label: run, seed, players }) => players.flatMap((point) => Object.entries(point[what]).flatMap(([player, value]) => (
    value === null || (what === 'gradientNorms' && value <= 0) ? [] : [{ calls: point.calls, value: Math.max(-most, Math.min(value, most)), label: run, run: `${run} ${seed}`, player: `${player}’s ${words}` }]))));
  if (points.length === 0) return '';
  return draw({
    width: 760, height: 260, marginLeft: 55, color: byLabel(labels), marginBottom: 44, x: { label: 'oracle calls', ticks: 4, labelAnchor: 'center', labelOffset: 36 }, y: { ...y, label }, fx: { label: null },
    marks: [...(what === 'rotations' ? [Plot.ruleY([0], { stroke: 'currentColor', strokeOpacity: 0.5 })] : []), Plot.line(points, { x: 'calls', y: 'value', stroke: 'label', z: 'run', fx: 'player', strokeWidth: 1.2, strokeOpacity: 0.85 })],
  });
}

/** The result of every run as a dot: what few seeds allow one to say. */
export function dotPlot({ runs, metrics, headline }: GanSection, labels: readonly string[]): string {
  const column = metrics.find(({ name }) => name === headline);
  const points = runs.flatMap((run) => {
    const { label } = run;
    const value = resultOf(run)[headline];
    return value === null || value === undefined ? [] : [{ label, value }];
  });
  if (column === undefined || points.length === 0) return '';
  return draw({
    width: 760, height: 60 + 26 * labels.length, marginLeft: 190, color: byLabel(labels), y: { domain: [...labels], label: null }, x: { label: `${column.label}${column.unit ? `, ${column.unit}` : ''}`, grid: true, zero: true },
    marks: [...(column.best !== undefined ? [Plot.ruleX([column.best], { stroke: 'currentColor', strokeDasharray: '4 4' })] : []), Plot.dot(points, { x: 'value', y: 'label', fill: 'label', r: 5, fillOpacity: 0.85 })],
  });
}
