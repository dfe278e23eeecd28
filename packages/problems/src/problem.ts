import {
  InputError,
  formatSpec,
  messageOf,
  parseRows,
  type Data,
  type Full,
  type Game,
  type Given,
  type OptionRows,
  type Problem,
  type Read,
  type Row,
  type Vector,
} from '@stillpoint/operators';

/** A problem, and the exact problem that judges a run on it: itself, or its mean. */
export interface Posed {
  readonly problem: Problem;
  readonly exact: Game;
}

/** What a kind of problems is called, in errors, `stillpoint list`, the docs and the tests. */
export interface ProblemKind {
  /** One of them: `sampled game`. */
  readonly name: string;
  /** All of them: `sampled games`. */
  readonly plural: string;
  /** What they are and how runs on them are judged: the first paragraph of their page in the docs. */
  readonly about: string;
  /** A method that suits most of them, which the docs run. Default: the last one of a comparison. */
  readonly method?: string;
}

/** What a problem states about itself beside its options. */
interface ProblemTexts {
  readonly name: string;
  /** One line: what it is. */
  readonly about: string;
  /**
   * Authors, year and number, as `Cournot 1838`; semicolons separate publications. `Stillpoint’s` if it is in
   * none.
   */
  readonly reference: string;
  /** Bounds of the game's value that the point z proves. Absent if the game has none. */
  readonly valueBounds?: (game: Game, z: Vector) => { readonly lower: number; readonly upper: number };
  /**
   * What the docs run, if the method of its kind does not suit it; and a spec if the one of its name alone
   * takes long.
   */
  readonly shown?: { readonly problem?: string; readonly method: string };
}

/** A row of the registry of problems. */
export interface ProblemEntry extends ProblemTexts, Row<Posed> {
  readonly kind: ProblemKind;
}

/**
 * A problem as its file writes it.
 * @typeParam T its options: the only place where limits and defaults are stated.
 * @typeParam M what its kind is made of: an exact game, or one with its samples.
 */
export interface ProblemFile<T extends OptionRows, M> extends ProblemTexts {
  readonly options: T;
  /** @throws InputError where options do not go together. */
  readonly make: (options: Full<T>) => M;
}

/** Makes a problem from typed options; `row` is its row in the registry. */
export interface ProblemMaker<T extends OptionRows, M> {
  /** @throws InputError for an unknown option or an unacceptable value. */
  (options?: Partial<Full<T>>): M;
  readonly row: ProblemEntry;
}
/** The options of the problems that a maker makes, each with its value. */
export type OptionsOfProblem<P> = P extends (options?: infer O) => unknown ? Required<NonNullable<O>> : never;

/** The name and the identity of a problem made from a spec. */
export interface Labels {
  readonly name: string;
  readonly identity: Data;
}

/**
 * Makes a kind of problems: the function that its problems' files call.
 * @typeParam M what a problem's file makes.
 * @param pose makes of what a file makes the problem that runs get, and the exact one that judges them.
 *   `labels` gives what goes into results: the name, which is the full spec, and an identity, of this kind or
 *   of another word.
 * @param more options that every problem of the kind has in its specs.
 */
export function problemKind<M, X extends OptionRows = Record<never, never>>(
  kind: ProblemKind,
  pose: (made: M, labels: (kind?: string) => Labels, more: Full<X>) => Posed,
  more?: X,
) {
  return <const T extends OptionRows, P extends M>(file: ProblemFile<T, P>): ProblemMaker<T, P> => {
    const { options: own, make, ...words } = file;
    const owner = `${kind.name} ${file.name}`;
    const made = (given: Full<T>): P => {
      try {
        return make(given);
      } catch (error) {
        if (error instanceof InputError) throw error;
        throw new Error(`${owner}: its make throws: ${messageOf(error)}`, { cause: error });
      }
    };
    const posed = (given: Full<T> & Full<X> & Given): Posed => {
      const labels = (of = kind.name): Labels => ({
        name: formatSpec({ name: file.name, inner: [], options: given }),
        identity: { kind: of, name: file.name, options: given },
      });
      return pose(made(only(own, given)), labels, given);
    };
    const options = { ...own, ...more };
    const row: ProblemEntry = { ...words, kind, options, make: (read) => posed(readBy<T, X>(read, options)) };
    const maker = (given?: unknown): P => made(parseRows(owner, own, given));
    return Object.assign(maker, { row });
  };
}

/**
 * The signature is a cast: what is read by a table has its options, each with a value that its row accepts.
 */
function readBy<T extends OptionRows, X extends OptionRows>(
  read: Read,
  table: OptionRows,
): Full<T> & Full<X> & Given;
function readBy(read: Read, table: OptionRows): object {
  return read(table);
}

/** The signature is a cast: the entries of a table's options, all of which are there. */
function only<T extends OptionRows>(table: T, given: Full<T>): Full<T>;
function only(table: OptionRows, given: Given): Given {
  return Object.fromEntries(Object.entries(given).filter(([name]) => name in table));
}
