import { availableParallelism } from 'node:os';
import { formatSpec, lazyFacts, withFacts, type Facts, type Game, type Vector } from '@stillpoint/operators';
import { estimateLipschitz, startOf } from '@stillpoint/optimizers/drivers';
import { familyOf, methodFrom, specOf } from '@stillpoint/optimizers/registry';
import type { GameRun, GameSection } from '@stillpoint/tracking';
import { labelsOf } from './labels.js';
import { THEORY_STEPS } from './theory.js';
import type { GameSource } from './trial/game-source.js';
import { runTrials } from './trial/pool.js';
import { endOf, type TrialRecord } from './trial/record.js';
import type { Arrow, FieldTrial, GameTrial } from './trial/trial.js';
import { inlineWorker } from './trial/worker.js';
import { gameVerdict } from './verdict/game-verdict.js';

/**
 * What runs on a game when nobody says otherwise, each with its default step size. Both Lookaheads converge
 * on monotone games: around gda, whose default inside it is 1/(τL), and around extragradient, as
 * extragradient does by itself; the period of the latter is long enough to leave the cycles of forsaken and
 * polar within 2,000 calls.
 */
export const gameMethods: readonly string[] = [
  'gda',
  'alternating-gda',
  'extragradient',
  'past-extragradient',
  'rapp',
  'lookahead(gda, steps=5)',
  'lookahead(extragradient, steps=50, weight=0.65)',
  'adam',
  'extra-adam',
];

/** What to compare on a game: options of {@link compareOnGame}. */
export interface GameComparison {
  readonly title: string;
  /** What there is to see, in words; the game's players and constants are added. */
  readonly about?: string;
  readonly methods: readonly string[];
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
   * keeps it busy.
   */
  readonly source?: GameSource;
  /** Runs at once, where there is a `source`. Default: as many as there are processors. */
  readonly processes?: number;
  /**
   * Called whenever a run has come further: all runs as they stand, and the section that they make by then.
   */
  readonly onProgress?: (records: readonly TrialRecord<GameTrial>[], section: () => GameSection) => void;
  /** Ends the runs; the section then says which were stopped and which never began. */
  readonly signal?: AbortSignal;
}

const TOLERANCE = 1e-8;

/**
 * Runs methods on a deterministic game from one start with one budget. A run that fails, fails alone: it is
 * reported and the others go on.
 */
export async function compareOnGame(game: Game, options: GameComparison): Promise<GameSection> {
  const {
    title,
    about,
    methods,
    stepSizes,
    calls,
    steps,
    start = startOf(game),
    tolerance = TOLERANCE,
    source,
    signal,
    onProgress,
  } = options;
  const budget = steps === undefined ? { calls: calls ?? 2000 } : { steps };
  let estimated: number | undefined;
  const L = (): number =>
    game.facts?.lipschitz ?? (estimated ??= 2 * estimateLipschitz(game, start).lipschitz);
  const facts: Facts = withFacts(game.facts ?? {}, lazyFacts({ lipschitz: L }));
  const built = methods.map((spec) => methodFrom(spec, facts));
  const labels = labelsOf(built);
  const full = built.map((method) => formatSpec(specOf(method)));
  const where = source ?? { spec: game.name };
  const pool = {
    ...(source ? {} : { worker: inlineWorker({ game }) }),
    ...(signal ? { signal } : {}),
    processes: source ? (options.processes ?? availableParallelism()) : 1,
  };
  // where L is estimated, the trial does it again, and halves the step size where the run leaves
  const trials = (estimated === undefined ? full : methods).map((method): GameTrial => ({
    kind: 'game',
    game: where,
    method,
    start: Array.from(start),
    ...budget,
    tolerance,
  }));

  const sectionOf = (records: readonly TrialRecord<GameTrial>[], arrows?: readonly Arrow[]): GameSection => {
    const runs = records.flatMap((record, i): GameRun[] =>
      record.status === 'waiting' ? [] : [gameRun(record, labels[i] ?? '')],
    );
    const waiting = records.flatMap(({ status }, i) =>
      status === 'waiting' ? [{ label: labels[i] ?? '' }] : [],
    );
    const field = game.dim === 2 ? fieldOf(game, start, runs, arrows) : undefined;
    return {
      kind: 'game',
      title,
      about: [about, aboutGame(game)].filter(Boolean).join(' '),
      verdict: gameVerdict(game.name, runs, waiting),
      runs,
      ...(field ? { field } : {}),
      settings: {
        game: game.name,
        start: `[${Array.from(start).join(', ')}]`,
        budget: steps === undefined ? `${budget.calls ?? 2000} oracle calls each` : `${steps} steps each`,
        ...(stepSizes ? { 'step sizes': stepSizes } : {}),
        converged: `natural residual ‖z − J(z − γF(z))‖/γ at most ${tolerance} times the size of F at the start and first steps`,
        'what is measured': 'z, the point each method recommends (of lookahead the slow point)',
        theory: `compared over the first ${THEORY_STEPS} steps at most; what it measures costs the methods no calls`,
      },
    };
  };
  const records = await runTrials(trials, {
    ...pool,
    ...(onProgress ? { onProgress: (now) => onProgress(now, () => sectionOf(now)) } : {}),
  });
  const { field } = sectionOf(records);
  if (field === undefined || signal?.aborted) return sectionOf(records);
  const [drawn] = await runTrials<FieldTrial>(
    [{ kind: 'field', game: where, x: field.x, y: field.y, side: 22 }],
    pool,
  );
  return sectionOf(records, drawn?.arrows);
}

/** A record as a run of the results. One that is still running is shown as stopped where it stands. */
function gameRun(record: TrialRecord<GameTrial>, label: string): GameRun {
  const {
    trial: { method },
    steps,
    oracleCalls,
    seconds,
    course,
  } = record;
  return {
    method,
    label,
    family: familyOf(method),
    ...endOf(record),
    steps,
    oracleCalls,
    seconds: record.status === 'failed' ? null : seconds,
    ...(course ?? { residual: null, distance: null, path: [], curve: [] }),
  };
}

function aboutGame({ players, facts = {} }: Game): string {
  const who = players.map(({ name, start, end }) => `${name} (${end - start})`).join(', ');
  const known = [
    facts.lipschitz !== undefined && `L = ${short(facts.lipschitz)}`,
    facts.weakMinty !== undefined && `weak Minty ρ = ${short(facts.weakMinty)}`,
    facts.solution && `solution [${facts.solution.map(short).join(', ')}]`,
  ].filter(Boolean);
  return `Players ${who}. ${known.length > 0 ? `Known: ${known.join(', ')}.` : 'No constants stated.'}`;
}
const short = (x: number): string => String(Number(x.toPrecision(5)));

/** A window that shows start, solution and the paths that stay near, and the arrows of −F in it. */
function fieldOf(
  game: Game,
  start: Vector,
  runs: readonly GameRun[],
  arrows: readonly Arrow[] = [],
): NonNullable<GameSection['field']> {
  const solution = game.facts?.solution;
  const [cx, cy] = [solution?.[0] ?? 0, solution?.[1] ?? 0];
  const reach = Math.max(Math.hypot((start[0] ?? 0) - cx, (start[1] ?? 0) - cy), 0.5);
  const near = [...runs.flatMap(({ path }) => path), [start[0] ?? 0, start[1] ?? 0] as const].filter(
    ([x, y]) => Math.hypot(x - cx, y - cy) <= 1.5 * reach,
  );
  const half =
    // not spread into a call: a path per method may be more than its arguments
    1.12 * near.reduce((far, [x, y]) => Math.max(far, Math.abs(x - cx), Math.abs(y - cy)), 0.6 * reach);
  const [x, y] = [
    [cx - half, cx + half],
    [cy - half, cy + half],
  ] as const;
  const names = game.players.flatMap((p) =>
    p.end - p.start === 1 ? [p.name] : [`${p.name}[0]`, `${p.name}[1]`],
  );
  return {
    names: [names[0] ?? 'x', names[1] ?? 'y'],
    x,
    y,
    arrows,
    ...(solution ? { solution: [cx, cy] as const } : {}),
  };
}
