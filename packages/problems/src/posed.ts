import { parseSpec, unknownName, type Game, type Problem, type Spec } from '@stillpoint/operators';
import { minimisationFrom, minimisations } from './minimisations/registry.js';
import { gameFrom, games } from './registry.js';
import { sampledGameFrom, sampledGames } from './sampled.js';

/** A problem, and the exact problem that judges a run on it: itself, or its mean. */
export interface Posed {
  readonly problem: Problem;
  readonly exact: Game;
}

/** Every problem that has a spec: games, sampled games and minimisations. */
export const problems: readonly {
  readonly name: string;
  readonly about: string;
  readonly options: (typeof games)[number]['options'];
}[] = [...games, ...sampledGames, ...minimisations];

/**
 * Returns the problem that a spec names, as `polar(a=0.75)` or `ridge(batch=8)`. @throws InputError for an
 * unknown name or option.
 */
export function problemFrom(spec: string | Spec): Posed {
  const parsed = typeof spec === 'string' ? parseSpec(spec) : spec;
  const isNamed = ({ name }: { readonly name: string }): boolean => name === parsed.name;
  if (games.some(isNamed)) {
    const game = gameFrom(parsed);
    return { problem: game, exact: game };
  }
  if (sampledGames.some(isNamed)) {
    const { game, expected } = sampledGameFrom(parsed);
    return { problem: game, exact: expected };
  }
  if (!minimisations.some(isNamed))
    throw unknownName(
      'problem',
      parsed.name,
      problems.map(({ name }) => name),
    );
  const { exact, batched } = minimisationFrom(parsed);
  return { problem: batched ?? exact, exact };
}
