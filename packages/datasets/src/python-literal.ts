// The literals of Python that the header of a NumPy file may hold: dict, tuple, list, text, whole numbers,
// True, False, None. Nothing is evaluated.
import { InputError } from '@stillpoint/operators';

/** A literal of Python as data. Whole numbers beyond 2⁵³ are refused. */
export type Literal =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'word'; readonly value: 'True' | 'False' | 'None' }
  | { readonly kind: 'tuple' | 'list'; readonly value: readonly Literal[] }
  | { readonly kind: 'dict'; readonly value: ReadonlyMap<string, Literal> };

/** Nested values beyond this depth are refused, so that a hostile header cannot exhaust the stack. */
const DEEPEST = 16;
const words = ['True', 'False', 'None'] as const;

/**
 * Reads one literal, with nothing but spaces and line ends around it. @throws InputError that begins with
 * `name` and says at which character something else was found.
 */
export function parseLiteral(text: string, name: string): Literal {
  let at = 0;
  const fail = (expected: string): never => {
    const found = at < text.length ? JSON.stringify(text.slice(at, at + 12)) : 'the end';
    throw new InputError(`${name}: found ${found} at character ${at} of the header; expected ${expected}`);
  };
  const skip = (): void => {
    while (at < text.length && ' \t\r\n'.includes(text[at]!)) at++;
  };
  const take = (sign: string): boolean => {
    skip();
    if (text[at] !== sign) return false;
    at++;
    return true;
  };
  const quoted = (): string => {
    const quote = text[at]!;
    const start = ++at;
    while (at < text.length && text[at] !== quote) {
      if (text[at] === '\\' || text[at] === '\n') fail('text without escapes');
      at++;
    }
    if (at >= text.length) fail(`a closing ${quote}`);
    return text.slice(start, at++);
  };
  /** Values up to the closing sign; `single` says whether one value without a comma was found. */
  const items = (close: string, depth: number): { values: Literal[]; single: boolean } => {
    const values: Literal[] = [];
    while (!take(close)) {
      values.push(value(depth + 1));
      if (take(',')) continue;
      if (!take(close)) fail(`a comma or ${close}`);
      return { values, single: values.length === 1 };
    }
    return { values, single: false };
  };
  const dict = (depth: number): Literal => {
    const entries = new Map<string, Literal>();
    while (!take('}')) {
      skip();
      const start = at;
      if (text[at] !== "'" && text[at] !== '"') fail('a key in quotes, or }');
      const key = quoted();
      if (entries.has(key)) {
        at = start;
        fail('each key once');
      }
      if (!take(':')) fail('a colon');
      entries.set(key, value(depth + 1));
      if (take(',')) continue;
      if (!take('}')) fail('a comma or }');
      break;
    }
    return { kind: 'dict', value: entries };
  };
  const whole = (): Literal => {
    const start = at;
    if (text[at] === '-') at++;
    const digits = at;
    while (at < text.length && text[at]! >= '0' && text[at]! <= '9') at++;
    const number = Number(text.slice(start, at));
    if (at === digits || !Number.isSafeInteger(number)) {
      at = start;
      fail('a value; whole numbers of 2^53 - 1 at most');
    }
    if (text[at] === 'L') at++; // Python 2 wrote (3L, 4L)
    return { kind: 'number', value: number };
  };
  const value = (depth: number): Literal => {
    if (depth > DEEPEST) fail(`values nested ${DEEPEST} deep at most`);
    skip();
    const sign = text[at];
    if (sign === "'" || sign === '"') return { kind: 'text', value: quoted() };
    if (take('{')) return dict(depth);
    if (take('[')) return { kind: 'list', value: items(']', depth).values };
    if (take('(')) {
      const { values, single } = items(')', depth);
      return single ? values[0]! : { kind: 'tuple', value: values }; // (3) is 3, (3,) is a tuple
    }
    const word = words.find((one) => text.startsWith(one, at));
    if (word === undefined) return whole();
    at += word.length;
    return { kind: 'word', value: word };
  };
  const result = value(0);
  skip();
  if (at < text.length) fail('the end');
  return result;
}
