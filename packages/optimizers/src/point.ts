import { copy, type Space, type Vector } from '@stillpoint/operators';

/**
 * The state of a method that remembers nothing but where it is, and how many steps it made: schedules and
 * weights go by k.
 */
export type PointState = { readonly z: Vector; k: number };

/** z = z₀, in memory of the space's own. */
export function startAt(space: Space, z0: Vector): PointState {
  return { z: space.copy(z0), k: 0 };
}

/** The only live point of most methods moves. */
export function moveTo(state: { readonly z: Vector }, z: Vector): void {
  copy(state.z, z);
}
