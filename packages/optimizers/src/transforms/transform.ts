import type { Data, Space, Vector } from '@stillpoint/operators';

/**
 * What turns a gradient into the direction that a method steps along, in place: of all players, or of one.
 * Answers g.
 */
export type Direct<S> = {
  /** g becomes the direction. */
  direct(state: S, g: Vector, player?: number): Vector;
}['direct'];

/**
 * A gradient-to-direction transform. Its state is plain data; methods of the same name and options are the
 * same.
 */
export interface Transform<S extends Data = Data> {
  readonly name: string;
  readonly options: Data;
  /** What it remembers, before the first gradient. */
  init(space: Space): S;
  /** Once per run: the closure is scratch. */
  begin(space: Space): Direct<S>;
}
