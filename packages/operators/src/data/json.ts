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

/** Walks through valid JSON, token by token. */
function checkStructure(text: string, owner: string): void {
  const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[[\]{}]/g;
  const names: (Set<string> | null)[] = []; // the names of each open object; null for an array
  for (const [token, colon] of text.matchAll(tokens)) {
    if (token === '{' || token === '[') {
      names.push(token === '{' ? new Set() : null);
      if (names.length > JSON_DEPTH)
        throw new InputError(`${owner} nests brackets more than ${JSON_DEPTH} deep`);
    } else if (token === '}' || token === ']') names.pop();
    else if (colon !== undefined) {
      const name = String(JSON.parse(token.slice(0, token.length - colon.length)));
      const known = names.at(-1);
      if (known?.has(name)) throw new InputError(`${owner} gives ${JSON.stringify(name)} twice`);
      known?.add(name);
    }
  }
}
