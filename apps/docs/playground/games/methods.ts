import type { Game, Method, Spec, State } from '@stillpoint/operators';
import { checkSpecNeeds, methodFrom } from '@stillpoint/optimizers/registry';
import { choicesOf, refusalOf, type Choice } from '../controls.js';
import { startOfGame } from './plane.js';
import { recorder, type Point } from './recorder.js';

/**
 * The method that a spec names, on a game.
 * @throws InputError for a spec that is not valid, and for a method that lacks what it needs.
 */
export function methodOn(game: Game, spec: string | Spec): Method<State> {
  checkSpecNeeds(spec, game);
  return methodFrom(spec, game.facts);
}

/** Why a method cannot run on a game, found by its first step; undefined if it can. */
export function refusal(game: Game, spec: string, start: Point = startOfGame(game)): string | undefined {
  let ended: string | undefined;
  const thrown = refusalOf(() => {
    const run = recorder(game, methodOn(game, spec), start);
    run.until(1);
    if (run.questions.length === 0) ended = run.ended();
  });
  return thrown ?? ended;
}

/** What can be chosen on a game. */
export const choices = (game: Game): readonly Choice[] =>
  choicesOf((spec) => refusal(game, spec), ['gda', 'gda(stepSize=0.1)']);
