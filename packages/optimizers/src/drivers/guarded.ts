import {
  InputError,
  isFiniteVector,
  type Checkpoint,
  type Ledger,
  type Method,
  type Problem,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { incidentOf, vectorsIn, watched, type Incident } from './incident.js';
import type { Progress } from './run.js';
import { train, type TrainOptions, type Training } from './train.js';

/** What a run does after a step that computed a value that is not finite. */
export const guardActions = ['stop', 'skip', 'halve', 'back'] as const;

/**
 * One of {@link guardActions}. `stop`: the run ends, and its checkpoint is the state before the step. `skip`:
 * the step is undone and its draws are left out. `halve`: the run goes back to its last good checkpoint,
 * since the point before the step may be spoiled already, and continues with half the step size. `back`: it
 * goes back with the same step size, and continues with draws that it has not used.
 */
export type GuardAction = (typeof guardActions)[number];

/** What was done about an incident. */
export interface Handled {
  readonly incident: Incident;
  readonly action: GuardAction;
  /** In words: what the run does now, and which of how many tries this is. */
  readonly message: string;
  /** The step from which the run continues, or at which it stopped. */
  readonly at: number;
}

/** How a run is guarded against values that are not finite. */
export interface Guard<S extends State> {
  /** Default `stop`. */
  readonly action?: GuardAction;
  /** How many incidents of a run are acted on; the next one stops it. Default 3. */
  readonly tries?: number;
  /** The incidents before the checkpoint from which this run continues, and how many of them halved. */
  readonly tried?: number;
  readonly halved?: number;
  /** The method with every step size divided by 2^times; for `halve`. */
  readonly rebuild?: (times: number) => Method<S>;
  /**
   * The last good checkpoint; for `back` and `halve`. Default: one that is kept in memory, at most 128
   * steps old.
   */
  readonly back?: () => Checkpoint<S> | undefined;
  /**
   * The same problem, on which steps are made again: without what a caller records of the other. Default: the
   * problem itself.
   */
  readonly again?: Problem;
  /** Called when an incident was named, before the run continues. */
  readonly onIncident?: (handled: Handled) => void | Promise<void>;
}

/** How a guarded run ended. */
export interface GuardedTraining<S extends State> extends Training<S> {
  /** What happened on the way, in order. */
  readonly handled: readonly Handled[];
}

/** Steps between two copies of the state in memory. */
const EVERY = 128;

type Found = { readonly step: number };

/** The steps from a checkpoint to the one that failed, made again one by one. */
interface Repeated<S extends State> {
  readonly incident: Incident | undefined;
  readonly before: Checkpoint<S>;
  readonly after: Checkpoint<S> | undefined;
}

/**
 * Makes steps again up to number `step`, in which a value that is not finite was noticed, and looks at every
 * loss and gradient of the step that computed the first one.
 */
async function repeat<S extends State>(
  problem: Problem,
  method: Method<S>,
  { start, seed, acceptIdentity, moves }: TrainOptions<S>,
  from: Checkpoint<S>,
  step: number,
): Promise<Repeated<S>> {
  const watch = watched(problem);
  let before = from;
  let after: Checkpoint<S> | undefined;
  let incident: Incident | undefined;
  const early = new Error('a value is not finite'); // before the step in which it was noticed
  await train(watch.problem, method, {
    ...(start === undefined ? {} : { start }),
    ...(seed === undefined ? {} : { seed }),
    ...(acceptIdentity === undefined ? {} : { acceptIdentity }),
    ...(moves === undefined ? {} : { moves }),
    from,
    steps: step,
    observe(progress) {
      const { state, ledger } = progress;
      const isFinite = vectorsIn(state).every(([, vector]) => isFiniteVector(vector));
      if (ledger.steps < step && isFinite) {
        before = progress.checkpoint();
        return watch.reset();
      }
      after = progress.checkpoint();
      incident = incidentOf(ledger.steps, watch.found(), state, before.state, problem);
      if (ledger.steps < step) throw early;
    },
  }).catch((error: unknown) => {
    if (error !== early) throw error;
  });
  return { incident, before, after };
}

/** The questions of a ledger, with another number of steps: what was asked was asked. */
const withSteps = (asked: Ledger, steps: number): Ledger => ({ ...asked, steps });

const stepsInWords = (n: number): string => `${n} step${n === 1 ? '' : 's'}`;

/**
 * Trains as `train` does, and looks at every loss, parameter and vector of the method after every step. Where
 * one is not finite, the steps since the last copy of the state are made again, which names the tensor and
 * gives the state before the step; then the guard's action follows. Nothing is observed after such a step.
 * @throws InputError for an action that the problem or the options do not allow.
 */
export async function trainGuarded<S extends State>(
  problem: Problem,
  method: Method<S>,
  options: TrainOptions<S>,
  guard: Guard<S> = {},
): Promise<GuardedTraining<S>> {
  const { action = 'stop', tries = 3, rebuild } = guard;
  if (action === 'halve' && rebuild === undefined)
    throw new InputError('the guard halves step sizes; expected rebuild: (times) => method');
  if ((action === 'skip' || action === 'back') && problem.draw === undefined)
    throw new InputError(
      `${problem.name} draws no samples, so that after ${action} the same value would come up again; expected stop or halve`,
    );
  const handled: Handled[] = [];
  let [tried, halved] = [guard.tried ?? 0, guard.halved ?? 0];
  let current = halved > 0 && rebuild !== undefined ? rebuild(halved) : method;
  let { from } = options;
  for (;;) {
    let kept: Checkpoint<S> | undefined = from;
    let found: Found | undefined;
    let vectors: readonly Vector[] | undefined;
    let seen: S | undefined; // another one after each move
    const stop = new Error('a value is not finite'); // thrown by observe, caught below
    const computed = problem.players.map(() => false);
    const bad = (losses: Vector): boolean =>
      losses.some((loss, p) => {
        if (Number.isFinite(loss)) computed[p] = true;
        return !Number.isFinite(loss) && (computed[p] === true || !Number.isNaN(loss));
      });
    const observe = (progress: Progress<S>): void | Promise<void> => {
      const { state, losses, ledger } = progress;
      const due = kept === undefined || ledger.steps - kept.ledger.steps >= EVERY;
      // a method may make new vectors, but not ones that matter before the next copy
      if (due || vectors === undefined || seen !== state)
        vectors = vectorsIn(state).map(([, vector]) => vector);
      seen = state;
      if (bad(losses) || !vectors.every(isFiniteVector)) {
        found = { step: ledger.steps };
        throw stop;
      }
      if (due) kept = progress.checkpoint();
      return options.observe?.(progress);
    };
    let result: Training<S> | undefined;
    try {
      result = await train(problem, current, {
        ...options,
        ...(from === undefined ? {} : { from }),
        observe,
      });
    } catch (error) {
      if (error !== stop) throw error;
    }
    if (result !== undefined && result.status !== 'non-finite') return { ...result, handled };
    if (result !== undefined) found ??= { step: result.steps };
    if (found === undefined || kept === undefined) throw stop; // the start was looked at by train
    const { step }: Found = found;
    const {
      incident: named,
      before,
      after,
    } = await repeat(guard.again ?? problem, current, options, kept, step);
    const incident: Incident = named ?? {
      step,
      what: 'parameter',
      nonFinite: [],
      clean: [],
      message: `Not finite in step ${step}; it did not come up again when the steps since ${kept.ledger.steps} were repeated, so the engine does not compute the same twice.`,
    };
    const report = async (did: GuardAction, at: number, what: string): Promise<Handled> => {
      const one: Handled = { incident, action: did, at, message: `${incident.message} ${what}` };
      handled.push(one);
      await guard.onIncident?.(one);
      return one;
    };
    if (action === 'stop' || tried >= tries || after === undefined) {
      const why = action === 'stop' ? '' : ` ${tried} of ${tries} tries were used.`;
      const { message } = await report(
        'stop',
        before.ledger.steps,
        `Stopped at the state before it, after ${stepsInWords(before.ledger.steps)}.${why}`,
      );
      return {
        ...(await ended(guard.again ?? problem, current, options, before)),
        status: 'non-finite',
        message,
        handled,
      };
    }
    tried++;
    const asked = after.ledger;
    const good = action === 'skip' ? before : (guard.back?.() ?? kept);
    const { steps } = good.ledger;
    if (action === 'halve' && rebuild !== undefined) current = rebuild(++halved);
    from = {
      ...good,
      options: current.options,
      ledger: withSteps(asked, steps),
      ...(action === 'halve' ? {} : { draws: after.draws }),
    };
    const words = {
      skip: 'The step is undone and its draws are left out.',
      halve: `The run goes back to its last good checkpoint, of step ${steps}, and continues with step sizes divided by ${2 ** halved}.`,
      back: `The run goes back to its last good checkpoint, of step ${steps}, and continues with draws that it has not used.`,
    };
    await report(action, steps, `${words[action]} Try ${tried} of ${tries}.`);
  }
}

/** The end of a run at a checkpoint, without a further step. */
const ended = <S extends State>(
  problem: Problem,
  method: Method<S>,
  { start, acceptIdentity }: TrainOptions<S>,
  from: Checkpoint<S>,
): Promise<Training<S>> =>
  train(problem, method, {
    ...(start === undefined ? {} : { start }),
    ...(acceptIdentity === undefined ? {} : { acceptIdentity }),
    from,
    steps: from.ledger.steps,
  });
