// Converts formulas of docstrings and theorems from Unicode to TeX. What it cannot read stays unchanged.

type Table = { readonly [sign: string]: string };
/** A table from the signs of the first text to those of the second. */
function paired(signs: string, meanings: string): Table {
  const all = Array.from(meanings);
  return Object.fromEntries(Array.from(signs, (sign, i) => [sign, all[i] ?? sign]));
}

const marks: Table = { '\u0304': 'bar', '\u0305': 'bar', '\u0303': 'tilde', '\u0302': 'hat' };
const raised: Table = { ...paired('⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵏⁿᵖᵐ', '0123456789+-knpm'), ᵀ: '\\top ' };
const lowered: Table = paired('₀₁₂₃₄₅₆₇₈₉₊₋ₖₙ', '0123456789+-kn');
/** Signs that are the same in TeX; below, those that have a name there. */
const asTheyAre = ',.()[]=<>/+-|!';
const names = String.raw`− - | – \text{–} | · \cdot | × \times | ≤ \le | ≥ \ge | ≠ \ne | ≈ \approx | ∝ \propto
 | ∈ \in | ↦ \mapsto | ← \leftarrow | → \to | ± \pm | ∞ \infty | ∇ \nabla | Σ \textstyle\sum
 | Π \textstyle\prod | ‖ \Vert | ⟨ \langle | ⟩ \rangle | ⌊ \lfloor | ⌋ \rfloor | ½ \tfrac12 | … \dots | 𝒜 \mathcal{A} | % \%
 | ; ;\, | : {:}\;`;
const named = names.split('|').map((pair) => pair.trim().split(' '));
const signs: Table = {
  ...paired(asTheyAre, asTheyAre),
  ...Object.fromEntries(named.map(([sign, tex = '']) => [sign, /[a-z]$/.test(tex) ? `${tex} ` : tex])),
};
const functions = new Set('min max exp log sign argmin argmax dist Adam AMSGrad direction'.split(' '));
const shortWords = new Set('if in is it of on or at as by no so to up we be an'.split(' '));

/** A pattern for the content of a pair of brackets, nested up to a depth. */
const inBrackets = (depth: number): string =>
  depth === 0 ? '[^()]*' : `(?:[^()]|\\(${inBrackets(depth - 1)}\\))*`;
const bracketed = `\\(${inBrackets(3)}\\)`;

interface Token {
  readonly kind: 'words' | 'space' | 'wide' | 'mathematics';
  readonly text: string;
}

/** Whether letters in a row are a word; otherwise they are a product, as in `Hz`. */
function isWord(letters: string): boolean {
  return !functions.has(letters) && (letters.length > 2 || shortWords.has(letters));
}

/** The argument of a root or power as TeX, without the brackets around it. */
function within(text: string): string {
  const inner = text.replace(/^\((.*)\)$/, '$1');
  return texOf(inner) ?? inner;
}

const mathematics = (text: string): Token => ({ kind: 'mathematics', text });
/** Replaces every sign by a table. */
const each = (text: string, table: Table): string => text.replace(/./gu, (sign) => table[sign] ?? sign);

/** Patterns for the beginning of a text, each with the token that it makes. */
const patterns: readonly [RegExp, (match: RegExpExecArray) => Token | undefined][] = [
  [/^ {2,}/, () => ({ kind: 'wide', text: '\\quad ' })],
  [/^ /, () => ({ kind: 'space', text: ' ' })],
  // letters, also with accents, but not with the marks of a variable: a bar, a tilde, a hat
  [
    /^[A-Za-z](?:[A-Za-z’']|\u0300|\u0301|\u0306|\u0307|\u0308|\u0327|-(?=[A-Za-z]))+/,
    ([letters]) => {
      if (isWord(letters)) return { kind: 'words', text: letters.normalize('NFC') };
      return functions.has(letters) ? mathematics(`\\operatorname{${letters}}`) : undefined;
    },
  ],
  [/^-th\b/, ([ending]) => ({ kind: 'words', text: ending })],
  [
    /^(\d+(?:\.\d+)?)e([-+]?\d+)/,
    ([, digits = '', exponent]) => mathematics(`${digits}\\cdot 10^{${Number(exponent)}}`),
  ],
  [/^\d+(?:\.\d+)?/, ([digits]) => mathematics(digits)],
  [/^[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵀᵏⁿᵖᵐ]+/, ([power]) => mathematics(`^{${each(power, raised)}}`)],
  [/^[₀₁₂₃₄₅₆₇₈₉₊₋ₖₙ]+/, ([index]) => mathematics(`_{${each(index, lowered)}}`)],
  [/^_(\p{L}+|\d+)/u, ([, index = '']) => mathematics(`_{${index}}`)],
  [new RegExp(`^\\^(${bracketed}|\\p{L}|\\d+)`, 'u'), ([, power = '']) => mathematics(`^{${within(power)}}`)],
  [
    new RegExp(`^√(${bracketed}|\\d+|\\p{L})`, 'u'),
    ([, under = '']) => mathematics(`\\sqrt{${within(under)}}`),
  ],
  [
    /^(\p{L})(\u0302|\u0303|\u0304|\u0305)?(\*)?/u,
    ([, letter = '', mark, star]) => {
      const tall = signs[letter] ?? letter;
      return mathematics(
        `${mark === undefined ? tall : `\\${marks[mark] ?? 'bar'}{${tall}}`}${star === undefined ? '' : '^*'}`,
      );
    },
  ],
  [/^./u, ([sign]) => (signs[sign] === undefined ? undefined : mathematics(signs[sign]))],
];

/** A text's tokens; undefined if it contains an unknown sign. */
function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  for (let rest = text; rest !== '';) {
    let found: Token | undefined;
    let length = 0;
    for (const [pattern, read] of patterns) {
      const match = pattern.exec(rest);
      found = match === null ? undefined : read(match);
      length = match?.[0].length ?? 0;
      if (found !== undefined) break;
    }
    if (found === undefined) return undefined;
    tokens.push(found);
    rest = rest.slice(length);
  }
  return tokens;
}

/** Joins consecutive words, with the spaces and marks between them, into one token. */
function joined(tokens: readonly Token[]): Token[] {
  const all: Token[] = [];
  for (const [i, token] of tokens.entries()) {
    const last = all.at(-1);
    const spaced = token.kind === 'words' && last?.kind === 'space' && all.at(-2)?.kind === 'words';
    // "a step": an article, not a variable.
    const article = token.text === 'a' && tokens[i + 1]?.kind === 'space' && tokens[i + 2]?.kind === 'words';
    const before = all.at(spaced ? -2 : -1);
    if (spaced && before !== undefined)
      all.splice(-2, 2, { kind: 'words', text: `${before.text} ${token.text}` });
    else if (last?.kind === 'words' && [',', '.'].includes(token.text))
      all.splice(-1, 1, { kind: 'words', text: last.text + token.text });
    else all.push(article ? { kind: 'words', text: 'a' } : token);
  }
  return all.length === tokens.length ? all : joined(all);
}

/** Relations, at which formulas are aligned. Two spaces before one only align it with others. */
const relations = new Set(['=', signs['≈'], signs['←'], signs['↦']]);

/** A formula in Unicode, words included, as TeX, its first relation marked; undefined for an unknown sign. */
export function texOf(text: string, mark = ''): string | undefined {
  const tokens = tokensOf(
    text
      .trim()
      .normalize('NFD')
      .replace(/=\u0338/g, '≠'),
  );
  if (tokens === undefined) return undefined;
  const all = joined(tokens);
  const first = all.findIndex(({ text: tex }) => relations.has(tex));
  return all
    .map(({ kind, text: tex }, i) => {
      if (kind === 'words') return `\\text{${tex}}`;
      if (i === first) return mark + tex;
      if (kind === 'wide') return i + 1 === first ? ' ' : tex;
      if (kind === 'mathematics') return tex;
      return all[i - 1]?.kind === 'words' || all[i + 1]?.kind === 'words' || all[i - 1]?.text === ','
        ? '\\ '
        : ' ';
    })
    .join('');
}

/**
 * Formulas below each other, aligned at their first relations; a code block if one of them cannot be read.
 */
export function displayed(lines: readonly string[]): string {
  const rows = lines.map((line) => texOf(line, '&'));
  if (rows.some((row) => row === undefined)) return `\`\`\`text\n${lines.join('\n')}\n\`\`\``;
  const aligned = rows.map((row = '') => (row.includes('&') ? row : `&${row}`));
  return `$$\n\\begin{aligned}\n${aligned.join(' \\\\\n')}\n\\end{aligned}\n$$`;
}

/** A formula within a line of markdown; `plain` of the text if it cannot be read. */
export function inline(text: string, plain: (text: string) => string): string {
  const tex = texOf(text);
  return tex === undefined ? plain(text) : `$${tex}$`;
}
