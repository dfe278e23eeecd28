import {
  InputError,
  findRow,
  formatData,
  formatSpec,
  messageOf,
  parseSpec,
  type Data,
  type Method,
  type OptionRows,
  type Spec,
  type State,
} from '@stillpoint/operators';
import { methods, specOf, transforms, type MethodRow } from '@stillpoint/optimizers/registry';

/** A method of the registry on a problem: a spec with which it runs, or why it cannot run. */
export interface Choice {
  readonly name: string;
  readonly about: string;
  readonly group: string;
  readonly spec?: string;
  readonly reason?: string;
}

/** Why a spec cannot run on a problem, in the library's words; undefined if it can. */
export type Refusal = (spec: string) => string | undefined;

/** What an attempt throws, in words; undefined if it throws nothing. */
export function refusalOf(attempt: () => void): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** Specs of a row to try: with what it takes, and with a step size for problems that state no L. */
function candidates({ name, takes, options }: MethodRow, inner: readonly string[]): readonly string[] {
  const specs = inner.map((method) =>
    takes.map((kind) => (kind === 'method' ? method : 'momentum')).join(', '),
  );
  const withStep = [specs.at(-1), 'stepSize' in options ? 'stepSize=0.1' : ''].filter(Boolean).join(', ');
  return [...specs, withStep].map((inside) => (inside === '' ? name : `${name}(${inside})`));
}

/**
 * What can be chosen on a problem: every method of the registry.
 * @param inner specs of the method inside a wrapper, the first that runs is taken.
 * @param known specs that are to be taken, by the method's name.
 */
export function choicesOf(
  refusal: Refusal,
  inner: readonly string[],
  known: { readonly [name: string]: string } = {},
): readonly Choice[] {
  return methods.map((row) => {
    const { name, about, group } = row;
    const specs = [known[name] ?? [], candidates(row, inner)].flat();
    const spec = specs.find((candidate) => refusal(candidate) === undefined);
    return spec === undefined
      ? { name, about, group, reason: refusal(specs.at(-1)!) ?? '' }
      : { name, about, group, spec };
  });
}

/** One option of a method, or of one inside it, to be set on the page. */
export interface Control {
  /** Which of the specs inside has it: [] is the outermost, [0] the first inside it. */
  readonly path: readonly number[];
  readonly owner: string;
  readonly name: string;
  readonly about: string;
  readonly symbol: string;
  readonly expected: string;
  /** Its value, as in a spec. */
  readonly text: string;
  /** Its value if that is a number. */
  readonly number?: number;
}

/** The options of a built method and of those inside it, from their tables. */
export function controlsOf(method: Method<State>): readonly Control[] {
  const of = (spec: Spec, table: OptionRows, path: readonly number[]): readonly Control[] =>
    Object.entries(table).map(([name, { about, symbol = '', expected }]): Control => {
      const value: Data = spec.options[name] ?? null;
      const number = typeof value === 'number' ? { number: value } : {};
      return { path, owner: spec.name, name, about, symbol, expected, text: formatData(value), ...number };
    });
  const ofMethod = (spec: Spec, path: readonly number[]): readonly Control[] => {
    const row = findRow('method', methods, spec.name);
    return [
      ...of(spec, row.options, path),
      ...spec.inner.flatMap((inner, i) =>
        (row.takes[i] === 'method' ? ofMethod : ofTransform)(inner, [...path, i]),
      ),
    ];
  };
  const ofTransform = (spec: Spec, path: readonly number[]): readonly Control[] => [
    ...of(spec, findRow('transform', transforms, spec.name).options, path),
    ...spec.inner.flatMap((inner, i) => ofTransform(inner, [...path, i])),
  ];
  return ofMethod(specOf(method), []);
}

/**
 * A spec in which one option has another value, given as it is written in a spec. @throws InputError for text
 * that is no value.
 */
export function withOption(
  text: string,
  { path, name }: Pick<Control, 'path' | 'name'>,
  value: string,
): string {
  const { inner, options } = parseSpec(`option(${name}=${value})`);
  if (inner.length > 0 || Object.keys(options).length !== 1)
    throw new InputError(`${name} is ${value}; expected one value`);
  const change = (spec: Spec, [first, ...rest]: readonly number[]): Spec =>
    first === undefined
      ? { ...spec, options: { ...spec.options, ...options } }
      : { ...spec, inner: spec.inner.map((within, i) => (i === first ? change(within, rest) : within)) };
  return formatSpec(change(parseSpec(text), path));
}
