import { InputError, unknownName } from '@stillpoint/operators';
import { theoremName, theorems, type TheoremKey } from '@stillpoint/optimizers/certificates';
import {
  allPublications,
  bibtex,
  inFull,
  publicationsOf,
  references,
  type Publication,
} from '@stillpoint/optimizers/references';
import { probes } from '@stillpoint/optimizers/probe-registry';
import { methods, transforms } from '@stillpoint/optimizers/registry';
import { problems } from '@stillpoint/problems';
import { print, type Command } from '../command.js';

/** What a name stands for, and the publications that it comes from. */
interface Cited {
  readonly name: string;
  readonly kind: 'method' | 'transform' | 'problem' | 'probe' | 'theorem' | 'reference';
  /** `EG+ under weak Minty, Diakonikolas, Daskalakis, Jordan 2021`, or what the method does. */
  readonly title: string;
  readonly from: readonly Publication[];
  /** Where it comes from, if the list of references does not have that: `Cournot 1838`. */
  readonly said?: string;
}

const isTheorem = (key: string): key is TheoremKey => Object.hasOwn(theorems, key);

/** A row of a registry, with its publications. */
function citedRow(
  kind: Cited['kind'],
  row: Parameters<typeof publicationsOf>[0] & { readonly name: string; readonly about: string },
): Cited {
  const from = publicationsOf(row);
  return {
    name: row.name,
    kind,
    title: row.about,
    from,
    ...(from.length === 0 && { said: row.reference }),
  };
}

/** Everything that can be cited. A method and a theorem on it may have the same name. */
const all: readonly Cited[] = [
  ...methods.map((row) => citedRow('method', row)),
  ...transforms.map((row) => citedRow('transform', row)),
  ...problems.map((row) => citedRow('problem', row)),
  ...probes.map((row) => citedRow('probe', row)),
  ...Object.keys(theorems)
    .filter(isTheorem)
    .map((name) => ({
      name,
      kind: 'theorem' as const,
      title: theoremName(name),
      from: theorems[name].references.map((key) => ({ key, reference: references[key] })),
    })),
  ...allPublications(methods).map((publication) => ({
    name: publication.key,
    kind: 'reference' as const,
    title: publication.reference.title,
    from: [publication],
  })),
];

/** What a name stands for. @throws InputError for an unknown name, with the nearest. */
function named(name: string): readonly Cited[] {
  const found = all.filter((one) => one.name === name);
  if (found.length > 0) return found;
  throw unknownName('method, transform, problem, probe, theorem or reference', name, [
    ...new Set(all.map((one) => one.name)),
  ]);
}

const formats: { readonly [format: string]: (cited: readonly Cited[]) => string } = {
  text: (cited) =>
    cited
      .map(({ name, kind, title, from, said }) =>
        [
          `${name} (${kind}): ${title}`,
          ...(said === undefined ? [] : [`    ${said}`]),
          ...from.map(({ key, reference }) => `    [${key}] ${inFull(reference)}`),
        ].join('\n'),
      )
      .join('\n\n'),
  bibtex: (cited) =>
    [...new Set(cited.flatMap(({ from }) => from.map(({ key, reference }) => bibtex(key, reference))))].join(
      '\n\n',
    ),
  json: (cited) =>
    JSON.stringify(
      cited.map(({ from, ...rest }) => ({
        ...rest,
        references: from.map(({ key, reference }) => ({ key, ...reference })),
      })),
      null,
      2,
    ),
};

export const command: Command = {
  name: 'cite',
  about: 'Prints the publications that methods, transforms, problems, probes and theorems come from.',
  usage: '<method|transform|problem|probe|theorem|reference>...',
  flags: { format: { value: 'format', about: `${Object.keys(formats).join(', ')}; default text` } },
  examples: [
    'stillpoint cite rapp',
    'stillpoint cite eg-plus-weak-minty',
    'stillpoint cite extragradient lookahead --format bibtex >> paper.bib',
  ],
  async run(args) {
    if (args.positionals.length === 0)
      throw new InputError(
        'cite needs the name of a method, transform, problem, probe, theorem or reference: stillpoint cite rapp',
      );
    const format = args.text('format') ?? 'text';
    const write = Object.hasOwn(formats, format) ? formats[format] : undefined;
    if (write === undefined) throw unknownName('format of cite', format, Object.keys(formats));
    print(write([...new Set(args.positionals)].flatMap(named)));
    return 0;
  },
};

/** What can be cited, for completion. */
export const citable: readonly string[] = [...new Set(all.map(({ name }) => name))];
