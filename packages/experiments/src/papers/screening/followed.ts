import {
  linearGap,
  type Atoms,
  type Constraint,
  type Game,
  type Method,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { solve, type Solution } from '@stillpoint/optimizers';
import { keptAtoms } from '@stillpoint/optimizers/certificates';

/** What is true of one point of a run; nothing is carried over from another. */
export interface Point<S extends State> {
  /** Steps made; 0 at the start. */
  readonly t: number;
  readonly calls: number;
  readonly state: S;
  /** f + h. */
  readonly value: number;
  readonly gap: number;
  /** The groups of atoms that screening keeps. */
  readonly kept: readonly number[];
}

/** The penalty of a point: the problem's own, or a majorant. */
type Penalty = Required<Pick<Constraint, 'value' | 'lmo'>> & { readonly atoms: Atoms };

/** f alone. */
export const withoutPenalty = (game: Game): Game => ({
  name: game.name,
  dim: game.dim,
  players: game.players,
  ...(game.start && { start: game.start }),
  operator: (z, out, asked) => game.operator(z, out, asked),
  facts: game.facts ?? {},
});

/** f at z. */
export function lossAt(game: Game, z: Vector): number {
  const out = new Float64Array(1);
  game.losses?.(z, out);
  return out[0]!;
}

/** f + h, its gap and the kept atoms at z, all of this z. */
export function measured(
  game: Game,
  h: Penalty,
  z: Vector,
): { readonly value: number; readonly gap: number; readonly kept: readonly number[] } {
  const gradient = new Float64Array(game.dim);
  game.operator(z, gradient);
  const gap = linearGap(h)(z, gradient);
  const lipschitz = game.facts?.lipschitz ?? NaN;
  const value = lossAt(game, z) + h.value(z);
  // beyond the range of numbers nothing is known, and nothing dropped
  const kept = Number.isFinite(gap)
    ? keptAtoms(h.atoms, { z, gradient, gap, lipschitz })
    : [...h.atoms.groups.keys()];
  return { value, gap, kept };
}

/** Runs a method and looks at every point of it. `penaltyOf`: the penalty that holds there. */
export function followed<S extends State>(
  game: Game,
  method: Method<S>,
  steps: number,
  penaltyOf: (state: S) => Penalty,
): { readonly run: Solution<S>; readonly points: readonly Point<S>[] } {
  const points: Point<S>[] = [];
  const run = solve(game, method, {
    steps,
    observe: ({ state, calls, ledger }) =>
      void points.push({
        t: ledger.steps,
        calls,
        state: structuredClone(state),
        ...measured(game, penaltyOf(state), state.z),
      }),
  });
  return { run, points };
}

const isPenalty = (constraint: Constraint | undefined): constraint is Constraint & Penalty =>
  constraint?.value !== undefined && constraint.lmo !== undefined && constraint.atoms !== undefined;

/** The problem's own penalty. @throws Error for a game without one. */
export function ownPenalty({ name, constraint }: Game): Penalty {
  if (!isPenalty(constraint)) throw new Error(`${name} has no penalty of atoms`);
  return constraint;
}

/** The first step from which on the kept atoms are these; NaN if they are not at the end. */
export function settledAt(points: readonly Point<State>[], atoms: readonly number[]): number {
  const last = points.findLastIndex(({ kept }) => kept.join() !== atoms.join());
  return points[last + 1]?.t ?? NaN;
}

/** How many steps dropped at least one of these atoms. */
export const dropping = (points: readonly Point<State>[], atoms: readonly number[]): number =>
  points.filter(({ kept }) => atoms.some((g) => !kept.includes(g))).length;

/** The points that a picture shows: at most `perOctave` between a step and twice this step. */
export const shownOf = <P extends { readonly t: number }>(
  points: readonly P[],
  perOctave: number,
): readonly P[] =>
  points.filter(
    ({ t }) => t < 2 || Math.floor(perOctave * Math.log2(t)) > Math.floor(perOctave * Math.log2(t - 1)),
  );

/** A series over oracle calls, of the points that a picture shows. */
export function seriesOf<S extends State>(
  points: readonly Point<S>[],
  of: (point: Point<S>) => number,
): { readonly x: readonly number[]; readonly y: readonly number[] } {
  const shown = shownOf(points, 24);
  return { x: shown.map(({ calls }) => calls), y: shown.map(of) };
}
