import {
  InputError,
  distance,
  norm,
  residualOf,
  shown,
  type Facts,
  type Problem,
  type Vector,
} from '@stillpoint/operators';
import { settle, type Running } from '../drivers/asking.js';
import { pricing } from '../drivers/budget.js';
import * as check from '../drivers/checks.js';
import { checkGame, checkOptions } from '../drivers/door.js';
import { checkStart, startOf } from '../drivers/start.js';
import { lipschitzNear } from '../probes/lipschitz.js';
import { localJacobian, type LocalJacobian } from '../probes/local-jacobian.js';
import { probing, type Probed } from '../probes/probed.js';
import type { SmoothnessPoint } from '../probes/smoothness-fit.js';
import { adviceOf, buildable, judgedOf, type Grounds } from './advice.js';
import { TOLERANCE } from '../drivers/judge.js';
import { candidatesFor } from './candidates.js';
import { constantsFrom, type Constants } from './constants.js';
import type { Diagnosis, Spectrum } from './diagnosis.js';
import { estimatesOf, imaginaryShare, pathOf, rounded } from './estimates.js';
import { kindsOf } from './kinds.js';
import { noiseAt } from './noise.js';
import { alongPath } from './smoothness.js';
import { refining, trying } from './trial.js';
import { piloting, visit } from './visited.js';
import { fullProblem, hasFullOperator } from '../drivers/full-problem.js';

/** Options of {@link diagnose}. */
export interface DiagnoseOptions {
  /** Default: the problem's own. */
  readonly start?: Vector;
  /**
   * Calls that may be used in all, at least 100: a quarter for estimates, the rest for trials. Default:
   * 20,000 for up to 64 entries, else 2,000.
   */
  readonly calls?: number;
  /** As of `solve`: when a trial has converged. Default: 1e-8. */
  readonly tolerance?: number;
  /** Whether to do without the constants that the problem states. Default: false. */
  readonly estimated?: boolean;
}

/** Problems with no more entries have their Jacobian computed whole. */
const WHOLE = 64;
/** Products of a Krylov space. */
const KRYLOV = 24;
/** Draws by which noise is estimated. */
const DRAWS = 16;

/**
 * Estimates what kind of problem it is, which methods’ conditions it meets, and which of them to take, by
 * evaluating F at the points of a short run and around it, and by trials. The problem must have an operator
 * by which runs can be judged: an exact F, all terms, or a mean. @throws InputError for another problem, for
 * fewer than 100 calls, and where F is not finite at the start.
 */
export async function diagnose(problem: Problem, options: DiagnoseOptions = {}): Promise<Diagnosis> {
  checkGame('diagnose', problem);
  const { start, calls, tolerance, flag: estimated } = check;
  checkOptions('diagnose', { start, calls, tolerance, estimated }, options);
  return settle(diagnosing(problem, options));
}

/** {@link diagnose} as a run: it yields only promises to wait for. */
function* diagnosing(problem: Problem, options: DiagnoseOptions): Running<Diagnosis> {
  const { start = startOf(problem), tolerance = TOLERANCE, estimated = false } = options;
  checkStart(problem.name, problem.dim, start);
  const { dim, constraint } = problem;
  const sampled = problem.draw !== undefined;
  const { calls: budget = dim <= WHOLE ? 20_000 : 2_000 } = options;
  if (!(budget >= 100)) throw new InputError(`diagnose: calls is ${shown(budget)}; expected a number >= 100`);
  if (!hasFullOperator(problem))
    throw new InputError(
      `${problem.name} is sampled and states neither terms nor its mean, so no run on it can be judged; expected one that does, or diagnoseTraining`,
    );
  const full = fullProblem(problem);
  const stated = estimated ? {} : (full.facts ?? {});
  const sample = full.draw === undefined ? 'same' : 'all';
  const price = pricing(full);
  let spent = 0;
  function* asked<R>(probe: Running<Probed<R>>): Running<R> {
    const { value, ledger } = yield* probe;
    spent += price(ledger);
    return value;
  }

  const near = yield* asked(probing(full, start, (p) => lipschitzNear(p, start, sample)));
  const pilot = yield* piloting(full, start, near.lipschitz, Math.max(50, Math.floor(budget / 20)));
  spent += pilot.calls;
  const end = pilot.points.at(-1)!.z;
  const visited = yield* asked(probing(full, start, (p) => visit(p, pilot.points, sample)));
  const first = visited.find(({ name }) => name === 'start');
  if (first === undefined) throw new InputError(`F of ${full.name} is not finite at the start`);
  const residual = residualOf(full, start, first.F, near.lipschitz > 0 ? 1 / near.lipschitz : 1);

  const whole = dim <= WHOLE;
  const jacobians: LocalJacobian[] = [];
  const spectra: Spectrum[] = [];
  const affordable = Math.max(2, Math.floor(budget / 10 / Math.min(dim, KRYLOV)));
  const last = visited.find(({ name }) => name === 'end');
  const others = visited.filter((one) => one !== first && one !== last);
  const seen: SmoothnessPoint[] = [];
  const turned = new Map<Vector, number>();
  for (const [i, { z, F }] of [first, last ?? first, ...(whole ? others : [])]
    .slice(0, affordable)
    .entries()) {
    const directions = whole ? WHOLE : KRYLOV;
    const one = yield* asked(probing(full, z, (p) => localJacobian(p, z, { directions, sample })));
    if (one === undefined) continue;
    jacobians.push(one);
    turned.set(z, imaginaryShare(one.eigenvalues));
    seen.push({ gradient: norm(F), smoothness: one.norm });
    if (i < 2) {
      const { re, im } = one.eigenvalues;
      spectra.push({
        at: i === 0 ? 'start' : 'end',
        whole: one.whole,
        re: [...re].map(rounded),
        im: [...im].map(rounded),
      });
    }
  }
  const smoothness: SmoothnessPoint[] = whole
    ? seen
    : yield* asked(probing(full, start, (p) => alongPath(p, visited, sample)));
  const noise =
    sampled && (yield* asked(probing(problem, start, () => noiseAt(start, DRAWS, problem.players))));

  const star = stated.solution
    ? { z: Float64Array.from(stated.solution), words: 'the stated solution' }
    : pilot.rested
      ? { z: end, words: `the end of a run of ${pilot.method}` }
      : undefined;
  const constants = constantsFrom(full, visited, jacobians, star?.z);
  const found = {
    constants,
    jacobians,
    visited,
    smoothness,
    ...(star && { solution: star }),
    ...(noise && { noise }),
  };
  const estimates = estimatesOf(full, found, stated);
  const facts = factsOf(full, constants, stated);
  const nearest = pilot.rested ? jacobians[Math.min(1, jacobians.length - 1)] : jacobians[0];
  const eigenvalues =
    nearest?.whole === true && constraint === undefined && !sampled ? nearest.eigenvalues : undefined;
  const grounds: Grounds = {
    problem,
    facts,
    distance: star && distance(start, star.z),
    eigenvalues,
    affine: constants.affine,
  };
  const rest = residual === 0;
  const candidates = rest
    ? []
    : buildable(candidatesFor(problem, { facts, ...(eigenvalues && { eigenvalues }) }), facts);
  const most = Math.max(100, Math.floor(budget - Math.min(spent, budget / 4)));
  const chosen = candidates.filter(({ later }) => !later);
  const limits = { tolerance, within: 1.5 };
  // with few calls, those whose numbers were chosen for the problem get all but a rest
  const share = most >= 100 * candidates.length ? 0.6 : 0.8;
  const round = yield* trying(problem, start, facts, chosen, { ...limits, calls: share * most });
  const second = yield* trying(
    problem,
    start,
    facts,
    candidates.filter(({ later }) => later),
    { ...limits, calls: (share + 0.1) * most - round.calls, fewest: round.fewest },
  );
  const trials = [...round.tried, ...second.tried];
  const left = most - round.calls - second.calls;
  const refined = yield* refining(problem, start, facts, trials, { calls: left, tolerance });
  const tried = [...trials, ...refined.tried];
  const usable = candidates.filter((one) => !round.refused.has(one) && !second.refused.has(one));
  const judged = [...usable, ...refined.tried.map(({ candidate }) => candidate)].map((candidate) =>
    judgedOf(
      grounds,
      candidate,
      tried.find((one) => one.candidate === candidate),
    ),
  );
  const advice = adviceOf(grounds, judged, tried, residual);
  const steepest = visited.reduce((most, { F }) => Math.max(most, norm(F)), 0);
  const kinds = kindsOf(estimates, spectra, { affine: constants.affine, rested: pilot.rested, steepest });
  return {
    problem: problem.name,
    dim,
    players: problem.players.map(({ name }) => name),
    constrained: constraint !== undefined,
    sampled,
    points: countsOf(visited.map(({ name }) => name)),
    estimates,
    spectra,
    kinds: rest
      ? [
          {
            kind: 'at rest',
            words: 'F does not move the start: it is a solution, or a point that no gradient leaves.',
          },
          ...kinds,
        ]
      : kinds,
    path: pathOf(problem, visited, turned),
    smoothness: constants.affine ? [] : smoothness,
    methods: judged,
    advice,
    calls: { estimates: spent, trials: round.calls + second.calls + refined.calls },
    limits: [
      ...(advice === null && !rest
        ? ['No method that was tried came nearer to a solution than the start; there may be none.']
        : []),
      ...[...round.refused].map(([{ spec }, reason]) => `${spec} could not be tried: ${reason}.`),
      ...limitsOf(constants, pilot, star?.words),
    ],
  };
}

const countsOf = (names: readonly string[]): { readonly [kind: string]: number } =>
  Object.fromEntries([...new Set(names)].map((name) => [name, names.filter((one) => one === name).length]));

/** The constants that theorems are checked with: what the problem states, and estimates for the rest. */
function factsOf(problem: Problem, constants: Constants, stated: Facts): Facts {
  const { lipschitz, comonotone, weakMinty, stronglyMonotone } = constants;
  // with constraints ρ of F says something of A + F only if F is monotone
  const whole = (ρ: number | undefined): number | undefined =>
    problem.constraint === undefined ? ρ : comonotone !== undefined && comonotone >= 0 ? 0 : undefined;
  const { zeroSum, mirror } = problem.facts ?? {};
  return {
    lipschitz: stated.lipschitz ?? lipschitz,
    comonotone: stated.comonotone ?? whole(comonotone),
    weakMinty: stated.weakMinty ?? stated.comonotone ?? whole(weakMinty ?? comonotone),
    cocoercive: stated.cocoercive ?? (comonotone !== undefined && comonotone > 0 ? comonotone : undefined),
    stronglyMonotone: stated.stronglyMonotone ?? (stronglyMonotone > 0 ? stronglyMonotone : undefined),
    where:
      stated.lipschitz !== undefined
        ? stated.where
        : problem.constraint === undefined || constants.affine
          ? 'everywhere'
          : 'on the set',
    ...(stated.generalisedSmooth && { generalisedSmooth: stated.generalisedSmooth }),
    ...(stated.termLipschitz === undefined ? {} : { termLipschitz: stated.termLipschitz }),
    ...(stated.termVariance === undefined ? {} : { termVariance: stated.termVariance }),
    ...(stated.convexTerms === undefined ? {} : { convexTerms: stated.convexTerms }),
    zeroSum,
    mirror,
    ...(mirror !== undefined && problem.facts?.mirrorLipschitz !== undefined
      ? { mirrorLipschitz: problem.facts.mirrorLipschitz }
      : {}),
  };
}

/** What the estimates cannot know. */
function limitsOf(
  { affine }: Constants,
  pilot: { readonly rested: boolean; readonly method: string; readonly fell: number },
  star: string | undefined,
): readonly string[] {
  return [
    affine
      ? 'F looks affine at the points at which it was evaluated. If it is, the constants are exact to rounding; F may not be affine elsewhere.'
      : 'F was evaluated at a few points: L may be larger elsewhere, and μ and ρ smaller. A theorem that the estimates allow is not proved for this problem.',
    ...(pilot.rested
      ? []
      : [
          `A run of ${pilot.method} did not come to rest (its residual went to ${pilot.fell.toPrecision(2)} of the first), so there is no point near a solution to look at.`,
        ]),
    ...(star === undefined
      ? ['Without z*, nothing is known of weak Minty (ρ against z* alone) or of the one-sided inequality.']
      : []),
    'Trials are from one start.',
  ];
}
