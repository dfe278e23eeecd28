import type { Data } from '../contracts/index.js';
import { InputError, shortened, shown } from './errors.js';
import { formatNamed, type Given } from './options.js';

/**
 * A named thing with options: `rapp(stepSize=0.4, innerSteps=5)`; a wrapper holds what it wraps:
 * `lookahead(adam, steps=5)`. (A type, not an interface, so that it counts as plain data: an option may hold
 * specs.)
 */
export type Spec = {
  readonly name: string;
  readonly inner: readonly Spec[];
  readonly options: Given;
};

const DEPTH = 200;

function unquoted(text: string): string | undefined {
  try {
    return String(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * Parses one spec. Grammar: `name`, `name(inner, …, key=value, …)`; a value is a number, true, false, null, a
 * word, a "quoted string", `[a, b]`, `{ key=value }`, a spec with brackets as `r1(weight=10)`, read as
 * { name, inner, options }, or `@file`, which is read as the string "@file"; the command line replaces it by
 * the numbers in that file.
 * @throws InputError naming the place and what was expected there.
 */
export function parseSpec(text: string): Spec {
  let at = 0;
  let depth = 0;
  const fail = (expected: string): never => {
    throw new InputError(
      `cannot read "${shortened(text)}": expected ${expected} at character ${at + 1}${at < text.length ? `, found "${text[at]}"` : ', found the end'}`,
    );
  };
  const space = (): void => {
    while (at < text.length && /\s/.test(text[at] ?? '')) at++;
  };
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const has = (mark: string): boolean => {
    space();
    if (text[at] !== mark) return false;
    at++;
    return true;
  };
  const list = (close: string, entry: () => void): void => {
    if (has(close)) return;
    if (++depth > DEPTH) fail(`at most ${DEPTH} nested brackets`);
    do entry();
    while (has(','));
    if (!has(close)) fail(`"," or "${close}"`);
    depth--;
  };
  const value = (): Data => {
    space();
    if (has('[')) {
      const entries: Data[] = [];
      list(']', () => entries.push(value()));
      return entries;
    }
    if (has('{')) {
      const entries: { [key: string]: Data } = {};
      list('}', () =>
        pair(entries, take(/[A-Za-z]\w*/y) ?? (space(), take(/[A-Za-z]\w*/y)) ?? fail('a name')),
      );
      return entries;
    }
    const quoted = take(/"(?:[^"\\]|\\.)*"/y);
    if (quoted !== undefined) return unquoted(quoted) ?? fail('a string with valid escapes before this');
    const file = take(/@[^\s,;()[\]{}"]+/y);
    if (file !== undefined) return file;
    const digits = take(/[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?![\w.])/iy);
    if (digits !== undefined) {
      if (!Number.isFinite(Number(digits)))
        throw new InputError(`cannot read "${shortened(text)}": ${digits} is too large a number`);
      return Number(digits);
    }
    const word = take(/[A-Za-z][\w-]*/y) ?? fail('a value');
    if (has('(')) return inBrackets(word);
    return word === 'true' ? true : word === 'false' ? false : word === 'null' ? null : word;
  };
  const pair = (into: { [key: string]: Data }, key: string): void => {
    if (!has('=')) fail('"="');
    if (Object.hasOwn(into, key)) throw new InputError(`"${shortened(text)}" gives ${key} twice`);
    into[key] = value();
  };
  /** What follows the opening bracket of a spec. */
  const inBrackets = (name: string): Spec => {
    const inner: Spec[] = [];
    const options: { [key: string]: Data } = {};
    list(')', () => {
      space();
      const start = at;
      const key = take(/[A-Za-z]\w*(?=\s*=)/y);
      if (key !== undefined) return pair(options, key);
      at = start;
      inner.push(spec());
    });
    return { name, inner, options };
  };
  const spec = (): Spec => {
    space();
    const name = take(/[A-Za-z][\w-]*/y) ?? fail('a name');
    return has('(') ? inBrackets(name) : { name, inner: [], options: {} };
  };
  const parsed = spec();
  space();
  if (at < text.length) fail('the end');
  return parsed;
}

/**
 * A spec from its text; an object is returned as it is.
 * @param kind what it names, for the error.
 * @throws InputError for any other value, from a caller without types.
 */
export function asSpec(spec: string | Spec, kind = 'spec', example = 'rapp(stepSize=0.4)'): Spec {
  if (typeof spec === 'string') return parseSpec(spec);
  const given: unknown = spec;
  const { name, inner, options }: { readonly [K in keyof Spec]?: unknown } = Object(given);
  if (typeof name === 'string' && Array.isArray(inner) && options !== null && typeof options === 'object')
    return spec;
  throw new InputError(
    `the ${kind} is ${shown(given)}; expected a spec, as '${example}', or { name, inner, options }`,
  );
}

/** The spec as a user would type it; `parseSpec(formatSpec(s))` equals s. */
export const formatSpec = (spec: Spec): string => formatNamed(spec);
