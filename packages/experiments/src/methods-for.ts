import { formatSpec, type Given, type Problem, type Spec } from '@stillpoint/operators';
import {
  adam,
  admm,
  alternatingGda,
  conditionalGradient,
  extraAdam,
  extragradient,
  gaussNewton,
  gda,
  lbfgs,
  lookahead,
  pastExtragradient,
  rapp,
  sag,
  saga,
  scheduleFree,
  sgdMomentum,
} from '@stillpoint/optimizers';
import type { Described } from '@stillpoint/optimizers/certificates';

/**
 * The methods that run on a game if none are named, each with its default step size. Both Lookaheads converge
 * on monotone games: the one around gda, whose default step size inside it is 1/(τL), and the one around
 * extragradient, which converges by itself. The latter's period is long enough to leave the cycles of
 * forsaken and polar within 2,000 calls.
 */
export const gameMethods: readonly string[] = [
  specFor(gda),
  specFor(alternatingGda),
  specFor(extragradient),
  specFor(pastExtragradient),
  specFor(rapp),
  specFor(lookahead, { steps: 5 }, specFor(gda)),
  specFor(lookahead, { steps: 50, weight: 0.65 }, specFor(extragradient)),
  specFor(adam),
  specFor(extraAdam),
].map(formatSpec);

/** The methods that run on a minimisation if none are named. */
const minimisationMethods: readonly string[] = [
  specFor(gda),
  specFor(sgdMomentum),
  specFor(scheduleFree),
  specFor(lookahead, { steps: 5 }, specFor(gda)),
  specFor(adam),
].map(formatSpec);

/** Beside these where there is a residual and no constraint; the second where there is a regulariser, too. */
const leastSquaresMethods = [
  specFor(gaussNewton),
  specFor(gaussNewton, { damping: 'regularisation', step: 'armijo' }),
].map(formatSpec);

/** The method that runs beside these where there is a residual and a constraint. */
const splitting = formatSpec(specFor(admm));

/** The methods that run as well on a minimisation without a constraint. */
const unconstrained: readonly string[] = [formatSpec(specFor(lbfgs))];
/** The methods that run as well on a sum of convex terms: SAG where there is no constraint, and SAGA. */
const [unconstrainedSum, anySum] = [formatSpec(specFor(sag)), formatSpec(specFor(saga))];
/** The methods that run as well on a minimisation over a bounded set. */
const projectionFree: readonly string[] = [
  specFor(conditionalGradient),
  specFor(conditionalGradient, { step: 'line-search' }),
].map(formatSpec);

/** The methods that run on a problem if none are named. */
export function methodsFor({
  players,
  losses,
  terms,
  residual,
  constraint,
  facts,
}: Pick<Problem, 'players' | 'losses' | 'terms' | 'residual' | 'constraint' | 'facts'>): readonly string[] {
  if (players.length !== 1 || losses === undefined) return gameMethods;
  const convexSum = terms !== undefined && facts?.convexTerms && facts.termLipschitz !== undefined;
  return [
    ...minimisationMethods,
    ...(constraint === undefined ? unconstrained : []),
    ...(convexSum && constraint === undefined ? [unconstrainedSum] : []),
    ...(convexSum ? [anySum] : []),
    ...(constraint?.lmo ? projectionFree : []),
    ...(residual === undefined || constraint !== undefined
      ? []
      : leastSquaresMethods.slice(0, residual.regulariser ? 2 : 1)),
    ...(residual !== undefined && constraint !== undefined ? [splitting] : []),
  ];
}

/** A function that makes a method with the options O. */
interface Maker<O> {
  readonly row: { readonly name: string };
  readonly optionsOf: (made: Described) => O | undefined;
}
/** The spec of the maker's method with some of its options, around the methods of the inner specs. */
function specFor<O extends Given, K extends keyof O & string = never>(
  { row }: Maker<O>,
  options?: Pick<O, K>,
  ...inner: readonly Spec[]
): Spec {
  return { name: row.name, inner, options: { ...options } };
}
