import {
  InputError,
  parseSpec,
  type Eigenvalues,
  type Facts,
  type Method,
  type Problem,
  type State,
} from '@stillpoint/operators';
import { bound } from '../certificates/bound.js';
import { isNoBound } from '../certificates/types.js';
import { pricesOf } from '../drivers/budget.js';
import { methodFrom, methods, oracleOf } from '../registry.js';
import type { Candidate } from './candidates.js';
import type { Advice, Judged } from './diagnosis.js';
import { short } from './kinds.js';
import { ranked, type Tried } from './trial.js';
import { rateOn } from './tuned.js';
import { hasConverged } from '../drivers/run.js';

/** What methods are judged by. */
export interface Grounds {
  readonly problem: Problem;
  /** The constants, stated or estimated. */
  readonly facts: Facts;
  /** ‖z₀ − z*‖, if a solution is known or was found. */
  readonly distance: number | undefined;
  /** All eigenvalues near the solution; only where F is exact and without constraints. */
  readonly eigenvalues: Eigenvalues | undefined;
  readonly affine: boolean;
}

/**
 * A method that a theorem covers is advised if it needs at most this factor times the calls of the fastest.
 */
export const COVERED_WITHIN = 1.1;

/** What covers a method by the eigenvalues of an affine F. */
const LINEAR = 'the eigenvalues of a linear F';

/** The theorem that covers a method, or the reason why none does. */
function theoremOf(
  { problem, facts, distance }: Grounds,
  method: Method<State>,
): NonNullable<Judged['theorem']> | { readonly reason: string } {
  const row = methods.find(({ name }) => name === method.name);
  if (problem.draw !== undefined && row?.needs.includes('terms') !== true)
    return { reason: 'its gradients are sampled, and the theorems are about methods that ask for F itself' };
  const { constraint, terms } = problem;
  const found = bound(method, facts, distance ?? 1, {
    constrained: constraint !== undefined,
    terms: terms?.count,
    diameter: constraint?.diameter,
  });
  if (isNoBound(found)) return { reason: inEstimates(found.reason) };
  const { theorem: name, statement, source } = found;
  return { name, statement, source };
}

/** A reason about what a problem states, where what counts is what was estimated of it. */
const inEstimates = (reason: string): string =>
  reason
    .replace(/: the game states no [^;]*/g, '')
    .replace(
      'the game’s constants are stated on the set only (facts.where)',
      'the constants were estimated on the set only',
    );

/** A candidate with its theorem, its rate and its run. */
export function judgedOf(grounds: Grounds, candidate: Candidate, tried: Tried | undefined): Judged {
  const { problem, facts, eigenvalues, affine } = grounds;
  const method = methodFrom(candidate.spec, facts);
  const calls = oracleOf(candidate.spec, facts, pricesOf(problem), undefined, problem.terms?.count ?? 1);
  const rate = eigenvalues && rateOn(method, eigenvalues, calls.perStep);
  const told = theoremOf(grounds, method);
  const linear =
    affine && rate !== undefined && rate < 1
      ? {
          name: LINEAR,
          statement: `F is affine, and in the long run the method multiplies the error along each eigenvector by at most ${rate.toPrecision(4)} per call`,
          source: 'Stillpoint’s: @stillpoint/optimizers/src/certificates/multiplier.ts',
        }
      : undefined;
  const theorem = 'reason' in told ? linear : told;
  return {
    ...candidate,
    ...(theorem === undefined ? {} : { theorem }),
    ...('reason' in told && linear === undefined ? { reason: told.reason } : {}),
    ...(rate === undefined ? {} : { rate }),
    ...(tried === undefined
      ? {}
      : { tried: { status: tried.status, calls: tried.calls, residual: tried.residual } }),
  };
}

/** The largest factor ≥ 1 for which `holds` is true, to a thousandth; Infinity beyond 1000. */
function margin(holds: (factor: number) => boolean): number {
  if (holds(1000)) return Infinity;
  let [low, high] = [1, 1000];
  while (high / low > 1.001) {
    const middle = Math.sqrt(low * high);
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** How wrong the constants may be before the theorem of a method no longer covers it, in sentences. */
function unlessOf(grounds: Grounds, method: Method<State>): readonly string[] {
  const { facts } = grounds;
  const { lipschitz: L = 0, comonotone, weakMinty } = facts;
  const covers = (changed: Facts): boolean =>
    !('reason' in theoremOf({ ...grounds, facts: { ...facts, ...changed } }, method));
  if (!covers({}) || !(L > 0)) return [];
  const said: string[] = [];
  const most = margin((factor) => covers({ lipschitz: factor * L }));
  if (most < Infinity)
    said.push(
      `if L is above ${short(most * L)}, ${short(most)} times the ${short(L)} used here: then a shorter step is needed`,
    );
  const ρ = comonotone ?? weakMinty;
  if (ρ !== undefined) {
    const lowered = (share: number): Facts => ({
      comonotone: ρ - share / L,
      weakMinty: ρ - share / L,
      stronglyMonotone: undefined,
      cocoercive: undefined,
    });
    let [low, high] = [0, 2];
    if (!covers(lowered(1e-9)))
      said.push(
        ρ > 0
          ? 'if F does not pull inwards (μ > 0, ρ > 0) everywhere: then a method for rotation is needed'
          : 'if F pushes outwards anywhere (ρ < 0): then a method for weak Minty or comonotone F is needed',
      );
    else {
      while (high - low > 1e-3) {
        const middle = (low + high) / 2;
        if (covers(lowered(middle))) low = middle;
        else high = middle;
      }
      if (high < 2) said.push(`if ρ is below ${short(ρ - low / L)}`);
    }
  }
  return said;
}

const isDone = ({ tried }: Judged): boolean => tried !== undefined && hasConverged(tried.status);

/** Where no trial was long enough: what a theorem covers, the fastest by the eigenvalues. */
function byTheory(grounds: Grounds, judged: readonly Judged[]): Advice | null {
  const [best] = judged
    .filter(({ theorem, tried, rate = 0 }) => theorem !== undefined && tried?.status === 'budget' && rate < 1)
    .toSorted((a, b) => (a.rate ?? 1) - (b.rate ?? 1));
  if (best?.theorem === undefined) return null;
  const { spec, theorem, tried, rate } = best;
  return {
    spec,
    why: [
      `All trials were too short to converge; this one had ${short(tried!.calls)} calls, and came to a residual of ${short(tried!.residual)}.`,
      `A theorem covers it: ${theorem.name} (${theorem.statement}).`,
      ...(rate === undefined ? [] : [digitInWords(rate)]),
    ],
    unless: unlessOf(grounds, methodFrom(spec, grounds.facts)),
    covered: true,
  };
}

const digitInWords = (rate: number): string =>
  `By the eigenvalues near the solution it takes about ${short(Math.LN10 / -Math.log(rate))} calls for each further digit.`;

/**
 * The method to recommend, of those that were judged and tried. Null if none was tried or all diverged.
 * @param first the residual at the start.
 */
export function adviceOf(
  grounds: Grounds,
  judged: readonly Judged[],
  trial: readonly Tried[],
  first: number,
): Advice | null {
  const order = ranked(trial).flatMap(
    ({ candidate }) => judged.find(({ spec }) => spec === candidate.spec) ?? [],
  );
  const usable = order.filter((one) => isDone(one) || one.tried?.status === 'budget');
  const [fastest] = usable;
  if (fastest?.tried === undefined || !(isDone(fastest) || fastest.tried.residual < first))
    return byTheory(grounds, judged);
  if (!isDone(fastest) && grounds.affine && grounds.eigenvalues !== undefined) {
    // what is slow at first, as momentum, may be the fastest in the end
    const told = byTheory(grounds, judged);
    if (told !== null) return told;
  }
  const covered = usable.find(({ theorem }) => theorem !== undefined);
  const enough = (one: Judged): boolean =>
    isDone(fastest)
      ? isDone(one) && one.tried!.calls <= COVERED_WITHIN * fastest.tried!.calls
      : one.tried!.residual <= COVERED_WITHIN * fastest.tried!.residual;
  const chosen = covered !== undefined && enough(covered) ? covered : fastest;
  const { spec, theorem, reason, tried, rate } = chosen;
  const { problem } = grounds;
  const assumed = methods.find(({ name }) => name === parseSpec(spec).name)?.assumptions;
  const why = [
    isDone(chosen)
      ? `From this start it converged in ${short(tried!.calls)} calls${chosen === fastest ? ', the fewest of all methods that were tried' : `; ${fastest.spec} in ${short(fastest.tried.calls)}`}.`
      : `No method that was tried converged within its calls; this one came nearest: its residual is ${short(tried!.residual)}, ${short(tried!.residual / first)} of that at the start, after ${short(tried!.calls)} calls.`,
    theorem === undefined
      ? `No theorem that is implemented covers it with these constants: ${reason}.`
      : `A theorem covers it: ${theorem.name} (${theorem.statement}).`,
    ...(theorem === undefined && problem.draw === undefined && assumed !== undefined
      ? [`Its conditions: ${assumed}.`]
      : []),
    ...(rate !== undefined && rate < 1 && rate > 0 ? [digitInWords(rate)] : []),
  ];
  const safe = chosen.theorem === undefined && covered !== undefined ? covered : undefined;
  const outside = theorem === undefined && covered === undefined;
  return {
    spec,
    why: [
      ...why,
      ...(safe
        ? [
            `The best that a theorem covers is ${safe.spec}${isDone(safe) ? `, with ${short(safe.tried!.calls)} calls` : `, whose residual was ${short(safe.tried!.residual)} after ${short(safe.tried!.calls)} calls`} (${safe.theorem!.name}).`,
          ]
        : []),
      ...(outside
        ? [
            'This problem, as far as it was seen, lies outside every theorem that is implemented: the advice rests on the trial alone.',
          ]
        : []),
    ],
    unless: [
      ...unlessOf(grounds, methodFrom(spec, grounds.facts)),
      ...(theorem?.name === LINEAR
        ? ['if F is not affine where you go: then only the trial speaks for it']
        : []),
      ...(theorem === undefined ? ['if you begin elsewhere: the trial was from one start'] : []),
      ...(problem.draw !== undefined ? ['if the noise, or the size of a batch, differs'] : []),
    ],
    covered: theorem !== undefined,
    ...(safe ? { safe: safe.spec } : {}),
  };
}

/** Candidates that can be built with these constants; others lack an option that only a stated fact gives. */
export function buildable(candidates: readonly Candidate[], facts: Facts): readonly Candidate[] {
  return candidates.filter(({ spec }) => {
    try {
      methodFrom(spec, facts);
      return true;
    } catch (error) {
      if (error instanceof InputError) return false;
      throw error;
    }
  });
}
