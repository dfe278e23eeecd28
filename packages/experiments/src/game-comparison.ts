import { availableParallelism } from 'node:os';
import {
  contentHash,
  formatSpec,
  lazyFacts,
  pack,
  withFacts,
  type Data,
  type Facts,
  type Game,
  type Given,
  type Problem,
  type Spec,
  type Vector,
} from '@stillpoint/operators';
import {
  adam,
  alternatingGda,
  extraAdam,
  extragradient,
  gda,
  lbfgs,
  lookahead,
  pastExtragradient,
  rapp,
  scheduleFree,
  sgdMomentum,
} from '@stillpoint/optimizers';
import type { Described } from '@stillpoint/optimizers/certificates';
import { estimateLipschitz, pricesOf, startOf } from '@stillpoint/optimizers/drivers';
import { specOf } from '@stillpoint/optimizers/registry';
import type { Arrow, Column, Goal, PlanePlot, Plot, Run, Section } from '@stillpoint/tracking';
import { groupOf } from './groups.js';
import { labelsOf } from './labels.js';
import { sectionOf, type Contender } from './section.js';
import { THEORY_STEPS } from './theory.js';
import type { GameSource, Played } from './trial/game-source.js';
import { buildOf, sourcesOf, type Compared } from './trial/method-source.js';
import { runTrials } from './trial/pool.js';
import type { TrialRecord } from './trial/record.js';
import type { FieldTrial, GameTrial } from './trial/trial.js';
import { inlineWorker } from './trial/worker.js';

/**
 * What runs on a game when nobody says otherwise, each with its default step size. Both Lookaheads converge
 * on monotone games: around gda, whose default inside it is 1/(τL), and around extragradient, as
 * extragradient does by itself; the period of the latter is long enough to leave the cycles of forsaken and
 * polar within 2,000 calls.
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

/** What runs on a minimisation when nobody says otherwise. */
const minimisationMethods: readonly string[] = [
  specFor(gda),
  specFor(sgdMomentum),
  specFor(scheduleFree),
  specFor(lookahead, { steps: 5 }, specFor(gda)),
  specFor(adam),
].map(formatSpec);
/** And where it has no constraint. */
const freeMethods: readonly string[] = [...minimisationMethods, formatSpec(specFor(lbfgs))];

/** What runs on a problem when nobody says otherwise. */
export const methodsFor = ({
  players,
  losses,
  constraint,
}: Pick<Problem, 'players' | 'losses' | 'constraint'>): readonly string[] =>
  players.length > 1 || losses === undefined
    ? gameMethods
    : constraint === undefined
      ? freeMethods
      : minimisationMethods;

/** What makes a method with the options O. */
interface Maker<O> {
  readonly row: { readonly name: string };
  readonly optionsOf: (made: Described) => O | undefined;
}
/** The spec of what this maker makes, with some of its options, around the methods of the specs inside. */
function specFor<O extends Given, K extends keyof O & string = never>(
  { row }: Maker<O>,
  options?: Pick<O, K>,
  ...inner: readonly Spec[]
): Spec {
  return { name: row.name, inner, options: { ...options } };
}

/** What to compare on a game: options of {@link compareOnGame}. */
export interface GameComparison {
  readonly title: string;
  /** What there is to see, in words; the game's players and constants are added. */
  readonly about?: string;
  /** Specs, and methods of one's own: objects, functions of the facts, or where a module has them. */
  readonly methods: readonly Compared[];
  /** Of a sampled game: runs of each method, with draws of their own. Default 1. */
  readonly seeds?: number;
  /** How the step sizes were chosen, in words. */
  readonly stepSizes?: string;
  /** Budget of oracle calls of each method, or of method steps. Default 2,000 calls. */
  readonly calls?: number;
  readonly steps?: number;
  readonly start?: Vector;
  /** Residual at which a run has converged. Default 1e-8. */
  readonly tolerance?: number;
  /**
   * Where a process finds the game. Given, each run has a process of its own; else all run in this one, which
   * keeps it busy. So they do where a method is an object, which cannot be sent.
   */
  readonly source?: GameSource;
  /** Runs at once, where there is a `source`. Default: as many as there are processors. */
  readonly processes?: number;
  /**
   * Called whenever a run has come further: all runs as they stand, and the section that they make by then.
   */
  readonly onProgress?: (records: readonly TrialRecord<GameTrial>[], section: () => Section) => void;
  /** Ends the runs; the section then says which were stopped and which never began. */
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
  note: 'Dashed: the theorem’s bound with this game’s constants and start. Solid: what was measured. A run below its bound is as good as promised or better.',
  draw: 'bounds',
};

/** A game's identity; by a hash where it is long, as with a matrix of one's own, since each run holds it. */
function briefly({ name, identity = name }: Problem): Data {
  const { text, vectors } = pack(identity);
  const parts = Object.values(vectors).map((v) => new Uint8Array(v.buffer, v.byteOffset, v.byteLength));
  if (parts.length === 0 && text.length <= 1000) return identity;
  return { hash: contentHash([text, ...parts.map(contentHash)].join()) };
}

/**
 * Runs methods on a game from one start with one budget; on a sampled game, given with the game of its mean,
 * with several seeds, each of which gives every method the same draws. A run that fails, fails alone: it is
 * reported and the others go on.
 */
export async function compareOnGame(given: Game | Played, options: GameComparison): Promise<Section> {
  const played: Played = 'game' in given ? given : { game: given };
  const { game, sampled } = played;
  const {
    title,
    about,
    methods,
    stepSizes,
    calls,
    steps,
    start = startOf(game),
    tolerance = TOLERANCE,
    signal,
    onProgress,
  } = options;
  const seeds = sampled === undefined ? 1 : (options.seeds ?? 1);
  const budget = steps === undefined ? { calls: calls ?? 2000 } : { steps };
  let estimated: number | undefined;
  const L = (): number =>
    game.facts?.lipschitz ?? (estimated ??= 2 * estimateLipschitz(game, start).lipschitz);
  const facts: Facts = withFacts(game.facts ?? {}, lazyFacts({ lipschitz: L }));
  const { sources, given: own } = sourcesOf(methods);
  const built = (await Promise.all(sources.map(async (source) => buildOf(source, own)))).map((build) =>
    build(facts),
  );
  const labels = labelsOf(built);
  const contenders = built.map((method, i): Contender => {
    const spec = specOf(method);
    return { label: labels[i]!, method: formatSpec(spec), group: groupOf(spec, method) };
  });
  const inline = options.source === undefined || own.length > 0;
  const where = options.source ?? { spec: game.name };
  const pool = {
    ...(inline ? { worker: inlineWorker({ game: played, methods: own }) } : {}),
    ...(signal ? { signal } : {}),
    processes: inline ? 1 : (options.processes ?? availableParallelism()),
  };
  // all methods of one seed before the next seed: an interrupted comparison has compared something
  const trials = Array.from({ length: seeds }, (_, s) =>
    sources.map((source, i): GameTrial => ({
      kind: 'game',
      game: where,
      // where L is estimated, the trial does it again, and halves the step size where the run leaves
      method: typeof source === 'string' && estimated === undefined ? contenders[i]!.method : source,
      seed: sampled === undefined ? null : s + 1,
      start: Array.from(start),
      ...budget,
      tolerance,
    })),
  ).flat();

  const made = (records: readonly TrialRecord<GameTrial>[], arrows: readonly Arrow[] = []): Section =>
    sectionOf(records, contenders, {
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
        start: `[${Array.from(start).join(', ')}]`,
        budget: steps === undefined ? `${budget.calls ?? 2000} oracle calls each` : `${steps} steps each`,
        ...(stepSizes ? { 'step sizes': stepSizes } : {}),
        ...(sampled === undefined
          ? {
              converged: `natural residual ‖z − J(z − γF(z))‖/γ at most ${tolerance} times the size of F at the start and first steps`,
              theory: `compared over the first ${THEORY_STEPS} steps at most; what it measures costs the methods no calls`,
            }
          : {
              seeds: `1 to ${seeds}; a seed gives every method the same start and the same draws`,
              residual: 'the natural residual of the mean game, without sampling',
            }),
        'what is measured':
          'z, the point each method recommends (of lookahead the slow point); seconds are those of the method and its oracle, without measuring',
      },
    });
  const records = await runTrials(trials, {
    ...pool,
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

/** A window that shows start, solution and the paths that stay near, and the arrows of −F in it. */
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
    // not spread into a call: a path per method may be more than its arguments
    1.12 * near.reduce((far, [x, y]) => Math.max(far, Math.abs(x - cx), Math.abs(y - cy)), 0.6 * reach);
  const names = game.players.flatMap((p) =>
    p.end - p.start === 1 ? [p.name] : [`${p.name}[0]`, `${p.name}[1]`],
  );
  return {
    name: 'paths',
    title: 'where they went',
    note: 'Arrows: −F, the way plain gradient steps would go (length: square root of its size). ○ start, ★ solution, ● where each method recommends to stop.',
    draw: 'plane',
    names: [names[0]!, names[1]!],
    x: [cx - half, cx + half],
    y: [cy - half, cy + half],
    arrows,
    ...(solution ? { solution: [cx, cy] as const } : {}),
  };
}
