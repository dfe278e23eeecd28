import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { renderToString } from 'katex';
import { expect, it } from 'vitest';
import { displayed, texOf } from '../generate/formulas.js';
import { sectionsOf } from '../generate/search.js';
import { docs } from './examples.js';

it.each([
  ['z⁺ = (I + γA)⁻¹(z − γF(z))', 'z^{+} = (I + γA)^{-1}(z - γF(z))'],
  [
    'z̄  = ((φ − 1)z + z̄₋)/φ,   φ = (1 + √5)/2',
    '\\bar{z} = ((φ - 1)z + \\bar{z}_{-})/φ,\\quad φ = (1 + \\sqrt{5})/2',
  ],
  ['ᾱ ≠ J_yy⁻¹Hz̄', '\\bar{α} \\ne  J_{yy}^{-1}H\\bar{z}'],
  ['‖z − z*‖² ≤ 1e-9·η^(2(k + 1))', '\\Vert z - z^*\\Vert ^{2} \\le  1\\cdot 10^{-9}\\cdot η^{2(k + 1)}'],
  [
    'τ times:  w ← g, always from the anchor z',
    'τ\\ \\text{times}{:}\\;\\quad w \\leftarrow  g,\\ \\text{always from the anchor}\\ z',
  ],
  ['√(k/(k + (1)))^k', '\\sqrt{k/(k + (1))}^{k}'],
  ['argmin_u γ⟨g, u⟩', '\\operatorname{argmin}_{u} γ\\langle g,\\ u\\rangle '],
])('%s as TeX', (text, tex) => {
  expect(texOf(text)).toBe(tex);
});

it('formulas below each other are aligned, and what is not understood stays a block of code', () => {
  expect(displayed(['w  = z', 'z⁺ = w'])).toBe(
    '$$\n\\begin{aligned}\nw &= z \\\\\nz^{+} &= w\n\\end{aligned}\n$$',
  );
  expect(texOf('w = ☃')).toBeUndefined();
  expect(displayed(['w = ☃'])).toBe('```text\nw = ☃\n```');
});

it('every formula of a method’s docstring is TeX that KaTeX takes', () => {
  const folder = join(docs, '..', '..', 'packages', 'optimizers', 'src', 'methods');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const lines = files.flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/^ \*   (.*)$/gm)].map(([, line = '']) => line),
  );
  expect(lines.length).toBeGreaterThan(40);
  for (const line of lines) {
    const tex = texOf(line);
    expect(tex, line).toBeDefined();
    expect(() => renderToString(tex ?? '', { strict: 'ignore' }), line).not.toThrow();
  }
});

it('a page is searched by its sections, each under the headings above it', () => {
  const heading = (level: number, id: string, text: string): string =>
    `<h${level} id="${id}">${text} <a class="header-anchor" href="#${id}">&ZeroWidthSpace;</a></h${level}>`;
  const [a, b, c] = [heading(1, 'a', 'A'), heading(2, 'b', '<code>B</code>'), heading(2, 'c', 'C')];
  const html = `${a}<p>one</p>${b}<p>two <b>three</b></p>${c}`;
  expect(sectionsOf(html)).toEqual([
    { anchor: 'a', titles: ['A'], text: 'one' },
    { anchor: 'b', titles: ['A', 'B'], text: 'two three' },
    { anchor: 'c', titles: ['A', 'C'], text: '' },
  ]);
});
