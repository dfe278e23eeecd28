import * as Plot from '@observablehq/plot';
import { labelsIn, nameOf, runsMade } from '../../results/judge.js';
import type { BoundClaim } from '../../results/run.js';
import type { BoundsPlot, Section } from '../../results/section.js';
import { byLabel, draw, logAxis, logTick, logTicks } from '../draw.js';
import { wrapped } from '../standalone.js';

/** Pixels of a panel's frame, and of a line of its title. */
const FRAME = 170;
const LINE = 15;

/** A panel's title: the theorem in bold, below it what it bounds. */
interface Title {
  readonly theorem: readonly string[];
  /** Begins with the run if several runs have the theorem: only the colour would distinguish these runs. */
  readonly bounded: readonly string[];
}

/** The titles of the panels, in the order of the runs. */
function titlesOf(held: readonly { readonly who: string; readonly claim: BoundClaim }[]): readonly Title[] {
  return held.map(({ who, claim: { theorem, measure } }) => {
    const shared = held.filter(({ claim }) => claim.theorem === theorem).length > 1;
    return {
      theorem: wrapped(theorem, 44),
      bounded: wrapped(shared ? `${who}: ${measure}` : measure, 50),
    };
  });
}

/**
 * Draws each theorem's bound (dashed) over what was measured, a panel for each run that has a theorem. Both
 * axes are logarithmic.
 */
export function boundsPlot(section: Section, { title }: BoundsPlot): string {
  const held = runsMade(section).flatMap((run) =>
    run.claims.flatMap((claim) =>
      claim.claim === 'bound'
        ? [{ label: run.label, who: nameOf(section, run), claim, series: run.series }]
        : [],
    ),
  );
  const points = held.flatMap(({ label, series }, panel) =>
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
  const cell = (panel: number): { readonly fx: number; readonly fy: number } => ({
    fx: panel % columns,
    fy: Math.floor(panel / columns),
  });
  const placed = points.map((point) => ({ ...point, ...cell(point.panel) }));
  const most = Math.max(...points.map(({ value }) => value));
  const least = Math.max(Math.min(...points.map(({ value }) => value)), 1e-20 * most);
  const rows = Math.ceil(held.length / columns);
  const titles = titlesOf(held);
  const room = LINE * Math.max(...titles.map(({ theorem, bounded }) => theorem.length + bounded.length)) + 12;
  const lines = { lineAnchor: 'bottom', lineHeight: LINE / 12, frameAnchor: 'top-left' } as const;
  return draw(title, {
    width: 380 * columns,
    height: rows * (room + FRAME) + 44,
    marginLeft: 60,
    marginTop: room,
    marginBottom: 44,
    color: byLabel(labelsIn(section)),
    fx: { axis: null, padding: 0.12 },
    fy: { axis: null, padding: room / (room + FRAME) },
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
      ...titles.flatMap(({ theorem, bounded }, panel) => [
        Plot.text([{ ...cell(panel), text: theorem.join('\n') }], {
          ...lines,
          fx: 'fx',
          fy: 'fy',
          text: 'text',
          dy: -7 - LINE * bounded.length,
          fill: 'currentColor',
          fontWeight: 'bold',
        }),
        Plot.text([{ ...cell(panel), text: bounded.join('\n') }], {
          ...lines,
          fx: 'fx',
          fy: 'fy',
          text: 'text',
          dy: -7,
          fill: 'currentColor',
        }),
      ]),
    ],
  });
}
