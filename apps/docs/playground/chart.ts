import { countAt, type Made } from './recorder.js';

/** A small picture of curves over calls, with a logarithmic vertical axis. */
export interface Chart {
  /** The attribute of one polyline for each series; empty where it has nothing to draw. */
  readonly lines: readonly string[];
  readonly across: readonly Tick[];
  readonly up: readonly Tick[];
}
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** The size of a chart, and its margins: left for numbers, below for calls. */
export const CHART = { width: 320, height: 150, left: 44, right: 8, top: 8, bottom: 22 } as const;

/** A series: points of (calls, value). Values that are not positive and finite are left out. */
export type Series = readonly (readonly [calls: number, value: number])[];

/** The values of a run's steps up to a number of calls. */
export const seriesOf = (
  steps: readonly Made[],
  at: number,
  value: (made: Made) => number | undefined,
): Series =>
  steps.slice(0, countAt(steps, at)).flatMap((made) => {
    const y = value(made);
    return y !== undefined && y > 0 && Number.isFinite(y) ? [[made.calls, y] as const] : [];
  });

/** 1, 2 or 5 times a power of ten, so that at most five ticks are in the range. */
function tickStep(range: number): number {
  const power = 10 ** Math.floor(Math.log10(range / 5));
  return power * ([1, 2, 5, 10].find((times) => range / (times * power) <= 5) ?? 10);
}

const exponents = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
const power = (k: number): string =>
  Math.abs(k) <= 2
    ? String(Number((10 ** k).toPrecision(1)))
    : `10${k < 0 ? '⁻' : ''}${String(Math.abs(k)).replace(/\d/g, (digit) => exponents[Number(digit)] ?? '')}`;

/** The chart of several series over 0 … `calls`. */
export function chart(series: readonly Series[], calls: number): Chart {
  const { width, height, left, right, top, bottom } = CHART;
  const logs = series.flat().map(([, y]) => Math.log10(y));
  const least = Math.floor(Math.min(0, ...logs));
  const most = Math.ceil(Math.max(least + 1, ...logs));
  const reach = calls > 0 ? calls : 1;
  const x = (value: number): number => left + ((width - left - right) * value) / reach;
  const y = (log: number): number => top + ((height - top - bottom) * (most - log)) / (most - least);
  const line = (points: Series): string =>
    points.map(([c, value]) => `${x(c).toFixed(1)},${y(Math.log10(value)).toFixed(1)}`).join(' ');
  const each = tickStep(reach);
  const decades = Math.ceil((most - least) / 4);
  return {
    lines: series.map(line),
    across: Array.from({ length: Math.floor(reach / each + 1e-9) + 1 }, (_, k) => ({
      at: x(k * each),
      text: String(Number((k * each).toPrecision(6))),
    })),
    up: Array.from({ length: Math.floor((most - least) / decades) + 1 }, (_, k) => ({
      at: y(least + k * decades),
      text: power(least + k * decades),
    })),
  };
}
