import * as v from 'valibot';
import { InputError, messageOf, shown, type Data, type Ledger, type Prices } from '@stillpoint/operators';
import { runStatuses, type Snapshot, type Run, type RunClaim, type Series } from './run.js';
import { FORMAT, type Arrow, type Claim, type Column, type Goal, type Plot } from './section.js';
import type { Results, Section } from './section.js';

// A results file may come from anywhere. Its whole shape is checked here, so that no other module has to.

type Schema<T> = v.GenericSchema<unknown, T>;

const list = <T>(of: Schema<T>): Schema<T[]> => v.array(of);
const measure = v.nullable(v.number());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const pair = v.tuple([v.number(), v.number()]);
const words = v.record(v.string(), v.string());
const status = v.picklist(runStatuses);

const data: Schema<Data> = v.lazy(() =>
  v.union([v.number(), v.string(), v.boolean(), v.null(), v.array(data), v.record(v.string(), data)]),
);

/** A ledger, as messages and files hold it. */
export const ledgerSchema: Schema<Ledger> = v.object({
  steps: count,
  gradients: list(count),
  losses: count,
  products: count,
  transposedProducts: count,
  residuals: count,
  residualProducts: count,
});
/** A price list, as messages and files hold it. */
const pricesSchema: Schema<Prices> = v.object({
  shares: list(v.number()),
  losses: v.number(),
  product: v.number(),
  transposedProduct: v.number(),
  residual: v.number(),
  residualProduct: v.number(),
});

const price = v.exactOptional(v.number());
/** Some entries of a price list, as messages hold them. */
export const somePricesSchema: Schema<Partial<Prices>> = v.object({
  shares: v.exactOptional(list(v.number())),
  losses: price,
  product: price,
  transposedProduct: price,
  residual: price,
  residualProduct: price,
});

/** A series, as messages and files hold it: as many y as x. */
export const seriesSchema: Schema<Series> = v.pipe(
  v.object({ x: list(v.number()), y: list(measure) }),
  v.check(({ x, y }) => x.length === y.length, 'a series has as many y as x'),
);
/** A picture, as messages and files hold it. */
export const snapshotSchema: Schema<Snapshot> = v.union([
  v.object({ calls: v.number(), points: list(pair) }),
  v.object({
    calls: v.number(),
    png: v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]*={0,2}$/, 'a PNG is base64')),
    width: count,
    height: count,
  }),
]);
/** A claim about a run, as messages and files hold it. */
export const runClaimSchema: Schema<RunClaim> = v.variant('claim', [
  v.object({
    claim: v.literal('bound'),
    theorem: v.string(),
    measure: v.string(),
    statement: v.string(),
    source: v.string(),
    holds: v.boolean(),
  }),
  v.object({ claim: v.literal('no-bound'), reason: v.string() }),
]);
/** A run's values by column. */
export const valuesSchema: Schema<Run['values']> = v.record(v.string(), measure);
/** Arrows of a vector field. */
export const arrowSchema: Schema<Arrow> = v.object({
  x: v.number(),
  y: v.number(),
  u: v.number(),
  v: v.number(),
});
/** Bounds on values. */
export const boundsSchema: Schema<Goal['values']> = v.record(
  v.string(),
  v.union([v.strictObject({ atLeast: v.number() }), v.strictObject({ atMost: v.number() })]),
);

const run: Schema<Run> = v.object({
  identity: data,
  label: v.string(),
  method: v.string(),
  group: v.string(),
  seed: v.nullable(v.number()),
  copyOf: v.exactOptional(v.number()),
  status,
  message: v.string(),
  ledger: ledgerSchema,
  calls: v.number(),
  seconds: measure,
  values: valuesSchema,
  figures: v.exactOptional(valuesSchema),
  series: v.record(v.string(), seriesSchema),
  pictures: list(snapshotSchema),
  claims: list(runClaimSchema),
});

const column: Schema<Column> = v.object({
  name: v.string(),
  label: v.string(),
  unit: v.exactOptional(v.string()),
  better: v.picklist(['lower', 'higher']),
  digits: count,
  decimals: v.exactOptional(count),
  best: v.exactOptional(v.number()),
  bestLabel: v.exactOptional(v.string()),
});
const goal: Schema<Goal> = v.object({
  verb: v.string(),
  column: v.string(),
  statuses: list(status),
  values: boundsSchema,
  words: v.exactOptional(v.string()),
});

const axis = v.object({ label: v.string(), scale: v.picklist(['linear', 'log']) });
const titled = { name: v.string(), title: v.string(), note: v.exactOptional(v.string()) };
const plot: Schema<Plot> = v.variant('draw', [
  v.object({
    ...titled,
    draw: v.literal('lines'),
    panels: list(v.object({ title: v.exactOptional(v.string()), series: v.string() })),
    y: v.object({
      label: v.string(),
      scale: v.picklist(['linear', 'log', 'symlog']),
      domain: v.exactOptional(pair),
      zero: v.exactOptional(v.boolean()),
      cut: v.exactOptional(v.boolean()),
    }),
    reference: v.exactOptional(v.object({ value: v.number(), label: v.string() })),
    dots: v.exactOptional(v.boolean()),
  }),
  v.object({ ...titled, draw: v.literal('ends'), column: v.string() }),
  v.object({
    ...titled,
    draw: v.literal('plane'),
    names: v.tuple([v.string(), v.string()]),
    x: pair,
    y: pair,
    arrows: list(arrowSchema),
    solution: v.exactOptional(pair),
  }),
  v.object({ ...titled, draw: v.literal('bounds') }),
  v.object({
    ...titled,
    draw: v.literal('samples'),
    centres: v.exactOptional(list(pair)),
    within: v.exactOptional(v.number()),
    reach: v.exactOptional(v.number()),
  }),
  v.object({
    ...titled,
    draw: v.literal('scatter'),
    series: v.string(),
    line: v.exactOptional(v.string()),
    x: axis,
    y: axis,
  }),
]);

const named = { label: v.string(), seed: v.nullable(v.number()) };
const reachedBy = { label: v.string(), reached: count, finished: count, asked: count };
const claim: Schema<Claim> = v.variant('claim', [
  v.object({ claim: v.literal('nothing-run') }),
  v.object({ claim: v.literal('none-finished') }),
  v.object({ claim: v.literal('none-reached'), incomplete: v.boolean() }),
  v.object({
    claim: v.literal('fewest-calls'),
    among: v.nullable(v.string()),
    calls: v.number(),
    labels: list(v.string()),
    others: list(v.object({ label: v.string(), calls: v.number() })),
    seeds: v.exactOptional(count),
  }),
  v.object({ claim: v.literal('reached'), seeds: count, methods: list(v.object(reachedBy)) }),
  v.object({
    claim: v.literal('ranking'),
    group: v.string(),
    by: v.string(),
    goal: v.boolean(),
    order: list(v.object({ ...reachedBy, mean: v.number(), tie: v.boolean() })),
  }),
  v.object({
    claim: v.literal('unranked'),
    methods: list(v.object({ label: v.string(), finished: count })),
  }),
  v.object({ claim: v.literal('few-seeds'), seeds: count }),
  v.object({ claim: v.literal('samplers'), labels: list(v.string()) }),
  v.object({
    claim: v.literal('values'),
    column: v.string(),
    methods: list(v.object({ label: v.string(), least: v.number(), most: v.number() })),
  }),
  v.object({
    claim: v.literal('range'),
    column: v.string(),
    unit: v.nullable(v.string()),
    better: v.picklist(['lower', 'higher']),
    least: v.number(),
    most: v.number(),
    best: v.nullable(v.string()),
  }),
  v.object({
    claim: v.literal('to-target'),
    target: v.string(),
    methods: list(
      v.object({ label: v.string(), reached: count, finished: count, least: measure, most: measure }),
    ),
  }),
  v.object({
    claim: v.literal('tuned'),
    trials: count,
    seeds: count,
    methods: list(v.object({ method: v.string(), chosen: v.nullable(v.string()) })),
  }),
  v.object({
    claim: v.literal('short'),
    status,
    runs: list(v.object({ ...named, value: measure, message: v.string() })),
  }),
  v.object({ claim: v.literal('failed'), runs: list(v.object({ ...named, message: v.string() })) }),
  v.object({ claim: v.literal('stopped'), runs: list(v.object(named)) }),
  v.object({ claim: v.literal('not-begun'), runs: list(v.object(named)) }),
  v.object({
    claim: v.literal('bound-broken'),
    runs: list(v.object({ label: v.string(), theorem: v.string() })),
  }),
  v.object({ claim: v.literal('look'), budget: v.string() }),
]);

const section: Schema<Section> = v.object({
  title: v.string(),
  problem: v.string(),
  about: v.string(),
  runs: list(run),
  columns: list(column),
  headline: v.string(),
  goal: v.exactOptional(goal),
  seeds: count,
  players: list(v.string()),
  prices: pricesSchema,
  terms: count,
  plots: list(plot),
  settings: words,
  claims: list(claim),
  verdict: list(v.string()),
});

const results: Schema<Results> = v.object({
  format: v.literal(FORMAT),
  title: v.string(),
  command: v.string(),
  interrupted: v.boolean(),
  notBegun: list(v.string()),
  sections: list(section),
  environment: words,
});

/**
 * The results in a text, checked. `name` is the file's name in errors. @throws InputError for text that is no
 * JSON, for another format, and for the first entry of another shape.
 */
export function readResults(text: string, name = 'results.json'): Results {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (cause) {
    throw new InputError(`${name} is damaged, or holds no results: ${messageOf(cause)}`, { cause });
  }
  const format: unknown =
    found !== null && typeof found === 'object' ? Reflect.get(found, 'format') : undefined;
  if (format !== FORMAT)
    throw new InputError(
      `${name}: its format is ${format === undefined ? 'not stated' : shown(format)}; expected ${FORMAT}${
        format === undefined ? ' (results of earlier versions state none; run the comparison again)' : ''
      }`,
    );
  const checked = v.safeParse(results, found);
  if (checked.success) return checked.output;
  const [issue] = checked.issues;
  const at = v.getDotPath(issue);
  throw new InputError(`${name} is damaged: ${at === null ? '' : `${at}: `}${issue.message}`);
}
