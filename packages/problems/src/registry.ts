import {
  formatSpec,
  registry,
  row,
  type Game,
  type Registered,
  type Registry,
  type Row,
  type Spec,
  type Vector,
} from '@stillpoint/operators';
import { neuralOdeTable } from './control/neural-ode.js';
import { neuralOdeShooting } from './control/shooting.js';
import { cournot, cournotTable, lqGame, lqGameTable, traffic, trafficTable } from './games/equilibria.js';
import { exponentialSaddle, exponentialSaddleTable } from './games/exponential-saddle.js';
import { forsaken, globalForsaken } from './games/forsaken.js';
import { bilinear, linear, linearTable } from './games/linear.js';
import { markovGame, markovGameTable } from './games/markov-game.js';
import {
  matrixGame,
  matrixGameTable,
  randomMatrixGame,
  randomMatrixGameTable,
  valueBounds,
} from './games/matrix-game.js';
import { minimaxF1, minimaxF2, minimaxF3 } from './games/minimax.js';
import { oneSidedOnly, oneSidedOnlyTable } from './games/one-sided-only.js';
import { oneSided, oneSidedTable } from './games/one-sided.js';
import { polar, polarTable } from './games/polar.js';
import { quadratic, quadraticTable, randomComonotone, randomComonotoneTable } from './games/quadratic.js';
import { ratioGame, ratioGameTable } from './games/ratio-game.js';
import { xyBox } from './games/xy-box.js';

/** What the registry holds of a game. No other file but the game's own names it. */
export interface GameEntry extends Row<Game> {
  readonly reference: string;
  /** Bounds of the game's value that the point z proves. Absent if the game has none. */
  readonly valueBounds?: (game: Game, z: Vector) => { readonly lower: number; readonly upper: number };
}

/** A row of the registry of games. */
export type GameRow = Registered<GameEntry, Game>;

const followTheRidge = 'Wang, Zhang, Ba 2020, arXiv 1910.07512';
const pethick = 'Pethick, Latafat, Patrinos, Fercoq, Cevher 2022, arXiv 2302.09831';

const entries: readonly GameEntry[] = [
  row(
    {
      name: 'bilinear',
      about: 'min over x, max over y of xy: simultaneous gradient steps spiral out',
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
      about: 'a rotation with two limit cycles, on a box; a larger a is harder',
      reference: pethick,
    },
    polarTable,
    polar,
  ),
  row(
    {
      name: 'global-forsaken',
      about: 'a variant of Forsaken for which weak Minty holds, on a ball',
      reference: pethick,
    },
    {},
    globalForsaken,
  ),
  row(
    {
      name: 'matrix-game',
      about: 'min over x, max over y of xᵀAy on simplices; default: rock, paper, scissors',
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
      about: 'robust control over a few time steps: a control against a disturbance',
      reference: 'Başar, Bernhard 1995',
    },
    lqGameTable,
    lqGame,
  ),
  row(
    {
      name: 'markov-game',
      about: 'a zero-sum Markov game with direct policies, two actions for each player',
      reference: 'Shapley 1953',
    },
    markovGameTable,
    markovGame,
  ),
  row(
    {
      name: 'cournot',
      about: 'firms choose the quantities they sell; any number of players',
      reference: 'Cournot 1838',
    },
    cournotTable,
    cournot,
  ),
  row(
    {
      name: 'traffic',
      about: 'Braess’ network: one player, a crowd of travellers, who choose paths',
      reference: 'Braess 1968',
    },
    trafficTable,
    traffic,
  ),
  row(
    {
      name: 'minimax-f1',
      about: '−3x² − y² + 4xy: a minimax point that gradient descent–ascent leaves',
      reference: followTheRidge,
    },
    {},
    minimaxF1,
  ),
  row(
    {
      name: 'minimax-f2',
      about: '3x² + y² + 4xy: no minimax point, yet gradient descent–ascent converges; sup over y is ∞',
      reference: followTheRidge,
    },
    {},
    minimaxF2,
  ),
  row(
    {
      name: 'minimax-f3',
      about: 'a polynomial of degree 6 times a Gaussian: a local minimax point inside a limit cycle',
      reference: followTheRidge,
    },
    {},
    minimaxF3,
  ),
  row(
    {
      name: 'xy-box',
      about: 'xy on the box |x|, |y| ≤ 5',
      reference: 'Keswani, Mangoubi, Sachdeva, Vishnoi 2022, arXiv 2006.12376',
    },
    {},
    xyBox,
  ),
  row(
    {
      name: 'exponential-saddle',
      about:
        'strongly monotone, (L₀, L₁)-smooth, no L: the farther the start, the shorter a step size that converges',
      reference: 'own construction',
    },
    exponentialSaddleTable,
    exponentialSaddle,
  ),
  row(
    {
      name: 'one-sided',
      about: '(½‖x‖² + 1)(1 + y), y in [0, 1]: x converges, the gradient of y stays at 1 or more',
      reference: 'own construction',
    },
    oneSidedTable,
    oneSided,
  ),
  row(
    {
      name: 'one-sided-only',
      about:
        'a Minty inequality for x alone: x converges, the gradient of y stays at 1 or more, no z* serves both',
      reference: 'own construction',
    },
    oneSidedOnlyTable,
    oneSidedOnly,
  ),
  row(
    {
      name: 'neural-ode-shooting',
      about: 'one player: the maximum principle of neural-ode as a fixed-point problem, θ − T(θ) = 0',
      reference: 'Bonnet, Cipriani, Fornasier, Huang 2021, arXiv 2107.08707',
    },
    neuralOdeTable,
    neuralOdeShooting,
  ),
];

/**
 * The registry of games: finds a row, and builds a game from a spec. The name of a game so built is its full
 * spec.
 */
export const gameRegistry: Registry<GameEntry, Game> = registry('game', entries, (game, spec) => ({
  ...game,
  name: formatSpec(spec),
  identity: { kind: 'game', name: spec.name, options: spec.options },
}));

/** Every game, by name. */
export const games: readonly GameRow[] = gameRegistry.rows;

/**
 * Returns the game that a spec names, as `polar(a=0.75)`. @throws InputError for an unknown name or
 * option.
 */
export const gameFrom: (spec: string | Spec) => Game = gameRegistry.from;
