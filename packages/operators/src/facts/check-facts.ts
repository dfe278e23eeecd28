import type { Asked, Facts, Player, Problem, Vector } from '../contracts/index.js';
import { InputError, messageOf } from '../specs/errors.js';
import { statedFacts } from './facts.js';
import { residualOf } from './residual.js';
import { distance, dot, norm, waxpy } from '../vectors/vectors.js';

/** The relative error allowed for rounding in F and for stated numbers that were rounded. */
const SLACK = 1e-6;

/**
 * Asks for the whole problem, without sampling. If F returns a promise (`mustWait`), it is not asked again,
 * so that no promise is left unhandled.
 */
const whole: Asked = { player: undefined, sample: undefined, losses: undefined, buffers: {} };

/**
 * Checks the facts that a game states as plain values, against each other and against F, with a few calls of
 * F at the start, at the stated solution and near them. It finds contradictions, a stated solution that is
 * not one, an L, ρ or (L₀, L₁) that two points violate (for a finite sum also the L and the convexity of a
 * few terms), and losses of a zero-sum game that do not add up to zero. A point where F throws or is not
 * finite is left out. Facts that are computed when they are first read (`lazyFacts`) are not checked, nor is
 * an (L₀, L₁) that holds only below a value of f, since the line between two such points may rise above it.
 * Facts are not checked against F if it returns a promise or if the game has buffers.
 * @throws InputError naming the fact, what was found and what was expected.
 */
export function checkFacts(game: Problem, start: Vector): void {
  const facts = statedFacts(game.facts ?? {});
  const bad = (what: string): InputError => new InputError(`${game.name}: ${what}`);
  checkAgainstEachOther(facts, game.players.length, bad);
  if (Object.keys(facts).length === 0 || game.buffers !== undefined || mustWait(game, start)) return;
  const points = samplePoints(game, start, facts);
  checkPairs(facts, points, bad);
  checkTerms(game, facts, points, bad);
  checkSolution(game, facts, points, bad);
  if (facts.zeroSum) checkZeroSum(game, start, points, bad);
}

/** Whether F returns a promise. */
function mustWait(game: Problem, start: Vector): boolean {
  try {
    const returned = game.operator(start, start.slice(), whole);
    if (!(returned instanceof Promise)) return false;
    returned.catch(() => {}); // the run asks again, and reports the error
    return true;
  } catch {
    return false; // such a point is left out below
  }
}

function checkAgainstEachOther(
  {
    lipschitz: L,
    weakMinty,
    comonotone,
    cocoercive,
    stronglyMonotone: μ,
    termLipschitz,
    generalisedSmooth: relaxed,
  }: Facts,
  players: number,
  bad: (what: string) => InputError,
): void {
  if (
    weakMinty !== undefined &&
    comonotone !== undefined &&
    weakMinty < comonotone - SLACK * Math.abs(comonotone)
  ) {
    throw bad(
      `facts.weakMinty is ${weakMinty} beside comonotone ${comonotone}, which implies weakMinty >= ${comonotone}; one of them is wrong`,
    );
  }
  if (relaxed?.below !== undefined && players !== 1)
    throw bad(
      `facts.generalisedSmooth has below = ${relaxed.below}, a value of the loss of one player; found ${players} players`,
    );
  if (μ !== undefined && L !== undefined && μ > L * (1 + SLACK))
    throw bad(
      `facts.stronglyMonotone is ${μ} beside lipschitz ${L}; expected at most ${L}: F changes by at least μ and by at most L times the distance`,
    );
  if (μ !== undefined && termLipschitz !== undefined && μ > termLipschitz * (1 + SLACK))
    throw bad(
      `facts.stronglyMonotone is ${μ} beside termLipschitz ${termLipschitz}; the mean of terms grows by no more than the steepest of them`,
    );
  if (μ !== undefined && cocoercive !== undefined && μ * cocoercive > 1 + SLACK)
    throw bad(
      `facts.stronglyMonotone is ${μ} beside cocoercive ${cocoercive}; expected their product to be at most 1`,
    );
}

/** A point of the set and F there. */
interface Point {
  readonly z: Float64Array;
  readonly F: Float64Array;
}

/**
 * The start, a step from it, a point near it, the solution, and the point halfway to it. All are projected
 * onto the set, where facts must hold.
 */
function samplePoints(game: Problem, start: Vector, { solution, lipschitz }: Facts): readonly Point[] {
  const points: Point[] = [];
  const add = (z: Float64Array): void => {
    const F = new Float64Array(z.length);
    try {
      game.constraint?.prox(z, 1);
      void game.operator(z, F, whole);
    } catch {
      return; // a game need not be defined there
    }
    if (F.every(Number.isFinite)) points.push({ z, F });
  };
  add(Float64Array.from(start));
  const first = points[0];
  if (first !== undefined) {
    const z = first.z.slice();
    waxpy(z, first.z, -1 / (lipschitz !== undefined && lipschitz > 0 ? lipschitz : 1), first.F);
    add(z);
    const reach = (norm(first.z) || 1) / 8;
    add(Float64Array.from(first.z, (x, i) => x + reach * direction(i)));
  }
  if (solution?.length === start.length) {
    add(Float64Array.from(solution));
    add(Float64Array.from(solution, (x, i) => (x + start[i]!) / 2));
  }
  return points;
}

/** The differences Δz and ΔF between two points. */
interface Pair {
  /** ‖Δz‖. */
  readonly length: number;
  /** ‖ΔF‖. */
  readonly change: number;
  /** The smaller of the two ‖F‖. */
  readonly least: number;
  /** ⟨Δz, ΔF⟩. */
  readonly product: number;
  /** The share of the differences that may be rounding of F and z. */
  readonly slack: number;
  /** The two points, for an error. */
  readonly between: () => string;
}

/** The pairs of points whose differences are more than rounding. */
function pairsOf(points: readonly Point[], { where }: Facts): readonly Pair[] {
  const at = (z: Float64Array): string =>
    `[${Array.from(z.subarray(0, 4), (x) => Number(x.toPrecision(6))).join(', ')}${z.length > 4 ? ', …' : ''}]`;
  return points.flatMap((one, i) =>
    points.slice(i + 1).flatMap((other) => {
      const [length, change] = [distance(one.z, other.z), distance(one.F, other.F)];
      let product = 0;
      for (let k = 0; k < one.z.length; k++) product += (one.z[k]! - other.z[k]!) * (one.F[k]! - other.F[k]!);
      const slack =
        SLACK +
        2 ** -40 *
          ((norm(one.F) + norm(other.F)) / (change || 1) + (norm(one.z) + norm(other.z)) / (length || 1));
      const between = (): string =>
        `between ${at(one.z)} and ${at(other.z)}${where === 'on the set' ? ', both in the set,' : ''}`;
      const least = Math.min(norm(one.F), norm(other.F));
      return length > 0 && slack <= 0.01 ? [{ length, change, least, product, slack, between }] : [];
    }),
  );
}

function checkPairs(facts: Facts, points: readonly Point[], bad: (what: string) => InputError): void {
  const { lipschitz: L, comonotone: ρ, cocoercive, stronglyMonotone: μ, generalisedSmooth: relaxed } = facts;
  for (const { length, change, least, product, slack, between } of pairsOf(points, facts)) {
    if (relaxed !== undefined && relaxed.below === undefined) {
      const { L0, L1 } = relaxed;
      const stretched = L1 > 0 ? Math.expm1(L1 * length) / L1 : length;
      if (change > (L0 + L1 * least) * stretched * (1 + slack))
        throw bad(
          `facts.generalisedSmooth is { L0: ${L0}, L1: ${L1} }, but F changes by ${short(change)} ${between()}; expected at most (L0 + L1·${short(least)})·(exp(L1·${short(length)}) − 1)/L1 = ${short((L0 + L1 * least) * stretched)}`,
        );
    }
    if (L !== undefined && change > L * length * (1 + slack))
      throw bad(
        `facts.lipschitz is ${L}, but F changes by ${short(change / length)} times the distance ${between()}`,
      );
    if (cocoercive !== undefined && product < cocoercive * change ** 2 - slack * length * change)
      throw bad(
        `facts.cocoercive is ${cocoercive}, but ⟨ΔF, Δz⟩/‖ΔF‖² is ${short(product / change ** 2)} ${between()}`,
      );
    if (μ !== undefined && product < μ * length ** 2 - slack * length * change)
      throw bad(
        `facts.stronglyMonotone is ${μ}, but ⟨ΔF, Δz⟩/‖Δz‖² is ${short(product / length ** 2)} ${between()}`,
      );
    if (ρ !== undefined && product < ρ * change ** 2 - slack * length * change)
      throw bad(
        `facts.comonotone is ${ρ}, but ⟨ΔF, Δz⟩/‖ΔF‖² is ${short(product / change ** 2)} ${between()}`,
      );
  }
}

/** How many terms are tried, spread over all of them. */
const TERMS = 8;

function checkTerms(
  game: Problem,
  facts: Facts,
  points: readonly Point[],
  bad: (what: string) => InputError,
): void {
  const { terms } = game;
  const { termLipschitz: L, convexTerms } = facts;
  if (terms === undefined || (L === undefined && !convexTerms)) return;
  for (let i = 0; i < terms.count; i += Math.ceil(terms.count / TERMS)) {
    const sample = terms.sample([i]);
    const ofTerm = points.map(({ z }) => {
      const F = new Float64Array(z.length);
      void game.operator(z, F, { ...whole, sample });
      return { z, F };
    });
    for (const { length, change, product, slack, between } of pairsOf(ofTerm, facts)) {
      if (L !== undefined && change > L * length * (1 + slack))
        throw bad(
          `facts.termLipschitz is ${L}, but term ${i} changes by ${short(change / length)} times the distance ${between()}`,
        );
      if (convexTerms && product < -slack * length * change)
        throw bad(
          `facts.convexTerms is true, but ⟨ΔF, Δz⟩/‖Δz‖² of term ${i} is ${short(product / length ** 2)} ${between()}`,
        );
    }
  }
}

function checkSolution(
  game: Problem,
  { solution, weakMinty: ρ }: Facts,
  points: readonly Point[],
  bad: (what: string) => InputError,
): void {
  if (solution === undefined) return;
  const z = Float64Array.from(solution);
  const F = new Float64Array(z.length);
  let residual = NaN;
  try {
    void game.operator(z, F, whole);
    residual = residualOf(game, z, F);
  } catch (error) {
    throw bad(`facts.solution is not a solution: F throws there: ${messageOf(error)}`);
  }
  if (!Number.isFinite(residual)) throw bad(`facts.solution is not a solution: F is not finite there`);
  // The solution may be stated with few digits: a relative error of 1e-4 in z* is allowed.
  const far = points.reduce((most, point) => Math.max(most, distance(point.z, z)), norm(z));
  const steepest = points.reduce((most, point) => {
    const length = distance(point.z, z);
    return length > 0 ? Math.max(most, distance(point.F, F) / length) : most;
  }, 0);
  const allowed = 1e-4 * steepest * far + 1e-12 * norm(F);
  if (residual > allowed)
    throw bad(`facts.solution is not a solution: the residual there is ${short(residual)}; expected about 0`);
  const inside = z.slice();
  game.constraint?.prox(inside, 1);
  if (game.constraint !== undefined && distance(inside, z) > 1e-4 * (norm(z) + far))
    throw bad(
      `facts.solution lies outside the constraints: their prox moves it by ${short(distance(inside, z))}`,
    );
  if (ρ === undefined || game.constraint !== undefined) return;
  for (const point of points) {
    const away = point.z.map((x, i) => x - z[i]!);
    if (norm(away) <= 1e-3 * far) continue; // within the digits of z*
    const [product, square] = [dot(point.F, away), dot(point.F, point.F)];
    if (product < ρ * square - 1e-3 * norm(point.F) * far)
      throw bad(
        `facts.weakMinty is ${ρ}, but ⟨F(z), z − z*⟩/‖F(z)‖² is ${short(product / square)} at a point near the start`,
      );
  }
}

/**
 * Checks that the losses add up to zero at the points. Without losses: that J_xy = −J_yxᵀ, by differences.
 */
function checkZeroSum(
  game: Problem,
  start: Vector,
  points: readonly Point[],
  bad: (what: string) => InputError,
): void {
  const [x, y, third] = game.players;
  if (x === undefined || y === undefined || third !== undefined)
    throw bad(`facts.zeroSum is true of ${game.players.length} players; expected two`);
  if (game.losses) {
    const losses = new Float64Array(2);
    for (const { z } of points) {
      void game.losses(z, losses, whole);
      const [a, b] = losses;
      if (Math.abs(a! + b!) > 1e-9 * (Math.abs(a!) + Math.abs(b!)))
        throw bad(
          `facts.zeroSum is true, but there are losses of ${short(a!)} and ${short(b!)} near the start, which do not add up to 0`,
        );
    }
    return;
  }
  const [coarse, fine] = [mixedSlopes(game, start, x, y, 2 ** -17), mixedSlopes(game, start, x, y, 2 ** -20)];
  if (coarse === undefined || fine === undefined) return;
  // two step sizes agree, so that neither a kink nor rounding decides
  const steady = coarse.every((slope, i) => Math.abs(slope - fine[i]!) <= 1e-2 * Math.abs(slope));
  const [xy, yx] = coarse;
  if (steady && Math.abs(xy + yx) > 0.05 * (Math.abs(xy) + Math.abs(yx))) {
    throw bad(
      `facts.zeroSum is true, but the players' losses do not add up to 0: along one direction their mixed slopes are ${short(xy)} and ${short(yx)}; expected one to be minus the other`,
    );
  }
}

/**
 * uᵀJ_xy v and vᵀJ_yx u by central differences with a step of h times each player's own norm; undefined if F
 * is not finite.
 */
function mixedSlopes(
  game: Problem,
  start: Vector,
  x: Player,
  y: Player,
  h: number,
): readonly [number, number] | undefined {
  const slope = (along: Player, of: Player): number => {
    const length = h * (norm(start, along.start, along.end) || 1);
    const [plus, minus] = [length, -length].map((t) => {
      const z = Float64Array.from(start, (value, i) =>
        i >= along.start && i < along.end ? value + t * direction(i) : value,
      );
      const out = new Float64Array(z.length);
      try {
        void game.operator(z, out, whole);
      } catch {
        out.fill(NaN);
      }
      return out;
    });
    let sum = 0;
    for (let i = of.start; i < of.end; i++) sum += (direction(i) * (plus![i]! - minus![i]!)) / (2 * length);
    return sum;
  };
  const both = [slope(y, x), slope(x, y)] as const;
  return both.every(Number.isFinite) ? both : undefined;
}

const short = (x: number): number => Number(x.toPrecision(6));

/** A direction whose entries all differ, so that no structure of F goes unnoticed. */
const direction = (i: number): number => Math.cos(1 + 0.7 * i);
