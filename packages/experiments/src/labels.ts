import { formatSpec, parseSpec, type Data, type Method, type Spec, type State } from '@stillpoint/operators';
import { methods as rows, specOf } from '@stillpoint/optimizers/registry';
import type { MethodSource } from './trial/method-source.js';

/** The values that the specs give to each option. */
function valuesOf(specs: readonly Spec[], into: Map<string, Data[]> = new Map()): Map<string, Data[]> {
  for (const { inner, options } of specs) {
    for (const [name, value] of Object.entries(options)) into.set(name, [...(into.get(name) ?? []), value]);
    valuesOf(inner, into);
  }
  return into;
}

/**
 * A spec without step sizes, without options at their defaults, without those that the problem's facts
 * supplied, and without those that all specs share. `given` is what was asked for, if it was a spec. With
 * `steps` step sizes remain, unless all specs share them.
 */
function brief(
  spec: Spec,
  values: ReadonlyMap<string, readonly Data[]>,
  given: Spec | undefined,
  steps: boolean,
): Spec {
  const row = rows.find(({ name }) => name === spec.name);
  const options = Object.entries(spec.options).filter(([name, value]) => {
    const all = values.get(name) ?? [];
    const shared = all.length > 1 && all.every((other) => other === value);
    if (name === 'stepSize') return steps && !shared;
    return (
      (given === undefined || Object.hasOwn(given.options, name) || !row?.options[name]?.fromFacts) &&
      value !== row?.options[name]?.default &&
      !shared
    );
  });
  return {
    name: spec.name,
    inner: spec.inner.map((inner, i) => brief(inner, values, given && given.inner[i], steps)),
    options: Object.fromEntries(options),
  };
}

/**
 * Labels for methods that are compared, all different. They show the options in which the methods differ,
 * step sizes only if nothing else differs, and a number if a method is given more than once. `sources` are
 * those of the methods.
 */
export function labelsOf(methods: readonly Method<State>[], sources: readonly MethodSource[] = []): string[] {
  const specs = methods.map(specOf);
  const values = valuesOf(specs);
  const briefly = (steps: boolean): readonly string[] =>
    specs.map((spec, i) => {
      const source = sources[i];
      return formatSpec(
        brief(spec, values, typeof source === 'string' ? parseSpec(source) : undefined, steps),
      );
    });
  const [short, stepped] = [briefly(false), briefly(true)];
  const alone = (labels: readonly string[], label: string): boolean =>
    labels.filter((other) => other === label).length < 2;
  const long = specs.map(
    (spec, i) => [short, stepped].find((labels) => alone(labels, labels[i]!))?.[i] ?? formatSpec(spec),
  );
  return long.map((label, i) =>
    alone(long, label)
      ? label
      : `${label} (no. ${long.slice(0, i + 1).filter((other) => other === label).length})`,
  );
}

/** A list in words: "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2
    ? (words[0] ?? '')
    : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1] ?? ''}`;
}
