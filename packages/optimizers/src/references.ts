// The publications that methods and theorems come from, and how to cite them.
import { aToF, type AToF } from './references/a-to-f.js';
import { gToL, type GToL } from './references/g-to-l.js';
import { mToZ, type MToZ } from './references/m-to-z.js';
import type { Reference } from './references/reference.js';

export { bibtex } from './references/bibtex.js';
export type { Reference } from './references/reference.js';

/** The key of a publication: the first author’s family name and the year. */
export type ReferenceKey = AToF | GToL | MToZ;

/** Every publication that a method or a theorem refers to, by its key. */
export const references: { readonly [key in ReferenceKey]: Reference } = { ...aToF, ...gToL, ...mToZ };

const isKey = (key: string): key is ReferenceKey => Object.hasOwn(references, key);

/** The keys, in alphabetical order. */
export const referenceKeys: readonly ReferenceKey[] = Object.keys(references).filter(isKey);

const familyOf = (author: string): string => author.split(',')[0] ?? author;

/** A publication with its key. */
export interface Publication {
  readonly key: string;
  readonly reference: Reference;
}

/** What a row of a registry says of where it comes from. */
export interface Sourced {
  readonly reference: string;
  /** Publications that {@link references} does not have. */
  readonly publications?: readonly Reference[];
}

/** Letters that are no letter with an accent. */
const plainLetters: { readonly [letter: string]: string } = {
  ı: 'i',
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
};

/** The key of a publication: the first author’s family name, in small letters without accents, and year. */
export function keyOf({ authors: [first = ''], year }: Reference): string {
  const family = familyOf(first).toLowerCase().normalize('NFD');
  const plain = Array.from(family, (letter) => plainLetters[letter] ?? letter).join('');
  return `${plain.replace(/[^a-z]/g, '')}${year}`;
}

/** The key of a publication that is not of the list: with its title’s first word if the list has the key. */
function ownKey(own: Reference): string {
  const key = keyOf(own);
  const [word = ''] = own.title.toLowerCase().match(/[a-z]+/) ?? [];
  return isKey(key) ? `${key}${word}` : key;
}

/** The publications that a row names, those of the list first, then those of its own. */
export const publicationsOf = ({ reference, publications = [] }: Sourced): readonly Publication[] => [
  ...referencesIn(reference).map((key) => ({ key, reference: references[key] })),
  ...publications.map((own) => ({ key: ownKey(own), reference: own })),
];

/** Every publication of the list and of the rows, in the order of their keys. */
export function allPublications(rows: readonly Sourced[]): readonly Publication[] {
  const found = new Map<string, Publication>(
    referenceKeys.map((key) => [key, { key, reference: references[key] }]),
  );
  for (const publication of rows.flatMap(publicationsOf)) found.set(publication.key, publication);
  return [...found.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/** Authors and year: `Yoon, Ryu 2021`; more than three authors become `Pethick et al. 2022`. */
export function shortName({ authors, year }: Reference): string {
  const families = authors.map(familyOf);
  const short =
    families.length > 3 || families.includes('others') ? `${families[0]} et al.` : families.join(', ');
  return `${short} ${year}`;
}

/** The address of a publication: at arXiv, else by its DOI, else its `url`. */
export function addressOf({ arxiv, doi, url }: Reference): string | undefined {
  if (arxiv !== undefined) return `https://arxiv.org/abs/${arxiv}`;
  return doi === undefined ? url : `https://doi.org/${doi}`;
}

/** `arXiv 2102.07922`, or the DOI; undefined if there is neither. */
export function identifier({ arxiv, doi }: Reference): string | undefined {
  if (arxiv !== undefined) return `arXiv ${arxiv}`;
  return doi === undefined ? undefined : `doi ${doi}`;
}

/** Short name and identifier: `Yoon, Ryu 2021, arXiv 2102.07922`. */
export function identified(reference: Reference): string {
  return [shortName(reference), identifier(reference) ?? []].flat().join(', ');
}

/** A publication as in a list of references: authors, title, venue, year, identifiers. */
export function inFull({ authors, title, year, venue, arxiv, doi, url }: Reference): string {
  const names = authors.map((author) => {
    const [family, given] = author.split(', ');
    return family === 'others' ? 'and others' : given === undefined ? author : `${given} ${family}`;
  });
  return [
    `${names.join(', ')}: ${title}`,
    ...(venue === undefined ? [] : [venue.name]),
    String(year),
    ...(arxiv === undefined ? [] : [`arXiv ${arxiv}`]),
    ...(doi === undefined ? [] : [`doi ${doi}`]),
    ...(arxiv === undefined && doi === undefined && url !== undefined ? [url] : []),
  ].join(', ');
}

/**
 * The publications that a text names, by arXiv number if it gives one, else by first author and year.
 * Semicolons separate the publications.
 */
export function referencesIn(text: string): readonly ReferenceKey[] {
  return text.split(';').flatMap((part) => {
    const [, number] = /arXiv (\d{4}\.\d{4,5})/.exec(part) ?? [];
    const named = referenceKeys.filter((key) => {
      const { arxiv, authors, year } = references[key];
      if (number !== undefined) return arxiv === number;
      const first = familyOf(authors[0] ?? '');
      return part.includes(first) && part.includes(String(year)) && !part.includes(`, ${first}`);
    });
    return named;
  });
}
