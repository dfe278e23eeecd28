import type { Reference } from './reference.js';

/** Combining marks of Unicode, and the accents of TeX. */
const accents: { readonly [mark: string]: string } = {
  '\u0300': '`',
  '\u0301': "'",
  '\u0302': '^',
  '\u0303': '~',
  '\u0308': '"',
  '\u030a': 'r',
  '\u0304': '=',
  '\u0306': 'u',
  '\u0307': '.',
  '\u030b': 'H',
  '\u030c': 'v',
  '\u0323': 'd',
  '\u0327': 'c',
  '\u0328': 'k',
};
const signs: { readonly [character: string]: string } = {
  ı: '{\\i}',
  ł: '{\\l}',
  Ł: '{\\L}',
  ø: '{\\o}',
  Ø: '{\\O}',
  æ: '{\\ae}',
  Æ: '{\\AE}',
  œ: '{\\oe}',
  Œ: '{\\OE}',
  ß: '{\\ss}',
  '’': "'",
  '–': '--',
  '²': '$^2$',
  '\\': '{\\textbackslash}',
  '~': '{\\textasciitilde}',
  '^': '{\\textasciicircum}',
};

/** Text as TeX source: ASCII, but for characters without a known command, which newer programs take as they are. */
export function tex(text: string): string {
  return Array.from(text.normalize('NFC'), (character) => {
    const sign = signs[character];
    if (sign !== undefined) return sign;
    if (/[&%$#_{}]/.test(character)) return `\\${character}`;
    const [letter = '', mark, ...more] = character.normalize('NFD');
    if (mark === undefined) return letter;
    const accent = accents[mark];
    return accent === undefined || more.length > 0 ? character : `{\\${accent}{${letter}}}`;
  }).join('');
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
