import {
  distance,
  isFiniteVector,
  norm,
  normal,
  waxpy,
  type Asking,
  type Problem,
  type Vector,
} from '@stillpoint/operators';
import type { Running } from '../drivers/asking.js';
import { solving } from '../drivers/solve.js';
import { adaptiveGraal } from '../methods/adaptive/adaptive-graal.js';
import { hasConverged } from '../drivers/run.js';

/** A point at which F was evaluated. */
export interface Visited {
  readonly name: 'start' | 'path' | 'end' | 'around';
  readonly z: Vector;
  readonly F: Vector;
  /** Calls of the run before it; absent of points around. */
  readonly at?: number;
  /** Each player's loss, where the problem has losses. */
  readonly losses?: Vector;
}

/** A point of a run, and the calls before it. */
export interface PathPoint {
  readonly z: Vector;
  readonly at: number;
}

/** A short run from the start, which shows where F leads. */
export interface Pilot {
  readonly method: string;
  readonly calls: number;
  /** Points of the run in their order, the first and the last among them. */
  readonly points: readonly PathPoint[];
  /** Whether it came to rest: then its last point is near a solution. */
  readonly rested: boolean;
  /** Residual at its end as a share of that at its start. */
  readonly fell: number;
}

/** How many points of the pilot are kept, at equal distances in the logarithm of the steps. */
const KEPT = 9;
/** At how many points around the path F is evaluated, and at how many in the whole of a bounded set. */
const AROUND = 8;
/** Points around are left out where ‖F‖ is more than this factor times the largest on the path. */
const BEYOND = 10;
/** Residual, as a share of the first, below which the pilot's end counts as near a solution. */
const RESTED = 1e-3;

/**
 * Runs the adaptive golden ratio algorithm, which needs no constant, for `calls` calls.
 * @param L an estimate of L at the start, for its first step alone.
 */
export function* piloting(problem: Problem, start: Vector, L: number, calls: number): Running<Pilot> {
  const method = adaptiveGraal({ stepSize: L > 0 ? 0.1 / L : 1 });
  const kept: PathPoint[] = [];
  let due = 0;
  const ratio = calls ** (1 / (KEPT - 1));
  const {
    z,
    residual,
    threshold,
    status,
    calls: used,
  } = yield* solving(problem, method, {
    start,
    calls,
    tolerance: 1e-6,
    observe({ state, calls: at, ledger: { steps } }) {
      if (steps < due || !isFiniteVector(state.z)) return;
      kept.push({ z: state.z.slice(), at });
      due = Math.max(steps + 1, Math.ceil(steps * ratio));
    },
  });
  const scale = threshold / 1e-6;
  const last = kept.at(-1);
  const ended = isFiniteVector(z) && !(last !== undefined && last.at === used) ? [{ z, at: used }] : [];
  const points = [...kept, ...ended];
  const fell = scale > 0 ? residual / scale : 0;
  return {
    method: method.name,
    calls: used,
    points,
    rested: hasConverged(status) || fell <= RESTED,
    fell,
  };
}

/**
 * F, and the losses where there are any, at the points of a pilot and at random ones around its ends, as far
 * as it went, or as ‖z₀‖, or 1, and, in a bounded set, at others all over it. All lie in the set. Those where
 * ‖F‖ is more than ten times the largest on the path are left out.
 * @param sample the full operator, or draw 0.
 * @param count of points around, and again in a bounded set. Default: 8.
 */
export function* visit(
  problem: Pick<Problem, 'constraint' | 'players' | 'losses'>,
  path: readonly PathPoint[],
  sample: 'all' | 'same',
  count = AROUND,
): Asking<readonly Visited[]> {
  const { constraint, players } = problem;
  const [start, end] = [path[0]!.z, path.at(-1)!.z];
  const reach = path.reduce((most, { z }) => Math.max(most, distance(z, start)), 0) || norm(start) || 1;
  const { diameter = 0 } = constraint ?? {};
  const lengths = [
    ...Array<number>(count).fill(reach),
    ...Array<number>(Number.isFinite(diameter) && diameter > 0 ? count : 0).fill(diameter),
  ];
  const around = lengths.map((length, call) => {
    const z = start.slice();
    normal(z, { seed: 0, purpose: 'diagnose: points around the path', call });
    // at all distances up to that length
    const far = (length * ((call % count) + 1)) / count / (norm(z) || 1);
    waxpy(z, call % 2 === 0 ? end : start, far, z);
    constraint?.prox(z, 1);
    return { name: 'around' as const, z };
  });
  const named = path.map(({ z, at }, i) => ({
    name: i === 0 ? ('start' as const) : i === path.length - 1 ? ('end' as const) : ('path' as const),
    z,
    at,
  }));
  const visited: Visited[] = [];
  for (const point of [...named, ...around]) {
    const { z } = point;
    const losses = problem.losses === undefined ? undefined : new Float64Array(players.length);
    const F = yield { want: 'gradient', at: z, sample, ...(losses && { losses }) };
    if (isFiniteVector(F)) visited.push({ ...point, F: F.slice(), ...(losses && { losses }) });
  }
  // an exponential far away says nothing of where methods go
  const steepest = visited.reduce(
    (most, { name, F }) => (name === 'around' ? most : Math.max(most, norm(F))),
    0,
  );
  return visited.filter(({ name, F }) => name !== 'around' || !(norm(F) > BEYOND * steepest));
}
