import { InputError, parseSpec, uniform, unknownName, type Data, type Spec } from '@stillpoint/operators';
import { methods, transforms } from '@stillpoint/optimizers/registry';

/** How an option is searched: evenly in the logarithm between two numbers, or among some values. */
export type Search =
  | { readonly from: number; readonly to: number }
  | { readonly among: readonly [Data, ...Data[]] };

/** An option of a spec that is searched. `at` leads to it: the places among the specs inside. */
export interface Dimension {
  readonly at: readonly number[];
  readonly option: string;
  readonly search: Search;
}

/** Around a method's default step size, or where it would come from an L that a GAN does not state. */
const FACTOR = 10;
const withoutDefault: Search = { from: 0.001, to: 1 };

/** What is searched of an option wherever it occurs. */
const everywhere: { readonly [option: string]: Search } = {
  beta1: { among: [0, 0.5, 0.9] },
};

const inner: { readonly [option: string]: Search } = {
  innerSteps: { among: [2, 3, 5] },
  weight: { among: [0.5, 0.9] },
};
const relaxed: { readonly [option: string]: Search } = { relaxation: { among: [0.25, 0.5, 1] } };
const momentum: { readonly [option: string]: Search } = { momentum: { among: [0, 0.5, 0.9] } };
const penalised: { readonly [option: string]: Search } = { penalty: { from: 0.1, to: 10 } };

/** What else is searched of a method or a wrapper: what acts as its step size does. */
export const searched: { readonly [name: string]: { readonly [option: string]: Search } } = {
  lookahead: { steps: { among: [5, 20, 50, 200] }, weight: { among: [0.5, 0.8] } },
  ema: { decay: { among: [0.9, 0.99, 0.999] } },
  rapp: inner,
  'rapp-adam': inner,
  'eg-plus': relaxed,
  'ceg-plus': relaxed,
  'ogda-plus': relaxed,
  'sgd-momentum': momentum,
  sam: momentum,
  consensus: penalised,
  'symplectic-adjustment': penalised,
};

/** What a spec names: some names are of a method and of a transform. */
type Kind = 'method' | 'transform';

const rowOf = (
  name: string,
  kind: Kind,
): (typeof methods)[number] | (typeof transforms)[number] | undefined =>
  (kind === 'method' ? methods : transforms).find((row) => row.name === name);

/** The specs inside a spec, with what they name. */
function partsOf({ name, inner: parts }: Spec, kind: Kind): readonly (readonly [Spec, Kind])[] {
  const takes = kind === 'method' ? methods.find((row) => row.name === name)?.takes : undefined;
  return parts.map((part, i) => [part, takes?.[i] ?? 'transform']);
}

/** A spec with a value of an option in each of its parts that has the option. */
export function withEverywhere(spec: Spec, option: string, value: Data, kind: Kind = 'method'): Spec {
  const has = Object.hasOwn(rowOf(spec.name, kind)?.options ?? {}, option);
  return {
    name: spec.name,
    inner: partsOf(spec, kind).map(([part, of]) => withEverywhere(part, option, value, of)),
    options: has ? { ...spec.options, [option]: value } : spec.options,
  };
}

/** What is searched of a row, by option. */
export function searchesOf(name: string, kind: Kind = 'method'): { readonly [option: string]: Search } {
  const { options = {} } = rowOf(name, kind) ?? {};
  const { stepSize: step } = options;
  const usual = step?.default;
  const around = typeof usual === 'number' ? { from: usual / FACTOR, to: usual * FACTOR } : withoutDefault;
  const shared = Object.entries(everywhere).filter(([option]) => Object.hasOwn(options, option));
  return {
    ...(step && { stepSize: around }),
    ...Object.fromEntries(shared),
    ...(kind === 'method' ? searched[name] : {}),
  };
}

/**
 * What is searched of a method: of each of its parts, the outermost first, the options of the table that its
 * spec leaves out. `ranges` replace what the table says of an option, wherever it occurs.
 */
export function spaceOf(
  spec: Spec,
  ranges: { readonly [option: string]: Search } = {},
  at: readonly number[] = [],
  kind: Kind = 'method',
): readonly Dimension[] {
  const { options = {} } = rowOf(spec.name, kind) ?? {};
  const given = Object.entries(ranges).filter(([option]) => Object.hasOwn(options, option));
  const own = Object.entries({ ...searchesOf(spec.name, kind), ...Object.fromEntries(given) })
    .filter(([option]) => !Object.hasOwn(spec.options, option))
    .map(([option, search]) => ({ at, option, search }));
  const inside = partsOf(spec, kind).map(([part, of], i) => spaceOf(part, ranges, [...at, i], of));
  return [...own, ...inside.flat()];
}

/** A spec without the options that would be searched: what remains of a preset's method to tune it anew. */
export function bare(spec: Spec, kind: Kind = 'method'): Spec {
  const { name, options } = spec;
  const left = Object.entries(options).filter(([option]) => !Object.hasOwn(searchesOf(name, kind), option));
  const inside = partsOf(spec, kind).map(([part, of]) => bare(part, of));
  return { name, inner: inside, options: Object.fromEntries(left) };
}

/** Radical inverses in these bases make Halton's points. */
const bases = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];

/** The digits of i in this base, mirrored at the point: a number in [0, 1). */
export function radicalInverse(base: number, i: number): number {
  let [value, unit] = [0, 1 / base];
  for (let rest = i; rest > 0; rest = Math.floor(rest / base), unit /= base) value += (rest % base) * unit;
  return value;
}

/** The value of a search at u in [0, 1); numbers have three digits. */
export function valueAt(search: Search, u: number): Data {
  if ('among' in search) return search.among[Math.floor(u * search.among.length)] ?? search.among[0];
  return Number((search.from * (search.to / search.from) ** u).toPrecision(3));
}

function withOption(spec: Spec, [first, ...rest]: readonly number[], option: string, value: Data): Spec {
  if (first === undefined) return { ...spec, options: { ...spec.options, [option]: value } };
  const parts = spec.inner.map((part, i) => (i === first ? withOption(part, rest, option, value) : part));
  return { ...spec, inner: parts };
}

/**
 * Trial number i of a method, from 0: its spec with a value for each dimension. A pure function of its
 * arguments: Halton's point i + 1, shifted by random numbers of the seed modulo 1, so that any number of
 * first trials fills the space evenly.
 */
export function candidate(spec: Spec, space: readonly Dimension[], seed: number, i: number): Spec {
  if (space.length > bases.length)
    throw new InputError(
      `${spec.name} leaves ${space.length} options to be searched; expected at most ${bases.length}: state some in its spec`,
    );
  const shifts = uniform(new Float64Array(bases.length), { seed, purpose: 'tune' });
  return space.reduce((made, { at, option, search }, d) => {
    const u = (radicalInverse(bases[d]!, i + 1) + shifts[d]!) % 1;
    return withOption(made, at, option, valueAt(search, u));
  }, spec);
}

/** The methods to tune, as specs, and what is searched of each. @throws InputError if there is nothing. */
export function spacesOf(
  specs: readonly string[],
  ranges: { readonly [option: string]: Search } = {},
): readonly { readonly spec: Spec; readonly space: readonly Dimension[] }[] {
  const found = specs.map((text) => ({ text, spec: parseSpec(text) }));
  const names = new Set(found.flatMap(({ spec }) => optionsIn(spec)));
  for (const option of Object.keys(ranges))
    if (!names.has(option)) throw unknownName('option with a range', option, [...names]);
  return found.map(({ text, spec }) => {
    const space = spaceOf(spec, ranges);
    if (space.length > 0) return { spec, space };
    const options = Object.keys(searchesOf(spec.name));
    throw new InputError(
      `${text} states everything that would be searched; leave ${options.join(' or ') || 'an option with a --range'} out of it`,
    );
  });
}

/** The names of all options that the parts of a spec have. */
export const optionsIn = (spec: Spec, kind: Kind = 'method'): readonly string[] => [
  ...Object.keys(rowOf(spec.name, kind)?.options ?? {}),
  ...partsOf(spec, kind).flatMap(([part, of]) => optionsIn(part, of)),
];
