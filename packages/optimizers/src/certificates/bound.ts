import { InputError, distance, norm, shown, type Facts, type Game, type Vector } from '@stillpoint/operators';
import { checkDescribed, innerOf, type Described } from '../described.js';
import { doubleLoopHalpern } from '../methods/anchored/double-loop-halpern.js';
import { gda } from '../methods/baseline/gda.js';
import { conditionalGradient } from '../methods/projection-free/conditional-gradient.js';
import { mirrorProx } from '../methods/mirror/mirror-prox.js';
import { extragradient } from '../methods/monotone/extragradient.js';
import { forwardBackwardForward } from '../methods/monotone/forward-backward-forward.js';
import { app } from '../methods/proximal-point/app.js';
import { proximalPoint } from '../methods/proximal-point/proximal-point.js';
import { rapp } from '../methods/proximal-point/rapp.js';
import { adaptiveEgPlus } from '../methods/weak-minty/adaptive-eg-plus.js';
import { cegPlus } from '../methods/weak-minty/ceg-plus.js';
import { egPlus } from '../methods/weak-minty/eg-plus.js';
import { saga } from '../methods/finite-sums/saga.js';
import { lookahead } from '../wrappers/lookahead.js';
import { anchoredRules } from './anchored-bounds.js';
import { adaptive, approximate, cegPlusDescent, egPlusDescent, korpelevich } from './descent.js';
import { sagaLinear } from './finite-sums.js';
import { pairOf, pairRules } from './extragradient-smooth.js';
import { extragradientLast, gdaLast, iterateRules } from './iterate-bounds.js';
import { frankWolfe } from './frank-wolfe.js';
import { smoothOf, smoothRules } from './generalised-smooth.js';
import { linearExtragradient, linearGda } from './linear-rates.js';
import { lookaheadBound } from './lookahead-bounds.js';
import { isNearlyExact, rappResolvent, resolventRules, type Inexact } from './resolvent-bounds.js';
import { about, aboutConstantStep, isOf, read, ruleFor, type Maker, type Rule } from './rule.js';
import {
  descentBound,
  isNoBound,
  knownOf,
  noBound,
  type Bound,
  type Descent,
  type KnownFacts,
  type NoBound,
  type Says,
  type StepOnly,
} from './types.js';

/** Methods that evaluate F outside the set that the constraints describe. */
const leaving: readonly Maker<object>[] = [
  forwardBackwardForward,
  cegPlus,
  adaptiveEgPlus,
  proximalPoint,
  doubleLoopHalpern,
];

/** The bound that follows from a descent. */
const byDescent =
  <O>(says: Says<O, Descent>): Says<O> =>
  (options, known) => {
    const descent = says(options, known);
    return isNoBound(descent) ? descent : descentBound(descent, known.D);
  };
/** The first bound; if there is none, the reasons of all, the last one's first. */
function firstOf(...outcomes: readonly (Bound | NoBound)[]): Bound | NoBound {
  const reasons = outcomes.filter(isNoBound).map(({ reason }) => reason);
  return (
    outcomes.find((outcome) => !isNoBound(outcome)) ?? noBound([...new Set(reasons)].reverse().join('; '))
  );
}
/** The bound by the resolvent if the inner loop is nearly exact, or if weak Minty gives no descent. */
const rappBound: Says<Inexact> = (options, known) => {
  const { stepSize, innerSteps, weight } = options;
  const resolvent = rappResolvent(options, known);
  const descent = approximate(stepSize, innerSteps, weight, known);
  const byWeakMinty = isNoBound(descent) ? descent : descentBound(descent, known.D);
  return isNearlyExact(options, known) ? firstOf(resolvent, byWeakMinty) : firstOf(byWeakMinty, resolvent);
};
/**
 * The linear rate if F is strongly monotone; else the last-iterate bound if F is monotone without
 * constraints; else the bound by descent, or the reason why there is none.
 */
const extragradientBound: Says<StepOnly> = (options, known) => {
  for (const bound of [linearExtragradient(options, known), extragradientLast(options, known)])
    if (!isNoBound(bound)) return bound;
  return byDescent(korpelevich('korpelevich'))(options, known);
};
/**
 * Without constraints the bound of extragradient, which is then the same method; with constraints Tseng's
 * descent. The bound is on the iterate w, which, unlike z, may lie outside the constraints.
 */
const forwardBackwardForwardBound: Says<StepOnly> = (options, known) => {
  const linear = linearExtragradient(options, known);
  const rule = known.constrained ? byDescent(korpelevich('tseng')) : extragradientBound;
  const outcome = isNoBound(linear) ? rule(options, known) : linear;
  return isNoBound(outcome) ? outcome : { ...outcome, measured: { ...outcome.measured, point: 'w' } };
};
/** The linear rate if F is strongly monotone; else that of averaged maps if it is cocoercive. */
const gdaBound: Says<StepOnly> = (options, known) => {
  const linear = linearGda(options, known);
  return isNoBound(linear) ? gdaLast(options, known) : linear;
};

const rules: readonly Rule<KnownFacts, Bound>[] = [
  aboutConstantStep(gda, gdaBound),
  aboutConstantStep(extragradient, extragradientBound),
  aboutConstantStep(forwardBackwardForward, forwardBackwardForwardBound),
  aboutConstantStep(egPlus, byDescent(egPlusDescent)),
  aboutConstantStep(cegPlus, byDescent(cegPlusDescent)),
  aboutConstantStep(adaptiveEgPlus, byDescent(adaptive)),
  aboutConstantStep(rapp, rappBound),
  aboutConstantStep(app, (options, known) => rappBound({ ...options, weight: 1 }, known)),
  ...iterateRules,
  ...anchoredRules,
  ...resolventRules,
  aboutConstantStep(mirrorProx, extragradientBound),
  aboutConstantStep(saga, sagaLinear),
  about(conditionalGradient, frankWolfe),
  about(lookahead, lookaheadBound),
];

/** The names of the methods for which there are bounds. */
export const certified: readonly string[] = [
  ...new Set([...rules, ...smoothRules, ...pairRules].map(({ method }) => method)),
];

/** What is known of a problem besides its facts. */
interface Shape {
  /** Whether it has constraints. Default: false. */
  readonly constrained?: boolean;
  /** n, of a finite sum. */
  readonly terms?: number | undefined;
  /** The largest distance between two points of the set. */
  readonly diameter?: number | undefined;
  /** f(z₀) − f*, of one player. */
  readonly above?: number | undefined;
}

/**
 * The bound that theory guarantees for a method on a game, `bound(method, facts, distance).at(k)` after k of
 * its own steps, or the reason why there is none.
 * @param distance ‖z₀ − z*‖, to any solution.
 * @param shape `constrained`: whether the game has constraints (default: false); then L must hold at every
 *   point that the method visits. `above`: f(z₀) − f*, for the theorems on (L₀, L₁)-smooth f.
 * @throws InputError if method or facts are not of their kind.
 */
export const bound = (
  method: Described,
  facts: Facts,
  distance: number,
  shape: Shape = {},
): Bound | NoBound => boundFrom(method, facts, distance, shape);

/** As `bound`; a distance that is undefined is not known. */
function boundFrom(
  method: Described,
  facts: Facts,
  distance: number | undefined,
  shape: Shape,
): Bound | NoBound {
  checkDescribed('bound', method);
  if (facts === null || typeof facts !== 'object')
    throw new InputError(`bound: facts are ${shown(facts)}; expected an object`);
  const constrained = shape.constrained === true;
  const rule = ruleFor(rules, method);
  const told = rule && byFacts(rule, method, facts, distance, shape);
  if (told !== undefined && !isNoBound(told)) return told;
  // by (L₀, L₁): of f for what minimises, of F for extragradient
  const relaxed =
    onKnown(ruleFor(smoothRules, method), () => smoothOf(facts, shape.above, constrained)) ??
    onKnown(ruleFor(pairRules, method), () => pairOf(facts, distance, constrained));
  if (relaxed === undefined) return told ?? noBound(`no bound is implemented for ${method.name}`);
  // of two reasons the one about what the problem states
  return isNoBound(relaxed) && told !== undefined && facts.generalisedSmooth === undefined ? told : relaxed;
}

/** What the rule says of what is known, or the reason why that is not enough; undefined without a rule. */
function onKnown<G extends object>(
  rule: ((known: G) => Bound | NoBound) | undefined,
  known: () => G | NoBound,
): Bound | NoBound | undefined {
  if (rule === undefined) return undefined;
  const given = known();
  return isNoBound(given) ? given : rule(given);
}

/** By the rules about L, ρ, … of F. */
function byFacts(
  rule: (known: KnownFacts) => Bound | NoBound,
  method: Described,
  facts: Facts,
  distance: number | undefined,
  { constrained = false, terms, diameter }: Shape,
): Bound | NoBound {
  const geometry = read(mirrorProx, method);
  if (geometry !== undefined && !isNoBound(geometry) && geometry.mirror !== 'euclidean')
    return noBound('no bound is implemented for other mirror maps than the Euclidean');
  const fast = innermost(method);
  if (constrained && facts.where !== 'everywhere' && leaving.some((maker) => isOf(maker, fast)))
    return noBound(
      `${fast.name} evaluates F outside the constraints, and the game’s constants are stated on the set only (facts.where)`,
    );
  const known = knownOf(facts, distance ?? 0, constrained, { terms, diameter });
  const told = isNoBound(known) ? known : rule(known);
  return distance === undefined && !isNoBound(told)
    ? noBound('the game states no solution to take the distance to')
    : told;
}

/** The method inside all wrappers. */
function innermost(method: Described): Described {
  const inner = innerOf(method);
  return inner === undefined ? method : innermost(inner);
}

/** `bound` for a run on a game from `start`. The distance is that to the solution that the game states. */
export function boundOn(
  game: Pick<Game, 'facts' | 'constraint' | 'terms' | 'losses'>,
  method: Described,
  start: Vector,
): Bound | NoBound {
  if (game === null || typeof game !== 'object')
    throw new InputError(`boundOn takes a game; found ${shown(game)}`);
  const { facts = {}, constraint } = game;
  const shape = {
    constrained: constraint !== undefined,
    terms: game.terms?.count,
    diameter: constraint?.diameter,
    above: aboveOptimum(game, start),
  };
  if (constraint !== undefined && facts.where !== 'everywhere') {
    const inside = start.slice();
    game.constraint?.prox(inside, 1);
    if (distance(inside, start) > 1e-12 * norm(start))
      return noBound(
        'the start lies outside the constraints, and the game’s constants are stated on the set only (facts.where)',
      );
  }
  const { solution } = facts;
  return boundFrom(method, facts, solution && distance(start, solution), shape);
}

/**
 * f(z) − f*; undefined if the problem states no f*, which is of one player, or its losses must be waited for.
 */
function aboveOptimum(game: Pick<Game, 'facts' | 'losses'>, z: Vector): number | undefined {
  if (game.facts?.optimum === undefined || game.losses === undefined) return undefined;
  const loss = new Float64Array(1);
  const returned: unknown = game.losses(z, loss);
  if (returned instanceof Promise) {
    returned.catch(() => {}); // nothing waits for it
    return undefined;
  }
  return loss[0]! - game.facts.optimum;
}
