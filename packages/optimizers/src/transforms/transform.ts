import {
  parseRows,
  type Data,
  type Full,
  type Given,
  type GivenOf,
  type OptionRows,
  type Row,
  type Space,
  type Vector,
} from '@stillpoint/operators';
import { calledLike, checkTransform } from '../described.js';

/**
 * Turns a gradient into the direction along which a method steps, in place, for all players or for one.
 * `at` is where the gradient was asked for. Returns g.
 */
export type Direct<S> = {
  /** g becomes the direction. */
  direct(state: S, g: Vector, player?: number, at?: Vector): Vector;
}['direct'];

/**
 * A gradient-to-direction transform. Its state is plain data; transforms of the same name and options are the
 * same.
 */
export interface Transform<S extends Data = Data> {
  readonly name: string;
  readonly options: Data;
  /** The state before the first gradient. */
  init(space: Space): S;
  /** What it counted, by name: how many times it engaged, the norm before. */
  figures?(state: S): { readonly [name: string]: number };
  /** Called once per run. The returned closure holds scratch only. */
  begin(space: Space): Direct<S>;
}

interface Declared {
  readonly name: string;
  /** One sentence: what it does. */
  readonly about: string;
  readonly reference: string;
  /** `adam` if the direction has the unit of z, so that step sizes mean the same as for adam. */
  readonly family?: 'adam';
}
/** A row of the registry of transforms. */
export interface TransformRow extends Declared, Row<Transform> {}
/** What a registry lists. */
export interface ListedTransform {
  readonly row: TransformRow;
}

type Call<T extends OptionRows> =
  Record<never, never> extends GivenOf<T> ? [options?: GivenOf<T>] : [options: GivenOf<T>];
/** Makes a transform from typed options. */
export interface TransformMaker<T extends OptionRows, S extends Data> extends ListedTransform {
  (...options: Call<T>): Transform<S>;
  /**
   * The options of a transform that this maker made, from its name and options; undefined for any other name.
   */
  optionsOf(made: Pick<Transform, 'name' | 'options'>): Full<T> | undefined;
}
/** Makes a transform from others. */
export interface Composer<S extends Data> extends ListedTransform {
  (...transforms: readonly Transform[]): Transform<S>;
}

/** Makes a transform from its file, the only place that names it. */
export function gradientTransform<const T extends OptionRows, S extends Data>(
  file: Declared & {
    /** The options: the only place where limits and defaults are stated. */
    readonly options: T;
    readonly init: (space: Space, options: Full<T>) => S;
    /** Names are put behind the transform's own: `clip-by-norm: engaged`. */
    readonly figures?: (state: NoInfer<S>) => { readonly [name: string]: number };
    readonly begin: (space: Space, options: Full<T>) => Direct<NoInfer<S>>;
  },
): TransformMaker<T, S> {
  const { init, figures, begin, ...declared } = file;
  const parse = (given: unknown): Full<T> & Given =>
    parseRows(`transform ${declared.name}`, declared.options, given);
  const make = (given?: unknown): Transform<S> => {
    const options = parse(given);
    return {
      name: declared.name,
      options,
      init: (space) => init(space, options),
      ...(figures && { figures: (state) => under(declared.name, figures(state)) }),
      begin: (space) => begin(space, options),
    };
  };
  const row: TransformRow = { ...declared, make: (read) => make(read(declared.options)) };
  return Object.assign(calledLike(declared.name, make), {
    row,
    optionsOf: ({ name, options }: Pick<Transform, 'name' | 'options'>) =>
      name === declared.name ? parse(options) : undefined,
  });
}

type Figures = { readonly [name: string]: number };
const under = (owner: string, figures: Figures): Figures =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${owner}: ${name}`, value]));

/** Those of each transform; where two are alike, each is numbered. */
function figuresOfAll(transforms: readonly Transform[], states: readonly Data[]): Figures {
  const each = transforms.map((transform, i) => Object.entries(transform.figures?.(states[i]!) ?? {}));
  const often = new Map<string, number>();
  for (const [name] of each.flat()) often.set(name, (often.get(name) ?? 0) + 1);
  const named = each.map((figures, i) =>
    figures.map(([name, value]) => [often.get(name) === 1 ? name : `${i + 1}. ${name}`, value] as const),
  );
  return Object.fromEntries(named.flat());
}

/** Makes a transform that is made of others from its file; its state holds theirs, in their order. */
export function composition<S extends readonly Data[]>(
  file: Declared & {
    readonly init: (space: Space, transforms: readonly Transform[]) => S;
    readonly begin: (space: Space, transforms: readonly Transform[]) => Direct<NoInfer<S>>;
  },
): Composer<S> {
  const { init, begin, ...declared } = file;
  const { name } = declared;
  const make = (...transforms: readonly Transform[]): Transform<S> => {
    for (const transform of transforms) checkTransform(name, transform);
    return {
      name,
      options: { transforms: transforms.map((inner) => ({ name: inner.name, options: inner.options })) },
      init: (space) => init(space, transforms),
      figures: (states) => figuresOfAll(transforms, states),
      begin: (space) => begin(space, transforms),
    };
  };
  const row: TransformRow = {
    ...declared,
    options: {},
    takes: 'some',
    example: `${name}(clip-by-norm(threshold=1), momentum)`,
    make(read, inner) {
      read({});
      return make(...inner);
    },
  };
  return Object.assign(calledLike(name, make), { row });
}
