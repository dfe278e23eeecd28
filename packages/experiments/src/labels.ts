import { formatSpec, type Method, type Spec, type State } from '@stillpoint/operators';
import { specOf } from '@stillpoint/optimizers/registry';

/** `lookahead(alternating-adam)`: a spec without its options. */
function names({ name, inner }: Spec): string {
  return inner.length === 0 ? name : `${name}(${inner.map(names).join(', ')})`;
}

/** Labels for methods side by side: names alone where they are unique, full specs where not. */
export function labelsOf(methods: readonly Method<State>[]): string[] {
  const specs = methods.map(specOf);
  const short = specs.map(names);
  return specs.map((spec, i) => {
    const label = short[i] ?? '';
    return short.filter((other) => other === label).length > 1 ? formatSpec(spec) : label;
  });
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1] ?? ''}`;
}
