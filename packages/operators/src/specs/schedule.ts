import { isRecord, type Data } from '../contracts/index.js';

/**
 * A step size that changes with the step k = 0, 1, …, as data. With s = min(k/steps, 1):
 *   linear       from + (to − from)·s
 *   cosine       to + (from − to)(1 + cos πs)/2
 *   exponential  from·(to/from)ˢ
 *   power        from/(1 + k/steps)ᵖ, p = `power`: 1 (default) or ½ in most theorems
 * The values of the first `warmup` steps are multiplied by (k + 1)/warmup.
 */
export type Schedule =
  | {
      readonly kind: 'linear' | 'cosine' | 'exponential';
      readonly from: number;
      readonly to: number;
      readonly steps: number;
      readonly warmup?: number;
    }
  | {
      readonly kind: 'power';
      readonly from: number;
      readonly steps: number;
      readonly power?: number;
      readonly warmup?: number;
    };

/** A number, or a schedule by which it changes with the step. */
export type Rate = number | Schedule;

/** A number or a schedule, or one of these per player. */
export type StepSize = Rate | readonly Rate[];

/** What `isRate` accepts, in words. */
export const rateExpected = 'a number > 0, or a schedule as {kind=cosine, from=0.1, to=0.001, steps=1000}';

const isPositive = (value: Data | undefined): value is number =>
  typeof value === 'number' && value > 0 && Number.isFinite(value);
const keys: { readonly [kind: string]: readonly string[] } = {
  linear: ['from', 'to', 'steps'],
  cosine: ['from', 'to', 'steps'],
  exponential: ['from', 'to', 'steps'],
  power: ['from', 'steps'],
};

/**
 * Whether plain data is a positive number, or a schedule of positive numbers (`to` may be 0, except for
 * exponential).
 */
export function isRate(value: Data): value is Rate {
  if (isPositive(value)) return true;
  if (!isRecord(value)) return false;
  const fields = new Map<string, Data>(Object.entries(value));
  const kind = fields.get('kind');
  const required = typeof kind === 'string' && Object.hasOwn(keys, kind) ? keys[kind] : undefined;
  if (required === undefined) return false;
  const optional = kind === 'power' ? ['power', 'warmup'] : ['warmup'];
  const known = ['kind', ...required, ...optional];
  return (
    [...fields.keys()].every((key) => known.includes(key)) &&
    required.every(
      (key) =>
        isPositive(fields.get(key)) || (key === 'to' && kind !== 'exponential' && fields.get(key) === 0),
    ) &&
    optional.every((key) => !fields.has(key) || isPositive(fields.get(key)))
  );
}

/** The function k ↦ γ_k. */
export function rateOf(rate: Rate): (k: number) => number {
  if (typeof rate === 'number') return () => rate;
  const { warmup = 0 } = rate;
  const base = rate.kind === 'power' ? powerLaw(rate.from, rate.steps, rate.power ?? 1) : between(rate);
  return (k) => (k < warmup ? (base(k) * (k + 1)) / warmup : base(k));
}

function powerLaw(from: number, steps: number, power: number): (k: number) => number {
  return (k) => from / (1 + k / steps) ** power;
}
function between({
  kind,
  from,
  to,
  steps,
}: Exclude<Schedule, { readonly kind: 'power' }>): (k: number) => number {
  if (kind === 'linear') return (k) => from + (to - from) * Math.min(k / steps, 1);
  if (kind === 'cosine')
    return (k) => to + ((from - to) * (1 + Math.cos(Math.PI * Math.min(k / steps, 1)))) / 2;
  return (k) => from * (to / from) ** Math.min(k / steps, 1);
}
