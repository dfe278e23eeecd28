import { InputError, norm, parseSpec, unknownName, type Game, type Vector } from '@stillpoint/operators';
import { problemFrom, problems } from '@stillpoint/problems';
import type { Point } from './recorder.js';

/** The part of the plane that is shown: a square. */
export interface View {
  readonly centre: Point;
  /** Half of its side. */
  readonly half: number;
}

/** What the plane is shaded by. */
export const shades = ['speed', 'loss', 'none'] as const;
export type Shade = (typeof shades)[number];

/** How many shades there are: each covers as much of the plane as another, so that units do not matter. */
export const BANDS = 12;

/** The game of a spec. @throws InputError unless it is exact and of two numbers. */
export function planarGame(spec: string): Game {
  const { problem, exact } = problemFrom(spec);
  if (problem.draw !== undefined)
    throw new InputError(`${parseSpec(spec).name} is sampled; the plane shows exact games`);
  if (exact.dim !== 2)
    throw new InputError(`${exact.name} has ${exact.dim} numbers; the plane shows games of 2`);
  return exact;
}

function isPlanar(name: string): boolean {
  try {
    return planarGame(name) !== undefined;
  } catch {
    return false;
  }
}
/** The names of the problems of the registry that are games of two numbers with the default options. */
export const planarNames: readonly string[] = problems.map(({ name }) => name).filter(isPlanar);

/** The row of a planar game. @throws InputError for another name. */
export function planarRow(name: string): (typeof problems)[number] {
  const row = problems.find((candidate) => candidate.name === name);
  if (row === undefined) throw unknownName('game', name, planarNames);
  return row;
}

/** The start that a game states; the origin if it states none. */
export const startOfGame = ({ start }: Game): Point => [start?.[0] ?? 0, start?.[1] ?? 0];

const farthest = (points: readonly Point[], from: Point): number =>
  Math.max(...points.map(([x, y]) => Math.max(Math.abs(x - from[0]), Math.abs(y - from[1]))));

/**
 * The boundary of the game's set: the projections of a wide circle, in order. Empty without a constraint, and
 * for a constraint that is no set.
 */
export function outlineOf(game: Game): readonly Point[] {
  const { constraint } = game;
  if (constraint === undefined) return [];
  const project = (point: Point, stepSize: number): Point => {
    const z = Float64Array.from(point);
    constraint.prox(z, stepSize);
    return [z[0]!, z[1]!];
  };
  const radius = 1000 * sizeOf(game);
  const far = Array.from({ length: 720 }, (_, k): Point => {
    const angle = (2 * Math.PI * (k + 0.5)) / 720;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  const outline = far.map((point) => project(point, 1));
  const isSet = far.every((point, k) => {
    const [x, y] = project(point, 2);
    return x === outline[k]![0] && y === outline[k]![1];
  });
  return isSet
    ? outline.filter(([x, y], k) => x !== outline.at(k - 1)![0] || y !== outline.at(k - 1)![1])
    : [];
}

/** The largest entry of start and solution; 1 if both are the origin. */
function sizeOf(game: Game): number {
  const points = [startOfGame(game), ...solutionOf(game)];
  return farthest(points, [0, 0]) || 1;
}

/** The solution that a game states, as a list of none or one. */
export function solutionOf({ facts }: Game): readonly Point[] {
  const solution = facts?.solution;
  return solution === undefined ? [] : [[solution[0]!, solution[1]!]];
}

/**
 * The view of a game: around its solution, wide enough for its start and for its set, if that is bounded.
 * Each zoom makes it √2 times as small.
 */
export function viewOf(game: Game, zoom = 0): View {
  const centre = solutionOf(game)[0] ?? [0, 0];
  const outline = outlineOf(game);
  const bounded = outline.length > 0 && farthest(outline, [0, 0]) <= 20 * sizeOf(game);
  const start = farthest([startOfGame(game)], centre);
  const room = bounded ? Math.max(1.15 * farthest(outline, centre), 1.1 * start) : 1.8 * start;
  return { centre, half: (room || 2) * Math.SQRT2 ** -zoom };
}

/** An arrow along −F: the direction of a gradient step. */
export interface Arrow {
  readonly at: Point;
  /**
   * Where it points, relative to `at`. Its length grows with the square root of ‖F‖, up to one cell, which
   * four fifths of them do not reach.
   */
  readonly along: Point;
}

/** The centres of n × n cells, from the lower left corner, row by row. */
function* cells({ centre, half }: View, n: number): Generator<Point> {
  for (let j = 0; j < n; j++)
    for (let i = 0; i < n; i++)
      yield [centre[0] + half * ((2 * i + 1) / n - 1), centre[1] + half * ((2 * j + 1) / n - 1)];
}

/** An arrow in each of n × n cells, where F is finite and not 0. */
export function field(game: Game, view: View, n: number): readonly Arrow[] {
  const F = new Float64Array(2);
  const found = [...cells(view, n)].map((at) => {
    game.operator(Float64Array.from(at), F);
    return { at, F: [F[0]!, F[1]!] as const, size: norm(F) };
  });
  const shown = found.filter(({ size }) => Number.isFinite(size) && size > 0);
  const large = shown.map(({ size }) => size).toSorted((a, b) => a - b)[Math.floor(0.8 * shown.length)] ?? 1;
  return shown.map(({ at, F: [x, y], size }) => {
    const scale = (-(1.7 * view.half) / n / size) * Math.sqrt(Math.min(1, size / large));
    return { at, along: [scale * x, scale * y] };
  });
}

/**
 * The shade of each of n × n cells, from 0 for the smallest values to BANDS − 1 for the largest; −1 where the
 * value is not finite. Undefined if there is nothing to shade by.
 */
export function shading(game: Game, view: View, shade: Shade, n: number): Int8Array | undefined {
  if (shade === 'none' || (shade === 'loss' && game.losses === undefined)) return undefined;
  const out = new Float64Array(shade === 'loss' ? game.players.length : 2);
  const value = (z: Vector): number => {
    if (shade === 'loss') {
      game.losses?.(z, out);
      return out[0]!;
    }
    game.operator(z, out);
    return norm(out);
  };
  const values = Float64Array.from(cells(view, n), (at) => value(Float64Array.from(at)));
  const sorted = values.filter(Number.isFinite).toSorted();
  const limits = Array.from(
    { length: BANDS - 1 },
    (_, k) => sorted[Math.floor(((k + 1) * sorted.length) / BANDS)]!,
  );
  return Int8Array.from(values, (x) =>
    Number.isFinite(x) ? limits.filter((limit) => x >= limit).length : -1,
  );
}
