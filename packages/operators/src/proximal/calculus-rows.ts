import { number } from '../specs/options.js';
import { row, type Row } from '../specs/registry.js';
import type { PerEntry } from './box.js';
import { conjugate, scaling, separableSum, translation } from './calculus.js';
import type { ProximalFunction } from './contract.js';
import { isNumber, perEntry, sizes } from './options.js';

/** The row of a proximal function: the only place outside its file that names it. */
export interface FunctionEntry extends Row<ProximalFunction> {
  readonly reference: string;
  /** An example spec, with every option that it needs. */
  readonly example: string;
}

/** The rows of the rules that make functions of functions. */
export const calculusRows: readonly FunctionEntry[] = [
  row(
    {
      name: 'conjugate',
      about: 'f*(z) = sup ⟨z, u⟩ − f(u)',
      reference: 'Moreau 1965',
      example: 'conjugate(huber(delta=0.5))',
      takes: 'one',
    },
    {},
    (_: object, [f]: readonly ProximalFunction[]) => conjugate(f!),
  ),
  row(
    {
      name: 'translation',
      about: 'f(z − by)',
      reference: 'classical',
      example: 'translation(l1(weight=0.5), by=[1,-2])',
      takes: 'one',
    },
    { by: perEntry({ about: 'by how much it is moved' }) },
    (options: { readonly by: PerEntry }, [f]: readonly ProximalFunction[]) => translation(f!, options),
  ),
  row(
    {
      name: 'scaling',
      about: 'value·f(argument·z)',
      reference: 'classical',
      example: 'scaling(l2-ball, argument=-0.5)',
      takes: 'one',
    },
    {
      value: number({ about: 'multiplies the function', above: 0, default: 1 }),
      argument: {
        about: 'multiplies the argument',
        default: 1,
        expected: 'a number other than 0',
        accepts: (x) => isNumber(x) && x !== 0,
      },
    },
    (options: { readonly value: number; readonly argument: number }, [f]: readonly ProximalFunction[]) =>
      scaling(f!, options),
  ),
  row(
    {
      name: 'separable-sum',
      about: 'Σ f_b(z_b), one function per block',
      reference: 'classical',
      example: 'separable-sum(simplex, l1-ball(radius=2), sizes=[2,3])',
      takes: 'some',
    },
    { sizes: sizes({ about: 'how many entries each block has' }) },
    (options: { readonly sizes: readonly number[] }, inner: readonly ProximalFunction[]) =>
      separableSum(inner, options),
  ),
];
