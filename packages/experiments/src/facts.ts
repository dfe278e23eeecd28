import { lazyFacts, withFacts, type Facts, type Game, type Vector } from '@stillpoint/operators';
import { estimateLipschitz } from '@stillpoint/optimizers/drivers';

/** What a game states, with an estimate of L at the start where it states none and a method asks for it. */
export function factsFor(
  game: Game,
  start: Vector,
): { readonly facts: Facts; readonly estimated: () => boolean } {
  let estimate: number | undefined;
  const L = (): number =>
    game.facts?.lipschitz ?? (estimate ??= 2 * estimateLipschitz(game, start).lipschitz);
  return {
    facts: withFacts(game.facts ?? {}, lazyFacts({ lipschitz: L })),
    estimated: () => estimate !== undefined,
  };
}
