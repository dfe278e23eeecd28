import { InputError, unknownName } from '@stillpoint/operators';
import { firstWithin, type Bounds, type Column, type Measure, type Run } from '@stillpoint/tracking';
import { columnOf } from './measures.js';

/** The columns of a run's calls and seconds at the first measurement within a target. */
export const TO_TARGET = { calls: 'callsToTarget', seconds: 'secondsToTarget' } as const;

/** A bound on one metric: `high-quality>=80`. */
const BOUND = /^\s*([a-z][\w-]*)\s*(<=|>=)\s*(\S+)\s*$/i;

/**
 * The target in a text, as `high-quality>=80; reverse-kl<=0.1`: every bound must hold. The metrics are those
 * of the columns; shares are in per cent, as the columns show them.
 * @throws InputError for a bound of another form, and for a metric that is not measured.
 */
export function targetFrom(text: string, columns: readonly Pick<Column, 'name'>[]): Bounds {
  const parts = text.split(';').filter((part) => part.trim() !== '');
  const bounds: { [column: string]: Bounds[string] } = {};
  for (const part of parts) {
    const [, metric = '', sign = '', amount = ''] = BOUND.exec(part) ?? [];
    const value = amount === '' ? NaN : Number(amount);
    if (!Number.isFinite(value))
      throw new InputError(
        `target "${part.trim()}": expected a metric with a bound, as 'sliced-wasserstein<=0.08'`,
      );
    const name = columnOf(metric);
    if (!columns.some((column) => column.name === name))
      throw unknownName(
        'metric of the target',
        metric,
        columns.map((column) => kebab(column.name)),
      );
    if (Object.hasOwn(bounds, name))
      throw new InputError(`target "${text}" bounds ${metric} twice; expected each metric once`);
    bounds[name] = sign === '>=' ? { atLeast: value } : { atMost: value };
  }
  if (parts.length === 0) throw new InputError(`target "${text}"; expected as 'high-quality>=80'`);
  return bounds;
}

/** The name of a column as that of its metric. */
const kebab = (column: string): string => column.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** A target in words: `quality at least 80 % and reverse KL at most 0.1`. */
export function targetWords(bounds: Bounds, columns: readonly Column[]): string {
  const parts = Object.entries(bounds).map(([name, bound]) => {
    const column = columns.find((one) => one.name === name);
    const unit = column?.unit === undefined ? '' : ` ${column.unit}`;
    const how = 'atLeast' in bound ? `at least ${bound.atLeast}` : `at most ${bound.atMost}`;
    return `${column?.label ?? name} ${how}${unit}`;
  });
  return parts.join(', ');
}

/** The columns of calls and seconds to a target. */
export const targetColumns: readonly Column[] = [
  { name: TO_TARGET.calls, label: 'oracle calls to the target', better: 'lower', digits: 6 },
  { name: TO_TARGET.seconds, label: 'seconds to the target', better: 'lower', digits: 3 },
];

/** A run's calls and seconds at its first measurement within a target, as `firstWithin` finds it; or null. */
export function toTarget(
  bounds: Bounds,
  series: Run['series'],
  tail: number,
): { readonly [column: string]: Measure } {
  const index = firstWithin(bounds, series, tail);
  const [name = ''] = Object.keys(bounds);
  const at = (values: readonly Measure[] | undefined): Measure =>
    index === undefined ? null : (values?.[index] ?? null);
  return {
    [TO_TARGET.calls]: at(series[name]?.x),
    [TO_TARGET.seconds]: at(series['seconds']?.y),
  };
}
