import { formatSpec, type Method, type State } from '@stillpoint/operators';
import { specOf } from '@stillpoint/optimizers/registry';
import { groupOf } from './groups.js';
import { labelsOf } from './labels.js';
import type { MethodSource } from './trial/method-source.js';

/** A method that is compared. */
export interface Contender {
  readonly label: string;
  /** Its full spec. */
  readonly method: string;
  readonly group: string;
}

/** The methods of a comparison, with labels that tell them apart. `sources` are what was asked for. */
export function contendersOf(
  methods: readonly Method<State>[],
  sources: readonly MethodSource[],
): readonly Contender[] {
  const labels = labelsOf(methods, sources);
  return methods.map((method, i) => {
    const spec = specOf(method);
    return { label: labels[i]!, method: formatSpec(spec), group: groupOf(spec, method) };
  });
}
