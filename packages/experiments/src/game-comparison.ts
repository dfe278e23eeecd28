import { formatSpec, naturalResidual, type Game, type Vector } from '@stillpoint/operators';
import { oracleCalls, solve, startOf } from '@stillpoint/optimizers';
import { familyOf, methodFrom, specOf } from '@stillpoint/optimizers/registry';
import type { GameRun, GameSection, Measure } from '@stillpoint/tracking';
import { gameVerdict } from './game-verdict.js';
import { labelsOf } from './labels.js';
import { THEORY_STEPS, theoryOf } from './theory.js';
import { thinned } from './thinned.js';

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
  /** Told before each method runs: its label, and the share of methods that are done. */
  readonly onProgress?: (label: string, fraction: number) => void;
  readonly signal?: AbortSignal;
}

const TOLERANCE = 1e-8;
const finite = (x: number | undefined): Measure => (x !== undefined && Number.isFinite(x) ? x : null);

/** Runs methods on a deterministic game from one start with one budget. A run that throws is reported as failed, the others go on. */
export async function compareOnGame(game: Game, { title, about, methods, stepSizes, calls, steps, start = startOf(game), onProgress, signal }: GameComparison): Promise<GameSection> {
  const budget = steps === undefined ? { calls: calls ?? 2000 } : { steps };
  const built = methods.map((spec) => methodFrom(spec, game.facts));
  const labels = labelsOf(built);
  const runs: GameRun[] = [];
  for (const [i, method] of built.entries()) {
    if (signal?.aborted) break;
    const label = labels[i] ?? method.name;
    onProgress?.(label, i / built.length);
    await new Promise((resolve) => { setImmediate(resolve); }); // lets Ctrl-C and the display in
    const path = thinned<readonly [number, number]>();
    const curve = thinned<{ calls: number; residual: number }>();
    const scratch: Vector = new Float64Array(game.dim);
    const theory = theoryOf(game, method, start);
    let measuring = 0;
    const begun = performance.now();
    const common = { method: formatSpec(specOf(method)), label, family: familyOf(specOf(method)) };
    try {
      const result = solve(game, method, {
        ...budget, start, tolerance: TOLERANCE,
        observe(state, counts) {
          const t = performance.now();
          if (game.dim === 2) path.add([state.z[0] ?? NaN, state.z[1] ?? NaN]);
          const residual = naturalResidual(game, state.z, scratch);
          if (Number.isFinite(residual)) curve.add({ calls: oracleCalls(counts), residual });
          theory.look(state);
          measuring += performance.now() - t;
        },
      });
      runs.push({
        ...common, status: result.status, message: result.message, steps: result.steps, oracleCalls: result.oracleCalls, seconds: (performance.now() - begun - measuring) / 1000,
        residual: finite(result.residual), distance: finite(result.distance), path: path.entries().filter((p) => p.every(Number.isFinite)), curve: curve.entries(), theory: theory.told(result.status),
      });
    } catch (error) {
      runs.push({ ...common, status: 'failed', message: error instanceof Error ? error.message : String(error), steps: 0, oracleCalls: 0, seconds: null, residual: null, distance: null, path: path.entries(), curve: curve.entries() });
    }
  }
  const field = game.dim === 2 ? fieldOf(game, start, runs) : undefined;
  return {
    kind: 'game', title, about: [about, aboutGame(game)].filter(Boolean).join(' '), verdict: gameVerdict(game.name, runs), runs, ...(field ? { field } : {}),
    settings: {
      game: game.name, start: `[${Array.from(start).join(', ')}]`, budget: steps === undefined ? `${budget.calls ?? 2000} oracle calls each` : `${steps} steps each`,
      ...(stepSizes ? { 'step sizes': stepSizes } : {}), converged: `natural residual ‖z − J(z − F(z))‖ at most ${TOLERANCE}`, 'what is measured': 'z, the point each method recommends (of lookahead the slow point)', 'theory': `compared over the first ${THEORY_STEPS} steps at most; what it measures costs the methods no calls`,
    },
  };
}

function aboutGame({ players, facts = {} }: Game): string {
  const who = players.map(({ name, start, end }) => `${name} (${end - start})`).join(', ');
  const known = [facts.lipschitz !== undefined && `L = ${short(facts.lipschitz)}`, facts.weakMinty !== undefined && `weak Minty ρ = ${short(facts.weakMinty)}`, facts.solution && `solution [${facts.solution.map(short).join(', ')}]`].filter(Boolean);
  return `Players ${who}. ${known.length > 0 ? `Known: ${known.join(', ')}.` : 'No constants stated.'}`;
}
const short = (x: number): string => String(Number(x.toPrecision(5)));

/** A window that shows start, solution and the paths that stay near, and −F on a grid of it. */
function fieldOf(game: Game, start: Vector, runs: readonly GameRun[]): NonNullable<GameSection['field']> {
  const solution = game.facts?.solution;
  const [cx, cy] = [solution?.[0] ?? 0, solution?.[1] ?? 0];
  const reach = Math.max(Math.hypot((start[0] ?? 0) - cx, (start[1] ?? 0) - cy), 0.5);
  const near = [...runs.flatMap(({ path }) => path), [start[0] ?? 0, start[1] ?? 0] as const].filter(([x, y]) => Math.hypot(x - cx, y - cy) <= 1.5 * reach);
  const half = 1.12 * near.reduce((far, [x, y]) => Math.max(far, Math.abs(x - cx), Math.abs(y - cy)), 0.6 * reach); // not spread into a call: a path per method may be more than its arguments
  const [x, y] = [[cx - half, cx + half], [cy - half, cy + half]] as const;
  const n = 22;
  const out: Vector = new Float64Array(2);
  const arrows = Array.from({ length: n * n }, (_, k) => {
    const at = [x[0] + (2 * half * ((k % n) + 0.5)) / n, y[0] + (2 * half * (Math.floor(k / n) + 0.5)) / n] as const;
    try {
      game.operator(Float64Array.from(at), out);
    } catch {
      out.fill(NaN); // a user's game need not be defined all over the window
    }
    return { x: at[0], y: at[1], u: -(out[0] ?? 0), v: -(out[1] ?? 0) };
  }).filter(({ u, v }) => Number.isFinite(u) && Number.isFinite(v));
  const names = game.players.flatMap((p) => (p.end - p.start === 1 ? [p.name] : [`${p.name}[0]`, `${p.name}[1]`]));
  return { names: [names[0] ?? 'x', names[1] ?? 'y'], x, y, arrows, ...(solution ? { solution: [cx, cy] as const } : {}) };
}
