import { layerFrom, networkFrom, countParameters, type Ends } from '@stillpoint/networks';
import { InputError } from '@stillpoint/operators';
import { cited, code, plain, table } from './markdown.js';
import { anchor, list, optionSections, optionTable, section, sentence } from './parts.js';
import { registries } from './registries.js';

/** What `make` returns for the first candidate that fits. */
function firstFitting<C, T>(
  owner: string,
  candidates: readonly C[],
  make: (candidate: C) => T,
): readonly [C, T] {
  for (const candidate of candidates)
    try {
      return [candidate, make(candidate)];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  throw new Error(`the docs have no example shape for ${owner}`);
}
const shown = (shape: readonly number[]): string => code(`[${shape.join(', ')}]`);

/** Every layer, with the shapes that it takes and returns. */
export function layerTable(): string {
  return table(
    ['layer', 'what it does', 'shapes', 'reference'],
    registries.layers.map(({ name, about, shapes, reference }) => [
      anchor(name),
      plain(about),
      plain(shapes),
      cited(reference),
    ]),
  );
}

/** Shapes of examples, of which the docs show each layer the first that it takes. */
const INPUTS = [[8, 8, 4], [6, 4], [8]];

/** A section for each layer, with what its example makes of a shape. */
export function layerSections(): string {
  return registries.layers
    .map(({ name, about, options, example, takes }) => {
      const [input, { output, parameters, noise, classes }] = firstFitting(name, INPUTS, (shape) =>
        layerFrom(example).build(shape, name),
      );
      return section(
        name,
        sentence(about),
        code(example),
        takes === undefined ? optionTable(options) : `Takes ${takes === 'one' ? 'a layer' : 'layers'}.`,
        list({
          'For examples of shape': `${shown(input)}: returns ${shown(output)}`,
          ...(parameters.length > 0 && {
            Parameters: parameters.map((own) => `${code(own.name)} ${shown(own.shape)}`).join(', '),
          }),
          ...(noise !== undefined && { 'Uniform numbers per example': String(noise) }),
          ...(classes !== undefined && { 'Labels of': `${classes} classes` }),
        }),
      );
    })
    .join('\n\n');
}

/** Every network, with the shapes that it takes and returns. */
export function networkTable(): string {
  return table(
    ['network', 'what it is', 'shapes', 'reference'],
    registries.networks.map(({ name, about, shapes, reference }) => [
      anchor(name),
      plain(about),
      plain(shapes),
      cited(reference),
    ]),
  );
}

/** Shapes at both ends, of which the docs show each network the first that it fits. */
const ENDS: readonly Ends[] = [
  { inputs: [2], outputs: [1] },
  { inputs: [64], outputs: [32, 32, 3] },
  { inputs: [32, 32, 3], outputs: [1] },
  { inputs: [32], outputs: [32, 256] },
];

/** A section for each network, with its size for some shapes. */
export function networkSections(): string {
  return registries.networks
    .map(({ name, about, options }) => {
      const [{ inputs, outputs }, network] = firstFitting(name, ENDS, (ends) => networkFrom(name, ends));
      const size = countParameters(network).toLocaleString('en');
      return section(
        name,
        sentence(about),
        code(`networkFrom('${name}', { inputs: [${inputs.join(', ')}], outputs: [${outputs.join(', ')}] })`),
        optionTable(options),
        list({ Parameters: `${size} with the default options and these shapes` }),
      );
    })
    .join('\n\n');
}

/** Every initialiser. */
export function initialiserTable(): string {
  return table(
    ['initialiser', 'what it is', 'reference'],
    registries.initialisers.map(({ name, about, reference }) => [
      anchor(name),
      plain(about),
      cited(reference),
    ]),
  );
}

/** A section for each initialiser. */
export function initialiserSections(): string {
  return optionSections(registries.initialisers);
}
