import type { Reference } from './reference.js';

/** Combining marks of Unicode, and the accents of TeX. */
const accents: { readonly [mark: string]: string } = {
  '\u0300': '`',
  '\u0301': "'",
  '\u0302': '^',
  '\u0303': '~',
  '\u0308': '"',
  '\u030a': 'r',
  '\u030c': 'v',
  '\u0327': 'c',
};
const signs: { readonly [character: string]: string } = {
  ı: '{\\i}',
  '’': "'",
  '–': '--',
  '²': '$^2$',
  '\\': '{\\textbackslash}',
  '~': '{\\textasciitilde}',
  '^': '{\\textasciicircum}',
};

/** Text as TeX source in ASCII. @throws Error for a character without a known TeX command. */
export function tex(text: string): string {
  const escaped = Array.from(text.normalize('NFC'), (character) => {
    const sign = signs[character];
    if (sign !== undefined) return sign;
    if (/[&%$#_{}]/.test(character)) return `\\${character}`;
    const [letter = '', mark, ...more] = character.normalize('NFD');
    if (mark === undefined) return letter;
    const accent = accents[mark];
    return accent === undefined || more.length > 0 ? character : `{\\${accent}{${letter}}}`;
  }).join('');
  const [unknown] = /[^\x20-\x7e]/.exec(escaped) ?? [];
  if (unknown !== undefined) throw new Error(`no TeX command is known for ${unknown} in "${text}"`);
  return escaped;
}

const kinds = {
  journal: { entry: 'article', field: 'journal' },
  proceedings: { entry: 'inproceedings', field: 'booktitle' },
  publisher: { entry: 'book', field: 'publisher' },
  software: { entry: 'misc', field: 'howpublished' },
} as const;

/** The entry of a publication in BibTeX. Titles keep their capitals; an address is not escaped. */
export function bibtex(key: string, { authors, title, year, venue, arxiv, doi, url }: Reference): string {
  const { entry, field } = venue === undefined ? { entry: 'misc', field: '' } : kinds[venue.kind];
  const fields: readonly (readonly [string, string])[] = [
    ['author', authors.map(tex).join(' and ')],
    ['title', `{${tex(title)}}`],
    ...(venue === undefined ? [] : [[field, tex(venue.name)] as const]),
    ['year', String(year)],
    ...(arxiv === undefined ? [] : [['eprint', arxiv] as const, ['archiveprefix', 'arXiv'] as const]),
    ...(doi === undefined ? [] : [['doi', doi] as const]),
    ...(url === undefined ? [] : [['url', url] as const]),
  ];
  return `@${entry}{${key},\n${fields.map(([name, value]) => `  ${name} = {${value}},`).join('\n')}\n}`;
}
