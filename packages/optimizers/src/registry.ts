import {
  InputError,
  asSpec,
  findRow,
  type Data,
  type Facts,
  type Given,
  type Method,
  type Spec,
  type State,
} from '@stillpoint/operators';
import { checkDescribed, described, fields, type Described } from './described.js';
import { adamRows } from './registry/adam.js';
import { gradientRows } from './registry/gradient.js';
import { monotoneRows } from './registry/monotone.js';
import type { Family, MethodRow, Oracle } from './registry/row.js';
import { secondOrderRows } from './registry/second-order.js';
import { transformFrom, turnsToAdam } from './registry/transforms.js';
import { weakMintyRows } from './registry/weak-minty.js';
import { wrapperRows } from './registry/wrappers.js';

export type { Family, Group, MethodRow, Oracle } from './registry/row.js';
export { transformFrom, transforms, type TransformRow } from './registry/transforms.js';

/** Every method, by name. */
export const methods: readonly MethodRow[] = [
  ...gradientRows,
  ...monotoneRows,
  ...weakMintyRows,
  ...adamRows,
  ...secondOrderRows,
  ...wrapperRows,
];

/** Decorates every method built, the innermost first. */
export type Decorate = <S extends State>(method: Method<S>) => Method<S>;
const plain: Decorate = (method) => method;

/**
 * What fills in options that were not given, from what the game states: each fact is read only where an
 * option asks for it.
 */
function withDefaults(row: MethodRow, given: Given, facts: Facts, share: number): Given {
  const supplied: { readonly [option: string]: () => Data | undefined } = {
    stepSize() {
      if (row.options['stepSize']?.default !== undefined) return undefined; // Adam's has the unit of z
      const γ = row.step(given, facts);
      return γ === undefined ? undefined : γ * share;
    },
    lipschitz: () => facts.lipschitz,
    comonotone: () => facts.comonotone,
    mirror: () => facts.mirror,
    penalty: () => row.penalty?.(facts),
  };
  const full: { [name: string]: Data } = { ...given };
  for (const [name, supply] of Object.entries(supplied)) {
    if (!(name in row.options) || full[name] !== undefined) continue;
    const value = supply();
    if (value !== undefined) full[name] = value;
  }
  return full;
}

function resolve(
  spec: Spec,
  rows: readonly MethodRow[],
): { readonly row: MethodRow; readonly inner: Spec | undefined; readonly direction: Spec | undefined } {
  const row = findRow('method', rows, spec.name);
  const [inner, ...more] = spec.inner;
  if (inner !== undefined && !row.wraps)
    throw new InputError(`method ${spec.name} wraps no method; found ${inner.name}`);
  const [direction, ...rest] = row.directs ? more : [undefined, ...more];
  if (rest[0] !== undefined)
    throw new InputError(
      `${spec.name} wraps one method${row.directs ? ' and one transform' : ''}; found ${spec.inner.map(({ name }) => name).join(' and ')}`,
    );
  return { row, inner, direction };
}

/**
 * The method a spec names: `lookahead(alternating-adam(stepSize=[2e-4,1e-4]), steps=5)`.
 * @param facts of the game: a step size that is not given becomes the row's share of 1/L.
 * @throws InputError for an unknown name or option, an unacceptable value, or a step size nobody supplies.
 */
export function methodFrom(
  spec: string | Spec,
  facts: Facts = {},
  decorate: Decorate = plain,
  rows: readonly MethodRow[] = methods,
): Method<State> {
  return built(spec, facts, decorate, rows, 1);
}

/** @param share what a wrapper multiplies the default step size by. */
function built(
  spec: string | Spec,
  facts: Facts,
  decorate: Decorate,
  rows: readonly MethodRow[],
  share: number,
): Method<State> {
  const parsed = asSpec(spec);
  const { row, inner, direction } = resolve(parsed, rows);
  const innerShare =
    inner === undefined ? 1 : (row.innerShare?.(parsed.options, findRow('method', rows, inner.name)) ?? 1);
  const within = inner === undefined ? undefined : built(inner, facts, decorate, rows, share * innerShare);
  return decorate(
    row.build(
      withDefaults(row, parsed.options, facts, share),
      within,
      direction === undefined ? undefined : transformFrom(direction),
    ),
  );
}

/** Oracle calls that a method declares. */
export function oracleOf(
  spec: string | Spec,
  facts: Facts = {},
  rows: readonly MethodRow[] = methods,
): Oracle {
  const parsed = asSpec(spec);
  const { row, inner } = resolve(parsed, rows);
  return row.oracle(
    withDefaults(row, parsed.options, facts, 1),
    inner === undefined ? undefined : oracleOf(inner, facts, rows),
  );
}

/** The family of a method; a wrapper's is that of the method inside. */
export function familyOf(spec: string | Spec, rows: readonly MethodRow[] = methods): Family {
  const parsed = asSpec(spec);
  const { row, inner, direction } = resolve(parsed, rows);
  if (direction !== undefined && turnsToAdam(direction)) return 'adam';
  return row.family !== 'inner' ? row.family : inner === undefined ? 'gradient' : familyOf(inner, rows);
}

/** The full spec of a built method, from its name and options: what a report prints to reproduce a run. */
export function specOf(built: Described): Spec {
  checkDescribed('specOf', built);
  const { name, options } = built;
  const { method, transform, transforms: several, ...own } = fields(options);
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null));
  const inner = [method, transform, ...(Array.isArray(several) ? several : [])].flatMap(
    (entry: Data | undefined) => {
      const within = described(entry);
      return within === undefined ? [] : [specOf(within)];
    },
  );
  return { name, inner, options: given };
}
