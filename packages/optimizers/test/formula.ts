// Formulas as theorems state them, ‖z₀ − z*‖²(1 − γ²L²)/(γ²(1 − 4γ²L²)k), as numbers.

/** The value of a letter, which may have a subscript. */
export type Symbols = (letter: string) => number;

const powers: { readonly [sign: string]: number } = { '²': 2, '³': 3, '⁴': 4 };
/** ζ(2) and ζ(4). */
const zeta = new Map([
  [2, Math.PI ** 2 / 6],
  [4, Math.PI ** 4 / 90],
]);

/**
 * The value of a sum of products of powers. Products need no sign; like quotients, they are taken from left
 * to right. `‖z₀ − z*‖` is D. @throws for what it cannot read.
 */
export function valueOf(formula: string, symbols: Symbols): number {
  const text = formula.replaceAll('‖z₀ − z*‖', 'D').replaceAll(' ', '');
  let at = 0;
  const takes = (sign: string): boolean => {
    if (!text.startsWith(sign, at)) return false;
    at += sign.length;
    return true;
  };
  const expected = (sign: string): void => {
    if (!takes(sign)) throw new Error(`${text}: expected ${sign} at ${at}`);
  };
  const closed = (end: string): number => {
    const value = sum();
    expected(end);
    return value;
  };
  function atom(): number {
    const [number] = /^\d+(\.\d+)?(e-?\d+)?/.exec(text.slice(at)) ?? [];
    if (number !== undefined) {
      at += number.length;
      return Number(number);
    }
    if (takes('½')) return 0.5;
    if (takes('√')) return Math.sqrt(atom());
    if (takes('ζ(')) return zeta.get(closed(')')) ?? NaN;
    if (takes('⌊')) return Math.floor(closed('⌋'));
    if (takes('(')) return closed(')');
    const [letter = ''] = /^\p{Letter}[₀₁]?/u.exec(text.slice(at)) ?? [];
    if (letter === '') throw new Error(`${text}: expected a number or a letter at ${at}`);
    at += letter.length;
    return symbols(letter);
  }
  function power(): number {
    const base = atom();
    const sign = text.charAt(at);
    if (takes('ᵏ')) return base ** symbols('k');
    if (takes('^')) return base ** atom();
    if (powers[sign] === undefined) return base;
    at += 1;
    return base ** powers[sign];
  }
  function product(): number {
    let value = power();
    while (at < text.length && !/^[+−)⌋]/.test(text.slice(at))) {
      if (takes('/')) value /= power();
      else {
        takes('·');
        value *= power();
      }
    }
    return value;
  }
  function sum(): number {
    let value = takes('−') ? -product() : product();
    while (at < text.length && !/^[)⌋]/.test(text.slice(at))) {
      if (takes('−')) value -= product();
      else {
        expected('+');
        value += product();
      }
    }
    return value;
  }
  const value = sum();
  if (at < text.length) throw new Error(`${text}: nothing was expected at ${at}`);
  return value;
}

/** As `valueOf`; a product over j ≤ k, `2·Π (j + 1)/j over j ≤ k`, may follow. */
export function withProduct(formula: string, symbols: Symbols): number {
  const [first = '', factor] = formula.replace(' over j ≤ k', '').split('·Π ');
  let value = valueOf(first, symbols);
  if (factor === undefined) return value;
  for (let j = 1; j <= symbols('k'); j++)
    value *= valueOf(factor, (letter) => (letter === 'j' ? j : symbols(letter)));
  return value;
}
