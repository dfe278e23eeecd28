/** Text that markdown, HTML and Vue all leave as it is. */
export function plain(text: string): string {
  return text.replace(/[&<>|{}[\]*_`\\~]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Code that may stand in a table. */
export function code(text: string): string {
  return `<code v-pre>${plain(text)}</code>`;
}

/** A reference; what arXiv holds is linked to. */
export function cited(reference: string): string {
  return plain(reference).replace(/arXiv (\d{4}\.\d{4,5})/g, '[arXiv $1](https://arxiv.org/abs/$1)');
}

/** Rows of cells that are markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell || '–').join(' | ')} |`)
    .join('\n');
}

/** A number for people. */
export function figure(x: number | undefined): string {
  return x === undefined ? '–' : String(Number(x.toPrecision(6))).replace(/^-/, '−');
}
