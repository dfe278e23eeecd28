import { datasets } from '@stillpoint/datasets';
import { extractorRegistry, gamePresets, presets } from '@stillpoint/experiments';
import { losses, models, penalties } from '@stillpoint/gans';
import { metrics } from '@stillpoint/metrics';
import { initialisers, layers, networks } from '@stillpoint/networks';
import { proxes, type Option } from '@stillpoint/operators';
import { probes } from '@stillpoint/optimizers/probe-registry';
import { methods, transforms } from '@stillpoint/optimizers/registry';
import { problemKinds, problemsOf, type ProblemRow } from '@stillpoint/problems';

/** The texts that every row of every registry has. */
export interface Documented {
  readonly name: string;
  readonly about: string;
  readonly reference?: string;
  readonly assumptions?: string;
  readonly options?: { readonly [name: string]: Option };
}

/** The registries from which the tables are made. */
export const registries = {
  methods,
  transforms,
  functions: proxes,
  probes,
  gamePresets,
  presets,
  models,
  networks,
  layers,
  initialisers,
  losses,
  penalties,
  metrics,
  extractors: extractorRegistry.rows,
  datasets,
};

/** The registries of all kinds of problems, by what their problems are called: `sampled games`. */
export const problemsByKind: { readonly [plural: string]: readonly ProblemRow[] } = Object.fromEntries(
  problemKinds.map(({ name, plural }) => [plural, problemsOf(name).rows]),
);

/** The texts that are missing, as `methods: extragradient: option stepSize has no "about"`. */
export function undocumented(
  all: { readonly [kind: string]: readonly Documented[] } = { ...registries, ...problemsByKind },
): string[] {
  return Object.entries(all).flatMap(([kind, rows]) =>
    rows.flatMap((row) => {
      const words = {
        about: row.about,
        ...(row.reference === undefined ? {} : { reference: row.reference }),
        ...(row.assumptions === undefined ? {} : { assumptions: row.assumptions }),
      };
      return [
        ...Object.entries(words)
          .filter(([, text]) => text.trim() === '')
          .map(([field]) => `${kind}: ${row.name} has no "${field}"`),
        ...Object.entries(row.options ?? {})
          .filter(([, { about }]) => about.trim() === '')
          .map(([option]) => `${kind}: ${row.name}: option ${option} has no "about"`),
      ];
    }),
  );
}

/** Ends the build if a text is missing. @throws Error that names the rows and options without one. */
export function checkDocumented(all?: { readonly [kind: string]: readonly Documented[] }): void {
  const missing = undocumented(all);
  if (missing.length > 0)
    throw new Error(
      `undocumented, so the docs are not built:\n${missing.map((line) => `  ${line}`).join('\n')}`,
    );
}
