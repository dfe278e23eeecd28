import type { Facts } from '../contracts/index.js';
import { nearest, shown, type InputError } from '../specs/errors.js';

function numbersIn(value: unknown): number[] | undefined {
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return undefined;
  const list: unknown[] = Array.from(Object.values(value));
  return list.every(isFiniteNumber) ? list : undefined;
}

/** Which values each fact may have. */
const factTable: {
  readonly [name in keyof Required<Facts>]: {
    readonly is: (value: unknown, dim: number) => boolean;
    readonly expected: string;
  };
} = {
  lipschitz: { is: (x) => isFiniteNumber(x) && x >= 0, expected: 'a number >= 0' },
  mirrorLipschitz: { is: (x) => isFiniteNumber(x) && x >= 0, expected: 'a number >= 0' },
  weakMinty: { is: isFiniteNumber, expected: 'a number' },
  comonotone: { is: isFiniteNumber, expected: 'a number' },
  cocoercive: { is: (x) => isFiniteNumber(x) && x > 0, expected: 'a number > 0' },
  stronglyMonotone: { is: (x) => isFiniteNumber(x) && x > 0, expected: 'a number > 0' },
  where: { is: (x) => x === 'everywhere' || x === 'on the set', expected: '"everywhere" or "on the set"' },
  solution: {
    is: (x, dim) => numbersIn(x)?.length === dim,
    expected: 'one finite number for each entry of the players',
  },
  polyakLojasiewicz: { is: (x) => isFiniteNumber(x) && x > 0, expected: 'a number > 0' },
  generalisedSmooth: {
    is: isGeneralisedSmooth,
    expected: '{ L0, L1 } or { L0, L1, below }, L0 and L1 numbers >= 0, below a number',
  },
  optimum: { is: isFiniteNumber, expected: 'a number' },
  zeroSum: { is: (x) => typeof x === 'boolean', expected: 'true or false' },
  termLipschitz: { is: (x) => isFiniteNumber(x) && x >= 0, expected: 'a number >= 0' },
  convexTerms: { is: (x) => typeof x === 'boolean', expected: 'true or false' },
  termVariance: { is: (x) => isFiniteNumber(x) && x >= 0, expected: 'a number >= 0' },
  mirror: { is: (x) => x === 'entropy' || x === 'euclidean', expected: '"entropy" or "euclidean"' },
};
function isGeneralisedSmooth(value: unknown): boolean {
  const { L0, L1, below, ...rest }: { readonly [key: string]: unknown } = Object(value);
  return (
    [L0, L1].every((c) => isFiniteNumber(c) && c >= 0) &&
    (below === undefined || isFiniteNumber(below)) &&
    Object.keys(rest).length === 0
  );
}
function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/**
 * Facts that a caller without types states.
 * @param dim entries of the problem.
 * @throws what `bad` makes of the first fact that is unknown or has a value that it may not have.
 */
export function givenFacts(value: unknown, dim: number, bad: (what: string) => InputError): Facts {
  const facts =
    value === undefined
      ? {}
      : value !== null && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries<unknown>(Object.entries(value))
        : undefined;
  const names = Object.keys(factTable);
  if (facts === undefined)
    throw bad(`facts is ${shown(value)}; expected an object with some of: ${names.join(', ')}`);
  for (const [key, fact] of Object.entries(facts)) {
    const near = nearest(key, names);
    const row = Object.hasOwn(factTable, key)
      ? Object.entries(factTable).find(([name]) => name === key)?.[1]
      : undefined;
    if (row === undefined)
      throw bad(
        `unknown fact "${key}"; ${near === undefined ? `expected one of: ${names.join(', ')}` : `did you mean ${near}?`}`,
      );
    if (fact !== undefined && !row.is(fact, dim))
      throw bad(
        `facts.${key} is ${shown(fact)}; expected ${key === 'solution' ? `${dim} finite numbers` : row.expected}`,
      );
  }
  const solved = numbersIn(facts['solution']);
  return Object.assign({}, facts, solved ? { solution: solved } : {});
}
