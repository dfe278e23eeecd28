import {
  InputError,
  equalData,
  formatData,
  identityDifference,
  type Checkpoint,
  type Data,
  type Method,
  type Problem,
  type State,
} from '@stillpoint/operators';

/** The differences that were accepted. A run stores them in every later checkpoint. */
export type Accepted = readonly string[];

/**
 * How the problem of a checkpoint differs, in words; undefined if it does not. Without an identity, names are
 * compared.
 */
function problemDifference(
  from: { readonly game: string; readonly identity?: Data },
  problem: Problem,
): string | undefined {
  if (from.identity !== undefined && problem.identity !== undefined)
    return identityDifference(from.identity, problem.identity);
  return from.game === problem.name ? undefined : `game: ${from.game} against ${problem.name}`;
}

/**
 * The warning about a checkpoint from another engine. Such a checkpoint is accepted, since its numbers mean
 * the same.
 */
export function engineWarnings(found: Data | undefined, now: Data | undefined): readonly string[] {
  const part = identityDifference(found ?? null, now ?? null);
  return part === undefined
    ? []
    : [
        `the checkpoint was computed by another engine, so the run does not continue bit for bit; it differs in ${part}`,
      ];
}

/** How the method of a checkpoint differs, in words; undefined if it does not. */
function methodDifference(from: Checkpoint<State>, method: Method<State>): string | undefined {
  if (from.method !== method.name) return `method: ${from.method} against ${method.name}`;
  return equalData(from.options, method.options)
    ? undefined
    : `options of ${method.name}: ${formatData(from.options)} against ${formatData(method.options)}`;
}

/**
 * Checks that a checkpoint is of this problem and method. @returns the differences that are accepted with
 * `acceptIdentity`, earlier ones first. @throws InputError naming the part that differs.
 */
export function checkFits<S extends State>(
  from: Checkpoint<S>,
  problem: Problem,
  method: Method<S>,
  acceptIdentity: boolean,
): Accepted {
  const part = problemDifference(from, problem);
  const other = methodDifference(from, method);
  if (acceptIdentity) {
    const found = [part, other].filter((difference) => difference !== undefined);
    return [...new Set([...(from.acceptedIdentity ?? []), ...found])];
  }
  const goOn = '(acceptIdentity, or --accept-identity, continues in spite of this)';
  if (from.game !== problem.name && part !== undefined) {
    const named = part.startsWith('game: ') ? '' : `, from which it differs in ${part}`;
    throw new InputError(`this checkpoint is of game ${from.game}; expected ${problem.name}${named} ${goOn}`);
  }
  if (part !== undefined)
    throw new InputError(
      `this checkpoint is of another ${problem.name}: its identity differs in ${part} ${goOn}`,
    );
  const refuse = (what: string, found: string, expected: string): InputError =>
    new InputError(`this checkpoint is of ${what} ${found}; expected ${expected} ${goOn}`);
  if (from.method !== method.name) throw refuse('method', from.method, method.name);
  if (other !== undefined) throw refuse('options', formatData(from.options), formatData(method.options));
  return from.acceptedIdentity ?? [];
}
