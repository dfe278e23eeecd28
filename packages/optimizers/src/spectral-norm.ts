import { norm, normal, scale, type Query, type Space, type Vector } from '@stillpoint/operators';
import { copy } from '@stillpoint/operators';

/** Power iterations at most, and the relative change at which they end. */
const MOST = 200;
const TOLERANCE = 1e-10;

/** A direction to begin with, the same in every run: no structure of a game is likely to be blind to it. */
export function startDirection(space: Space): Vector {
  const v = normal(space.vector(), { seed: 0, purpose: 'power iteration' });
  scale(v, 1 / norm(v));
  return v;
}

/** ‖J(z)‖₂ from below, by power iterations on JᵀJ from v; v becomes the direction that is stretched most. */
export function spectralNorm(space: Space): (z: Vector, v: Vector) => Generator<Query, number, Vector> {
  const w = space.vector();
  return function* (z, v) {
    let last = 0;
    for (let i = 0; i < MOST; i++) {
      copy(w, yield { at: z, along: v, sample: 'same' });
      const stretch = norm(w);
      if (stretch === 0 || !Number.isFinite(stretch)) return stretch;
      const back = yield { at: z, along: w, transposed: true, sample: 'same' };
      const length = norm(back);
      if (length === 0) return stretch;
      copy(v, back);
      scale(v, 1 / length);
      if (Math.abs(stretch - last) <= TOLERANCE * stretch) return stretch;
      last = stretch;
    }
    return last;
  };
}
