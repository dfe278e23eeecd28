import { asSpec, type Spec } from '@stillpoint/operators';
import { familyOf, methods as rows } from '@stillpoint/optimizers/registry';

/** The group of methods that draw from a distribution: they are listed, and never ranked. */
export const SAMPLERS = 'samplers';

/** What families of the registry are called in sentences. Any other has its own name. */
const words: { readonly [family: string]: string } = {
  gradient: 'gradient methods',
  adam: 'methods with Adam’s direction',
  sampler: SAMPLERS,
};

const isKnown = ({ name, inner }: Spec): boolean =>
  rows.some((row) => row.name === name) && inner.slice(0, 1).every(isKnown);

/**
 * The group within which a method is ranked. A user's own method, which no row of the registry describes, is
 * ranked among the gradient methods, or in the group that its `group` names.
 */
export function groupOf(spec: string | Spec, method?: object): string {
  const own: unknown = method === undefined ? undefined : Reflect.get(method, 'group');
  if (typeof own === 'string') return words[own] ?? own;
  const parsed = asSpec(spec);
  const family = isKnown(parsed) ? familyOf(parsed) : 'gradient';
  return words[family] ?? family;
}
