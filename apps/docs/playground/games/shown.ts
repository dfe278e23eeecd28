import type { Series } from '../chart.js';
import { SAME, countAt, type AskedAt, type Made, type Point, type Recorder } from './recorder.js';
import type { Arrow, View } from './plane.js';

/** How many questions before the last one are shown. */
const TRAIL = 12;

/** What is shown of a run after a number of calls. */
export interface Shown extends Made {
  readonly steps: number;
  /** The last question; absent before the first. */
  readonly asked?: AskedAt;
  /** How many questions were asked. */
  readonly questions: number;
  /** Where the last step began, if the last question completed it and z has moved. */
  readonly from?: Point;
  /** Where the questions before the last one were asked, the latest last. */
  readonly trail: readonly Point[];
}

/** What is shown of a run after `at` calls: its last complete step, and its last question. */
export function shownAt(run: Recorder, at: number): Shown {
  const { steps, questions } = run;
  const made = countAt(steps, at);
  const count = countAt(questions, at);
  const last = steps[made - 1]!;
  const asked = questions[count - 1];
  const before = steps[made - 2];
  const complete = before !== undefined && asked !== undefined && last.calls >= asked.calls - SAME;
  const moved = complete && (before.z[0] !== last.z[0] || before.z[1] !== last.z[1]);
  return {
    ...last,
    calls: asked?.calls ?? 0,
    steps: made - 1,
    questions: count,
    ...(asked && { asked }),
    ...(moved && { from: before.z }),
    trail: questions
      .slice(Math.max(0, count - 1 - TRAIL), Math.max(0, count - 1))
      .map((question) => question.at),
  };
}

/** The number of calls at which the first step after `at` calls is complete; undefined if there is none. */
export function nextStep(run: Recorder, at: number): number | undefined {
  const made = countAt(run.steps, at);
  let calls: number | undefined = at;
  while (calls !== undefined && run.steps[made] === undefined)
    calls = run.next(run.questions.at(-1)?.calls ?? at);
  return run.steps[made]?.calls;
}

/** The side of the picture of the plane, in its own units. */
export const SIDE = 400;

/** From the plane to the picture. */
export const toPicture =
  ({ centre, half }: View) =>
  ([x, y]: Point): Point => [
    (SIDE / 2) * (1 + (x - centre[0]) / half),
    (SIDE / 2) * (1 - (y - centre[1]) / half),
  ];

/** From the picture to the plane. */
export const fromPicture =
  ({ centre, half }: View) =>
  ([x, y]: Point): Point => [
    centre[0] + half * ((2 * x) / SIDE - 1),
    centre[1] - half * ((2 * y) / SIDE - 1),
  ];

/** A point rounded to three digits more than the picture can show, so that links stay short. */
export function rounded(point: Point, { half }: View): Point {
  const digits = Math.max(0, Math.min(20, 3 - Math.floor(Math.log10(half))));
  const round = (x: number): number => Number(x.toFixed(digits));
  return [round(point[0]), round(point[1])];
}

/** Points far outside the picture are drawn at its distance: renderers fail on huge numbers. */
const within = (x: number): number => Number(Math.max(-9 * SIDE, Math.min(10 * SIDE, x)).toFixed(2));

/** Points as the attribute of a polyline. Those that are not finite are left out. */
export function polyline(points: readonly Point[], view: View): string {
  const to = toPicture(view);
  return points
    .filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y))
    .map((point) => to(point).map(within).join(','))
    .join(' ');
}

/** The values of a run's steps up to a number of calls, for a chart. */
export const seriesOf = (
  steps: readonly Made[],
  at: number,
  value: (made: Made) => number | undefined,
): Series => steps.slice(0, countAt(steps, at)).map((made) => [made.calls, value(made) ?? NaN]);

/** A run as the picture shows it. */
export interface Drawn extends Shown {
  readonly spec: string;
  /** The start, and z after each step. */
  readonly track: readonly Point[];
}

/** The ends of an arrow, whose middle is where it was computed. */
export const segment = ({ at: [x, y], along: [dx, dy] }: Arrow): readonly [Point, Point] => [
  [x - dx / 2, y - dy / 2],
  [x + dx / 2, y + dy / 2],
];

/** Whether a move is long enough for the tip of an arrow: a fortieth of the picture. */
export const isLong = (from: Point, to: Point, { half }: View): boolean =>
  Math.hypot(to[0] - from[0], to[1] - from[1]) > half / 20;

const directions: { readonly [key: string]: Point } = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
/** Where an arrow key moves a point: an eightieth of the view, with Shift an eighth. Undefined for others. */
export function keyed(
  { key, shiftKey }: { readonly key: string; readonly shiftKey: boolean },
  [x, y]: Point,
  { half }: View,
): Point | undefined {
  const along = directions[key];
  const length = (half / 40) * (shiftKey ? 10 : 1);
  return along && [x + length * along[0], y + length * along[1]];
}
