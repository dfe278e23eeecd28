import {
  InputError,
  asSpec,
  findRow,
  formatSpec,
  parseOptions,
  type Game,
  type Given,
  type OptionTable,
  type Spec,
  type Vector,
} from '@stillpoint/operators';
import { cournot, cournotTable, lqGame, lqGameTable, traffic, trafficTable } from './equilibria.js';
import { forsaken, globalForsaken } from './forsaken.js';
import { bilinear, linear, linearTable } from './linear.js';
import { markovGame, markovGameTable } from './markov-game.js';
import {
  matrixGame,
  matrixGameTable,
  randomMatrixGame,
  randomMatrixGameTable,
  valueBounds,
} from './matrix-game.js';
import { polar, polarTable } from './polar.js';
import { quadratic, quadraticTable, randomComonotone, randomComonotoneTable } from './quadratic.js';
import { ratioGame, ratioGameTable } from './ratio-game.js';

/** A row of the registry of games: the only place that names a game outside its file. */
export interface GameRow {
  readonly name: string;
  readonly about: string;
  readonly options: OptionTable<Given>;
  readonly reference: string;
  /** Bounds of the game's value that any point proves, where there are such. */
  readonly valueBounds?: (game: Game, z: Vector) => { readonly lower: number; readonly upper: number };
  /** Builds it from options. @throws InputError for an unknown or unacceptable one. */
  build(given: Given): Game;
}

function row<O extends object>(
  words: Pick<GameRow, 'name' | 'about' | 'reference' | 'valueBounds'>,
  options: OptionTable<O>,
  make: (options: O) => Game,
): GameRow {
  return {
    ...words,
    options,
    build(given) {
      const full = parseOptions(`game ${words.name}`, options, given);
      const all: Given = Object.fromEntries(Object.entries(full));
      return {
        ...make(full),
        name: formatSpec({ name: words.name, inner: [], options: all }),
        identity: { kind: 'game', name: words.name, options: all },
      };
    },
  };
}

const pethick = 'Pethick, Latafat, Patrinos, Fercoq, Cevher 2022, arXiv 2302.09831';

/** Every game, by name. */
export const games: readonly GameRow[] = [
  row(
    {
      name: 'bilinear',
      about: 'min x max y of xy: simultaneous gradient steps spiral out',
      reference: 'classical',
    },
    {},
    bilinear,
  ),
  row(
    {
      name: 'linear',
      about: 'the linear game with prescribed L and ρ; ρ < 0 pushes outwards',
      reference: pethick,
    },
    linearTable,
    linear,
  ),
  row(
    {
      name: 'forsaken',
      about: 'one solution inside an attracting cycle, on a box',
      reference: 'Hsieh, Mertikopoulos, Cevher 2021, arXiv 2006.09065',
    },
    {},
    forsaken,
  ),
  row(
    {
      name: 'polar',
      about: 'a rotation with two limit cycles; a sets how hard, on a box',
      reference: pethick,
    },
    polarTable,
    polar,
  ),
  row(
    { name: 'global-forsaken', about: 'Forsaken’s shape with weak Minty, on a ball', reference: pethick },
    {},
    globalForsaken,
  ),
  row(
    {
      name: 'matrix-game',
      about: 'min x max y of xᵀAy on simplices; default: rock, paper, scissors',
      reference: 'von Neumann 1928',
      valueBounds,
    },
    matrixGameTable,
    matrixGame,
  ),
  row(
    {
      name: 'random-matrix-game',
      about: 'a matrix game with normal entries',
      reference: 'von Neumann 1928',
      valueBounds,
    },
    randomMatrixGameTable,
    randomMatrixGame,
  ),
  row(
    {
      name: 'quadratic',
      about: 'a quadratic game of any dimension from its matrices',
      reference: 'classical',
    },
    quadraticTable,
    quadratic,
  ),
  row(
    {
      name: 'random-comonotone',
      about: 'a random linear operator with prescribed L and comonotonicity ρ',
      reference: 'own construction',
    },
    randomComonotoneTable,
    randomComonotone,
  ),
  row(
    {
      name: 'ratio-game',
      about: 'a ratio of two bilinear forms on simplices: nonmonotone, yet minimax equals maximin',
      reference:
        'Daskalakis, Foster, Golowich 2020, arXiv 2101.04233; the numbers: Böhm 2022, arXiv 2201.12247',
    },
    ratioGameTable,
    ratioGame,
  ),
  row(
    {
      name: 'lq-game',
      about: 'robust control over a few steps: control against disturbance',
      reference: 'Başar, Bernhard 1995',
    },
    lqGameTable,
    lqGame,
  ),
  row(
    {
      name: 'markov-game',
      about: 'a zero-sum Markov game with direct policies, two actions each',
      reference: 'Shapley 1953',
    },
    markovGameTable,
    markovGame,
  ),
  row(
    {
      name: 'cournot',
      about: 'firms that choose quantities: any number of players',
      reference: 'Cournot 1838',
    },
    cournotTable,
    cournot,
  ),
  row(
    {
      name: 'traffic',
      about: 'Braess’ network: travellers choose paths, one crowd',
      reference: 'Braess 1968',
    },
    trafficTable,
    traffic,
  ),
];

/** The game a spec names: `polar(a=0.75)`. @throws InputError for an unknown name or option. */
export function gameFrom(spec: string | Spec): Game {
  const { name, inner, options } = asSpec(spec);
  if (inner.length > 0)
    throw new InputError(`game ${name} takes options only; found ${inner[0]?.name ?? ''}`);
  return findRow('game', games, name).build(options);
}
