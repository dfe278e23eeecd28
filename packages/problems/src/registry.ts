import { InputError, findRow, flag, formatSpec, integer, number, parseOptions, parseSpec, type Game, type Given, type OptionTable, type Spec } from '@stillpoint/operators';
import { cournot, lqGame, traffic } from './equilibria.js';
import { forsaken, globalForsaken } from './forsaken.js';
import { bilinear, linear } from './linear.js';
import { markovGame } from './markov-game.js';
import { matrixGame, randomMatrixGame } from './matrix-game.js';
import { matrix, numbers } from './options.js';
import { polar } from './polar.js';
import { quadratic, randomComonotone } from './quadratic.js';
import { ratioGame } from './ratio-game.js';

/** A row of the registry of games: the only place that names a game outside its file. */
export interface GameRow {
  readonly name: string;
  readonly about: string;
  readonly options: OptionTable<Given>;
  readonly reference: string;
  /** Builds it from options. @throws InputError for an unknown or unacceptable one. */
  build(given: Given): Game;
}

function row<O extends object>(words: Pick<GameRow, 'name' | 'about' | 'reference'>, options: OptionTable<O>, make: (options: O) => Game): GameRow {
  return {
    ...words, options,
    build(given) {
      const full = parseOptions(`game ${words.name}`, options, given);
      return { ...make(full), name: formatSpec({ name: words.name, inner: [], options: Object.fromEntries(Object.entries(full)) }) };
    },
  };
}

const pethick = 'Pethick, Latafat, Patrinos, Fercoq, Cevher 2022, arXiv 2302.09831';

const seed = integer({ about: 'which random numbers', from: 0, default: 1 });

/** Every game, by name. */
export const games: readonly GameRow[] = [
  row({ name: 'bilinear', about: 'min x max y of xy: simultaneous gradient steps spiral out', reference: 'classical' }, {}, bilinear),
  row({ name: 'linear', about: 'the linear game with prescribed L and ρ; ρ < 0 pushes outwards', reference: pethick }, {
    lipschitz: number({ about: 'Lipschitz constant of F', symbol: 'L', above: 0, default: 1 }),
    weakMinty: number({ about: 'weak-Minty constant, |ρ| <= 1/L', symbol: 'ρ', default: 0 }),
  }, linear),
  row({ name: 'forsaken', about: 'one solution inside an attracting cycle, on a box', reference: 'Hsieh, Mertikopoulos, Cevher 2021, arXiv 2006.09065' }, {}, forsaken),
  row({ name: 'polar', about: 'a rotation with two limit cycles; a sets how hard, on a box', reference: pethick }, { a: number({ about: 'strength of the radial field', above: 0, default: 1 }) }, polar),
  row({ name: 'global-forsaken', about: 'Forsaken’s shape with weak Minty, on a ball', reference: pethick }, {}, globalForsaken),
  row({ name: 'matrix-game', about: 'min x max y of xᵀAy on simplices; default: rock, paper, scissors', reference: 'von Neumann 1928' }, {
    matrix: matrix({ about: 'what x pays when it chooses the row and y the column', symbol: 'A', default: [[0, 1, -1], [-1, 0, 1], [1, -1, 0]] }),
  }, matrixGame),
  row({ name: 'random-matrix-game', about: 'a matrix game with normal entries', reference: 'von Neumann 1928' }, {
    rows: integer({ about: 'choices of x', from: 1, default: 5 }), columns: integer({ about: 'choices of y', from: 1, default: 5 }), seed,
  }, randomMatrixGame),
  row({ name: 'quadratic', about: 'a quadratic game of any dimension from its matrices', reference: 'classical' }, {
    convex: matrix({ about: 'curvature for x, symmetric', symbol: 'P', default: [[1, 0], [0, 0.1]] }), coupling: matrix({ about: 'coupling of x and y', symbol: 'A', default: [[1, 2], [0, 1]] }),
    concave: matrix({ about: 'curvature against y, symmetric', symbol: 'Q', default: [[0.5, 0], [0, 0]] }), offset: numbers({ about: 'linear part (p, q)', default: null, otherwise: 'zeros' }),
  }, quadratic),
  row({ name: 'random-comonotone', about: 'a random linear operator with prescribed L and comonotonicity ρ', reference: 'own construction' }, {
    dimension: integer({ about: 'entries of both players together, even', from: 2, default: 6 }), lipschitz: number({ about: 'Lipschitz constant of F', symbol: 'L', above: 0, default: 1 }),
    comonotone: number({ about: 'comonotonicity, |ρ| <= 1/L', symbol: 'ρ', default: -0.2 }), seed,
  }, randomComonotone),
  row({ name: 'ratio-game', about: 'a ratio of two bilinear forms on simplices: nonmonotone, yet minimax equals maximin', reference: 'Daskalakis, Foster, Golowich 2020, arXiv 2101.04233; the numbers: Böhm 2022, arXiv 2201.12247' }, {
    reward: matrix({ about: 'numerator', symbol: 'R', default: [[-0.6, -0.3], [0.6, -0.3]] }), stopping: matrix({ about: 'denominator, all entries > 0', symbol: 'S', default: [[0.9, 0.5], [0.8, 0.4]] }),
  }, ratioGame),
  row({ name: 'lq-game', about: 'robust control over a few steps: control against disturbance', reference: 'Başar, Bernhard 1995' }, {
    horizon: integer({ about: 'steps', from: 1, default: 3 }), growth: number({ about: 'how the state grows by itself', default: 1 }), price: number({ about: 'what a unit of disturbance costs', symbol: 'θ', above: 0, default: 8 }),
  }, lqGame),
  row({ name: 'markov-game', about: 'a zero-sum Markov game with direct policies, two actions each', reference: 'Shapley 1953' }, {
    states: integer({ about: 'states', from: 1, default: 2 }), discount: number({ about: 'discount', symbol: 'γ', from: 0, below: 1, default: 0.5 }), seed: { ...seed, default: 7 },
  }, markovGame),
  row({ name: 'cournot', about: 'firms that choose quantities: any number of players', reference: 'Cournot 1838' }, {
    demand: number({ about: 'price at which nothing is sold', symbol: 'a', default: 10 }), slope: number({ about: 'how fast the price falls', symbol: 'b', above: 0, default: 1 }),
    costs: numbers({ about: 'cost of a unit, one for each firm', symbol: 'c', default: [1, 2, 3] }), rise: number({ about: 'how fast marginal costs rise', symbol: 'd', from: 0, default: 0.5 }),
  }, cournot),
  row({ name: 'traffic', about: 'Braess’ network: travellers choose paths, one crowd', reference: 'Braess 1968' }, {
    demand: number({ about: 'travellers', above: 0, default: 6 }), bridge: flag({ about: 'whether the short-cut is open', default: true }),
  }, traffic),
];

/** The game a spec names: `polar(a=0.75)`. @throws InputError for an unknown name or option. */
export function gameFrom(spec: string | Spec): Game {
  const { name, inner, options } = typeof spec === 'string' ? parseSpec(spec) : spec;
  if (inner.length > 0) throw new InputError(`game ${name} takes options only; found ${inner[0]?.name ?? ''}`);
  return findRow('game', games, name).build(options);
}
