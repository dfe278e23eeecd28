import { shortNumber } from '@stillpoint/operators';
import type { Judgement } from './judge.js';
import type { MethodEnd } from '@stillpoint/operators';
import type { Status } from './run.js';

/** What the message about a judged run depends on. */
interface JudgedRun {
  readonly judged: Judgement;
  readonly first: number;
  readonly threshold: number;
  readonly rounding: number;
  readonly steps: number;
  readonly watched: boolean;
  readonly sampler: boolean;
  readonly overflow: string | undefined;
  readonly still: boolean;
  readonly float32: boolean;
  /** What the method’s own rule found, if it ended the run. */
  readonly own: MethodEnd | undefined;
}

/** The end of a judged run, as a message. */
export function inWords(
  status: Status,
  {
    judged: { residual },
    first,
    threshold,
    rounding,
    steps,
    watched,
    sampler,
    overflow,
    still,
    float32,
    own,
  }: JudgedRun,
): string {
  const made = counted(steps);
  const now = `the residual went from ${shortNumber(first)} to ${shortNumber(residual)}`;
  if (status === 'converged')
    return `Converged in ${made}: the residual is ${shortNumber(residual)}, within the tolerance ${shortNumber(threshold)}.`;
  if (status === 'rounding')
    return `Reached the precision of ${float32 ? 'float32' : 'float64'} in ${made}: the residual is ${shortNumber(residual)}, of which rounding leaves up to ${shortNumber(rounding)}; the tolerance ${shortNumber(threshold)} cannot be told apart from it.`;
  if (own?.status === status) return `${own.message} It made ${made}: ${now}.`;
  if (status === 'diverged') return `Diverged: ${now} in ${made}.`;
  if (status === 'stopped') return `Stopped after ${made}: ${now}.`;
  if (status === 'non-finite')
    return `Overflowed: ${overflow ?? 'a point'} is no longer finite after ${made}. Try a smaller step size or another method.`;
  const rest = still ? NOT_MOVED : '';
  if (sampler)
    return `A sampler, it made ${made}: its points spread around where the loss is low, and no residual says how well; at the last one it is ${shortNumber(residual)}.${rest}`;
  return (
    (watched
      ? `Did not converge in ${made}: ${now}, the tolerance is ${shortNumber(threshold)}.`
      : `Made the ${made} asked for: ${now}.`) + rest
  );
}
const counted = (steps: number): string => `${steps} step${steps === 1 ? '' : 's'}`;
const NOT_MOVED =
  ' z is where it began: the step is too short to change it, or the method does not change z.';

/** What a run's method noted and how many times, as warnings. */
export const notesInWords = (noted: ReadonlyMap<string, number>, steps: number): readonly string[] =>
  Array.from(
    noted,
    ([what, times]) => `${times === 1 ? 'once' : `${times} times`} in ${counted(steps)}, ${what}`,
  );

/** What the message about a run that was not judged depends on. */
interface UnjudgedRun {
  readonly steps: number;
  readonly spent: number;
  readonly calls: number;
  readonly overBudget: boolean;
  readonly overflow: string | undefined;
  readonly still: boolean;
  readonly own: MethodEnd | undefined;
}

/** The end of a run that was not judged, as a message. */
export function madeInWords(
  status: Status,
  { steps, spent, calls, overBudget, overflow, still, own }: UnjudgedRun,
): string {
  if (status === 'non-finite')
    return `Overflowed: ${overflow ?? 'a point of the method'} is no longer finite after ${counted(steps)}.`;
  if (status === 'stopped') return `Stopped after ${counted(steps)}.`;
  if (own?.status === status)
    return `${own.message} It made ${counted(steps)} with ${shortNumber(spent)} oracle calls.`;
  const over = overBudget ? `; the next step would exceed ${calls}` : '';
  return `Made ${counted(steps)} with ${shortNumber(spent)} oracle calls${over}.${still ? NOT_MOVED : ''}`;
}
