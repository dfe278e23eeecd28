import {
  asSpec,
  registry,
  unknownName,
  type Game,
  type Registered,
  type Registry,
  type Spec,
} from '@stillpoint/operators';
import * as everyProblem from './problems.js';
import type { Posed, ProblemEntry, ProblemKind } from './problem.js';

/** A row of the registry of problems. */
export type ProblemRow = Registered<ProblemEntry, Posed>;

const entries: readonly ProblemEntry[] = Object.values(everyProblem).map(({ row }) => row);

/** Every kind of problems. */
export const problemKinds: readonly ProblemKind[] = [...new Set(entries.map(({ kind }) => kind))].toSorted(
  (a, b) => (a.plural < b.plural ? -1 : 1),
);

/** The registry of each kind, which finds its rows and builds its problems from specs. */
export const problemRegistries: readonly Registry<ProblemEntry, Posed>[] = problemKinds.map((kind) =>
  registry<Posed, [], ProblemEntry>(
    kind.name,
    entries.filter((entry) => entry.kind === kind),
  ),
);

/** Every problem that has a spec, by kind and name. */
export const problems: readonly ProblemRow[] = problemRegistries.flatMap(({ rows }) => rows);

/** @throws Error if two of these names are one: a spec, or a name in `list`, would mean either. */
function checkDifferent(what: string, names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`two ${what} are named ${twice}`);
}
checkDifferent(
  'problems',
  problems.map(({ name }) => name),
);
checkDifferent('kinds of problems', [
  ...problemKinds.map(({ name }) => name),
  ...problemKinds.map(({ plural }) => plural),
]);

/** The registry of a kind, by its name: `game`. @throws InputError for an unknown kind. */
export function problemsOf(kind: string): Registry<ProblemEntry, Posed> {
  const found = problemRegistries.find((one) => one.kind === kind);
  if (found === undefined)
    throw unknownName(
      'kind of problems',
      kind,
      problemKinds.map(({ name }) => name),
    );
  return found;
}

/**
 * Returns the problem that a spec names, as `polar(a=0.75)` or `ridge(batch=8)`. Its name is its full spec.
 * @throws InputError for an unknown name or option.
 */
export function problemFrom(spec: string | Spec): Posed {
  const parsed = asSpec(spec, 'problem', 'polar(a=0.75)');
  const row = problems.find(({ name }) => name === parsed.name);
  if (row === undefined)
    throw unknownName(
      'problem',
      parsed.name,
      problems.map(({ name }) => name),
    );
  return problemsOf(row.kind.name).from(parsed);
}

/**
 * Returns the game that a spec names, as `polar(a=0.75)`. @throws InputError for an unknown name or option,
 * and for a problem of another kind.
 */
export const gameFrom = (spec: string | Spec): Game => problemsOf('game').from(spec).exact;
