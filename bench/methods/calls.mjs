// Oracle calls to a residual of 1e-6: every method of the registry on every game of the registry.
import { InputError, formatSpec } from '@stillpoint/operators';
import { solve } from '@stillpoint/optimizers';
import { methodFrom, methods, specOf } from '@stillpoint/optimizers/registry';
import { problemsOf } from '@stillpoint/problems';

export const TOLERANCE = 1e-6;
/** Oracle calls after which a run has failed. */
export const BUDGET = 20_000;
/** Factors of the default step size. */
export const GRID = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4];
/** Seeds of a game that is drawn at random. */
const SEEDS = [1, 2, 3];

/** Every game with its defaults; games with a seed with three seeds. */
function zoo() {
  return problemsOf('game').rows.flatMap((row) =>
    'seed' in row.options ? SEEDS.map((seed) => row.build({ seed }).exact) : [row.build({}).exact],
  );
}

/** Wrappers around gda, which by itself solves few games. */
const specNamed = ({ name, takes }) =>
  takes.length === 0 ? name : `${name}(gda${takes.includes('transform') ? ', momentum' : ''})`;

/** The spec with every step size multiplied by a factor; undefined if it has no step size. */
function scaled(spec, factor) {
  const { stepSize } = spec.options;
  const inner = spec.inner.map((within) => scaled(within, factor) ?? within);
  const own =
    typeof stepSize === 'number'
      ? { stepSize: stepSize * factor }
      : Array.isArray(stepSize)
        ? { stepSize: stepSize.map((γ) => γ * factor) }
        : undefined;
  return own === undefined && inner.every((within, i) => within === spec.inner[i])
    ? undefined
    : { ...spec, inner, options: { ...spec.options, ...own } };
}

/** Oracle calls until the residual is within the tolerance; null if it never is. */
function callsOf(game, method) {
  const { status, calls } = solve(game, method, { calls: BUDGET, tolerance: TOLERANCE });
  return status === 'converged' ? calls : null;
}

/**
 * The oracle calls of one method on one game with its default step size, and the fewest over the grid;
 * undefined if the method does not apply to the game.
 */
function countsOf(row, game) {
  if (row.unconstrained && game.constraint) return undefined;
  if (row.players !== undefined && row.players !== game.players.length) return undefined;
  try {
    const method = methodFrom(specNamed(row), game.facts ?? {});
    const spec = specOf(method);
    const runs = GRID.flatMap((factor) => {
      const other = factor === 1 ? spec : scaled(spec, factor);
      return other === undefined
        ? []
        : [
            {
              factor,
              spec: formatSpec(other),
              calls: callsOf(game, factor === 1 ? method : methodFrom(other, game.facts ?? {})),
            },
          ];
    });
    const byDefault = runs.find(({ factor }) => factor === 1);
    const best = runs.reduce(
      (least, run) => ((run.calls ?? Infinity) < (least.calls ?? Infinity) ? run : least),
      byDefault,
    );
    return { default: byDefault, best };
  } catch (error) {
    if (error instanceof InputError) return undefined; // it says that it is not made for such a game
    throw error;
  }
}

/**
 * @returns {{ games: string[], methods: string[], table: { [method]: { [game]: { default, best } | undefined
 * } } }}
 */
export function countCalls(progress) {
  const all = zoo();
  const table = {};
  for (const row of methods) {
    const begun = performance.now();
    table[specNamed(row)] = Object.fromEntries(all.map((game) => [game.name, countsOf(row, game)]));
    progress(`${specNamed(row)}: ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  }
  return { games: all.map(({ name }) => name), methods: Object.keys(table), table };
}
