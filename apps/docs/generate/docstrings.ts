import { displayed } from './formulas.js';
import { cited, code, plain } from './markdown.js';

/** A docstring without its stars. */
export const withoutStars = (text: string): string => text.replace(/^[ \t]*\* ?/gm, '').trim();

/** Prose of a docstring as markdown: `code` and *emphasis* are kept, every other sign is escaped. */
function prose(text: string): string {
  return text
    .split(/(`[^`]+`|(?<=^|\s)\*\w+\*)/)
    .map((part, i) => {
      if (i % 2 === 0) return cited(part);
      return part.startsWith('`') ? code(part.slice(1, -1)) : `*${plain(part.slice(1, -1))}*`;
    })
    .join('');
}

/**
 * A docstring as markdown: formulas on lines of their own are typeset, the prose between them is in
 * paragraphs.
 */
export function explained(said: string): string {
  const parts: { readonly formula: boolean; readonly lines: string[] }[] = [];
  let open = false;
  for (const line of said.replace(/^(\S.*?[:,]) {2,}(\S.*)$/gm, '$1\n  $2').split('\n')) {
    const formula = line.startsWith('  ');
    const last = parts.at(-1);
    const begins = /^(?:Source|Oracle calls per step|No guarantee)\b/.test(line);
    const goesOn = open && last?.formula === formula && !begins;
    open = line.trim() !== '';
    if (goesOn && open) last?.lines.push(line.trim());
    else if (open) parts.push({ formula, lines: [line.trim()] });
  }
  const written = parts.map(({ formula, lines }) => (formula ? displayed(lines) : prose(lines.join(' '))));
  return written.join('\n\n');
}
