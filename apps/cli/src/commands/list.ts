import { InputError, findRow, formatData, parseSpec, unknownName, type Option } from '@stillpoint/operators';
import { problemKinds, problemsOf } from '@stillpoint/problems';
import { print, type Command } from '../command.js';

/** One row of any registry, as this command shows it. */
interface Row {
  readonly name: string;
  readonly about: string;
  readonly options?: { readonly [name: string]: Option };
  readonly more?: { readonly [name: string]: string | number | boolean | readonly string[] };
}

/** A registry, and the commands that take its names. */
interface Kind {
  readonly name: string;
  readonly takenBy: string;
  load(): Promise<readonly Row[]>;
}

const kinds: readonly Kind[] = [
  {
    name: 'methods',
    takenBy: 'solve --method, compare --methods',
    load: async () =>
      (await import('@stillpoint/optimizers/registry')).methods.map(
        ({
          name,
          about,
          options,
          assumptions,
          when,
          memory,
          elementwise,
          reference,
          wraps,
          family,
          group,
        }) => ({
          name,
          about,
          options,
          more: { assumptions, when, memory, elementwise, wraps, family, group, reference },
        }),
      ),
  },
  {
    name: 'transforms',
    takenBy: 'solve and compare, inside a method: transform(gda, momentum)',
    load: async () =>
      (await import('@stillpoint/optimizers/registry')).transforms.map(
        ({ name, about, options, takes = 'none', reference }) => ({
          name,
          about,
          options,
          more: { takes, reference },
        }),
      ),
  },
  ...problemKinds.map((kind) => ({
    name: kind.plural.replaceAll(' ', '-'),
    takenBy: 'solve, compare, sweep, diagnose',
    load: async () =>
      problemsOf(kind.name).rows.map(({ name, about, options, reference }) => ({
        name,
        about,
        options,
        more: { reference },
      })),
  })),
  {
    name: 'presets',
    takenBy: 'compare',
    async load() {
      const { gamePresets, presets } = await import('@stillpoint/experiments');
      return [
        ...gamePresets.map(({ name, about, game, calls, methods }) => ({
          name,
          about,
          more: { game, calls, methods },
        })),
        ...presets.map(({ name, about, dataset, model, loss, batch, calls, seeds, metrics, methods }) => ({
          name,
          about,
          more: { dataset, model, loss, batch, calls, seeds, metrics, methods },
        })),
      ];
    },
  },
  {
    name: 'datasets',
    takenBy: 'the presets of compare, compare --data',
    load: async () =>
      (await import('@stillpoint/datasets')).datasets.map(({ name, about, options, reference, example }) => ({
        name,
        about,
        options,
        more: { ...(example === undefined ? {} : { example }), reference },
      })),
  },
  {
    name: 'models',
    takenBy: 'compare --model',
    load: async () =>
      (await import('@stillpoint/gans')).models.map(({ name, about, options, reference }) => ({
        name,
        about,
        options,
        more: { reference },
      })),
  },
  {
    name: 'losses',
    takenBy: 'compare --loss',
    load: async () =>
      (await import('@stillpoint/gans')).losses.map(
        ({ name, about, options, assumptions, zeroSum, reference }) => ({
          name,
          about,
          options,
          more: { assumptions, zeroSum, reference },
        }),
      ),
  },
  {
    name: 'penalties',
    takenBy: "the losses, as 'wasserstein(penalties=[gradient-penalty])'",
    load: async () =>
      (await import('@stillpoint/gans')).penalties.map(({ name, about, options, formula, reference }) => ({
        name,
        about,
        options,
        more: { formula, reference },
      })),
  },
  {
    name: 'metrics',
    takenBy: 'the presets of compare, and metricFrom of @stillpoint/metrics',
    async load() {
      const [{ metrics }, { presets }] = await Promise.all([
        import('@stillpoint/metrics'),
        import('@stillpoint/experiments'),
      ]);
      return metrics.map(({ name, about, options, needs, unit, better, ceiling, floor, reference }) => {
        const users = presets.filter((preset) =>
          preset.metrics.some((spec) => parseSpec(spec).name === name),
        );
        const perfect = ceiling ?? floor;
        return {
          name,
          about,
          options,
          more: {
            needs,
            unit,
            better,
            ...(perfect === undefined ? {} : { perfect }),
            presets: users.map((preset) => preset.name),
            reference,
          },
        };
      });
    },
  },
  {
    name: 'extractors',
    takenBy: 'the option extractor of metrics',
    load: async () =>
      (await import('@stillpoint/experiments')).extractorRegistry.rows.map(
        ({ name, about, options, shapes, reference }) => ({
          name,
          about,
          options,
          more: { shapes, reference },
        }),
      ),
  },
  {
    name: 'functions',
    takenBy: "solve and compare, as the constraint in the file of a game of your own: { x: 'simplex' }",
    load: async () =>
      (await import('@stillpoint/operators')).proxes.map(({ name, about, options, reference, example }) => ({
        name,
        about,
        options,
        more: { example, reference },
      })),
  },
  {
    name: 'probes',
    takenBy: 'diagnose --probe',
    load: async () =>
      (await import('@stillpoint/optimizers/probe-registry')).probes.map(
        ({ name, about, options, example, assumptions, reference }) => ({
          name,
          about,
          options,
          more: { ...(example === undefined ? {} : { example }), assumptions, reference },
        }),
      ),
  },
  {
    name: 'engines',
    takenBy: 'compare --engine',
    load: async () =>
      (await (await import('@stillpoint/engine')).findEngines()).map(
        ({ engine, found, version, reason }) => ({
          name: engine,
          about: found ? (version ?? 'found') : (reason ?? 'not found'),
          more: { found },
        }),
      ),
  },
];

const twice = kinds.find(({ name }, i) => kinds.findIndex((kind) => kind.name === name) !== i);
if (twice !== undefined) throw new Error(`two kinds of list are named ${twice.name}`);

/** What can be listed. */
export const kindNames: readonly string[] = kinds.map(({ name }) => name);

export const command: Command = {
  name: 'list',
  about: `Lists the rows of a registry, or one row by name: ${kindNames.join(', ')}.`,
  usage: `<${kindNames.join('|')}> [name]`,
  flags: { json: { about: 'print the rows as JSON' } },
  examples: ['stillpoint list methods', 'stillpoint list methods rapp', 'stillpoint list games --json'],
  async run(args) {
    const [kind, name, ...more] = args.positionals;
    if (kind === undefined) throw new InputError(`list needs one of: ${kindNames.join(', ')}`);
    const found = kinds.find((one) => one.name === kind) ?? (await notAKind(kind));
    if (more.length > 0)
      throw new InputError(`list ${kind} takes one name; found ${[name, ...more].join(' ')}`);
    const rows = await found.load();
    const shown = name === undefined ? rows : [findRow(kind.replace(/s$/, ''), rows, name)];
    print(
      args.has('json')
        ? JSON.stringify(name === undefined ? shown.map(asJson) : shown.map(asJson)[0], null, 2)
        : `${inText(shown)}\n\ntaken by: ${found.takenBy}`,
    );
    return 0;
  },
};

/** @throws InputError that names the kind in which a row of that name is, or the nearest kind. */
async function notAKind(name: string): Promise<never> {
  for (const kind of kinds.filter(({ name: one }) => one !== 'engines'))
    if ((await kind.load()).some((row) => row.name === name))
      throw new InputError(`list takes a kind and then a name: stillpoint list ${kind.name} ${name}`);
  throw unknownName('kind of list', name, kindNames);
}

/** Rows as text, under the headings of their groups if they have any. */
export function inText(rows: readonly Row[]): string {
  const groupOf = ({ more }: Row): string | undefined =>
    typeof more?.['group'] === 'string' ? more['group'] : undefined;
  const groups = [...new Set(rows.map(groupOf))];
  if (groups.length < 2) return rows.map(inWords).join('\n');
  return groups
    .map((group) =>
      [
        ...(group === undefined ? [] : [`── ${group} ──`]),
        ...rows.filter((row) => groupOf(row) === group).map(inWords),
      ].join('\n'),
    )
    .join('\n\n');
}

function asJson({ name, about, options, more }: Row): object {
  const described =
    options &&
    Object.entries(options).map(([option, { about: words, symbol, expected, default: value, fallback }]) => ({
      name: option,
      about: words,
      ...(symbol ? { symbol } : {}),
      expected,
      ...(value !== undefined ? { default: value } : {}),
      ...(fallback ? { fallback } : {}),
    }));
  return { name, about, ...(described ? { options: described } : {}), ...more };
}

/** The entries of `more` that are shown in text; JSON has all. */
const inTextToo = [
  'example',
  'assumptions',
  'when',
  'needs',
  'unit',
  'better',
  'perfect',
  'presets',
  'reference',
];

function inWords({ name, about, options = {}, more = {} }: Row): string {
  const lines = Object.entries(options).map(
    ([option, { about: words, symbol, expected, default: value, fallback }]) => {
      const otherwise = fallback
        ? `default ${fallback}${value === undefined ? '' : `, else ${formatData(value)}`}`
        : value !== undefined
          ? `default ${formatData(value)}`
          : 'required';
      return `    ${option}${symbol ? ` ${symbol}` : ''}: ${words} (${expected}; ${otherwise})`;
    },
  );
  const words = inTextToo.flatMap((key) => {
    const said = more[key];
    const text = Array.isArray(said) ? said.join(', ') || 'none' : said;
    return typeof text === 'string' || typeof text === 'number' ? [`    ${key}: ${text}`] : [];
  });
  return [`${name}\n    ${about}`, ...lines, ...words].join('\n');
}
