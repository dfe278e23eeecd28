import { printType, type Shape, type Value } from './graph.js';

/** The operands' letters and the result's. For `bij,bjk->bik` they are [bij, bjk] and bik. */
export function termsOf(equation: string): { readonly terms: readonly string[]; readonly result: string } {
  const [terms = '', result = ''] = equation.split('->');
  return { terms: terms.split(','), result };
}

/** The shape of a sum of products. */
export function inferEinsum(equation: string, inputs: readonly Value[]): Shape {
  const { terms, result } = termsOf(equation);
  const sizes = new Map<string, number>();
  for (const [k, term] of terms.entries()) {
    for (const [i, letter] of Array.from(term).entries()) {
      const size = inputs[k]?.shape[i];
      if (size === undefined || (sizes.get(letter) ?? size) !== size)
        throw new Error(
          `Einsum ${equation} of ${inputs.map(printType).join(' and ')}: the sizes of ${letter} differ`,
        );
      sizes.set(letter, size);
    }
  }
  return Array.from(result, (letter) => sizes.get(letter) ?? 1);
}
