import {
  InputError,
  distance,
  norm,
  shown,
  type Data,
  type Facts,
  type Game,
  type Vector,
} from '@stillpoint/operators';
import { checkDescribed, described, fields, type Described } from '../described.js';
import { anchoredRules } from './anchored-bounds.js';
import { descending, descentOf, slowed, twoStepLookahead } from './descent.js';
import { extragradientLast, iterateRules } from './iterate-bounds.js';
import { linearExtragradient, linearGda } from './linear-rates.js';
import { isNearlyExact, rappResolvent, resolventRules } from './resolvent-bounds.js';
import {
  descentBound,
  isReason,
  knownOf,
  named,
  no,
  type Bound,
  type Descent,
  type Known,
  type NoBound,
  type Numbers,
  type Rule,
} from './types.js';

/** The numbers among options; a step size per player or a schedule is none. */
function numbersOf(options: Data): Numbers {
  const given = fields(options);
  return (name) => {
    const value = given[name];
    return typeof value === 'number' ? value : NaN;
  };
}
const stepless = (numbers: Numbers): NoBound | undefined =>
  Number.isNaN(numbers('stepSize')) ? no('its step size is not one constant number') : undefined;

/** Methods that ask F outside the set that the constraints describe. */
const leaving: readonly string[] = [
  'forward-backward-forward',
  'ceg-plus',
  'adaptive-eg-plus',
  'proximal-point',
  'double-loop-halpern',
];

/**
 * The descent of a method's fast steps, as the slow point under any lookaheads keeps it; `period`: steps
 * between moves of the slow point.
 */
function descentUnder(
  { name, options }: Described,
  known: Known,
): { readonly descent: Descent; readonly period: number } | NoBound {
  const numbers = numbersOf(options);
  if (name !== 'lookahead') {
    const descent = stepless(numbers) ?? descentOf(name, numbers, known);
    return isReason(descent) ? descent : { descent, period: 1 };
  }
  const method = described(fields(options)['method']);
  if (method === undefined) return no('lookahead without a method');
  if (known.constrained && method.name === 'forward-backward-forward')
    return no(
      'under constraints lookahead moves towards the points that forward-backward-forward recommends, not its iterate, whose descent is known',
    );
  const inner = descentUnder(method, known);
  if (isReason(inner)) return inner;
  const period = numbers('steps');
  if (period % inner.period !== 0)
    return no(`steps = ${period} of the outer lookahead is no multiple of the inner one’s ${inner.period}`);
  const descent = slowed(inner.descent, numbers('weight'));
  return isReason(descent) ? descent : { descent, period };
}

function lookahead({ name, options }: Described, known: Known): Bound | NoBound {
  const under = descentUnder({ name, options }, known);
  if (!isReason(under)) return descentBound(under.descent, known.D, under.period);
  const [numbers, inner] = [numbersOf(options), described(fields(options)['method'])];
  if (inner?.name !== 'gda' || numbers('steps') !== 2)
    return no(`of ${inner?.name ?? 'the method'} inside: ${under.reason}`);
  const fast = numbersOf(inner.options);
  const two = stepless(fast) ?? twoStepLookahead(fast('stepSize'), numbers('weight'), known);
  if (isReason(two)) return no(`${under.reason}; ${two.reason}`);
  const { key, condition, share, quantity, stepSize } = two;
  return named(key, {
    measure: `mean ${quantity}`,
    measured: { quantity, when: 'mean', stepSize, period: 2 },
    statement: `${condition}: (1/K)Σ${quantity} ≤ ‖z₀ − z*‖²/(λ(1 − 2λ + 2ρ/γ)K), K = ⌊k/2⌋`,
    at: (k) => (k < 2 ? Infinity : known.D ** 2 / (share * Math.floor(k / 2))),
  });
}

const byDescent =
  (name: string): Rule =>
  (numbers, known) => {
    const descent = descentOf(name, numbers, known);
    return isReason(descent) ? descent : descentBound(descent, known.D);
  };
/** The first that holds, else the reasons of all, the last one's first. */
const firstOf =
  (...rules: readonly Rule[]): Rule =>
  (numbers, known) => {
    const outcomes = rules.map((rule) => rule(numbers, known));
    return (
      outcomes.find((outcome) => !isReason(outcome)) ??
      no(
        [...new Set(outcomes.map((outcome) => (isReason(outcome) ? outcome.reason : '')))]
          .reverse()
          .join('; '),
      )
    );
  };
const rapp =
  (weightOf: (numbers: Numbers) => number): Rule =>
  (numbers, known) => {
    const [γ, τ, λ] = [numbers('stepSize'), numbers('innerSteps'), weightOf(numbers)];
    const resolvent: Rule = () => rappResolvent(γ, τ, λ, known);
    const descent: Rule = (given) =>
      byDescent('rapp')((name) => (name === 'weight' ? λ : given(name)), known);
    return (isNearlyExact(γ, τ, λ, known) ? firstOf(resolvent, descent) : firstOf(descent, resolvent))(
      numbers,
      known,
    );
  };
/**
 * Where F is strongly monotone, the linear rate; else where F is monotone without constraints, the
 * last-iterate bound; else the reason of the descent.
 */
const extragradient: Rule = (numbers, known) => {
  for (const bound of [linearExtragradient(numbers, known), extragradientLast(numbers, known)])
    if (!isReason(bound)) return bound;
  return byDescent('extragradient')(numbers, known);
};
/** What is bounded is the iterate w, which lies outside the constraints where z may not. */
const ofIterate =
  (rule: Rule): Rule =>
  (numbers, known) => {
    const outcome = rule(numbers, known);
    return isReason(outcome) ? outcome : { ...outcome, measured: { ...outcome.measured, point: 'w' } };
  };
const forwardBackwardForward: Rule = (numbers, known) => {
  const linear = linearExtragradient(numbers, known);
  return !isReason(linear)
    ? linear
    : known.constrained
      ? byDescent('forward-backward-forward')(numbers, known)
      : extragradient(numbers, known);
};
const gda: Rule = (numbers, known) => {
  const linear = linearGda(numbers, known);
  return isReason(linear) ? (iterateRules['gda'] ?? byDescent('gda'))(numbers, known) : linear;
};

const rules: { readonly [method: string]: Rule } = {
  ...Object.fromEntries(descending.map((name) => [name, byDescent(name)])),
  ...iterateRules,
  ...anchoredRules,
  ...resolventRules,
  rapp: rapp((numbers) => numbers('weight')),
  app: rapp(() => 1),
  extragradient,
  gda,
  'forward-backward-forward': ofIterate(forwardBackwardForward),
};

/** The names of the methods for which there are bounds. */
export const certified: readonly string[] = [...Object.keys(rules), 'mirror-prox', 'lookahead'];

/**
 * What theory promises of a method on a game: `bound(method, facts, distance).at(k)` after k of its own
 * steps, or why it promises nothing.
 * @param distance ‖z₀ − z*‖ to any one solution.
 * @param constrained whether the game has constraints; then L must hold at every point the method visits.
 *   Default: it has none.
 */
export function bound(
  method: Described,
  facts: Facts,
  distance: number,
  { constrained = false }: { readonly constrained?: boolean } = {},
): Bound | NoBound {
  checkDescribed('bound', method);
  if (facts === null || typeof facts !== 'object')
    throw new InputError(`bound: facts are ${shown(facts)}; expected an object`);
  const { name, options } = method;
  const euclidean = name === 'mirror-prox' && fields(options)['mirror'] === 'euclidean';
  const rule = euclidean ? extragradient : Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (rule === undefined && name !== 'lookahead')
    return no(
      name === 'mirror-prox'
        ? 'no bound is implemented for other mirror maps than the Euclidean'
        : `no bound is implemented for ${name}`,
    );
  if (constrained && facts.where !== 'everywhere' && leaving.includes(innermost(method).name))
    return no(
      `${innermost(method).name} asks F outside the constraints, and the game’s constants are stated on the set only (facts.where)`,
    );
  const known = knownOf(facts, distance, constrained);
  if (isReason(known)) return known;
  if (rule === undefined) return lookahead({ name, options }, known);
  const numbers = numbersOf(options);
  return stepless(numbers) ?? rule(numbers, known);
}

/** The method inside all wrappers. */
function innermost(method: Described): Described {
  const inner = described(fields(method.options)['method']);
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
  return bound(method, facts, distance(start, facts.solution), { constrained: constraint !== undefined });
}
