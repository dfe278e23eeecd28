import { formatData, type Given, type Option } from '@stillpoint/operators';
import { code, plain, table } from './markdown.js';

// What the generated blocks of all registries are made of.

type Options = { readonly [name: string]: Option };

/** Values for the options that have no default: of 0.1, 1 and 0 the first that is accepted. */
export function given(options: Options, owner: string): Given {
  return Object.fromEntries(
    Object.entries(options)
      .filter(([, option]) => option.default === undefined)
      .map(([name, option]) => {
        const value = [0.1, 1, 0].find((x) => option.accepts(x));
        if (value === undefined)
          throw new Error(`the docs find no example value for ${name} of ${owner}: give it a default`);
        return [name, value];
      }),
  );
}

/** A table of options; a sentence if there are none. */
export function optionTable(options: Options): string {
  const rows = Object.entries(options).map(
    ([name, { about, symbol, expected, default: value, fallback }]) => [
      symbol === undefined ? code(name) : `${code(name)}&nbsp;${plain(symbol)}`,
      plain(about),
      fallback === undefined
        ? value === undefined
          ? 'must be given'
          : code(formatData(value))
        : `${plain(fallback)}${value === undefined ? '' : `, else ${code(formatData(value))}`}`,
      plain(expected),
    ],
  );
  return rows.length === 0 ? 'No options.' : table(['option', 'what it is', 'default', 'accepted'], rows);
}

/** A link to a row's section on the same page. */
export const anchor = (name: string): string => `[${plain(name)}](#${name})`;
/** A row's section, with its name as the anchor. */
export const section = (name: string, ...parts: readonly string[]): string =>
  [`## ${plain(name)} {#${name}}`, ...parts].filter(Boolean).join('\n\n');
/** Whether a text begins with a formula, `xy on the box`, whose letters stay as they are. */
const beginsWithFormula = (text: string): boolean =>
  !/^(?:(?:an?|as|at|by|if|in|is|it|no|of|on|or|so|to|up)|\p{L}{3,})(?![\p{L}\p{N}])/u.test(text);
/** A row's words as a sentence. */
export const sentence = (text: string): string =>
  `${plain(beginsWithFormula(text) ? text : text.slice(0, 1).toUpperCase() + text.slice(1))}.`;
/** A section for each row: what it is, and its options. */
export const optionSections = (
  rows: readonly { readonly name: string; readonly about: string; readonly options: Options }[],
): string =>
  rows.map(({ name, about, options }) => section(name, sentence(about), optionTable(options))).join('\n\n');
/** A list of entries, each with its name. */
export const list = (entries: { readonly [name: string]: string }): string =>
  Object.entries(entries)
    .map(([name, text]) => `* ${name}: ${text}`)
    .join('\n');
