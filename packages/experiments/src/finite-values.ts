import type { Measure } from '@stillpoint/tracking';

/** In all measurements of all runs the generator gets the same noise. */
export const SAMPLE_SEED = 0;

/** Values by name, with null in place of numbers that are not finite. */
export const finiteValues = (values: {
  readonly [name: string]: Measure;
}): { readonly [name: string]: Measure } =>
  Object.fromEntries(
    Object.entries(values).map(([name, x]) => [name, x !== null && Number.isFinite(x) ? x : null]),
  );
