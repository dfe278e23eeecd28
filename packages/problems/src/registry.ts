import { InputError, findRow, formatSpec, number, parseOptions, parseSpec, type Game, type Given, type OptionTable, type Spec } from '@stillpoint/operators';
import { forsaken, globalForsaken } from './forsaken.js';
import { bilinear, linear } from './linear.js';
import { polar } from './polar.js';

/** A row of the registry of games: the only place that names a game outside its file. */
export interface GameRow {
  readonly name: string;
  readonly about: string;
  readonly options: OptionTable<Given>;
  readonly reference: string;
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

const pethick = 'Pethick, Latafat, Patrinos, Fercoq, Cevher 2023, arXiv 2302.09831';

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
];

/** The game a spec names: `polar(a=0.75)`. @throws InputError for an unknown name or option. */
export function gameFrom(spec: string | Spec): Game {
  const { name, inner, options } = typeof spec === 'string' ? parseSpec(spec) : spec;
  if (inner.length > 0) throw new InputError(`game ${name} takes options only; found ${inner[0]?.name ?? ''}`);
  return findRow('game', games, name).build(options);
}
