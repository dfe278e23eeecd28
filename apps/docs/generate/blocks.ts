import {
  InputError,
  formatSpec,
  parseSpec,
  type Data,
  type Facts,
  type Given,
  type Option,
  type Spec,
} from '@stillpoint/operators';
import { methodFrom, specOf, type MethodRow } from '@stillpoint/optimizers/registry';
import {
  functionSections,
  functionTable,
  probeSections,
  probeTable,
  transformSections,
  transformTable,
} from './function-blocks.js';
import {
  lossSections,
  lossTable,
  modelSections,
  modelTable,
  penaltySections,
  penaltyTable,
} from './gan-blocks.js';
import { cited, code, figure, plain, table } from './markdown.js';
import {
  initialiserSections,
  initialiserTable,
  layerSections,
  layerTable,
  networkSections,
  networkTable,
} from './network-blocks.js';
import { anchor, given, list, optionTable, section, sentence } from './parts.js';
import { referenceSections, theoremTable } from './references.js';
import { registries } from './registries.js';

/** The facts of examples: if a step size has no default of its own, it is that for L = 10. */
const facts: Facts = { lipschitz: 10, termLipschitz: 10, convexTerms: true };

/**
 * Other values of an option, to find out whether the number of oracle calls depends on it: its default plus
 * 1, and an order of moves.
 */
function others(option: Option): readonly Data[] {
  const { default: value } = option;
  return [typeof value === 'number' ? value + 1 : null, [0, 0, 1]].filter(
    (other) => other !== null && option.accepts(other),
  );
}

/** Oracle calls per step with these options; undefined if the method refuses them together. */
function callsWith(row: MethodRow, options: Given): number | undefined {
  try {
    return row.calls(options).perStep;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** Oracle calls per step with the default options, and the options that change them. */
export function oracleCallsOf(row: MethodRow): string {
  if (row.wraps) return 'those of the method inside';
  const base = given(row.options, row.name);
  const { first, perStep, atMost } = row.calls(base);
  if (atMost === Infinity) return `${Number(perStep.toFixed(2))} or more`;
  // what costs half as much where there are two terms
  if (row.calls(base, {}, undefined, undefined, 2).perStep === perStep / 2)
    return `${perStep}/n, the sum having n terms`;
  if (atMost !== undefined) return `${perStep} to ${atMost}`;
  const dependsOn = Object.entries(row.options)
    .filter(([name, option]) =>
      others(option).some((value) => (callsWith(row, { ...base, [name]: value }) ?? perStep) !== perStep),
    )
    .map(([name]) => code(name));
  return `${perStep}${first === perStep ? '' : ` (the first: ${first})`}${dependsOn.length > 0 ? `, depends on ${dependsOn.join(', ')}` : ''}`;
}

/** A spec with every option at its default; a wrapper wraps the first method of the registry. */
export function exampleSpec(row: MethodRow): Spec {
  const inner = row.wraps
    ? registries.methods
        .filter(({ wraps }) => !wraps)
        .slice(0, 1)
        .map(({ name }) => ({ name, inner: [], options: {} }))
    : [];
  const direction = row.takes.includes('transform') ? [{ name: 'clip-by-norm', inner: [], options: {} }] : [];
  return {
    name: row.name,
    inner: [...inner, ...direction],
    options: 'stepSize' in row.options ? {} : given(row.options, row.name),
  };
}
const fullSpec = (row: MethodRow): string => formatSpec(specOf(methodFrom(exampleSpec(row), facts)));

const page = (name: string): string => `[${plain(name)}](/methods/${name})`;

function methodTable(): string {
  return table(
    ['method', 'what it does', 'oracle calls per step', 'memory', 'elementwise', 'family'],
    registries.methods.map((row) => [
      page(row.name),
      plain(row.about),
      oracleCallsOf(row),
      plain(String(row.memory)),
      row.elementwise ? 'yes' : 'no',
      row.family === 'inner' ? 'that of the method inside' : row.family,
    ]),
  );
}

function methodSections(): string {
  return registries.methods
    .map((row) =>
      section(
        row.name,
        sentence(row.about),
        `${code(fullSpec(row))}`,
        list({
          Assumes: plain(row.assumptions),
          'When to take it': plain(row.when),
          Reference: cited(row.reference),
          'Update, options, figure, source': page(row.name),
        }),
      ),
    )
    .join('\n\n');
}

function presetTable(): string {
  return table(
    ['preset', 'data set', 'batch', 'oracle calls', 'seeds', 'methods'],
    registries.presets.map(({ name, dataset, batch, calls, seeds, methods }) => [
      anchor(name),
      code(dataset),
      String(batch),
      String(calls),
      String(seeds),
      String(methods.length),
    ]),
  );
}

function gamePresetSections(): string {
  return registries.gamePresets
    .map(({ name, about, game, calls, methods }) =>
      section(
        name,
        plain(about),
        code(`npx stillpoint compare ${name}`),
        list({ Game: code(game), Budget: `${calls} oracle calls for each method` }),
        'Methods:',
        methods.map((spec) => `* ${code(spec)}`).join('\n'),
      ),
    )
    .join('\n\n');
}

/** A metric's spec, linked to its row. */
const metricLink = (spec: string): string => `[${code(spec)}](/reference/metrics#${parseSpec(spec).name})`;

function presetSections(): string {
  return registries.presets
    .map((preset) =>
      section(
        preset.name,
        plain(preset.about),
        code(`npx stillpoint compare ${preset.name}`),
        list({
          'Data set': code(preset.dataset),
          Model: code(preset.model),
          Loss: code(preset.loss),
          Batch: String(preset.batch),
          Budget: `${preset.calls} oracle calls for each method and seed`,
          Seeds: String(preset.seeds),
          Measured: `${preset.evaluations} times, ${preset.metrics.map(metricLink).join(', ')} of ${preset.samples} samples`,
        }),
        preset.goalWords === undefined ? '' : plain(preset.goalWords),
        'Methods:',
        preset.methods.map((spec) => `* ${code(spec)}`).join('\n'),
      ),
    )
    .join('\n\n');
}

function metricTable(): string {
  const perfect = (value: number | 'measured'): string =>
    value === 'measured' ? 'measured, reported with the figure' : figure(value);
  return table(
    ['metric', 'what it is', 'unit', 'better', 'a perfect sampler', 'reference'],
    registries.metrics.map(({ name, about, unit, better, ceiling, floor, reference }) => {
      const best = ceiling ?? floor;
      return [
        anchor(name),
        plain(about),
        plain(unit),
        better,
        best === undefined ? '' : perfect(best),
        cited(reference),
      ];
    }),
  );
}

/** What a metric is measured on, in words. */
const metricData = {
  features: 'features of real examples',
  logits: 'the logits of a classifier',
  mixture: 'the mixture that real examples are drawn from',
  training: 'features of training examples and of real ones that training never saw',
} as const;

function metricSections(): string {
  return registries.metrics
    .map(({ name, about, needs, options }) =>
      section(name, sentence(about), `Needs ${metricData[needs]}.`, optionTable(options)),
    )
    .join('\n\n');
}

function extractorTable(): string {
  return table(
    ['extractor', 'what it is', 'takes → returns', 'reference'],
    registries.extractors.map(({ name, about, shapes, reference }) => [
      anchor(name),
      plain(about),
      plain(shapes),
      cited(reference),
    ]),
  );
}

function extractorSections(): string {
  return registries.extractors
    .map(({ name, about, options, example }) =>
      section(name, sentence(about), example === undefined ? '' : code(example), optionTable(options)),
    )
    .join('\n\n');
}

function datasetTable(): string {
  return table(
    ['data set', 'what it is', 'reference'],
    registries.datasets.map(({ name, about, reference }) => [anchor(name), plain(about), cited(reference)]),
  );
}

function datasetSections(): string {
  return registries.datasets
    .map(({ name, about, options, example }) =>
      section(name, sentence(about), example === undefined ? '' : code(example), optionTable(options)),
    )
    .join('\n\n');
}

/** The generated blocks, by name. A page includes one by a line `<!-- generated: name -->`. */
export const blocks: { readonly [name: string]: () => string } = {
  'method table': methodTable,
  'method sections': methodSections,
  'transform table': transformTable,
  'transform sections': transformSections,
  'function table': functionTable,
  'function sections': functionSections,
  'preset table': presetTable,
  'preset sections': presetSections,
  'game preset sections': gamePresetSections,
  'model table': modelTable,
  'model sections': modelSections,
  'network table': networkTable,
  'network sections': networkSections,
  'layer table': layerTable,
  'layer sections': layerSections,
  'initialiser table': initialiserTable,
  'initialiser sections': initialiserSections,
  'loss table': lossTable,
  'loss sections': lossSections,
  'probe table': probeTable,
  'probe sections': probeSections,
  'penalty table': penaltyTable,
  'penalty sections': penaltySections,
  'metric table': metricTable,
  'metric sections': metricSections,
  'extractor table': extractorTable,
  'extractor sections': extractorSections,
  'dataset table': datasetTable,
  'dataset sections': datasetSections,
  'theorem table': theoremTable,
  'reference sections': referenceSections,
};

/** Markdown with its generated blocks, or those in `more`, filled in. @throws Error for an unknown block. */
export function fill(source: string, more: { readonly [name: string]: string } = {}): string {
  return source.replace(/^<!-- generated: (.+) -->$/gm, (_, name: string) => {
    const block = more[name] ?? blocks[name]?.();
    if (block !== undefined) return block;
    const names = Object.keys({ ...blocks, ...more }).join(', ');
    throw new Error(`no generated block is called "${name}"; expected one of: ${names}`);
  });
}
