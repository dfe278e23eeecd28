import { InputError, shortened, shown, unknownName } from '@stillpoint/operators';
import { isObject, jsonText } from './json.js';

/** Numbers by name; null is one that is not finite. */
export type Values = { readonly [name: string]: number | null };

/** What was measured at a step of a run. */
export interface MetricsRow {
  /** A whole number from 0. */
  readonly step: number;
  /** Oracle calls so far. */
  readonly calls: number;
  /** Seconds of the run so far. */
  readonly seconds: number;
  readonly values: Values;
}

/** What a {@link RunNote} may be about. */
export const noteKinds = [
  'begun',
  'scaled',
  'resumed',
  'stopped',
  'ended',
  'warning',
  'incident',
  'checkpoint-damaged',
] as const;

/** One of {@link noteKinds}. */
export type NoteKind = (typeof noteKinds)[number];

/** Something that happened in a run. */
export interface RunNote {
  readonly step: number;
  readonly kind: NoteKind;
  /** In words. */
  readonly message: string;
  /** When, as `new Date().toISOString()`. */
  readonly time: string;
  /** More about it, as JSON holds it. */
  readonly data?: unknown;
}

/** When something was made: the step, and the oracle calls so far. */
export interface At {
  readonly step: number;
  readonly calls: number;
}

/** A line of `samples/pictures.jsonl`. */
export interface PictureLine extends At {
  readonly width: number;
  readonly height: number;
}

/** Checks that a value is a step. @throws InputError if it is not. */
export function checkStep(step: unknown, what = 'step'): asserts step is number {
  if (typeof step !== 'number' || !Number.isSafeInteger(step) || step < 0)
    throw new InputError(`${what} is ${shown(step)}; expected a whole number from 0 to 2^53 − 1`);
}

function checkAmount(amount: unknown, what: string): asserts amount is number {
  if (typeof amount !== 'number' || !Number.isFinite(amount) || amount < 0)
    throw new InputError(`${what} is ${shown(amount)}; expected a finite number ≥ 0`);
}

function parts(value: unknown, what: string): { readonly [name: string]: unknown } {
  if (!isObject(value)) throw new InputError(`${what} is ${shown(value)}; expected an object`);
  return value;
}

/** Numbers by name, checked; one that is not finite becomes null. @throws InputError if they are none. */
export function asValues(value: unknown): Values {
  const entries = Object.entries(parts(value, 'values')).map(([name, x]): [string, number | null] => {
    const odd = /[\p{Cc}\p{Cs}]/u.exec(name);
    if (name === '' || odd)
      throw new InputError(
        `the name ${shown(name)} of a value ${odd ? 'has a control character or half of a character' : 'is empty'}; expected text, such as "loss/generator"`,
      );
    if (x !== null && typeof x !== 'number')
      throw new InputError(`the value ${shortened(name)} is ${shown(x)}; expected a number or null`);
    return [name, Number.isFinite(x) ? x : null];
  });
  return Object.fromEntries(entries);
}

/** The step and the calls of a value, checked. @throws InputError if they are none. */
export function asAt(value: unknown, what: string): At {
  const { step, calls } = parts(value, what);
  checkStep(step);
  checkAmount(calls, 'calls');
  return { step, calls };
}

/** A row of metrics, checked. @throws InputError if it is none. */
export function asRow(value: unknown): MetricsRow {
  const { seconds, values } = parts(value, 'the row');
  const at = asAt(value, 'the row');
  checkAmount(seconds, 'seconds');
  return { ...at, seconds, values: asValues(values) };
}

/** A note, checked. @throws InputError if it is none. */
export function asNote(value: unknown): RunNote {
  const { step, kind, message, time, data } = parts(value, 'the note');
  checkStep(step);
  const known = noteKinds.find((name) => name === kind);
  if (known === undefined)
    throw typeof kind === 'string'
      ? unknownName('kind of note', kind, noteKinds)
      : new InputError(`kind is ${shown(kind)}; expected one of: ${noteKinds.join(', ')}`);
  if (typeof message !== 'string') throw new InputError(`message is ${shown(message)}; expected text`);
  if (typeof time !== 'string' || !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(time) || Number.isNaN(Date.parse(time)))
    throw new InputError(`time is ${shown(time)}; expected text as new Date().toISOString() returns`);
  if (data !== undefined) jsonText(data, 'data');
  return { step, kind: known, message, time, ...(data === undefined ? {} : { data }) };
}

/** A line about a picture, checked. @throws InputError if it is none. */
export function asPictureLine(value: unknown): PictureLine {
  const { width, height } = parts(value, 'the picture');
  const at = asAt(value, 'the picture');
  checkStep(width, 'width');
  checkStep(height, 'height');
  return { ...at, width, height };
}
