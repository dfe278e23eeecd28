import * as tf from '@tensorflow/tfjs-core';
import { InputError, shown, unknownName, type ProximalFunction } from '@stillpoint/operators';
import { constraintFor, ownerOf, sharedOptions, type CompiledProblem, type FromOptions } from './compiled.js';
import { computerFor, type Tensors } from './computer.js';
import { problemOfLosses, scalarOf } from './of-losses.js';
import type { NamedNumbers } from './samples.js';
import { sourceOf } from './source.js';
import {
  layoutOf,
  settled,
  strictly,
  tensorsOf,
  type Layout,
  type PlayerTensors,
  type TensorsOf,
} from './tensors.js';

/** Options of {@link problemFromLosses}. */
export interface LossesOptions<P extends PlayerTensors, D extends NamedNumbers> extends FromOptions<D> {
  /**
   * Each player's tensors: a shape, or a shape with its start. Matrices given by shape alone start at
   * N(0, 1/inputs), lists and numbers at N(0, 1/100). Players move in this order when they alternate.
   */
  readonly players: P;
  /**
   * One loss per player, a scalar each, in tfjs code that can be traced: a function of all tensors and of a
   * sample, or of all data. Each player minimises its own. If a loss is a mean over the rows of `data`,
   * methods may ask for any rows; the problem then has `terms`. It has none otherwise, and where a
   * player has an entry for each row.
   */
  readonly losses: (
    players: TensorsOf<P>,
    sample: { readonly [name in keyof D]: tf.Tensor },
  ) => { readonly [player in keyof P]: tf.Tensor };
  /**
   * The set that a player's tensors stay in, or another proximal function: a spec, or a function of
   * @stillpoint/operators. Default: none.
   */
  readonly constraint?: { readonly [player in keyof P]?: string | ProximalFunction };
}

/**
 * Makes a problem of losses in tfjs code: any number of players, each with named tensors and a loss of its
 * own. F stacks each player's gradient of its own loss; products with its Jacobian are exact. An engine
 * computes all of it, in float32 and asynchronously: use `train` or `solveAsync`.
 *
 * There is one graph for all players, one for each player alone, one for the losses and two for the products,
 * for each number of rows; a graph is compiled when it is first needed. Prices are ratios of their
 * floating-point operations.
 * @throws InputError for options that are not valid, and if the losses are not one scalar per player.
 */
export async function problemFromLosses<
  const P extends PlayerTensors,
  D extends NamedNumbers = { readonly [name: string]: never },
>(options: LossesOptions<P, D>): Promise<CompiledProblem> {
  const owner = ownerOf('problemFromLosses', options, [...sharedOptions, 'players', 'losses', 'constraint']);
  const {
    losses: lossesOf,
    players: given,
    constraint: sets = {},
    facts,
    engine = 'auto',
    threads = 1,
  } = options;
  if (typeof lossesOf !== 'function')
    throw new InputError(
      `${owner}: losses is ${shown(lossesOf)}; expected a function, as ({ x, y }, { data }) => ({ x: loss, y: tf.neg(loss) })`,
    );
  const layout = layoutOf(owner, given);
  const { players } = layout;
  const source = sourceOf(owner, options);
  const constraint = constraintFor(owner, layout, sets);
  const computer = computerFor(layout, source, { engine, threads });

  /** All losses, checked, from each player's flat part of z. */
  const evaluate = (parts: readonly tf.Tensor[], sample: Tensors): readonly tf.Scalar[] => {
    const named = players.map(
      ({ name }, p) =>
        [name, strictly(`tensor of ${name} in ${owner}`, tensorsOf(layout, p, parts[p]!))] as const,
    );
    // the names of players, tensors and samples are those of the options, which TypeScript cannot follow
    const all = [
      strictly(`player of ${owner}`, Object.fromEntries(named)),
      strictly(`data of ${owner}`, sample),
    ];
    return checked(owner, layout, settled(owner, 'losses', Reflect.apply(lossesOf, undefined, all)));
  };
  return problemOfLosses({
    owner,
    kind: 'losses',
    code: lossesOf,
    layout,
    source,
    constraint,
    facts,
    threads,
    computer,
    evaluate,
  });
}

/** The losses in the order of the players. @throws InputError if they are not one scalar for each. */
function checked(owner: string, { players }: Layout, returned: unknown): readonly tf.Scalar[] {
  const names = players.map(({ name }) => name);
  if (returned === null || typeof returned !== 'object' || returned instanceof tf.Tensor)
    throw new InputError(
      `${owner}: losses returns ${returned instanceof tf.Tensor ? 'a tensor' : shown(returned)}; expected a loss for each player: { ${names.map((name) => `${name}: …`).join(', ')} }`,
    );
  for (const key of Object.keys(returned))
    if (!names.includes(key)) throw unknownName(`player of ${owner} in its losses`, key, names);
  return names.map((name) => scalarOf(owner, name, Reflect.get(returned, name)));
}
