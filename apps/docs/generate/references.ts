import { theoremName, theorems, type TheoremKey } from '@stillpoint/optimizers/certificates';
import {
  addressOf,
  allPublications,
  bibtex,
  inFull,
  publicationsOf,
  references,
  shortName,
  type Publication,
  type Sourced,
} from '@stillpoint/optimizers/references';
import { cited, code, plain, table } from './markdown.js';
import { registries } from './registries.js';

const link = ({ key, reference }: Publication): string =>
  `[${plain(shortName(reference))}](/reference/references#${key})`;

/** Links to the publications that a row names; empty if it names none. */
export const linked = (row: Sourced): string => publicationsOf(row).map(link).join(', ');

const isTheorem = (key: string): key is TheoremKey => Object.hasOwn(theorems, key);
const theoremKeys: readonly TheoremKey[] = Object.keys(theorems).filter(isTheorem);

/** Every theorem: its key for `stillpoint cite`, its name, its publications and its proof. */
export function theoremTable(): string {
  return table(
    ['theorem', 'name', 'publications', 'proof, in `@stillpoint/optimizers/src`'],
    theoremKeys.map((key) => {
      const { references: keys, at, proof } = theorems[key];
      const where = at === undefined ? '' : `, ${plain(at)}`;
      const links = keys.map(
        (one, i) => `${link({ key: one, reference: references[one] })}${i === 0 ? where : ''}`,
      );
      return [code(key), plain(theoremName(key)), links.join(', '), code(proof)];
    }),
  );
}

/** Every publication, with the methods and theorems that come from it and its BibTeX entry. */
export function referenceSections(): string {
  return allPublications(registries.methods)
    .map(({ key, reference }) => {
      const methods = registries.methods.filter((row) => publicationsOf(row).some((one) => one.key === key));
      const proved = theoremKeys.filter((theorem) => theorems[theorem].references.some((one) => one === key));
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
