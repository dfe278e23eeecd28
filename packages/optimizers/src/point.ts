import { copy, type Space, type State, type Vector } from '@stillpoint/operators';

/**
 * The state of a method that remembers only its point z and the number of its steps k, on which schedules and
 * weights depend.
 */
export type PointState = { readonly z: Vector; k: number };

/** The state with z = z₀, in the space's memory. */
export function startAt(space: Space, z0: Vector): PointState {
  return { z: space.copy(z0), k: 0 };
}

/** The restart of most methods, whose only live point is z. */
export function moveTo(state: State, z: Vector): void {
  copy(state.z, z);
}

/** anchor is z₀, towards which every step is pulled. */
export type AnchoredState = { readonly z: Vector; readonly anchor: Vector; k: number };

/** The state with z = anchor = z₀, in the space's memory. */
export function anchorAt(space: Space, z0: Vector): AnchoredState {
  return { z: space.copy(z0), anchor: space.copy(z0), k: 0 };
}

/** The restart of an anchored method: the anchor moves as well; k stays. */
export function reanchor(s: Pick<AnchoredState, 'z' | 'anchor'>, z: Vector): void {
  copy(s.z, z);
  copy(s.anchor, z);
}
