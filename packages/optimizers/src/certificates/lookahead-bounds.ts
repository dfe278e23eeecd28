// Lookahead around methods whose every step descends, and around two steps of gda, which need not.
import type { Described } from '../described.js';
import type { OptionsOf } from '../method.js';
import { gda } from '../methods/baseline/gda.js';
import { forwardBackwardForward } from '../methods/monotone/forward-backward-forward.js';
import { lookahead } from '../wrappers/lookahead.js';
import { descentOf, slowed, twoStepLookahead } from './descent.js';
import { about, aboutConstantStep, isOf, type Rule } from './rule.js';
import {
  descentBound,
  isNoBound,
  named,
  noBound,
  type Descent,
  type KnownFacts,
  type NoBound,
  type Says,
} from './types.js';

/**
 * The part of the fast steps' descent that the slow point keeps. `period`: the steps between two moves of the
 * slow point.
 */
interface Paced {
  readonly descent: Descent;
  readonly period: number;
}
type LookaheadOptions = OptionsOf<typeof lookahead>;

/** The descent of a method's steps; under lookaheads, that of the innermost method's steps. */
function descentUnder(method: Described, known: KnownFacts): Paced | NoBound {
  const outer = slowedRule.of(method);
  if (outer !== undefined) return outer(known);
  const descent = descentOf(method, known);
  return isNoBound(descent) ? descent : { descent, period: 1 };
}
const slowedDescent: Says<LookaheadOptions, Paced> = ({ method, steps: period, weight }, known) => {
  if (known.constrained && isOf(forwardBackwardForward, method))
    return noBound(
      'under constraints lookahead moves towards the points that forward-backward-forward recommends; a descent is known only for its iterate w',
    );
  const inner = descentUnder(method, known);
  if (isNoBound(inner)) return inner;
  if (period % inner.period !== 0)
    return noBound(
      `steps = ${period} of the outer lookahead is not a multiple of the inner one’s ${inner.period}`,
    );
  const descent = slowed(inner.descent, weight);
  return isNoBound(descent) ? descent : { descent, period };
};
const slowedRule: Rule<KnownFacts, Paced> = about(lookahead, slowedDescent);

/**
 * Two steps of gda under lookahead, which need no known descent of a single step. After Pethick, Xie, Cevher
 * 2023, section 7.
 */
const twoSteps: Rule<{ readonly weight: number; readonly known: KnownFacts }, Descent> = aboutConstantStep(
  gda,
  ({ stepSize }, { weight, known }) => twoStepLookahead(stepSize, weight, known),
);

/** The bound from a descent of the fast steps; else the bound for two steps of gda. */
export const lookaheadBound: Says<LookaheadOptions> = (options, known) => {
  const under = slowedDescent(options, known);
  if (!isNoBound(under)) return descentBound(under.descent, known.D, under.period);
  const { method, steps, weight } = options;
  const two = steps === 2 ? twoSteps.of(method)?.({ weight, known }) : undefined;
  if (two === undefined) return noBound(`of ${method.name} inside: ${under.reason}`);
  if (isNoBound(two)) return noBound(`${under.reason}; ${two.reason}`);
  const { key, condition, share, quantity, stepSize } = two;
  return named(key, {
    measure: `mean ${quantity}`,
    measured: { quantity, when: 'mean', stepSize, period: 2 },
    statement: `${condition}: (1/K)Σ${quantity} ≤ ‖z₀ − z*‖²/(λ(1 − 2λ + 2ρ/γ)K), K = ⌊k/2⌋`,
    at: (k) => (k < 2 ? Infinity : known.D ** 2 / (share * Math.floor(k / 2))),
  });
};
