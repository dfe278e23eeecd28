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
 * What turns a gradient into the direction that a method steps along, in place: of all players, or of one.
 * `at` is where it was asked. Returns g.
 */
export type Direct<S> = {
  /** g becomes the direction. */
  direct(state: S, g: Vector, player?: number, at?: Vector): Vector;
}['direct'];

/**
 * A gradient-to-direction transform. Its state is plain data; methods of the same name and options are the
 * same.
 */
export interface Transform<S extends Data = Data> {
  readonly name: string;
  readonly options: Data;
  /** What it remembers, before the first gradient. */
  init(space: Space): S;
  /** What a run should be read with, by name: how often it engaged, the norm before. */
  figures?(state: S): { readonly [name: string]: number };
  /** Once per run: the closure is scratch. */
  begin(space: Space): Direct<S>;
}

interface Said {
  readonly name: string;
  /** One sentence: what it does. */
  readonly about: string;
  readonly reference: string;
  /** `adam` where the direction has the unit of z: then step sizes mean what they mean for adam. */
  readonly family?: 'adam';
}
/** A row of the registry of transforms. */
export interface TransformRow extends Said, Row<Transform> {}
/** What a registry lists. */
export interface ListedTransform {
  readonly row: TransformRow;
}

type Call<T extends OptionRows> =
  Record<never, never> extends GivenOf<T> ? [options?: GivenOf<T>] : [options: GivenOf<T>];
/** Makes a transform from typed options. */
export interface TransformMaker<T extends OptionRows, S extends Data> extends ListedTransform {
  (...options: Call<T>): Transform<S>;
  /** The options of a transform that this one made, from its name and options; undefined of any other. */
  optionsOf(made: Pick<Transform, 'name' | 'options'>): Full<T> | undefined;
}
/** Makes a transform from others. */
export interface Composer<S extends Data> extends ListedTransform {
  (...transforms: readonly Transform[]): Transform<S>;
}

/** The one way to write a transform: everything that names it stands in its file. */
export function gradientTransform<const T extends OptionRows, S extends Data>(
  file: Said & {
    /** What is accepted, and the only place where a default stands. */
    readonly options: T;
    readonly init: (space: Space, options: Full<T>) => S;
    /** Names are put behind the transform's own: `clip-by-norm: engaged`. */
    readonly figures?: (state: NoInfer<S>) => { readonly [name: string]: number };
    readonly begin: (space: Space, options: Full<T>) => Direct<NoInfer<S>>;
  },
): TransformMaker<T, S> {
  const { init, figures, begin, ...said } = file;
  const parse = (given: unknown): Full<T> & Given => parseRows(`transform ${said.name}`, said.options, given);
  const make = (given?: unknown): Transform<S> => {
    const options = parse(given);
    return {
      name: said.name,
      options,
      init: (space) => init(space, options),
      ...(figures && { figures: (state) => under(said.name, figures(state)) }),
      begin: (space) => begin(space, options),
    };
  };
  const row: TransformRow = { ...said, make: (read) => make(read(said.options)) };
  return Object.assign(calledLike(said.name, make), {
    row,
    optionsOf: ({ name, options }: Pick<Transform, 'name' | 'options'>) =>
      name === said.name ? parse(options) : undefined,
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

/** The one way to write a transform that is made of others; its state holds theirs, in their order. */
export function composition<S extends readonly Data[]>(
  file: Said & {
    readonly init: (space: Space, transforms: readonly Transform[]) => S;
    readonly begin: (space: Space, transforms: readonly Transform[]) => Direct<NoInfer<S>>;
  },
): Composer<S> {
  const { init, begin, ...said } = file;
  const { name } = said;
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
    ...said,
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
