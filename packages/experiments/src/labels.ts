import { formatSpec, type Data, type Method, type Spec, type State } from '@stillpoint/operators';
import { methods as rows, specOf } from '@stillpoint/optimizers/registry';

/** The values that the specs give to each option. */
function valuesOf(specs: readonly Spec[], into: Map<string, Data[]> = new Map()): Map<string, Data[]> {
  for (const { inner, options } of specs) {
    for (const [name, value] of Object.entries(options)) into.set(name, [...(into.get(name) ?? []), value]);
    valuesOf(inner, into);
  }
  return into;
}

/** A number with three digits: a label need not hold more, as of an option that was chosen by an estimate. */
const shortened = (value: Data): Data => (typeof value === 'number' ? Number(value.toPrecision(3)) : value);

/** A spec without step sizes, without options at their defaults, and without those that all specs share. */
function brief(spec: Spec, values: ReadonlyMap<string, readonly Data[]>): Spec {
  const row = rows.find(({ name }) => name === spec.name);
  const options = Object.entries(spec.options).filter(([name, value]) => {
    const all = values.get(name) ?? [];
    return (
      name !== 'stepSize' &&
      value !== row?.options[name]?.default &&
      !(all.length > 1 && all.every((other) => other === value))
    );
  });
  return {
    name: spec.name,
    inner: spec.inner.map((inner) => brief(inner, values)),
    options: Object.fromEntries(options.map(([name, value]) => [name, shortened(value)])),
  };
}

/**
 * Labels for methods that are compared, all different. They show the options in which the methods differ,
 * step sizes only if nothing else differs, and a number if a method is given more than once.
 */
export function labelsOf(methods: readonly Method<State>[]): string[] {
  const specs = methods.map(specOf);
  const values = valuesOf(specs);
  const short = specs.map((spec) => formatSpec(brief(spec, values)));
  const alone = (labels: readonly string[], label: string): boolean =>
    labels.filter((other) => other === label).length < 2;
  const long = specs.map((spec, i) => (alone(short, short[i] ?? '') ? (short[i] ?? '') : formatSpec(spec)));
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
