import { copy, type Space, type State, type Vector } from '@stillpoint/operators';

/**
 * The state of a method that remembers nothing but where it is, and how many steps it made: schedules and
 * weights go by k.
 */
export type PointState = { readonly z: Vector; k: number };

/** z = z₀, in memory of the space's own. */
export function startAt(space: Space, z0: Vector): PointState {
  return { z: space.copy(z0), k: 0 };
}

/** What most methods do where they are moved: their only live point is z. */
export function moveTo(state: State, z: Vector): void {
  copy(state.z, z);
}

/** anchor is z₀, towards which every step is drawn. */
export type AnchoredState = { readonly z: Vector; readonly anchor: Vector; k: number };

/** z = anchor = z₀. */
export function anchorAt(space: Space, z0: Vector): AnchoredState {
  return { z: space.copy(z0), anchor: space.copy(z0), k: 0 };
}

/** A new start: the anchor moves as well; k stays. */
export function reanchor(s: Pick<AnchoredState, 'z' | 'anchor'>, z: Vector): void {
  copy(s.z, z);
  copy(s.anchor, z);
}
