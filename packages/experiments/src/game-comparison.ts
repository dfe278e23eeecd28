import {
  InputError,
  withLipschitz,
  type Game,
  type Method,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { estimateLipschitz, pricesOf, startOf } from '@stillpoint/optimizers/drivers';
import {
  DETERMINISTIC,
  type Arrow,
  type Column,
  type Goal,
  type PlanePlot,
  type Plot,
  type Run,
  type Section,
} from '@stillpoint/tracking';
import { contendersOf } from './contenders.js';
import { listed } from './labels.js';
import { sectionOf } from './section.js';
import { THEORY_STEPS } from './theory.js';
import type { GameSource, Played } from './trial/game-source.js';
import { briefly, keepForGame, keptOnce, type Shared } from './trial/identity.js';
import { buildOf, drawsRandomly, sourcesOf, type Compared } from './trial/method-source.js';
import { withFiles } from './trial/module-source.js';
import { runTrials } from './trial/pool.js';
import { forEverySeed, type TrialRecord } from './trial/record.js';
import { endedTrial } from './trial/trial-folder.js';
import type { FieldTrial, GameTrial } from './trial/trial.js';
import { inlineWorker, placesFor, type Places } from './trial/worker.js';

/** Options of {@link compareOnGame}. */
export interface GameComparison extends Places {
  readonly title: string;
  /** What the comparison shows, in words. The game's players and constants are added. */
  readonly about?: string;
  /** Specs, and methods of your own: objects, functions of the facts, or entries of a module. */
  readonly methods: readonly Compared[];
  /**
   * For a sampled game, and if a method draws random numbers: how many runs each method has, each with draws
   * of its own. Default 1.
   */
  readonly seeds?: number;
  /** The first seed; the others follow. Default 1. */
  readonly firstSeed?: number;
  /** How the step sizes were chosen, in words. */
  readonly stepSizes?: string;
  /** Budget of oracle calls of each method, or of method steps. Default 2,000 calls. */
  readonly calls?: number;
  readonly steps?: number;
  readonly start?: Vector;
  /** Residual at which a run has converged. Default 1e-8. */
  readonly tolerance?: number;
  /**
   * Where a process finds the game. If it is given, each run has a process of its own. Otherwise, and if a
   * method is an object, which cannot be sent to a process, all runs are made one by one in this process.
   */
  readonly source?: GameSource;
  /**
   * A folder in which each run of a spec keeps a run directory. A run that it holds already, of the same game
   * and with the same options, is read if it has ended, and made again from its start if not. Default:
   * nothing is kept. Methods of files and objects, whose code may have changed, are run again.
   */
  readonly folder?: string;
  /**
   * Called whenever a run has made progress, with the records of all runs and a function that returns the
   * section they make so far.
   */
  readonly onProgress?: (records: readonly TrialRecord<GameTrial>[], section: () => Section) => void;
  /** Stops the runs. The section then says which were stopped and which were never begun. */
  readonly signal?: AbortSignal;
}

const TOLERANCE = 1e-8;

const columns: readonly Column[] = [
  { name: 'residual', label: 'residual', better: 'lower', digits: 3 },
  { name: 'distance', label: 'distance to solution', better: 'lower', digits: 3 },
];
const converging: Goal = { verb: 'converged on', column: 'converged', statuses: ['converged'], values: {} };

const residualPlot: Plot = {
  name: 'residual',
  title: 'residual against oracle calls',
  draw: 'lines',
  panels: [{ series: 'residual' }],
  y: { label: 'residual', scale: 'log' },
};
const boundsPlot: Plot = {
  name: 'theory',
  title: 'what theory promises',
  note: 'Dashed: the theorem’s bound with this game’s constants and start. Solid: what was measured. A run that stays below its bound is as good as promised or better.',
  draw: 'bounds',
};

/** What the run directories of a comparison share. */
function sharedBy(folder: string, { game, sampled }: Played, where: GameSource): Shared {
  const problem = sampled ?? game;
  const files = 'module' in where ? (where.files ?? null) : null;
  if (problem.identity === undefined && files === null)
    throw new InputError(
      `folder: ${problem.name} has no identity, by which its runs could be told from another game’s; expected one, as identity: { game: 'mine', a: 2 }`,
    );
  return {
    folder,
    data: { identity: briefly(problem), files },
    engine: `JavaScript (V8 ${process.versions.v8})`,
  };
}

/**
 * Runs methods on a game from one start with one budget. A sampled game is given with the game of its mean
 * and can have several seeds; a seed gives every method the same draws. So can an exact game if a method
 * draws random numbers. If one run fails, that is reported and the others go on.
 * @throws InputError for a spec that cannot be built, and if runs of a game are to be kept by which it cannot
 *   be known again.
 */
export async function compareOnGame(given: Game | Played, options: GameComparison): Promise<Section> {
  const played: Played = 'game' in given ? given : { game: given };
  const { game, sampled } = played;
  const {
    title,
    about,
    methods,
    firstSeed = 1,
    stepSizes,
    calls,
    steps,
    start = startOf(game),
    tolerance = TOLERANCE,
    signal,
    onProgress,
  } = options;
  const budget = steps === undefined ? { calls: calls ?? 2000 } : { steps };
  let estimated: number | undefined;
  const facts = withLipschitz(
    game.facts ?? {},
    () => (estimated ??= 2 * estimateLipschitz(game, start).lipschitz),
  );
  const { sources, given: own } = await sourcesOf(methods);
  const built = (await Promise.all(sources.map(async (source) => buildOf(source, own)))).map((build) =>
    build(facts, sampled ?? game),
  );
  // on an exact problem, one run of a method that draws nothing serves every seed
  const draws = built.map((method) => sampled !== undefined || mayDraw(method, game));
  const random = draws.some(Boolean);
  const seeds = random ? (options.seeds ?? 1) : 1;
  const contenders = contendersOf(built, sources);
  const inline = options.source === undefined || own.length > 0;
  const where = options.source ? await withFiles(options.source) : { spec: game.name };
  const shared = options.folder === undefined ? undefined : sharedBy(options.folder, played, where);
  const pool = {
    ...placesFor(options, inline ? inlineWorker({ game: played, methods: own }) : undefined),
    ...(signal ? { signal } : {}),
  };
  // all methods of one seed before the next seed, so that an interrupted comparison has compared something
  const trials = Array.from({ length: seeds }, (_, s) =>
    sources.flatMap((source, i): readonly GameTrial[] => {
      if (s > 0 && !draws[i]) return [];
      // if L is estimated, the trial estimates it again, and halves the step size if the run diverges
      const method = typeof source === 'string' && estimated === undefined ? contenders[i]!.method : source;
      const seed = random ? firstSeed + s : null;
      const trial: GameTrial = {
        kind: 'game',
        game: where,
        method,
        seed,
        start: Array.from(start),
        ...budget,
        tolerance,
      };
      if (shared === undefined || typeof source !== 'string') return [trial];
      return [{ ...trial, keep: keepForGame(trial, contenders[i]!.method, title, shared) }];
    }),
  )
    .flat()
    .map(keptOnce());
  const once = contenders.filter((_, i) => !draws[i]).map(({ label }) => label);

  const made = (records: readonly TrialRecord<GameTrial>[], arrows: readonly Arrow[] = []): Section =>
    sectionOf(forEverySeed(records, draws), contenders, {
      title,
      problem: game.name,
      about: [about, aboutGame(game)].filter(Boolean).join(' '),
      players: game.players.map(({ name }) => name),
      prices: pricesOf(sampled ?? game),
      terms: sampled?.terms?.count ?? game.terms?.count ?? 1,
      columns,
      headline: sampled === undefined ? 'calls' : 'residual',
      ...(sampled === undefined ? { goal: converging } : {}),
      seeds,
      identity: { problem: briefly(sampled ?? game), start: Array.from(start), ...budget, tolerance },
      plotsOf: (runs) => [
        ...(game.dim === 2 ? [planeOf(game, start, runs, arrows)] : []),
        residualPlot,
        ...(sampled === undefined ? [boundsPlot] : []),
      ],
      settings: {
        game: game.name,
        ...(random && sampled === undefined
          ? {
              seeds: `${firstSeed} to ${firstSeed + seeds - 1}, of the random numbers that methods draw${
                once.length === 0 || seeds === 1 ? '' : `; ${DETERMINISTIC} of ${listed(once)}`
              }`,
            }
          : {}),
        start: `[${Array.from(start).join(', ')}]`,
        budget: steps === undefined ? `${budget.calls ?? 2000} oracle calls each` : `${steps} steps each`,
        ...(stepSizes ? { 'step sizes': stepSizes } : {}),
        ...(sampled === undefined
          ? {
              converged: `natural residual ‖z − J(z − γF(z))‖/γ at most ${tolerance} times the size of F at the start and first steps`,
              theory: `compared over the first ${THEORY_STEPS} steps at most; measuring costs the methods no calls`,
            }
          : {
              seeds: `${firstSeed} to ${firstSeed + seeds - 1}; a seed gives every method the same start and the same draws`,
              residual: 'the natural residual of the mean game, without sampling',
            }),
        'what is measured':
          'z, the point that each method recommends (of lookahead the slow point); seconds are those of the method and its oracle, without measuring',
      },
    });
  const records = await runTrials(trials, {
    ...pool,
    ended: (trial) => trial.keep && endedTrial(trial, trial.keep),
    ...(onProgress ? { onProgress: (now) => onProgress(now, () => made(now)) } : {}),
  });
  const plane = made(records).plots.find(({ draw }) => draw === 'plane');
  if (plane?.draw !== 'plane' || signal?.aborted) return made(records);
  const [drawn] = await runTrials<FieldTrial>(
    [{ kind: 'field', game: where, x: plane.x, y: plane.y, side: 22 }],
    pool,
  );
  return made(records, drawn?.arrows);
}

/** Whether a method may draw. One that cannot begin here does not, and its run will say why. */
function mayDraw(method: Method<State>, game: Game): boolean {
  try {
    return drawsRandomly(method, game);
  } catch {
    return false;
  }
}

function aboutGame({ players, facts = {} }: Game): string {
  const who = players.map(({ name, start, end }) => `${name} (${end - start})`).join(', ');
  const known = [
    facts.lipschitz !== undefined && `L = ${short(facts.lipschitz)}`,
    facts.weakMinty !== undefined && `weak Minty ρ = ${short(facts.weakMinty)}`,
    facts.solution && facts.solution.length <= 8 && `solution [${facts.solution.map(short).join(', ')}]`,
  ].filter(Boolean);
  return `Players ${who}. ${known.length > 0 ? `Known: ${known.join(', ')}.` : 'No constants stated.'}`;
}
const short = (x: number): string => String(Number(x.toPrecision(5)));

/** The plane's window, which shows the start, the solution and the paths near them, with the arrows of −F. */
function planeOf(game: Game, start: Vector, runs: readonly Run[], arrows: readonly Arrow[]): PlanePlot {
  const solution = game.facts?.solution;
  const [cx, cy] = [solution?.[0] ?? 0, solution?.[1] ?? 0];
  const reach = Math.max(Math.hypot(start[0]! - cx, start[1]! - cy), 0.5);
  const visited = runs.flatMap(({ series }) => {
    const { x, y } = series['path'] ?? { x: [], y: [] };
    return x.map((at, i) => [at, y[i] ?? NaN] as const);
  });
  const near = [...visited, [start[0]!, start[1]!] as const].filter(
    ([x, y]) => Math.hypot(x - cx, y - cy) <= 1.5 * reach,
  );
  const half =
    // not spread into a call: paths may have more points than a call may have arguments
    1.12 * near.reduce((far, [x, y]) => Math.max(far, Math.abs(x - cx), Math.abs(y - cy)), 0.6 * reach);
  const names = game.players.flatMap((p) =>
    p.end - p.start === 1 ? [p.name] : [`${p.name}[0]`, `${p.name}[1]`],
  );
  return {
    name: 'paths',
    title: 'where they went',
    note: 'Arrows: −F, the direction of a plain gradient step (length: square root of its size). ○ start, ★ solution, ● the point that each method recommends at its end.',
    draw: 'plane',
    names: [names[0]!, names[1]!],
    x: [cx - half, cx + half],
    y: [cy - half, cy + half],
    arrows,
    ...(solution ? { solution: [cx, cy] as const } : {}),
  };
}
