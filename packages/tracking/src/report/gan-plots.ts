import * as Plot from '@observablehq/plot';
import { resultOf, type GanSection, type MetricColumn } from '../results.js';
import { byLabel, callsAxis, dashOf, draw, logAxis, symbolOf } from './draw.js';
import { figure } from './html.js';

/** The seeds of a comparison in order; where there is one, nothing needs telling apart. */
export function seedsOf({ runs }: GanSection): number[] {
  return [...new Set(runs.map(({ seed }) => seed))].sort((a, b) => a - b);
}

/** One line mark a seed, each with its dashes; what they share is given once. */
function linesBySeed(
  points: readonly { readonly seed: number }[],
  seeds: readonly number[],
  options: Plot.LineOptions,
): Plot.Line[] {
  return seeds.map((seed, i) =>
    Plot.line(
      points.filter((point) => point.seed === seed),
      { ...options, strokeDasharray: dashOf(i) },
    ),
  );
}

function dotsBySeed(
  points: readonly { readonly seed: number }[],
  seeds: readonly number[],
  options: Plot.DotOptions,
): Plot.Dot[] {
  return seeds.map((seed, i) =>
    Plot.dot(
      points.filter((point) => point.seed === seed),
      { ...options, symbol: symbolOf(i) },
    ),
  );
}

const named = ({ label, unit }: MetricColumn): string => `${label}${unit ? `, ${unit}` : ''}`;

/** The headline metric against oracle calls, a line per seed. */
export function metricPlot(section: GanSection, labels: readonly string[]): string {
  const { runs, metrics, headline } = section;
  const column = metrics.find(({ name }) => name === headline);
  const points = runs.flatMap(({ label, seed, measures }) =>
    measures.flatMap(({ calls, values }) => {
      const value = values[headline];
      return value === null || value === undefined ? [] : [{ calls, value, label, seed }];
    }),
  );
  if (column === undefined || points.length === 0) return '';
  const seeds = seedsOf(section);
  return draw(`${column.label} against oracle calls`, {
    width: 760,
    height: 320,
    marginLeft: 55,
    marginRight: 20,
    color: byLabel(labels),
    marginBottom: 44,
    x: callsAxis,
    y: { label: named(column), grid: true, zero: true },
    marks: [
      ...(column.best !== undefined
        ? [
            Plot.ruleY([column.best], { stroke: 'currentColor', strokeDasharray: '4 4' }),
            Plot.text([column.bestLabel ?? 'best possible'], {
              x: Math.max(...points.map(({ calls }) => calls)),
              y: column.best,
              text: (d: string) => d,
              textAnchor: 'end',
              dy: -7,
              fill: 'currentColor',
            }),
          ]
        : []),
      ...linesBySeed(points, seeds, {
        x: 'calls',
        y: 'value',
        stroke: 'label',
        z: 'label',
        strokeWidth: 1.6,
      }),
      ...dotsBySeed(points, seeds, { x: 'calls', y: 'value', fill: 'label', r: 2.6 }),
    ],
  });
}

/** What is drawn of each player, and how. */
const ofPlayers = {
  losses: { words: 'loss', name: 'Each player’s loss against oracle calls', label: 'loss' },
  gradientNorms: {
    words: 'gradient',
    name: 'The norm of each player’s gradient against oracle calls',
    label: '‖gradient‖',
  },
  rotations: {
    words: 'turning',
    name: 'How each player turns, against oracle calls',
    label: 'cosine of successive steps',
  },
} as const;

/**
 * What one run that explodes would hide of the others: beyond four times the median of the runs' largest
 * sizes.
 */
function cutOff(sizes: readonly number[]): number {
  const sorted = sizes.toSorted((a, b) => a - b);
  const most = 4 * (sorted[Math.floor((sorted.length - 1) / 2)] ?? Infinity);
  return most > 0 ? most : Infinity;
}

/** One quantity of each player against oracle calls, side by side. */
export function playerPlot(
  section: GanSection,
  labels: readonly string[],
  what: keyof typeof ofPlayers,
): string {
  const { runs } = section;
  const { words, name, label: plain } = ofPlayers[what];
  const sizes = runs.map(({ players }) =>
    Math.max(
      0,
      ...players.flatMap((point) => Object.values(point[what]).map((value) => Math.abs(value ?? 0))),
    ),
  );
  const most = what === 'losses' ? cutOff(sizes) : 1e6;
  const label =
    what === 'losses' && sizes.some((size) => size > most) ? `${plain}, cut off at ±${figure(most)}` : plain;
  const points = runs.flatMap(({ label: run, seed, players }) =>
    players.flatMap((point) =>
      Object.entries(point[what]).flatMap(([player, value]) =>
        value === null || (what === 'gradientNorms' && value <= 0)
          ? []
          : [
              {
                calls: point.calls,
                value: Math.max(-most, Math.min(value, most)),
                label: run,
                seed,
                player: `${player}’s ${words}`,
              },
            ],
      ),
    ),
  );
  if (points.length === 0) return '';
  const axes: { readonly [kind in keyof typeof ofPlayers]: Plot.ScaleOptions } = {
    losses: { label, grid: true, type: 'symlog' },
    gradientNorms: logAxis(
      points.map(({ value }) => value),
      label,
    ),
    rotations: { label, grid: true, domain: [-1, 1] },
  };
  return draw(name, {
    width: 760,
    height: 260,
    marginLeft: 55,
    color: byLabel(labels),
    marginBottom: 44,
    x: { ...callsAxis, ticks: 4 },
    y: axes[what],
    fx: { label: null },
    marks: [
      ...(what === 'rotations' ? [Plot.ruleY([0], { stroke: 'currentColor', strokeOpacity: 0.5 })] : []),
      ...linesBySeed(points, seedsOf(section), {
        x: 'calls',
        y: 'value',
        stroke: 'label',
        z: 'label',
        fx: 'player',
        strokeWidth: 1.2,
        strokeOpacity: 0.85,
      }),
    ],
  });
}

/** The result of every run as a mark: what few seeds allow one to say. */
export function dotPlot(section: GanSection, labels: readonly string[]): string {
  const { runs, metrics, headline } = section;
  const column = metrics.find(({ name }) => name === headline);
  const points = runs.flatMap((run) => {
    const { label, seed } = run;
    const value = resultOf(run)[headline];
    return value === null || value === undefined ? [] : [{ label, seed, value }];
  });
  if (column === undefined || points.length === 0) return '';
  return draw(`${column.label} at the end of each run`, {
    width: 760,
    height: 70 + 26 * labels.length,
    marginLeft: Math.min(330, 16 + 6.6 * Math.max(...labels.map(({ length }) => length))),
    marginBottom: 44,
    color: byLabel(labels),
    y: { domain: [...labels], label: null },
    x: { label: named(column), labelAnchor: 'center', labelOffset: 36, grid: true, zero: true },
    marks: [
      ...(column.best !== undefined
        ? [Plot.ruleX([column.best], { stroke: 'currentColor', strokeDasharray: '4 4' })]
        : []),
      ...dotsBySeed(points, seedsOf(section), {
        x: 'value',
        y: 'label',
        fill: 'label',
        r: 5,
        fillOpacity: 0.85,
      }),
    ],
  });
}
