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

/** A checkpoint from another engine is taken, since its numbers mean the same, but not without a word. */
export function engineWarnings(found: Data | undefined, now: Data | undefined): readonly string[] {
  const part = identityDifference(found ?? null, now ?? null);
  return part === undefined
    ? []
    : [
        `the checkpoint was computed by another engine, so the run does not go on bit for bit; it differs in ${part}`,
      ];
}

/** Where the method of a checkpoint is another one, in words. */
function methodDifference(from: Checkpoint<State>, method: Method<State>): string | undefined {
  if (from.method !== method.name) return `method: ${from.method} against ${method.name}`;
  return equalData(from.options, method.options)
    ? undefined
    : `options of ${method.name}: ${formatData(from.options)} against ${formatData(method.options)}`;
}

/**
 * Checks that a checkpoint is of this problem and method. @returns what differs and is accepted with
 * `acceptIdentity`, earlier acceptances first. @throws InputError naming the part that differs.
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
  const goOn = '(acceptIdentity, or --accept-identity, goes on all the same)';
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
