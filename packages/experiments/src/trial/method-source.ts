import * as operators from '@stillpoint/operators';
import { InputError, shown, type Facts, type Method, type Problem, type State } from '@stillpoint/operators';
import * as optimizers from '@stillpoint/optimizers';
import { spaceFor } from '@stillpoint/optimizers';
import { checkSpecNeeds, methodFrom } from '@stillpoint/optimizers/registry';
import { methodWithFiles, type ModuleSource } from './module-source.js';

/** A method of your own: an object, or a function that builds it from the problem's facts. */
export type OwnMethod = Method<State> | ((facts: Facts) => Method<State>);

/**
 * Where a trial finds its method, as data: a spec; a file, and the index of one of its entries; or the index
 * among the objects that a worker in this process was given.
 */
export type MethodSource = string | (ModuleSource & { readonly index: number }) | { readonly given: number };

/** A method to compare: a source, or a method of your own. */
export type Compared = MethodSource | OwnMethod;

/**
 * Builds a method from a problem's facts.
 * @throws InputError for a spec that cannot be built: if the problem is given and lacks what the method
 *   needs, the error says that.
 */
export type BuildMethod = (facts: Facts, problem?: Problem) => Method<State>;

const entry = (value: unknown, key: string): unknown =>
  value !== null && typeof value === 'object' ? Reflect.get(value, key) : undefined;

/** The entries that a value lacks to be a method. */
const missingIn = (value: unknown): readonly string[] => [
  ...(typeof entry(value, 'name') === 'string' ? [] : ['name']),
  ...(entry(value, 'options') === undefined ? ['options'] : []),
  ...['init', 'begin', 'restart'].filter((key) => typeof entry(value, key) !== 'function'),
];

// every entry is checked; what its functions return is checked when they run
const isMethod = (value: unknown): value is Method<State> => missingIn(value).length === 0;

/** Returns the value if it is a method. @throws InputError that names what it lacks. */
function checked(value: unknown, name: string): Method<State> {
  if (isMethod(value)) return value;
  const found =
    value !== null && typeof value === 'object'
      ? `it lacks ${missingIn(value).join(', ')}`
      : `found ${shown(value)}`;
  throw new InputError(
    `${name} is no method: ${found}; expected { name, options, init, begin, restart }, or a function of the facts that returns one`,
  );
}

const builderOf =
  (value: unknown, name: string): BuildMethod =>
  (facts) => {
    const built: unknown = typeof value === 'function' ? Reflect.apply(value, undefined, [facts]) : value;
    return checked(built, name);
  };

/**
 * Returns the methods that a module exports, one or an array. A function is given the problem's facts and, so
 * that its file needs no imports, everything that @stillpoint/operators and @stillpoint/optimizers export.
 * @throws InputError if it exports none.
 */
export async function methodsIn(module: string, name: string): Promise<readonly BuildMethod[]> {
  const loaded: { readonly default?: unknown } = await import(module);
  const { default: exported } = loaded;
  if (exported === undefined)
    throw new InputError(
      `${name} has no default export; expected export default { name, options, init, begin, restart }, a function of the facts that returns that, or an array of them`,
    );
  const list: readonly unknown[] = Array.isArray(exported) ? exported : [exported];
  if (list.length === 0) throw new InputError(`${name} exports an empty array; expected at least one method`);
  return list.map((entry, i) => {
    const build = builderOf(entry, list.length === 1 ? name : `${name}, entry ${i + 1}`);
    // facts may be computed when they are first read: they are not copied, but stand before what is exported
    const exports = { ...operators, ...optimizers };
    return (facts) => build(Object.create(exports, Object.getOwnPropertyDescriptors(facts)));
  });
}

/** Returns how a method is built. `given` are the objects of a worker in this process. */
export async function buildOf(source: Compared, given: readonly OwnMethod[] = []): Promise<BuildMethod> {
  if (typeof source === 'string')
    return (facts, problem) => {
      try {
        return methodFrom(source, facts);
      } catch (error) {
        if (problem) checkSpecNeeds(source, problem); // of two mistakes this is the greater one
        throw error;
      }
    };
  if (typeof source === 'function') return builderOf(source, 'the method given as a function');
  if ('module' in source) {
    const found = (await methodsIn(source.module, source.name))[source.index];
    if (found === undefined) throw new InputError(`${source.name} has no entry ${source.index + 1}`);
    return found;
  }
  if ('given' in source) {
    const own = given[source.given];
    if (own === undefined) throw new InputError('a method given as an object cannot be sent to a process');
    return buildOf(own);
  }
  return builderOf(source, 'the method given as an object');
}

/**
 * Whether a method draws random numbers on this problem: it binds them in `begin`.
 * @throws what `begin` throws, if the problem lacks what the method needs.
 */
export function drawsRandomly(method: Method<State>, problem: Problem): boolean {
  const space = spaceFor(problem, new Float64Array(0));
  let draws = false;
  method.begin({
    ...space,
    random(purpose) {
      draws = true;
      return space.random(purpose);
    },
  });
  return draws;
}

/**
 * Methods as trials name them, with the hashes of their files, and the objects among them, which only a
 * worker in this process can take.
 */
export async function sourcesOf(methods: readonly Compared[]): Promise<{
  readonly sources: readonly MethodSource[];
  readonly given: readonly OwnMethod[];
}> {
  const given: OwnMethod[] = [];
  const sources = methods.map((method): MethodSource => {
    if (typeof method === 'string') return method;
    if (typeof method === 'object' && ('module' in method || 'given' in method)) return method;
    return { given: given.push(method) - 1 };
  });
  return { sources: await Promise.all(sources.map(methodWithFiles)), given };
}
