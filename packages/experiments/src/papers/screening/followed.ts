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

/** The problem's own penalty. @throws Error for a game without one. */
export function ownPenalty({ name, constraint }: Game): Penalty {
  const { value, lmo, atoms } = constraint ?? {};
  if (!value || !lmo || !atoms) throw new Error(`${name} has no penalty of atoms`);
  return { value, lmo, atoms };
}

/** The first step from which on the kept atoms are these; NaN if they are not at the end. */
export function settledAt(points: readonly Point<State>[], atoms: readonly number[]): number {
  const last = points.findLastIndex(({ kept }) => kept.join() !== atoms.join());
  return points[last + 1]?.t ?? NaN;
}

/** How many steps dropped at least one of these atoms. */
export const dropping = (points: readonly Point<State>[], atoms: readonly number[]): number =>
  points.filter(({ kept }) => atoms.some((g) => !kept.includes(g))).length;
