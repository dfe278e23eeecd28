import { formatSpec, nearest, parseSpec } from '@stillpoint/operators';
import { methods } from '@stillpoint/optimizers/registry';
import type { Choice, Refusal } from './controls.js';

// What the links to all pages of the playground are read and written by.

/** A state, and in words what of the link could not be taken. */
export interface Read<T> {
  readonly state: T;
  readonly messages: readonly string[];
}

/** What was wrong, and what is taken instead. */
export const instead = (wrong: string, taken: string): string =>
  `${wrong}${/[.?]$/.test(wrong) ? '' : '.'} ${taken}`;

/** A number as text that reads back the same. */
export const short = (x: number): string => String(Object.is(x, -0) ? 0 : x);

/** The query of these parameters, in which specs stay readable. */
export const queryOf = (parameters: readonly (readonly [key: string, value: string])[]): string =>
  `?${new URLSearchParams(parameters.map(([key, value]) => [key, value]))
    .toString()
    .replace(/%(28|29|2C|3D|5B|5D)/g, (code) => decodeURIComponent(code))
    .replaceAll('+', '%20')}`;

/** A spec whose name is the nearest of these to its own; undefined if there is none, or no spec. */
export function nearestSpec(text: string, names: readonly string[]): string | undefined {
  try {
    const spec = parseSpec(text);
    const name = names.includes(spec.name) ? spec.name : nearest(spec.name, names);
    return name === undefined ? undefined : formatSpec({ ...spec, name });
  } catch {
    return undefined;
  }
}

/** A method's spec, or the nearest one that runs; undefined if there is none. */
export function readMethod(
  text: string,
  refusal: Refusal,
  choices: () => readonly Choice[],
  messages: string[],
): string | undefined {
  const reason = refusal(text);
  if (reason === undefined) return text;
  const near = nearestSpec(
    text,
    methods.map(({ name }) => name),
  );
  const usual = near && choices().find(({ name }) => name === parseSpec(near).name)?.spec;
  const taken = [near, usual].find((spec) => spec !== undefined && refusal(spec) === undefined);
  messages.push(instead(reason, taken === undefined ? 'It is left out.' : `This is ${taken}.`));
  return taken;
}

/** Which numbers a parameter takes, and which one it is if it is not given. */
export interface Numbers {
  readonly from: number;
  readonly to: number;
  readonly whole: boolean;
  readonly otherwise: number;
}

/** Reads a number, or takes the nearest one and says what was wrong. */
export function readNumber(
  query: URLSearchParams,
  key: string,
  { from, to, whole, otherwise }: Numbers,
  messages: string[],
): number {
  const text = query.get(key);
  if (text === null) return otherwise;
  const x = text.trim() === '' ? NaN : Number(text);
  const near = Number.isNaN(x) ? otherwise : Math.min(to, Math.max(from, whole ? Math.round(x) : x));
  const noun = whole ? 'a whole number' : 'a number';
  if (near !== x)
    messages.push(`${key} is ${text}; expected ${noun} from ${from} to ${to}. This is ${near}.`);
  return near;
}
