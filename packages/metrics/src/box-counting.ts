// Falconer, "Fractal geometry" (3rd edition, 2014), chapter 2: the box-counting, or Minkowski–Bouligand,
// dimension.
import { InputError, shown, type Vector } from '@stillpoint/operators';
import { checkPositive, checkWhole, countOf, given } from './check.js';

/** Options of {@link boxCounting}. */
export interface BoxCountingOptions {
  /** Numbers of one point. */
  readonly dim: number;
  /** Boxes of level k have the side width·base^−k; > 1. Default: 2. */
  readonly base?: number;
  /** The level of the largest boxes that are counted. Default: 1. */
  readonly coarsest?: number;
  /**
   * The level of the smallest. Default: the last, from `coarsest` on, at which there are ten points or more
   * for every box that holds one, of at most 40 levels.
   */
  readonly finest?: number;
  /** A corner of the box of level 0. Default: the least of each coordinate. */
  readonly origin?: readonly number[];
  /** Its side. Default: the largest extent of the points. */
  readonly width?: number;
}

/** How many boxes of one side hold a point. */
export interface BoxCount {
  readonly level: number;
  readonly side: number;
  readonly boxes: number;
}

/** The box-counting dimension of points, over a range of scales. */
export interface BoxCounting {
  /** The slope of log(boxes) over log(1/side), by least squares. */
  readonly dimension: number;
  /** From coarse to fine. */
  readonly counts: readonly BoxCount[];
  /** The largest distance of a log(boxes) from the line: 0 on a set that looks the same at each scale. */
  readonly deviation: number;
}

/** With fewer points for each box that holds one, boxes that should hold some are likely to be empty. */
const PER_BOX = 10;
/** Three counts are the fewest of which a line can be wrong. */
const FEWEST = 3;
const LEVELS = 40;

/** The slope of y over x by least squares, and the largest distance of a y from the line. */
function lineThrough(x: readonly number[], y: readonly number[]): { slope: number; deviation: number } {
  const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const square = x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
  const slope = x.reduce((sum, v, i) => sum + (v - mx) * (y[i]! - my), 0) / square;
  return { slope, deviation: Math.max(...x.map((v, i) => Math.abs(y[i]! - my - slope * (v - mx)))) };
}

/** How many boxes of this side, counted from `origin`, hold a point. */
function occupied(points: Vector, origin: ArrayLike<number>, side: number): number {
  const dim = origin.length;
  const seen = new Set<string>();
  for (let at = 0; at < points.length; at += dim) {
    let box = '';
    for (let j = 0; j < dim; j++) box += `${Math.floor((points[at + j]! - origin[j]!) / side)},`;
    seen.add(box);
  }
  return seen.size;
}

/**
 * The box-counting dimension of points, such as the late iterates of a run: the slope of log N over log(1/ε),
 * N the number of boxes of side ε that hold a point, over the levels from `coarsest` to `finest`. Boxes are
 * half-open, [k·ε, (k + 1)·ε) from the origin on. A set of small pieces that are copies of the whole has
 * straight counts if the base is the factor between them: 3 for the Cantor set, from origin 0 with width 1,
 * where N = 2^k. Finitely many points have dimension 0 at scales below their distances, so a level with fewer
 * than ten points for each of its boxes is refused. Whatever the points, it is at most `dim`.
 *
 * @param points flat, `[n, dim]`.
 * @throws InputError for points that are empty or not finite, for options that are not of their kind, for a
 *   range of fewer than three levels, if there are too few points for `finest`, or for any three levels, and
 *   for boxes at `coarsest` that are twice as wide as all points together.
 */
export function boxCounting(points: Vector, options: BoxCountingOptions): BoxCounting {
  const { dim, base = 2, coarsest = 1, finest } = given('options', options, '{ dim: 2 }');
  const n = countOf('points', points, dim);
  if (!Number.isFinite(base) || base <= 1)
    throw new InputError(`base is ${shown(base)}; expected a number > 1, such as 2`);
  checkWhole('coarsest', coarsest, '1', 0);
  if (finest !== undefined) checkWhole('finest', finest, `${coarsest + 4}`, coarsest + FEWEST - 1);
  const least = Array.from({ length: dim }, () => Infinity);
  let extent = 0;
  for (let j = 0; j < dim; j++) {
    let most = -Infinity;
    for (let at = j; at < points.length; at += dim) {
      least[j] = Math.min(least[j]!, points[at]!);
      most = Math.max(most, points[at]!);
    }
    extent = Math.max(extent, most - least[j]!);
  }
  // a little more, so that the farthest points are inside of the last box
  const { origin = least, width = extent > 0 ? extent * (1 + 2 ** -30) : 1 } = options;
  checkPositive('width', width, ', the side of the box of level 0');
  if (origin.length !== dim || !origin.every(Number.isFinite))
    throw new InputError(`origin is ${shown(origin)}; expected ${dim} finite numbers`);
  if (extent > 0 && width * base ** -coarsest >= 2 * extent)
    throw new InputError(
      `boxes of level ${coarsest} have side ${width * base ** -coarsest}, and the points extend over ${extent}: all would be in one box; expected a width of about ${extent}`,
    );

  const counts: BoxCount[] = [];
  for (let level = coarsest; level <= (finest ?? coarsest + LEVELS - 1); level++) {
    const side = width * base ** -level;
    const boxes = occupied(points, origin, side);
    if (n < PER_BOX * boxes) {
      if (finest === undefined && counts.length >= FEWEST) break;
      const enough = counts.length >= FEWEST ? `, or finest <= ${level - 1}` : '';
      throw new InputError(
        `${n} points are in ${boxes} boxes of level ${level}; expected ${PER_BOX} points for each box at least: ${PER_BOX * boxes} points or more${enough}`,
      );
    }
    counts.push({ level, side, boxes });
  }
  const { slope, deviation } = lineThrough(
    counts.map(({ side }) => -Math.log(side)),
    counts.map(({ boxes }) => Math.log(boxes)),
  );
  return { dimension: slope, counts, deviation };
}
