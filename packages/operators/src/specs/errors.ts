/**
 * An error in what the caller gave. The message names the value, what was expected and the nearest valid
 * choice.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/**
 * A user's text, shortened if it is longer than 80 characters, so that the rest of a message stays visible.
 */
export function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 60)}… (${text.length} characters)` : text;
}

/** Any value as one short line of text. It never throws, whatever a caller without types passes. */
export function shown(value: unknown, depth = 2): string {
  if (typeof value === 'string') return JSON.stringify(shortened(value));
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `${value}n`;
  if (value === null || typeof value !== 'object') return String(value);
  if (ArrayBuffer.isView(value)) {
    const { name } = value.constructor;
    return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name} of ${value.byteLength} bytes`;
  }
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const entries = Object.entries(value).slice(0, 8);
  if (depth === 0) return entries.length === 0 ? `${open}${close}` : `${open}…${close}`;
  const parts = entries.map(
    ([key, entry]: [string, unknown]) => (open === '[' ? '' : `${key}: `) + shown(entry, depth - 1),
  );
  return shortened(`${open}${parts.join(', ')}${Object.keys(value).length > 8 ? ', …' : ''}${close}`);
}

/** Number of single-letter edits that turn a into b (Levenshtein). */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}

/** How many letters two texts begin with alike. */
function begun(a: string, b: string): number {
  let n = 0;
  while (n < a.length && a[n] === b[n]) n++;
  return n;
}

/**
 * The valid name nearest to a mistyped one, or undefined if none is near. Of equally near ones that which
 * begins like it for longest: slips are rarer in the first letters.
 */
export function nearest(name: string, valid: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  let best: string | undefined;
  let [least, alike] = [Math.max(2, Math.ceil(name.length / 3)) + 1, -1];
  for (const candidate of valid) {
    const cost = edits(plain(name), plain(candidate));
    const same = begun(plain(name), plain(candidate));
    if (cost < least || (best !== undefined && cost === least && same > alike))
      [best, least, alike] = [candidate, cost, same];
  }
  return best ?? valid.find((candidate) => plain(name).length > 2 && plain(candidate).includes(plain(name)));
}

/** `unknown method "exragradient"; did you mean extragradient?`, or the valid names where none is near. */
export function unknownName(kind: string, name: string, valid: readonly string[]): InputError {
  const near = name.length > 80 ? undefined : nearest(name, valid);
  const cure =
    near !== undefined
      ? `did you mean ${near}?`
      : valid.length > 0
        ? `expected one of: ${valid.join(', ')}`
        : 'none is allowed here';
  return new InputError(`unknown ${kind} "${shortened(name)}"; ${cure}`);
}

/** The row of that name, or an error that suggests the nearest. */
export function findRow<R extends { readonly name: string }>(
  kind: string,
  rows: readonly R[],
  name: string,
): R {
  const row = rows.find((candidate) => candidate.name === name);
  if (row === undefined)
    throw unknownName(
      kind,
      name,
      rows.map((candidate) => candidate.name),
    );
  return row;
}

/** A caught value as one line of text. */
export function messageOf(error: unknown): string {
  const text: unknown = error instanceof Error ? error.message : error;
  return (typeof text === 'string' ? text : 'a value that is not an Error').replace(/\s*\n\s*/g, ' ');
}

// control characters except tab and newline, and characters that change the direction of writing
const control = /(?![\t\n])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * A text for a terminal: control characters become \\u escapes, since a file's name may contain any. JSON
 * stays valid JSON.
 */
export function printable(text: string): string {
  return text.replace(control, (mark) => `\\u${(mark.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}

/** A number for messages, with at most `digits` significant digits, three by default. */
export const shortNumber = (x: number, digits = 3): string => String(Number(x.toPrecision(digits)));
