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
import { lookahead } from '../wrappers/lookahead.js';
import { anchoredRules } from './anchored-bounds.js';
import { adaptive, approximate, cegPlusDescent, egPlusDescent, korpelevich } from './descent.js';
import { extragradientLast, gdaLast, iterateRules } from './iterate-bounds.js';
import { frankWolfe } from './frank-wolfe.js';
import { linearExtragradient, linearGda } from './linear-rates.js';
import { lookaheadBound } from './lookahead-bounds.js';
import { isNearlyExact, rappResolvent, resolventRules, type Inexact } from './resolvent-bounds.js';
import { about, aboutConstantStep, isOf, read, ruleFor, type Maker, type Rule } from './rule.js';
import {
  descentBound,
  isReason,
  knownOf,
  no,
  type Bound,
  type Descent,
  type Known,
  type NoBound,
  type Says,
  type StepOnly,
} from './types.js';

/** Methods that ask F outside the set that the constraints describe. */
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
    return isReason(descent) ? descent : descentBound(descent, known.D);
  };
/** The first bound, else the reasons of all, the last one's first. */
function firstOf(...outcomes: readonly (Bound | NoBound)[]): Bound | NoBound {
  const reasons = outcomes.filter(isReason).map(({ reason }) => reason);
  return outcomes.find((outcome) => !isReason(outcome)) ?? no([...new Set(reasons)].reverse().join('; '));
}
/** By the resolvent where the inner loop is nearly exact, or where weak Minty gives no descent. */
const rappBound: Says<Inexact> = (options, known) => {
  const { stepSize, innerSteps, weight } = options;
  const resolvent = rappResolvent(options, known);
  const descent = approximate(stepSize, innerSteps, weight, known);
  const byWeakMinty = isReason(descent) ? descent : descentBound(descent, known.D);
  return isNearlyExact(options, known) ? firstOf(resolvent, byWeakMinty) : firstOf(byWeakMinty, resolvent);
};
/**
 * Where F is strongly monotone, the linear rate; else where F is monotone without constraints, the
 * last-iterate bound; else the reason of the descent.
 */
const extragradientBound: Says<StepOnly> = (options, known) => {
  for (const bound of [linearExtragradient(options, known), extragradientLast(options, known)])
    if (!isReason(bound)) return bound;
  return byDescent(korpelevich('korpelevich'))(options, known);
};
/**
 * As extragradient, which it is without constraints, with Tseng's descent under them. What is bounded is the
 * iterate w, which lies outside the constraints where z may not.
 */
const forwardBackwardForwardBound: Says<StepOnly> = (options, known) => {
  const linear = linearExtragradient(options, known);
  const rule = known.constrained ? byDescent(korpelevich('tseng')) : extragradientBound;
  const outcome = isReason(linear) ? rule(options, known) : linear;
  return isReason(outcome) ? outcome : { ...outcome, measured: { ...outcome.measured, point: 'w' } };
};
/** Where F is strongly monotone, the linear rate; else where it is cocoercive, that of averaged maps. */
const gdaBound: Says<StepOnly> = (options, known) => {
  const linear = linearGda(options, known);
  return isReason(linear) ? gdaLast(options, known) : linear;
};

const rules: readonly Rule<Known, Bound>[] = [
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
  about(conditionalGradient, frankWolfe),
  about(lookahead, lookaheadBound),
];

/** The names of the methods for which there are bounds. */
export const certified: readonly string[] = rules.map(({ method }) => method);

/**
 * What theory promises of a method on a game: `bound(method, facts, distance).at(k)` after k of its own
 * steps, or why it promises nothing.
 * @param distance ‖z₀ − z*‖ to any one solution.
 * @param constrained whether the game has constraints; then L must hold at every point the method visits.
 *   Default: it has none. `diameter`: the largest distance between two points of their set.
 */
export function bound(
  method: Described,
  facts: Facts,
  distance: number,
  { constrained = false, diameter }: { readonly constrained?: boolean; readonly diameter?: number } = {},
): Bound | NoBound {
  checkDescribed('bound', method);
  if (facts === null || typeof facts !== 'object')
    throw new InputError(`bound: facts are ${shown(facts)}; expected an object`);
  const geometry = read(mirrorProx, method);
  if (geometry !== undefined && !isReason(geometry) && geometry.mirror !== 'euclidean')
    return no('no bound is implemented for other mirror maps than the Euclidean');
  const rule = ruleFor(rules, method);
  if (rule === undefined) return no(`no bound is implemented for ${method.name}`);
  const fast = innermost(method);
  if (constrained && facts.where !== 'everywhere' && leaving.some((maker) => isOf(maker, fast)))
    return no(
      `${fast.name} asks F outside the constraints, and the game’s constants are stated on the set only (facts.where)`,
    );
  const known = knownOf(facts, distance, constrained, diameter);
  return isReason(known) ? known : rule(known);
}

/** The method inside all wrappers. */
function innermost(method: Described): Described {
  const inner = innerOf(method);
  return inner === undefined ? method : innermost(inner);
}

/** `bound` for a run on a game from `start`: the distance is that to the solution the game states. */
export function boundOn(
  game: Pick<Game, 'facts' | 'constraint'>,
  method: Described,
  start: Vector,
): Bound | NoBound {
  if (game === null || typeof game !== 'object')
    throw new InputError(`boundOn takes a game; found ${shown(game)}`);
  const { facts = {}, constraint } = game;
  if (constraint !== undefined && facts.where !== 'everywhere') {
    const inside = start.slice();
    game.constraint?.prox(inside, 1);
    if (distance(inside, start) > 1e-12 * norm(start))
      return no(
        'the start lies outside the constraints, and the game’s constants are stated on the set only (facts.where)',
      );
  }
  if (facts.solution === undefined) {
    const without = bound(method, facts, 0, { constrained: constraint !== undefined });
    return isReason(without) ? without : no('the game states no solution to take the distance to');
  }
  const { diameter } = constraint ?? {};
  return bound(method, facts, distance(start, facts.solution), {
    constrained: constraint !== undefined,
    ...(diameter !== undefined && { diameter }),
  });
}
