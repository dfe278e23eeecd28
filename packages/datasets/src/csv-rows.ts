import { InputError, shown } from '@stillpoint/operators';

/** The fields of a row without spaces around them, and the line on which it begins, from 1. */
export interface Row {
  readonly fields: readonly string[];
  readonly line: number;
}

const separators = [';', '\t', ',', ' '] as const;
type Separator = (typeof separators)[number];

/** The separator of the row at `from`: the first of `;`, tab and comma outside quotes, else a space. */
function separatorOf(text: string, from: number): Separator {
  const found = new Set<string>();
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    const sign = text[at]!;
    if (sign === '"') quoted = !quoted;
    else if (!quoted && (sign === '\n' || sign === '\r')) break;
    else if (!quoted) found.add(sign);
  }
  return separators.find((one) => found.has(one)) ?? ' ';
}

/**
 * The rows of a text; lines that are empty or begin with # are passed over. A field in quotes may hold
 * separators, line ends and, doubled, quotes. @throws InputError for quotes that do not close or are followed
 * by more, for a NUL character, and for an unknown separator.
 */
export function* rowsOf(text: string, name: string, given: Separator | undefined): Generator<Row> {
  if (given !== undefined && !separators.includes(given))
    throw new InputError(`${name}: separator is ${shown(given)}; expected a comma, ";", a tab or a space`);
  const nul = text.indexOf('\0');
  if (nul >= 0) throw new InputError(`${name}: found the byte 0 at character ${nul}; expected text`);
  let separator = given;
  let at = 0;
  let line = 1;
  const blank = (): void => {
    while (text[at] === ' ' || (text[at] === '\t' && separator !== '\t')) at++;
  };
  /** Passes over a line end, if there is one. */
  const lineEnd = (): boolean => {
    if (text[at] !== '\r' && text[at] !== '\n') return false;
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
    line++;
    return true;
  };
  const quotedField = (column: number): string => {
    const opened = line;
    let field = '';
    at++;
    for (;;) {
      const end = text.indexOf('"', at);
      if (end < 0)
        throw new InputError(
          `${name}: line ${opened}, column ${column} opens a quote that does not close; expected a second "`,
        );
      const part = text.slice(at, end);
      line += part.match(/\r\n|\r|\n/g)?.length ?? 0;
      field += part;
      at = end + 1;
      if (text[at] !== '"') return field.trim();
      field += '"';
      at++;
    }
  };
  const plainField = (): string => {
    const from = at;
    while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') {
      if (separator === ' ' && text[at] === '\t') break;
      at++;
    }
    return text.slice(from, at).trim();
  };
  while (at < text.length) {
    blank();
    if (lineEnd()) continue;
    if (at >= text.length) return;
    if (text[at] === '#') {
      while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++;
      continue;
    }
    separator ??= separatorOf(text, at);
    const fields: string[] = [];
    const start = line;
    for (;;) {
      blank();
      const quoted = text[at] === '"';
      fields.push(quoted ? quotedField(fields.length + 1) : plainField());
      const before = at;
      blank();
      if (at >= text.length || lineEnd()) break;
      if (text[at] === separator) at++;
      else if (separator !== ' ' || before === at)
        throw new InputError(
          `${name}: line ${line}, column ${fields.length} has ${shown(text.slice(at, at + 8))} after its closing quote; expected a separator`,
        );
    }
    yield { fields, line: start };
  }
}
