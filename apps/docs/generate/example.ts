import { compareOnGame } from '@stillpoint/experiments';
import { formatSpec, InputError, naturalResidual, type Spec } from '@stillpoint/operators';
import { startOf, train } from '@stillpoint/optimizers';
import { methodFrom, specOf, type MethodRow } from '@stillpoint/optimizers/registry';
import { gameFrom, stochasticGameFrom, stochasticGames } from '@stillpoint/problems';
import type { GameRun, GameSection } from '@stillpoint/tracking';
import { exampleSpec } from './blocks.js';
import { shown } from './shown.js';

/** A method on a game; where it is shown beside another method, that one's run comes first. */
export interface Example {
  readonly game: string;
  readonly spec: string;
  readonly calls: number;
  readonly section: GameSection;
  /** Its own run, the last of the section. */
  readonly run: GameRun;
  readonly beside?: string;
  readonly why?: string;
  /** Whether F is sampled, for which there is no command. */
  readonly sampled?: boolean;
}

/** For methods that `shown` does not name: games, and shares of the default step size. */
const usual = ['bilinear', 'linear(weakMinty=-0.1)', 'linear(weakMinty=0.2)'];
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

/** Runs a method on a game, and another one before it. @throws InputError where one of them fails. */
export async function onGame(game: string, spec: string, calls: number, beside?: string): Promise<Example> {
  const built = gameFrom(game);
  const section = await compareOnGame(built, {
    title: built.name,
    methods: [...(beside === undefined ? [] : [beside]), spec],
    calls,
  });
  const run = section.runs.at(-1);
  if (run === undefined || section.runs.some(({ status }) => status === 'failed')) {
    throw new InputError(
      `the docs cannot show ${spec} on ${game}: ${section.runs.map(({ message }) => message).join('; ')}`,
    );
  }
  return { game, spec, calls, section, run, ...(beside === undefined ? {} : { beside }) };
}

/** A run with sampled gradients, judged by the mean of F. */
async function onSampledGame(name: string, spec: string, calls: number): Promise<Example> {
  const { game, expected } = stochasticGameFrom(name);
  const { section, run } = await onGame(
    formatSpec({ name: 'linear', inner: [], options: { weakMinty: expected.facts?.weakMinty ?? 0 } }),
    spec,
    calls,
  );
  const start = startOf(expected);
  const probe = new Float64Array(expected.dim);
  const path: [number, number][] = [];
  const curve: { calls: number; residual: number }[] = [];
  const every = Math.max(1, Math.floor(calls / 600));
  const { z, oracleCalls: made } = await train(game, methodFrom(spec, expected.facts), {
    start,
    calls,
    observe({ state, ledger, calls }) {
      if (ledger.steps % every !== 0) return;
      path.push([state.z[0] ?? NaN, state.z[1] ?? NaN]);
      curve.push({ calls, residual: naturalResidual(expected, state.z, probe) });
    },
  });
  const own: GameRun = {
    ...run,
    status: 'budget',
    path,
    curve,
    residual: naturalResidual(expected, z, probe),
    oracleCalls: made,
  };
  return { game: name, spec, calls, section: { ...section, runs: [own] }, run: own, sampled: true };
}

/**
 * The method on the first usual game that it solves, with a step size for which a theorem promises something
 * if there is one; else where it came nearest.
 */
async function found(row: MethodRow): Promise<Example | undefined> {
  let nearest: { readonly example: Example; readonly residual: number } | undefined;
  for (const game of usual) {
    let solved: Example | undefined;
    for (const share of shares) {
      try {
        const spec = formatSpec(scaled(specOf(methodFrom(exampleSpec(row), gameFrom(game).facts)), share));
        const example = await onGame(game, spec, CALLS);
        const residual = example.run.residual ?? Infinity;
        if (residual <= SOLVED && example.run.theory !== undefined && 'theorem' in example.run.theory)
          return example;
        if (residual <= SOLVED) solved ??= example;
        if (nearest === undefined || residual < nearest.residual) nearest = { example, residual };
      } catch (error) {
        if (!(error instanceof InputError)) throw error; // made for other games
      }
    }
    if (solved !== undefined) return solved;
  }
  return nearest?.example;
}

/** The example of a method's page. @throws InputError where the game it is for refuses it. */
export async function exampleOf(row: MethodRow): Promise<Example | undefined> {
  const choice = shown[row.name];
  if (choice === undefined) return found(row);
  const { game, spec = row.name, beside, calls = CALLS, why } = choice;
  const sampled = stochasticGames.some(({ name }) => game.startsWith(`${name}(`) || game === name);
  return {
    ...(sampled ? await onSampledGame(game, spec, calls) : await onGame(game, spec, calls, beside)),
    why,
  };
}
