import { copy, mix, roundoff, type Asking, type Space, type Vector } from '@stillpoint/operators';

/** Halvings of a step at most. */
const HALVINGS = 40;
/** Losses that a search asks for at most. */
export const mostLosses: number = 3 + HALVINGS;

/**
 * The step θ in [0, 1] from z towards s for f + h, h on the segment taken as the line between its values;
 * slope is ⟨∇f(z), s − z⟩, gap = −slope − h(s) + h(z) > 0. θ = min(1, gap/c), c = 2(f(s) − f(z) − slope),
 * which is exact for quadratic f; then halved until f + h has fallen by ¼θ·gap, which a quadratic does at
 * once. Three losses or more, on the sample last drawn; it notes where it ran out.
 */
export function segmentSearch(
  space: Space,
): (z: Vector, s: Vector, slope: number, gap: number) => Asking<number> {
  const trial = space.vector();
  const roundings = 8 * roundoff(trial);
  function* f(at: Vector): Asking<number> {
    return (yield { want: 'losses', at, sample: 'same' })[0]!;
  }
  return function* (z, s, slope, gap) {
    const fz = yield* f(z);
    const c = 2 * ((yield* f(s)) - fz - slope);
    let θ = c > gap ? gap / c : 1;
    for (let halvings = 0; halvings <= HALVINGS; halvings++, θ /= 2) {
      mix(copy(trial, z), θ, s);
      const fell = fz - (yield* f(trial)) + θ * (gap + slope); // of f + h
      if (fell >= (θ * gap) / 4 - roundings * Math.abs(fz)) return θ;
    }
    space.note(`the line search halved its step ${HALVINGS} times without coming to a lower value`);
    return 0;
  };
}
