/** Text, escaped so that markdown, HTML and Vue do not change it. */
export function plain(text: string): string {
  return text.replace(/[&<>|{}[\]*_`\\~]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Code, escaped so that it can be put into a table. */
export function code(text: string): string {
  return `<code v-pre>${plain(text)}</code>`;
}

/** A reference, with its arXiv identifiers as links. */
export function cited(reference: string): string {
  return plain(reference).replace(/arXiv (\d{4}\.\d{4,5})/g, '[arXiv $1](https://arxiv.org/abs/$1)');
}

/** A table of cells that are markdown; empty ones are –. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell || '–').join(' | ')} |`)
    .join('\n');
}

/** A number as text with at most six digits; – if it is missing. */
export function figure(x: number | undefined): string {
  return x === undefined ? '–' : String(Number(x.toPrecision(6))).replace(/^-/, '−');
}
