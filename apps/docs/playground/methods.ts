import {
  findRow,
  formatData,
  formatSpec,
  messageOf,
  parseSpec,
  type Data,
  type Game,
  type Method,
  type OptionRows,
  type Spec,
  type State,
} from '@stillpoint/operators';
import {
  checkSpecNeeds,
  methodFrom,
  methods,
  specOf,
  transforms,
  type MethodRow,
} from '@stillpoint/optimizers/registry';
import { recorder, type Point } from './recorder.js';
import { startOfGame } from './plane.js';

/** A method of the registry on a game: a spec with which it runs, or why it cannot run. */
export interface Choice {
  readonly name: string;
  readonly about: string;
  readonly group: string;
  readonly spec?: string;
  readonly reason?: string;
}

/**
 * The method that a spec names, on a game.
 * @throws InputError for a spec that is not valid, and for a method that cannot run on the game: its own
 *   words.
 */
export function methodOn(game: Game, spec: string | Spec): Method<State> {
  checkSpecNeeds(spec, game);
  return methodFrom(spec, game.facts);
}

/** Why a method cannot run on a game, found by its first step; undefined if it can. */
export function refusal(
  game: Game,
  spec: string | Spec,
  start: Point = startOfGame(game),
): string | undefined {
  try {
    const run = recorder(game, methodOn(game, spec), start);
    run.until(1);
    return run.questions.length === 0 ? run.ended() : undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** Specs of a row to try: its name, with what it takes, and with a step size for games that state no L. */
function candidates({ name, takes, options }: MethodRow): readonly string[] {
  const taken = takes.map((kind) => (kind === 'method' ? 'gda' : 'momentum'));
  const takenAt = takes.map((kind) => (kind === 'method' ? 'gda(stepSize=0.1)' : 'momentum'));
  const inBrackets = (parts: readonly string[]): string =>
    parts.length === 0 ? name : `${name}(${parts.join(', ')})`;
  return [inBrackets(taken), inBrackets([...takenAt, ...('stepSize' in options ? ['stepSize=0.1'] : [])])];
}

/** What can be chosen on a game: every method of the registry. */
export function choices(game: Game): readonly Choice[] {
  return methods.map((row) => {
    const { name, about, group } = row;
    const specs = candidates(row);
    const spec = specs.find((candidate) => refusal(game, candidate) === undefined);
    return spec === undefined
      ? { name, about, group, reason: refusal(game, specs.at(-1)!) ?? '' }
      : { name, about, group, spec };
  });
}

/** One option of a method, or of one inside it, to be set on the page. */
export interface Control {
  /** Which of the specs inside has it: [] is the outermost, [0] the first inside it. */
  readonly path: readonly number[];
  readonly owner: string;
  readonly name: string;
  readonly about: string;
  readonly symbol: string;
  readonly expected: string;
  /** Its value, as in a spec. */
  readonly text: string;
  /** Its value if that is a number. */
  readonly number?: number;
}

/** The options of a built method and of those inside it, from their tables. */
export function controlsOf(method: Method<State>): readonly Control[] {
  const of = (spec: Spec, table: OptionRows, path: readonly number[]): readonly Control[] =>
    Object.entries(table).map(([name, { about, symbol = '', expected }]): Control => {
      const value: Data = spec.options[name] ?? null;
      return {
        path,
        owner: spec.name,
        name,
        about,
        symbol,
        expected,
        text: formatData(value),
        ...(typeof value === 'number' ? { number: value } : {}),
      };
    });
  const within = (spec: Spec, kind: 'method' | 'transform', path: readonly number[]): readonly Control[] => {
    const row = kind === 'method' ? findRow(kind, methods, spec.name) : findRow(kind, transforms, spec.name);
    const takes = 'takes' in row && Array.isArray(row.takes) ? row.takes : [];
    return [
      ...of(spec, row.options, path),
      ...spec.inner.flatMap((inner, i) =>
        within(inner, takes[i] === 'method' ? 'method' : 'transform', [...path, i]),
      ),
    ];
  };
  return within(specOf(method), 'method', []);
}

/** A spec in which one option has another value, given as it is written in a spec. @throws InputError. */
export function withOption(
  text: string,
  { path, name }: Pick<Control, 'path' | 'name'>,
  value: string,
): string {
  const { options } = parseSpec(`option(${name}=${value})`);
  const change = (spec: Spec, [first, ...rest]: readonly number[]): Spec =>
    first === undefined
      ? { ...spec, options: { ...spec.options, ...options } }
      : { ...spec, inner: spec.inner.map((inner, i) => (i === first ? change(inner, rest) : inner)) };
  return formatSpec(change(parseSpec(text), path));
}
