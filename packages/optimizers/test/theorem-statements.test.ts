import { describe, expect, it } from 'vitest';
import { distance, type Facts, type Game, type Vector } from '@stillpoint/operators';
import { bound, boundOn, theorems, type Bound, type NoBound } from '../src/certificates.js';
import { methodFrom } from '../src/registry.js';
import { cases, instancesOf } from './certificate-cases.js';
import { valueOf, withProduct, type Symbols } from './formula.js';

/** A theorem's bound, and the numbers that the letters of its statement stand for. */
interface Told {
  readonly told: Bound;
  readonly spec: string;
  readonly letters: { readonly [letter: string]: unknown };
}
const boundOf = (outcome: Bound | NoBound): Bound => {
  if ('reason' in outcome) throw new Error(outcome.reason);
  return outcome;
};
function onGame(game: Game, start: Vector, spec: string): Told {
  const { facts = {}, constraint } = game;
  const { comonotone, weakMinty = comonotone, cocoercive = comonotone, solution = [] } = facts;
  const method = methodFrom(spec, facts);
  const told = boundOf(boundOn(game, method, start));
  const options: { readonly [name: string]: unknown } = Object(method.options);
  const { weight: λ = 1, relaxation: ᾱ, tolerance: ε } = options;
  const letters = {
    γ: told.measured.stepSize,
    L: facts.lipschitz,
    μ: facts.stronglyMonotone,
    ρ: constraint === undefined ? weakMinty : 0,
    ℓ: cocoercive === undefined ? undefined : 1 / cocoercive,
    D: distance(start, Float64Array.from(solution)),
    λ,
    ᾱ,
    ε,
  };
  return { told, spec, letters };
}

const pair = { L0: 2, L1: 0.5 };
const smooth: Facts = { generalisedSmooth: pair };
const ofSmooth = (spec: string, letters: Told['letters']): Told => ({
  told: boundOf(bound(methodFrom(spec, smooth), smooth, 1, { above: 3 })),
  spec,
  letters: { D: 3, 'L₀': pair.L0, 'L₁': pair.L1, ...letters },
});
const convex: Facts = { lipschitz: 2, comonotone: 0 };
/** Theorems that are not tried on random games. */
const others: readonly Told[] = [
  {
    told: boundOf(bound(methodFrom('conditional-gradient'), convex, 1, { diameter: 3, constrained: true })),
    spec: 'conditional-gradient',
    letters: { L: 2, D: 3 },
  },
  ofSmooth('gda(stepSize=0.1)', { η: 0.1 }),
  ofSmooth('clipped-gradient(stepSize=0.2, threshold=1)', { η: 0.2, c: 1 }),
  ofSmooth('normalised-gradient(stepSize=0.5, offset=1)', { η: 0.5, β: 1 }),
  ofSmooth('generalised-smooth-gradient(step=clipped)', {}),
  {
    told: boundOf(bound(methodFrom('clipped-extragradient', smooth), { ...smooth, weakMinty: 0 }, 1)),
    spec: 'clipped-extragradient',
    letters: {},
  },
];
/** Of SAGA the statement leaves out how c follows; of (L₀, L₁)-smooth games how h and Γ do. */
const notComputed = ['saga-linear', 'extragradient-generalised-smooth'];
const all: readonly Told[] = [
  ...cases.flatMap((one) =>
    instancesOf(one)
      .slice(0, 3)
      .map(({ game, start, spec }) => onGame(game, start, spec)),
  ),
  ...others,
];

/** What is said behind the conditions; the last of several inequalities. */
const conclusion = (statement: string): string =>
  statement
    .slice(statement.indexOf(': ') + 2)
    .split(/, so |; so |: /)
    .at(-1) ?? '';
/** The formulas of each letter that a statement explains, `a = 1 + ρ/γ = 1.5`. */
function explained(statement: string): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const [, letter = '', text = ''] of statement.matchAll(/([αaqbηsKR]) = ([^,;:]*?)(?= for |[,;:]|$)/g))
    found.set(letter, [...(found.get(letter) ?? []), ...text.split(/ = | or /)]);
  return found;
}
const isNumber = (text: string): boolean => /^[\d.e-]+$/.test(text);

/** α where a statement does not say what it is. */
const conic = 'γ/(2(γ + ρ))';
function symbolsOf({ told, letters }: Told, k: number): Symbols {
  const formulas = explained(told.statement);
  const symbol: Symbols = (letter) => {
    const value = letter === 'k' ? k : letters[letter];
    if (typeof value === 'number') return value;
    const texts = formulas.get(letter) ?? (letter === 'α' ? [conic] : []);
    const text = texts.find(isNumber) ?? texts[0];
    if (text === undefined) throw new Error(`${told.statement}: what is ${letter}?`);
    return valueOf(text, symbol);
  };
  return symbol;
}

/** Numbers in a statement that are rounded to a few digits: factors of descents, η and s. */
const few = /\d·|η = [^0,]|s = /;

describe('a theorem’s formula is what its bound computes', () => {
  it.each(all.filter(({ told }) => !notComputed.includes(told.key)))('$told.key of $spec', (one) => {
    const { told, spec } = one;
    const [, left = '', formula = ''] = /^(.*?) ≤ ([^,;]*)/.exec(conclusion(told.statement)) ?? [];
    const [, factor, where] =
      /, times (.*?) (?:where (.*)|for inexact resolvents)/.exec(told.statement) ?? [];
    let tried = 0;
    // the bound of lookahead is of whole rounds
    for (const k of spec.startsWith('lookahead') ? [240] : [1, 2, 3, 5]) {
      const value = told.at(k);
      if (value === Infinity) continue;
      const symbols = symbolsOf(one, k);
      const limits = where?.split(' ≤ ').map((text) => valueOf(text, symbols)) ?? [];
      const applies = limits.every((limit, i) => i === 0 || limits[i - 1]! <= limit);
      const most = withProduct(formula, symbols) * (factor && applies ? valueOf(factor, symbols) : 1);
      expect(valueOfLeft(left, one, value, symbols) / most, `k = ${k}`).toBeCloseTo(
        1,
        few.test(told.statement) ? 1.2 : 8,
      );
      tried++;
    }
    expect(tried).toBeGreaterThan(0);
  });
  /** The left side where the measured quantity is as large as its bound. */
  function valueOfLeft(left: string, { told, letters }: Told, most: number, symbols: Symbols): number {
    const plain = left.replace(/^min /, '').replace('(1/K)Σ', '').replace('z_k', 'z');
    if (plain === told.measured.quantity) return most;
    if (`${plain}²` === told.measured.quantity) return Math.sqrt(most);
    const G = Math.sqrt(most);
    const least = Math.min(G, typeof letters['c'] === 'number' ? letters['c'] : Infinity);
    return valueOf(plain.replace('min(G, c)', 'm'), (letter) =>
      letter === 'G' ? G : letter === 'm' ? least : symbols(letter),
    );
  }
  it.each(all)('letters that are explained by a formula and a number: $told.key of $spec', (one) => {
    for (const [letter, texts] of explained(one.told.statement)) {
      const numbers = texts.filter(isNumber).map(Number);
      const formulas = texts.filter((text) => !isNumber(text));
      if (numbers.length === 0 || formulas.length === 0) continue;
      const values = formulas.map((text) => valueOf(text, symbolsOf(one, 1)));
      const nearest = Math.min(...values.map((value) => Math.abs(value - numbers[0]!)));
      expect(nearest, letter).toBeLessThan(1e-9 * Math.abs(numbers[0]!));
    }
  });
});

it('names, measures, statements and sources are as they were, but for the numbers of an instance', async () => {
  const kept = /^0\.(618|99)$/; // of the theorem itself
  const shown = Object.keys(theorems).flatMap((key) => {
    const own = all.filter(({ told }) => told.key === key);
    const texts = own.map(({ told: { theorem, measure, statement, source } }) =>
      [
        theorem,
        measure,
        statement.replace(/\d*\.\d+(?:e-?\d+)?/g, (x) => (kept.test(x) ? x : '…')),
        source,
      ].join('\n  '),
    );
    expect(texts.length, key).toBeGreaterThan(0);
    return [...new Set(texts)];
  });
  await expect(`${shown.join('\n')}\n`).toMatchFileSnapshot('statements/theorems.txt');
});
