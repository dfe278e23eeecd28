import type { Facts, Game, Vector } from '@stillpoint/operators';
import { lazyFacts, norm, withLipschitz } from '@stillpoint/operators';
import { problems, type ProblemRow } from '@stillpoint/problems';
import { estimateLipschitz } from '../src/index.js';
import { methods } from '../src/registry.js';

/**
 * Every method that needs no more than a game has, by default; those that wrap others around one that suits
 * most games.
 */
export const specs: readonly string[] = methods
  .filter(({ needs, players }) => players !== 1 && needs.every((need) => need === 'products'))
  .map(({ name, wraps }) =>
    name === 'transform'
      ? 'transform(extragradient, clip-by-norm(threshold=1e6))'
      : wraps
        ? `${name}(extragradient)`
        : name,
  );

/** The same game in another unit: F times s. */
export function scaled(game: Game, s: number): Game {
  const { facts = {} } = game;
  const times = (x: number | undefined): number | undefined => (x === undefined ? undefined : x * s);
  const over = (x: number | undefined): number | undefined => (x === undefined ? undefined : x / s);
  const multiply = (out: Vector): void => {
    for (let i = 0; i < out.length; i++) out[i] = out[i]! * s;
  };
  const scaledFacts: Facts = lazyFacts({
    lipschitz: () => times(facts.lipschitz),
    mirrorLipschitz: () => times(facts.mirrorLipschitz),
    stronglyMonotone: () => times(facts.stronglyMonotone),
    weakMinty: () => over(facts.weakMinty),
    comonotone: () => over(facts.comonotone),
    cocoercive: () => over(facts.cocoercive),
    where: () => facts.where,
    solution: () => facts.solution,
    mirror: () => facts.mirror,
    zeroSum: () => facts.zeroSum,
    generalisedSmooth: () =>
      facts.generalisedSmooth && { L0: facts.generalisedSmooth.L0 * s, L1: facts.generalisedSmooth.L1 },
    optimum: () => times(facts.optimum),
  });
  return {
    ...game,
    facts: scaledFacts,
    operator(z, out, player) {
      game.operator(z, out, player);
      multiply(out);
    },
    ...(game.jacobianVector
      ? {
          jacobianVector(z: Vector, v: Vector, out: Vector, transposed: boolean) {
            game.jacobianVector!(z, v, out, transposed);
            multiply(out);
          },
        }
      : {}),
    ...(game.losses
      ? {
          losses(z: Vector, out: Vector) {
            game.losses!(z, out);
            multiply(out);
          },
        }
      : {}),
    ...(game.gap
      ? {
          gap: (z: Vector, F: Vector) =>
            game.gap!(
              z,
              F.map((x) => x / s),
            ) * s,
        }
      : {}),
  };
}

/**
 * The game with an L for default step sizes of 1/L. If it states none, since none holds everywhere: at least
 * that at its start, by (L₀, L₁)-smoothness; 10 for those that state no such pair. A fact that is computed
 * when it is read is not checked.
 */
export const withSomeLipschitz = (game: Game): Game => ({
  ...game,
  facts: withLipschitz(game.facts ?? {}, () => steepest(game)),
});
function steepest(game: Game): number {
  const { facts, start = [] } = game;
  if (facts?.generalisedSmooth === undefined) return 10;
  const [z, F] = [Float64Array.from(start), new Float64Array(start.length)];
  game.operator(z, F);
  return facts.generalisedSmooth.L0 + facts.generalisedSmooth.L1 * norm(F);
}

/**
 * Games, and the problems of new kinds. Minimisations have tests of their own; sampled games are means with
 * noise.
 */
export const exactRows: readonly ProblemRow[] = problems.filter(
  ({ kind }) => kind.name !== 'minimisation' && kind.name !== 'sampled game',
);
/** A game of the registry at its defaults; where particles make it slow, with six of them and four times. */
export const quickGame = ({ options, build }: ProblemRow): Game =>
  build('particles' in options ? { particles: 3, steps: 4 } : {}).exact;

/**
 * The finite sum with an L of its terms for default step sizes, and as if its terms were convex, where it
 * states none.
 */
export const withSomeTermLipschitz = (game: Game): Game =>
  game.terms === undefined || game.facts?.termLipschitz !== undefined
    ? game
    : { ...game, facts: { lipschitz: 10, termLipschitz: 10, convexTerms: true } };

/** L̂ at the game's start beside the L it states. */
export function lipschitzOf(game: Game): { readonly lipschitz: number; readonly stated: number } {
  return {
    lipschitz: estimateLipschitz(game, Float64Array.from(game.start ?? [])).lipschitz,
    stated: game.facts?.lipschitz ?? NaN,
  };
}
