/** A small picture of curves over calls. */
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
export const CHART = { width: 320, height: 150, left: 44, right: 18, top: 8, bottom: 22 } as const;

/** A series: points of (calls, value). */
export type Series = readonly (readonly [calls: number, value: number])[];

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

/** The values at a chart's lower and upper edge, and its ticks. */
interface Axis {
  readonly least: number;
  readonly most: number;
  readonly ticks: readonly (readonly [value: number, text: string])[];
}

function drawn(series: readonly Series[], calls: number, { least, most, ticks }: Axis): Chart {
  const { width, height, left, right, top, bottom } = CHART;
  const reach = calls > 0 ? calls : 1;
  const x = (value: number): number => left + ((width - left - right) * value) / reach;
  const y = (value: number): number => top + ((height - top - bottom) * (most - value)) / (most - least);
  const each = tickStep(reach);
  return {
    lines: series.map((points) =>
      points.map(([c, value]) => `${x(c).toFixed(1)},${y(value).toFixed(1)}`).join(' '),
    ),
    across: Array.from({ length: Math.floor(reach / each + 1e-9) + 1 }, (_, k) => ({
      at: x(k * each),
      text: String(Number((k * each).toPrecision(6))),
    })),
    up: ticks.map(([value, text]) => ({ at: y(value), text })),
  };
}

/** Series over 0 … `calls`, with a logarithmic vertical axis: values that are not positive are left out. */
export function logChart(series: readonly Series[], calls: number): Chart {
  const logs = series.map((points) =>
    points.flatMap(([c, value]) =>
      value > 0 && Number.isFinite(value) ? [[c, Math.log10(value)] as const] : [],
    ),
  );
  const values = logs.flatMap((points) => points.map(([, log]) => log));
  const least = Math.floor(values.reduce((a, b) => Math.min(a, b), 0));
  const most = Math.ceil(values.reduce((a, b) => Math.max(a, b), least + 1));
  const decades = Math.ceil((most - least) / 4);
  const ticks = Array.from({ length: Math.floor((most - least) / decades) + 1 }, (_, k) => {
    const log = least + k * decades;
    return [log, power(log)] as const;
  });
  return drawn(logs, calls, { least, most, ticks });
}

/** Series over 0 … `calls`, of values from 0 to `most`. */
export function linearChart(series: readonly Series[], calls: number, most: number): Chart {
  const ticks = [0, most / 2, most].map((value) => [value, String(value)] as const);
  return drawn(series, calls, { least: 0, most, ticks });
}
