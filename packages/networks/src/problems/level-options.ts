import { InputError, shown, unknownName } from '@stillpoint/operators';
import { constraintFor, namedIn, ownerOf, sharedOptions } from './compiled.js';
import type { InnerSteps } from './inner-steps.js';
import type { MultilevelOptions } from './multilevel.js';
import type { NamedNumbers } from './samples.js';
import { sourceOf } from './source.js';
import { layoutOf, type PlayerTensors } from './tensors.js';

/** A number for all lower levels, or one for each by name. */
export type PerLevel = number | { readonly [level: string]: number };

/** The most steps of one level: the graph grows with each. */
const MOST_STEPS = 1000;
/** The most numbers of a top level in forward mode: the graph has products for each. */
const MOST_FORWARD = 64;
const USUAL_STEPS = 10;
/** Products with the Hessian at most where their number is not given. */
const USUAL_PRODUCTS = 20;

/** The steps of each lower level. @throws InputError that names the option and the level. */
function stepsOf(
  owner: string,
  below: readonly string[],
  {
    steps = USUAL_STEPS,
    stepSize,
  }: { readonly steps?: PerLevel | undefined; readonly stepSize?: PerLevel | undefined },
): readonly InnerSteps[] {
  const read = (
    option: string,
    given: unknown,
    level: string,
    valid: (x: number) => boolean,
    expected: string,
  ): number => {
    const isRecord = given !== null && typeof given === 'object';
    if (isRecord)
      for (const key of Object.keys(given))
        if (!below.includes(key)) throw unknownName(`lower level of ${owner} in its ${option}`, key, below);
    const value: unknown = isRecord ? Reflect.get(given, level) : given;
    const taken = value === undefined && option === 'steps' ? USUAL_STEPS : value;
    if (typeof taken !== 'number' || !valid(taken))
      throw new InputError(
        `${owner}: ${option}${isRecord ? ` of ${level}` : ''} is ${shown(taken)}; expected ${expected}, for all lower levels or by level, as { ${below.map((name) => `${name}: ${option === 'steps' ? 20 : 0.1}`).join(', ')} }`,
      );
    return taken;
  };
  const isCount = (x: number): boolean => Number.isInteger(x) && x >= 1 && x <= MOST_STEPS;
  return below.map((level) => ({
    steps: read('steps', steps, level, isCount, `a whole number from 1 to ${MOST_STEPS}`),
    stepSize: read(
      'stepSize',
      stepSize,
      level,
      (x) => Number.isFinite(x) && x > 0,
      'a number > 0 and below 2/L',
    ),
  }));
}

/**
 * Reads what is given to `multilevelProblem`: names, layouts and losses from the top down, steps of the lower
 * levels. @throws InputError for options that are not valid.
 */
export function levelsGiven<P extends PlayerTensors, D extends NamedNumbers>(
  options: MultilevelOptions<P, D>,
) {
  const known = sharedOptions.filter((name) => name !== 'batch');
  const own = ['levels', 'losses', 'steps', 'stepSize', 'constraint', 'derivatives', 'products'] as const;
  const owner = ownerOf('multilevelProblem', options, [...known, ...own]);
  const { levels, losses, constraint: set, derivatives = 'reverse' } = options;
  const names = layoutOf(owner, levels, 'levels').players.map(({ name }) => name);
  const [top = '', ...below] = names;
  if (below.length === 0)
    throw new InputError(
      `${owner}: levels has ${top} alone; expected two levels or more, from the top down; for one level use problemFromLosses`,
    );
  const layouts = names.map((name) => layoutOf(owner, { [name]: Reflect.get(levels, name) }, 'levels'));
  const layout = layouts[0]!;
  if (derivatives !== 'reverse' && derivatives !== 'forward' && derivatives !== 'implicit')
    throw unknownName(`derivatives of ${owner}`, String(derivatives), ['reverse', 'forward', 'implicit']);
  if (derivatives === 'forward' && layout.dim > MOST_FORWARD)
    throw new InputError(
      `${owner}: ${top} has ${layout.dim} numbers; expected at most ${MOST_FORWARD} for derivatives 'forward', which cost a product for each; use 'reverse'`,
    );
  if (derivatives === 'implicit' && below.length > 1)
    throw new InputError(
      `${owner}: derivatives is 'implicit', and levels has ${names.join(', ')}; expected two levels, or derivatives 'reverse'`,
    );
  const products = options.products ?? Math.min(layouts[1]!.dim, USUAL_PRODUCTS);
  if (options.products !== undefined && derivatives !== 'implicit')
    throw new InputError(
      `${owner}: products is ${shown(products)}; expected none with derivatives '${derivatives}': they are those of 'implicit'`,
    );
  if (!(Number.isInteger(products) && products >= 1 && products <= MOST_STEPS))
    throw new InputError(
      `${owner}: products is ${shown(products)}; expected a whole number from 1 to ${MOST_STEPS}`,
    );
  return {
    owner,
    names,
    below,
    layout,
    layouts,
    functions: namedIn(owner, 'losses', losses, names),
    inner: stepsOf(owner, below, options),
    derivatives,
    products,
    source: sourceOf(owner, options, { rows: false }),
    constraint: constraintFor(owner, layout, set === undefined ? {} : { [top]: set }),
  };
}
