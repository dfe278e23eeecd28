import { proxFrom, type ProximalFunction } from '@stillpoint/operators';
import { cited, code, figure, plain, table } from './markdown.js';
import { anchor, list, optionSections, optionTable, section, sentence } from './parts.js';
import { solved } from './problem-pages.js';
import { registries } from './registries.js';

const takesInWords = (takes: 'none' | 'one' | 'some' | undefined, what: string): string | undefined =>
  takes === 'one' ? `one ${what}` : takes === 'some' ? `one ${what} or more` : undefined;

/** Every transform of gradients. */
export function transformTable(): string {
  return table(
    ['transform', 'what it does', 'takes', 'unit of the direction', 'reference'],
    registries.transforms.map(({ name, about, takes, family, reference }) => [
      anchor(name),
      plain(about),
      takesInWords(takes, 'transform') ?? 'options only',
      family === 'adam' ? 'that of z' : 'that of the gradient',
      cited(reference),
    ]),
  );
}

/** A section for each transform, with a run. */
export function transformSections(): string {
  return registries.transforms
    .map(({ name, about, options, example = name }) =>
      section(
        name,
        sentence(about),
        code(example),
        optionTable(options),
        solved('linear(weakMinty=0.95)', `transform(gda(stepSize=0.05), ${example})`),
      ),
    )
    .join('\n\n');
}

/** What a function is, and what is known of it, in words. */
function kindOf({ is }: ProximalFunction): string {
  if (!is.set) {
    const also = [
      is.homogeneous && 'positively homogeneous',
      is.smooth && 'smooth',
      is.stronglyConvex && 'strongly convex',
    ];
    return ['function', ...also].filter(Boolean).join(', ');
  }
  return is.cone ? 'cone' : is.affine ? 'affine set' : 'set';
}
const yes = (known: unknown): string => (known === undefined ? '' : 'yes');

/** Every proximal function, with what is known of its example beside the prox. */
export function functionTable(): string {
  return table(
    [
      'function or set',
      'what it is',
      'kind',
      'entry by entry',
      'linear minimiser (lmo)',
      'support function',
      'gauge',
    ],
    registries.functions.map(({ name, about, example }) => {
      const f = proxFrom(example);
      return [
        anchor(name),
        plain(about),
        kindOf(f),
        f.is.separable ? 'yes' : '',
        yes(f.lmo),
        yes(f.support),
        yes(f.gauge),
      ];
    }),
  );
}

/** Entries of the point to which each example is applied. */
const POINT = [3, -1, 2, 0.5];

/** The prox of an example at a point, as code with its result, which is computed here. */
function proxAt(example: string): string {
  const f = proxFrom(example);
  const before = Array.from({ length: f.length ?? POINT.length }, (_, i) => POINT[i % POINT.length]!);
  const z = Float64Array.from(before);
  f.prox(z, 1);
  const lines = [
    `const z = Float64Array.of(${before.join(', ')});`,
    `proxFrom('${example}').prox(z, 1); // z is now ${Array.from(z, (x) => figure(x).replace('−', '-')).join(', ')}`,
  ];
  return `\`\`\`js\n${lines.join('\n')}\n\`\`\``;
}

/** A section for each proximal function, with its prox at a point. */
export function functionSections(): string {
  return registries.functions
    .map(({ name, about, options, reference, example, takes }) => {
      const taken = takesInWords(takes, 'function or set');
      return section(
        name,
        sentence(about),
        code(example),
        optionTable(options),
        list({ ...(taken === undefined ? {} : { Takes: taken }), Reference: cited(reference) }),
        proxAt(example),
      );
    })
    .join('\n\n');
}

/** Every probe. */
export function probeTable(): string {
  return table(
    ['probe', 'what it finds', 'what it needs, and what its numbers mean', 'reference'],
    registries.probes.map(({ name, about, assumptions, reference }) => [
      anchor(name),
      plain(about),
      plain(assumptions),
      cited(reference),
    ]),
  );
}

/** A section for each probe, with its options. */
export function probeSections(): string {
  return optionSections(registries.probes);
}
