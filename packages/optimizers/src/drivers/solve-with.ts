import {
  InputError,
  equalData,
  lazyFacts,
  withFacts,
  type Facts,
  type Problem,
  type Method,
  type State,
} from '@stillpoint/operators';
import { estimateLipschitz, type LipschitzEstimate } from '../probes/lipschitz.js';
import { inSlices, type SolveAsyncOptions } from './solve-async.js';
import { settle, type Running } from './asking.js';
import { solving, type Pauses, type Solution, type SolveOptions } from './solve.js';
import { startFrom } from './start.js';

/** What was done where a method asked for an L that the game does not state. */
export interface EstimatedStep extends LipschitzEstimate {
  /** L as the method was given it: 2L̂, doubled at each halving of the step size. */
  readonly used: number;
  /** How often the step size was halved because the residual left. */
  readonly halvings: number;
  /** Oracle calls of the runs that were given up, which the budget holds, too. */
  readonly lostCalls: number;
}

/** A run, its method, and the estimate it rests on, if any. */
export type SolutionWith = Solution<State> & {
  readonly method: Method<State>;
  readonly estimate?: EstimatedStep;
};

/** Builds a method from what is known of the game: `(facts) => methodFrom('extragradient', facts)`. */
export type Build = (facts: Facts) => Method<State>;

/** After so many halvings the method, not its step size, is at fault. */
const MOST_HALVINGS = 20;

/**
 * `solve` with a method built from what the game states. Where the method asks for L and the game states
 * none, L̂ is estimated at the start, and 1/(2L̂) stands for 1/L; where the run then diverges or overflows,
 * it starts again with half the step size. The message says so.
 */
export function solveWith(game: Problem, build: Build, options: SolveOptions<State> = {}): SolutionWith {
  const done = settle(solvingWith(game, build, options));
  if (done instanceof Promise) throw new InputError(`${game.name} is asynchronous; use solveWithAsync`);
  return done;
}

/** `solveWith` in slices, as `solveAsync`. */
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
  let estimate: LipschitzEstimate | undefined;
  let lostCalls = 0;
  for (let halvings = 0; ; halvings++) {
    const used = (): number => {
      estimate ??= estimateLipschitz(game, start);
      const { lipschitz: L } = estimate;
      // F looked constant: the first step size was 1
      return L > 0 ? 2 ** (halvings + 1) * L : halvings === 0 ? 0 : 2 ** halvings;
    };
    const method = build(
      withFacts(game.facts ?? {}, lazyFacts({ lipschitz: () => game.facts?.lipschitz ?? used() })),
    );
    // a checkpoint of a run whose step size was halved goes on with that one
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

function inWords({ lipschitz, calls, used, halvings, lostCalls }: EstimatedStep): string {
  const short = (x: number): string => String(Number(x.toPrecision(3)));
  const again =
    halvings === 0
      ? ''
      : ` The residual left at first: the step size was halved ${halvings === 1 ? 'once' : `${halvings} times`}, after ${lostCalls} calls that are not in the count above.`;
  return `The game states no L; ${short(lipschitz)} was estimated from ${calls} calls of F, and L = ${short(used)} was used.${again}`;
}
