import { compareOnGame, playedFrom } from '@stillpoint/experiments';
import { formatSpec, InputError, type Spec } from '@stillpoint/operators';
import { methodFrom, specOf, type MethodRow } from '@stillpoint/optimizers/registry';
import type { Run, Section } from '@stillpoint/tracking';
import { exampleSpec } from './blocks.js';
import { shown } from './shown.js';

/**
 * A method's run on a game. If it is shown beside another method, that method's run comes first in the
 * section.
 */
export interface Example {
  readonly game: string;
  readonly spec: string;
  readonly calls: number;
  readonly section: Section;
  /** The method's own run, the last of the section. */
  readonly run: Run;
  readonly beside?: string;
  readonly why?: string;
  /** Whether F is sampled. */
  readonly sampled?: boolean;
}

/** For methods that `shown` does not name: the games to try, and the shares of the default step size. */
const usual = [
  'bilinear',
  'linear(weakMinty=-0.1)',
  'linear(weakMinty=0.2)',
  // for methods of one player, of sums, of residuals, of bounded sets and penalties, and for samplers
  'ridge',
  'logistic',
  'stiff-regression',
  'matrix-completion',
  'penalised-regression',
  'gaussian',
];
const shares = [1, 0.9, 0.5, 0.25, 0.1, 0.05, 0.01];
const CALLS = 400;
const SOLVED = 1e-3;

/** The spec with every step size times a factor. */
function scaled(spec: Spec, factor: number): Spec {
  const { stepSize } = spec.options;
  const options =
    typeof stepSize === 'number'
      ? { ...spec.options, stepSize: Number((stepSize * factor).toPrecision(6)) }
      : spec.options;
  return { ...spec, inner: spec.inner.map((inner) => scaled(inner, factor)), options };
}

/**
 * Runs a method on an exact or sampled game, and before it the one in `beside`, if there is one. @throws
 * InputError if a run fails.
 */
export async function onGame(game: string, spec: string, calls: number, beside?: string): Promise<Example> {
  const played = playedFrom(game);
  const section = await compareOnGame(played, {
    title: played.game.name,
    methods: [...(beside === undefined ? [] : [beside]), spec],
    calls,
  });
  const run = section.runs.at(-1);
  if (run === undefined || section.runs.some(({ status }) => status === 'failed')) {
    throw new InputError(
      `the docs cannot show ${spec} on ${game}: ${section.runs.map(({ message }) => message).join('; ')}`,
    );
  }
  return {
    game,
    spec,
    calls,
    section,
    run,
    ...(beside === undefined ? {} : { beside }),
    ...(played.sampled === undefined ? {} : { sampled: true }),
  };
}

/**
 * A run of the method on the first usual game that it solves, if possible with a step size to which a theorem
 * applies; if it solves none, the run with the smallest residual.
 */
async function found(row: MethodRow): Promise<Example | undefined> {
  let nearest: { readonly example: Example; readonly residual: number } | undefined;
  for (const game of usual) {
    let solved: Example | undefined;
    for (const share of shares) {
      try {
        const spec = formatSpec(
          scaled(specOf(methodFrom(exampleSpec(row), playedFrom(game).game.facts)), share),
        );
        const example = await onGame(game, spec, CALLS);
        const residual = example.run.values['residual'] ?? Infinity;
        if (residual <= SOLVED && example.run.claims.some(({ claim }) => claim === 'bound')) return example;
        if (residual <= SOLVED) solved ??= example;
        if (nearest === undefined || residual < nearest.residual) nearest = { example, residual };
      } catch (error) {
        if (!(error instanceof InputError)) throw error; // the method does not accept this game
      }
    }
    if (solved !== undefined) return solved;
  }
  return nearest?.example;
}

/** The example of a method's page. @throws InputError if the game in `shown` does not fit the method. */
export async function exampleOf(row: MethodRow): Promise<Example | undefined> {
  const choice = shown[row.name];
  if (choice === undefined) return found(row);
  const { game, spec = row.name, beside, calls = CALLS, why } = choice;
  return { ...(await onGame(game, spec, calls, beside)), why };
}
