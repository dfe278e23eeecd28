import { messageOf, parseSpec, type Game } from '@stillpoint/operators';
import { instead, nearestSpec, queryOf, readMethod, readNumber, short, type Read } from '../link.js';
import { choices, refusal } from './methods.js';
import { planarGame, planarNames, shades, startOfGame, type Shade } from './plane.js';
import type { Point } from './recorder.js';

/** What a link to the page of games says. */
export interface GamesState {
  /** A spec. */
  readonly game: string;
  /** Specs, one to four. */
  readonly methods: readonly string[];
  readonly start: Point;
  /** How many oracle calls of each method are shown. */
  readonly at: number;
  readonly shade: Shade;
  readonly zoom: number;
}

/** The most methods at once, and the most calls of each. */
export const MOST_METHODS = 4;
export const MOST_CALLS = 5000;
export const MOST_ZOOM = 12;

const usual = { game: 'bilinear', methods: ['gda(stepSize=0.3)', 'extragradient(stepSize=0.3)'], at: 12 };

/** The query of a link to a state. What is as on a first visit is left out. */
export const writeGames = ({ game, methods, start, at, shade, zoom }: GamesState): string =>
  queryOf([
    ['game', game],
    ...methods.map((spec) => ['method', spec] as const),
    ['start', start.map(short).join(',')],
    ['calls', short(at)],
    ...(shade === 'speed' ? [] : [['shade', shade] as const]),
    ...(zoom === 0 ? [] : [['zoom', short(zoom)] as const]),
  ]);

function readGame(text: string, messages: string[]): { readonly spec: string; readonly game: Game } {
  try {
    return { spec: text, game: planarGame(text) };
  } catch (error) {
    const near = nearestSpec(text, planarNames);
    const candidates = near === undefined ? [] : [near, parseSpec(near).name];
    for (const spec of [...candidates, usual.game])
      try {
        const game = planarGame(spec);
        messages.push(instead(messageOf(error), `This is ${spec}.`));
        return { spec, game };
      } catch {
        // the next one
      }
    throw error;
  }
}

function readStart(text: string | null, game: Game, messages: string[]): Point {
  const own = startOfGame(game);
  if (text === null) return own;
  const [x = NaN, y = NaN, ...more] = text
    .split(',')
    .map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (Number.isFinite(x) && Number.isFinite(y) && more.length === 0) return [x, y];
  messages.push(`start is ${text}; expected two numbers as 1,-0.5. This is ${own.join(',')}.`);
  return own;
}

/** The state of a link's query. What it does not say is as on a first visit. */
export function readGames(text: string): Read<GamesState> {
  const query = new URLSearchParams(text);
  const messages: string[] = [];
  const { spec, game } = readGame(query.get('game') ?? usual.game, messages);
  const start = readStart(query.get('start'), game, messages);
  const asked = query.getAll('method');
  if (asked.length > MOST_METHODS)
    messages.push(
      `${asked.length} methods are given; expected at most ${MOST_METHODS}. These are the first ${MOST_METHODS}.`,
    );
  const given = asked.slice(0, MOST_METHODS);
  const runnable = given.flatMap(
    (method) =>
      readMethod(
        method,
        (candidate) => refusal(game, candidate, start),
        () => choices(game),
        messages,
      ) ?? [],
  );
  const first = usual.methods.map((method) =>
    spec === usual.game ? method : choices(game).find(({ name }) => name === parseSpec(method).name)?.spec,
  );
  const shade = query.get('shade') ?? 'speed';
  const known = shades.find((candidate) => candidate === shade);
  if (known === undefined)
    messages.push(`shade is ${shade}; expected one of ${shades.join(', ')}. This is speed.`);
  return {
    state: {
      game: spec,
      methods: runnable.length > 0 ? runnable : first.flatMap((method) => method ?? []),
      start,
      at: readNumber(
        query,
        'calls',
        { from: 0, to: MOST_CALLS, whole: false, otherwise: usual.at },
        messages,
      ),
      shade: known ?? 'speed',
      zoom: readNumber(
        query,
        'zoom',
        { from: -MOST_ZOOM, to: MOST_ZOOM, whole: true, otherwise: 0 },
        messages,
      ),
    },
    messages,
  };
}
