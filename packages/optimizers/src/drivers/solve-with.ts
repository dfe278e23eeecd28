import {
  InputError,
  equalData,
  withLipschitz,
  type Facts,
  type Problem,
  type Method,
  type State,
  type Vector,
  shortNumber,
} from '@stillpoint/operators';
import { lipschitzNear, type LipschitzEstimate } from '../probes/lipschitz.js';
import { probing } from '../probes/probed.js';
import { inSlices, type SolveAsyncOptions } from './solve-async.js';
import { settle, type Running } from './asking.js';
import { solving, type Pauses, type Solution, type SolveOptions } from './solve.js';
import { startFrom } from './start.js';
import { fullProblem } from './full-problem.js';

/** How L was estimated for a method that needs it on a game that does not state it. */
export interface EstimatedStep extends LipschitzEstimate {
  /** The L that the method was given: 2L̂, doubled at each halving of the step size. */
  readonly used: number;
  /** How many times the step size was halved because the run diverged or overflowed. */
  readonly halvings: number;
  /** Oracle calls of the runs that were given up; the budget includes them. */
  readonly lostCalls: number;
}

/** A run, its method, and the estimate of L that it used, if any. */
export type SolutionWith = Solution<State> & {
  readonly method: Method<State>;
  readonly estimate?: EstimatedStep;
};

/** Builds a method from the facts of a game: `(facts) => methodFrom('extragradient', facts)`. */
export type Build = (facts: Facts) => Method<State>;

/** After this many halvings the step size cannot be the cause. */
const MOST_HALVINGS = 20;

/**
 * `solve` with a method built from the facts of the game. If the method needs L and the game states none, L̂
 * is estimated at the start, and 1/(2L̂) is used as 1/L. If the run then diverges or overflows, it starts
 * again with half the step size. The message reports both.
 * @throws InputError as `solve` does, and for a method that cannot be built from the facts.
 */
export function solveWith(game: Problem, build: Build, options: SolveOptions<State> = {}): SolutionWith {
  const done = settle(solvingWith(game, build, options));
  if (done instanceof Promise) {
    done.catch(() => {}); // nothing waits for it
    throw new InputError(`${game.name} is asynchronous: its operator returns a promise; use solveWithAsync`);
  }
  return done;
}

/**
 * `solveWith` in slices, as `solveAsync`, also of asynchronous problems. @throws InputError as `solveWith`.
 */
export async function solveWithAsync(
  game: Problem,
  build: Build,
  options: SolveAsyncOptions<State> = {},
): Promise<SolutionWith> {
  const { signal, slice, ...rest } = options;
  return inSlices((pauses) => solvingWith(game, build, rest, pauses), {
    ...(signal ? { signal } : {}),
    ...(slice === undefined ? {} : { slice }),
  });
}

function* solvingWith(
  game: Problem,
  build: Build,
  options: SolveOptions<State>,
  pauses: Pauses = {},
): Running<SolutionWith> {
  const start = options.start ?? startFrom(game, options.from);
  const estimate = needsLipschitz(game, build) ? yield* estimated(game, start) : undefined;
  let lostCalls = 0;
  for (let halvings = 0; ; halvings++) {
    const used = (): number => {
      const L = estimate?.lipschitz ?? 0;
      // F looked constant: the first step size was 1
      return L > 0 ? 2 ** (halvings + 1) * L : halvings === 0 ? 0 : 2 ** halvings;
    };
    const method = build(withLipschitz(game.facts ?? {}, used));
    // a checkpoint of a run whose step size was halved continues with that step size
    if (
      options.from !== undefined &&
      estimate !== undefined &&
      halvings < MOST_HALVINGS &&
      !equalData(method.options, options.from.options)
    )
      continue;
    const calls = options.calls === undefined ? {} : { calls: Math.max(0, options.calls - lostCalls) };
    const solution = yield* solving(game, method, { ...options, ...calls, start }, pauses);
    if (estimate === undefined) return { ...solution, method };
    const left = solution.status === 'diverged' || solution.status === 'non-finite';
    const affordable = options.calls === undefined || lostCalls + solution.calls < options.calls;
    if (left && halvings < MOST_HALVINGS && affordable && options.from === undefined) {
      lostCalls += solution.calls;
      continue;
    }
    const given = { ...estimate, used: used(), halvings, lostCalls };
    return { ...solution, method, estimate: given, message: `${solution.message} ${inWords(given)}` };
  }
}

/** Whether a method reads an L that the problem does not state. */
function needsLipschitz(game: Problem, build: Build): boolean {
  let needed = false;
  build(
    withLipschitz(game.facts ?? {}, () => {
      needed = true;
      return 1;
    }),
  );
  return needed;
}

/** L̂ at the start, of the full operator. */
function* estimated(game: Problem, start: Vector): Running<LipschitzEstimate> {
  return (yield* probing(fullProblem(game), start, (problem) => lipschitzNear(problem, start))).value;
}

function inWords({ lipschitz, calls, used, halvings, lostCalls }: EstimatedStep): string {
  const again =
    halvings === 0
      ? ''
      : ` At first the run diverged or overflowed: the step size was halved ${halvings === 1 ? 'once' : `${halvings} times`}, after ${lostCalls} calls that are not in the count above.`;
  return `The game states no L; ${shortNumber(lipschitz)} was estimated from ${calls} calls of F, and L = ${shortNumber(used)} was used.${again}`;
}
