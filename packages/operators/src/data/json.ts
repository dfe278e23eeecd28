import { InputError } from '../specs/errors.js';

/**
 * The deepest nesting of brackets that is read. Deeper JSON could exhaust the stack of code that walks
 * through it.
 */
export const JSON_DEPTH = 500;

/**
 * Parses JSON from a file, more strictly than `JSON.parse`. It refuses a name given twice in an object, since
 * readers differ in which one they take, and brackets nested more than 500 deep.
 * @throws InputError that begins with `owner`.
 */
export function parseJson(text: string, owner: string): unknown {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new InputError(`${owner} is not JSON`, { cause });
  }
  checkStructure(text, owner);
  return json;
}

/**
 * The index behind the string that begins at `start` in valid JSON. Not by a regular expression: strings may
 * be longer than its stack.
 */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text[end - 1 - escapes] === '\\') escapes++;
    if (escapes % 2 === 0) return end + 1;
  }
}

/** Walks through valid JSON, token by token. */
function checkStructure(text: string, owner: string): void {
  const names: (Set<string> | null)[] = []; // the names of each open object; null for an array
  const tokens = /["[\]{}]/g;
  const colon = /\s*:/y;
  for (let found = tokens.exec(text); found !== null; found = tokens.exec(text)) {
    const [token] = found;
    if (token === '{' || token === '[') {
      names.push(token === '{' ? new Set() : null);
      if (names.length > JSON_DEPTH)
        throw new InputError(`${owner} nests brackets more than ${JSON_DEPTH} deep`);
    } else if (token === '}' || token === ']') names.pop();
    else {
      const end = endOfString(text, found.index);
      tokens.lastIndex = end;
      const known = names.at(-1);
      colon.lastIndex = end;
      if (!known || !colon.test(text)) continue; // a value
      const name = String(JSON.parse(text.slice(found.index, end)));
      if (known.has(name)) throw new InputError(`${owner} gives ${JSON.stringify(name)} twice`);
      known.add(name);
    }
  }
}
