import { theoremName, theorems, type TheoremKey } from '@stillpoint/optimizers/certificates';
import {
  addressOf,
  bibtex,
  inFull,
  referenceKeys,
  references,
  referencesIn,
  shortName,
  type ReferenceKey,
} from '@stillpoint/optimizers/references';
import { cited, code, plain, table } from './markdown.js';
import { registries } from './registries.js';

const link = (key: ReferenceKey): string =>
  `[${plain(shortName(references[key]))}](/reference/references#${key})`;

/** Links to the publications that a row’s text names; empty if it names none of the list. */
export function linked(text: string): string {
  return referencesIn(text).map(link).join(', ');
}

const isTheorem = (key: string): key is TheoremKey => Object.hasOwn(theorems, key);
const theoremKeys: readonly TheoremKey[] = Object.keys(theorems).filter(isTheorem);

/** Every theorem: its key for `stillpoint cite`, its name, its publications and its proof. */
export function theoremTable(): string {
  return table(
    ['theorem', 'name', 'publications', 'proof, in `@stillpoint/optimizers/src`'],
    theoremKeys.map((key) => {
      const { references: keys, at, proof } = theorems[key];
      const where = at === undefined ? '' : `, ${plain(at)}`;
      const links = keys.map((one, i) => `${link(one)}${i === 0 ? where : ''}`);
      return [code(key), plain(theoremName(key)), links.join(', '), code(proof)];
    }),
  );
}

/** Every publication, with the methods and theorems that come from it and its BibTeX entry. */
export function referenceSections(): string {
  return referenceKeys
    .map((key) => {
      const reference = references[key];
      const methods = registries.methods.filter((row) => referencesIn(row.reference).includes(key));
      const proved = theoremKeys.filter((theorem) => theorems[theorem].references.includes(key));
      const address = addressOf(reference);
      return [
        `## ${plain(shortName(reference))} {#${key}}`,
        `${cited(inFull(reference))}.${address === undefined ? '' : ` [Read it](${address})`}`,
        methods.length === 0
          ? ''
          : `Methods: ${methods.map(({ name }) => `[${plain(name)}](/methods/${name})`).join(', ')}.`,
        proved.length === 0 ? '' : `Theorems: ${proved.map((theorem) => code(theorem)).join(', ')}.`,
        `\`\`\`bibtex\n${bibtex(key, reference)}\n\`\`\``,
      ]
        .filter(Boolean)
        .join('\n\n');
    })
    .join('\n\n');
}
