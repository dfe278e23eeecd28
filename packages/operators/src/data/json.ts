import { InputError } from '../specs/errors.js';

/**
 * So many brackets inside each other are read; more would exhaust the stack of whoever walks through the
 * result.
 */
export const JSON_DEPTH = 500;

/**
 * JSON from a file: `JSON.parse`, without what it lets pass. A name given twice in an object is refused,
 * since readers differ in which one they take, and so are more than 500 brackets inside each other.
 * @throws InputError that begins with `owner`.
 */
export function parseJson(text: string, owner: string): unknown {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new InputError(`${owner} is no JSON`, { cause });
  }
  checkStructure(text, owner);
  return json;
}

/** Walks through valid JSON, token by token. */
function checkStructure(text: string, owner: string): void {
  const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[[\]{}]/g;
  const names: (Set<string> | null)[] = []; // of each open object; null for an array
  for (const [token, colon] of text.matchAll(tokens)) {
    if (token === '{' || token === '[') {
      names.push(token === '{' ? new Set() : null);
      if (names.length > JSON_DEPTH)
        throw new InputError(`${owner} has more than ${JSON_DEPTH} brackets inside each other`);
    } else if (token === '}' || token === ']') names.pop();
    else if (colon !== undefined) {
      const name = String(JSON.parse(token.slice(0, token.length - colon.length)));
      const known = names.at(-1);
      if (known?.has(name)) throw new InputError(`${owner} gives ${JSON.stringify(name)} twice`);
      known?.add(name);
    }
  }
}
