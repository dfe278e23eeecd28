import { formatSpec, messageOf, nearest, parseSpec, type Game } from '@stillpoint/operators';
import { methods } from '@stillpoint/optimizers/registry';
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

/** A state, and in words what of the link could not be taken. */
export interface Read<T> {
  readonly state: T;
  readonly messages: readonly string[];
}

/** The most methods at once, and the most calls of each. */
export const MOST_METHODS = 4;
export const MOST_CALLS = 5000;
export const MOST_ZOOM = 12;

const usual = { game: 'bilinear', methods: ['gda(stepSize=0.3)', 'extragradient(stepSize=0.3)'], at: 12 };

/** What was wrong, and what is taken instead. */
const instead = (wrong: string, taken: string): string =>
  `${wrong}${/[.?]$/.test(wrong) ? '' : '.'} ${taken}`;

/** A number as text that reads back the same. */
const short = (x: number): string => String(Object.is(x, -0) ? 0 : x);

/** The query of a link to a state. What is as on a first visit is left out. */
export function writeGames({ game, methods: specs, start, at, shade, zoom }: GamesState): string {
  const query = new URLSearchParams({ game });
  for (const spec of specs) query.append('method', spec);
  query.set('start', start.map(short).join(','));
  query.set('calls', short(at));
  if (shade !== 'speed') query.set('shade', shade);
  if (zoom !== 0) query.set('zoom', short(zoom));
  // what may stand in a query as it is stays readable
  return `?${query.toString().replace(/%(28|29|2C|3D|5B|5D)/g, (code) => decodeURIComponent(code))}`.replaceAll(
    '+',
    '%20',
  );
}

/** A spec whose name is the nearest of these to its own; undefined if there is none, or no spec. */
function nearestSpec(text: string, names: readonly string[]): string | undefined {
  try {
    const spec = parseSpec(text);
    const name = names.includes(spec.name) ? spec.name : nearest(spec.name, names);
    return name === undefined ? undefined : formatSpec({ ...spec, name });
  } catch {
    return undefined;
  }
}

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

/** The spec, or the nearest one that runs on the game; undefined if there is none. */
function readMethod(text: string, game: Game, start: Point, messages: string[]): string | undefined {
  const reason = refusal(game, text, start);
  if (reason === undefined) return text;
  const near = nearestSpec(
    text,
    methods.map(({ name }) => name),
  );
  const usualOf = near && choices(game).find(({ name }) => name === parseSpec(near).name)?.spec;
  const taken = [near, usualOf].find(
    (spec) => spec !== undefined && refusal(game, spec, start) === undefined,
  );
  messages.push(instead(reason, taken === undefined ? 'It is left out.' : `This is ${taken}.`));
  return taken;
}

/** Reads a number, and says what was wrong with it. */
export function readNumber(
  query: URLSearchParams,
  key: string,
  {
    from,
    to,
    whole,
    otherwise,
  }: { readonly from: number; readonly to: number; readonly whole: boolean; readonly otherwise: number },
  messages: string[],
): number {
  const text = query.get(key);
  if (text === null) return otherwise;
  const x = text.trim() === '' ? NaN : Number(text);
  const near = Number.isNaN(x) ? otherwise : Math.min(to, Math.max(from, whole ? Math.round(x) : x));
  if (near !== x)
    messages.push(
      `${key} is ${text}; expected a ${whole ? 'whole ' : ''}number from ${from} to ${to}. This is ${near}.`,
    );
  return near;
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
  const runnable = given.flatMap((method) => readMethod(method, game, start, messages) ?? []);
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
