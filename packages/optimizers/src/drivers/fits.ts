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

/** What was accepted in spite of a difference: a run keeps it in every later checkpoint. */
export type Accepted = readonly string[];

/** Where the problem of a checkpoint is another one, in words. Without an identity, names are compared. */
function problemDifference(
  from: { readonly game: string; readonly identity?: Data },
  problem: Problem,
): string | undefined {
  if (from.identity !== undefined && problem.identity !== undefined)
    return identityDifference(from.identity, problem.identity);
  return from.game === problem.name ? undefined : `game: ${from.game} against ${problem.name}`;
}

/**
 * Checks that a checkpoint is of this problem and method. @returns what differs and is accepted with
 * `override`, earlier acceptances first. @throws InputError naming the part that differs.
 */
export function checkFits<S extends State>(
  from: Checkpoint<S>,
  problem: Problem,
  method: Method<S>,
  override: boolean,
): Accepted {
  const earlier = from.acceptedIdentity ?? [];
  const part = problemDifference(from, problem);
  if (override) return part === undefined || earlier.includes(part) ? earlier : [...earlier, part];
  const refuse = (what: string, found: string, expected: string): InputError =>
    new InputError(
      `this checkpoint is of ${what} ${found}; expected ${expected} (override to continue all the same)`,
    );
  if (from.game !== problem.name && part !== undefined) {
    const named = part.startsWith('game: ') ? '' : `, from which it differs in ${part}`;
    throw refuse('game', from.game, `${problem.name}${named}`);
  }
  if (part !== undefined)
    throw new InputError(
      `this checkpoint is of another ${problem.name}: its identity differs in ${part} (override to continue all the same)`,
    );
  if (from.method !== method.name) throw refuse('method', from.method, method.name);
  if (!equalData(from.options, method.options))
    throw refuse('options', formatData(from.options), formatData(method.options));
  return earlier;
}
