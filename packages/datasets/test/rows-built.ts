import { datasetFrom, type BuiltDataset, type Dataset } from '../src/index.js';

/** Builds a row with options. */
export const built = (name: string, options: { readonly [name: string]: unknown }): Promise<BuiltDataset> =>
  datasetFrom(
    `${name}(${Object.entries(options)
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
      .join(', ')})`,
  );

/** The pixels or coordinates of a finite set, and its labels. */
export const contentOf = (set: Dataset | undefined): readonly [number[], number[]] => {
  const part = (name: string): number[] => {
    const values: unknown = set && Reflect.get(set, name);
    return values instanceof Uint8Array || values instanceof Float32Array ? [...values] : [];
  };
  return [[...part('bytes'), ...part('points')], part('labels')];
};
