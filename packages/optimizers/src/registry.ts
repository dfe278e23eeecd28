import {
  InputError,
  asSpec,
  checkRowName,
  defaultPrices,
  findRow,
  registry,
  type Data,
  type Facts,
  type Method,
  type Prices,
  type Problem,
  type Spec,
  type State,
} from '@stillpoint/operators';
import { checkDescribed, fields, isDescribed, type Described } from './described.js';
import { spaceFor } from './drivers/space.js';
import { checkNeeds, checkPlayers } from './needs.js';
import { groups, type Calls, type Family, type Listed, type MethodRow } from './method.js';
import * as everyMethod from './methods.js';
import * as everyTransform from './transforms.js';
import type { ListedTransform, Transform, TransformRow } from './transforms/transform.js';

export { fits } from './needs.js';
export { groups, type Calls, type Family, type Group, type MethodRow } from './method.js';
export type { TransformRow } from './transforms/transform.js';

const listedMethods: readonly Listed[] = Object.values(everyMethod);
const listedTransforms: readonly ListedTransform[] = Object.values(everyTransform);

/** Every method, by group and name. */
export const methods: readonly MethodRow[] = listedMethods
  .map(({ row }) => row)
  .toSorted((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group));
for (const [i, { name }] of methods.entries()) {
  checkRowName('method', name);
  if (methods.findIndex((row) => row.name === name) !== i) throw new Error(`two methods are named ${name}`);
}

const ofTransforms = registry<Transform, [], TransformRow>(
  'transform',
  listedTransforms.map(({ row }) => row),
);
/** Every gradient-to-direction transform, by name. */
export const transforms: typeof ofTransforms.rows = ofTransforms.rows;
/**
 * The transform that a spec names: `chain(clip-by-norm(threshold=1), momentum)`. @throws InputError for an
 * unknown name or option.
 */
export const transformFrom = (spec: string | Spec): Transform => ofTransforms.from(spec);

/** Decorates every method built, the innermost first. */
export type Decorate = <S extends State>(method: Method<S>) => Method<S>;
const plain: Decorate = (method) => method;

/** The row of a spec. @throws InputError unless the spec holds exactly what the row takes. */
function rowOf({ name, inner }: Spec, rows: readonly MethodRow[]): MethodRow {
  const row = findRow('method', rows, name);
  if (inner.length !== row.takes.length) {
    const taken = row.takes.map((kind) => `one ${kind}`).join(' and ');
    throw new InputError(
      `method ${name} takes ${taken === '' ? 'options only' : `${taken} before its options`}; found ${
        inner.map((within) => within.name).join(' and ') || 'none'
      }`,
    );
  }
  return row;
}
/** The specs inside that name a method, and those that name a transform. */
const inside = (row: MethodRow, { inner }: Spec, kind: 'method' | 'transform'): readonly Spec[] =>
  inner.filter((_, i) => row.takes[i] === kind);

/**
 * The method that a spec names: `lookahead(alternating-adam(stepSize=[2e-4,1e-4]), steps=5)`.
 * @param facts of the game: a step size that is not given becomes the row's share of 1/L.
 * @throws InputError for an unknown name or option, an unacceptable value, or a step size that neither the
 *   spec nor the facts supply.
 */
export function methodFrom(
  spec: string | Spec,
  facts: Facts = {},
  decorate: Decorate = plain,
  rows: readonly MethodRow[] = methods,
): Method<State> {
  const built = (given: Spec, share: number): Method<State> => {
    const row = rowOf(given, rows);
    const taken = given.inner.map((within, i) =>
      row.takes[i] === 'transform'
        ? transformFrom(within)
        : built(within, share * row.innerShare(given.options, findRow('method', rows, within.name))),
    );
    return decorate(row.from(given.options, facts, taken, share));
  };
  return built(asSpec(spec, 'method'), 1);
}

/**
 * To be called before a method is built for a problem: that the problem lacks its terms matters more than
 * that an option was not given.
 * @throws InputError for an unknown method, and if the problem has other players than the method that a spec
 *   names, or one inside it, is for, or lacks what that needs.
 */
export function checkSpecNeeds(
  spec: string | Spec,
  problem: Problem,
  rows: readonly MethodRow[] = methods,
): void {
  const parsed = asSpec(spec, 'method');
  const row = rowOf(parsed, rows);
  // of no entries: no memory is lent
  const space = spaceFor({ ...problem, dim: 0 }, new Float64Array(0));
  checkPlayers(row, space);
  checkNeeds(row.name, row.needs, space);
  for (const within of inside(row, parsed, 'method')) checkSpecNeeds(within, problem, rows);
}

/**
 * The calls per step that a method declares, at a problem's prices. Default: `defaultPrices(2)`, two players.
 * @param terms the terms of a finite sum. Default: 1.
 */
export function oracleOf(
  spec: string | Spec,
  facts: Facts = {},
  prices: Prices = defaultPrices(2),
  rows: readonly MethodRow[] = methods,
  terms = 1,
): Calls {
  const parsed = asSpec(spec, 'method');
  const row = rowOf(parsed, rows);
  const [inner] = inside(row, parsed, 'method');
  const own = inner && oracleOf(inner, facts, prices, rows, terms);
  return row.calls(parsed.options, facts, prices, own, terms);
}

/**
 * The family of a method; for a wrapper, that of the method inside or of the direction along which it steps.
 */
export function familyOf(spec: string | Spec, rows: readonly MethodRow[] = methods): Family {
  const parsed = asSpec(spec, 'method');
  const row = rowOf(parsed, rows);
  if (inside(row, parsed, 'transform').some(turnsToAdam)) return 'adam';
  const [inner] = inside(row, parsed, 'method');
  return row.family !== 'inner' ? row.family : inner === undefined ? 'gradient' : familyOf(inner, rows);
}
const turnsToAdam = ({ name, inner }: Spec): boolean =>
  ofTransforms.find(name).family === 'adam' || inner.some(turnsToAdam);

/** The full spec of a built method, from its name and options: what a report prints to reproduce a run. */
export function specOf(built: Described): Spec {
  checkDescribed('specOf', built);
  const { name, options } = built;
  const entries = Object.entries(fields(options));
  const taken = (value: Data): readonly Described[] =>
    (Array.isArray(value) ? value : [value]).filter(isDescribed);
  return {
    name,
    inner: entries.flatMap(([, value]) => taken(value).map(specOf)),
    options: Object.fromEntries(entries.filter(([, value]) => value !== null && taken(value).length === 0)),
  };
}
