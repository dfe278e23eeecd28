import * as tf from '@tensorflow/tfjs-core';
import {
  contentHash,
  isFiniteVector,
  sizeOf,
  type Asked,
  type ProximalFunction,
  type Vector,
} from '@stillpoint/operators';
import { float32, seenBy, type CompiledProblem, type FromOptions } from './compiled.js';
import { computerFor, type Body, type Tensors } from './computer.js';
import { implicitSlope } from './implicit.js';
import { innerCheck } from './inner-check.js';
import { composed, completed, descent, forwardSlope, type Levels } from './levels.js';
import { levelsGiven, type PerLevel } from './level-options.js';
import { dependent, problemOfLosses, scalarOf } from './of-losses.js';
import type { NamedDense, NamedNumbers } from './samples.js';
import { settled, startAt, strictly, tensorsOf, type PlayerTensors, type TensorsOf } from './tensors.js';

/** Options of {@link multilevelProblem}. */
export interface MultilevelOptions<P extends PlayerTensors, D extends NamedNumbers> extends Omit<
  FromOptions<D>,
  'batch' | 'data'
> {
  /**
   * Each level's tensors, from the top down, two levels or more: a shape, or a shape with its start, as of
   * `problemFromLosses`. A lower level's descent begins at its start each time.
   */
  readonly levels: P;
  /**
   * Each level's loss, a scalar in tfjs code that can be traced: a function of the tensors of all levels and
   * of the data. A level chooses its own tensors; those above it are given, those below it are solved for
   * these.
   */
  readonly losses: {
    readonly [level in keyof P]: (
      levels: TensorsOf<P>,
      data: { readonly [name in keyof D]: tf.Tensor },
    ) => tf.Tensor;
  };
  /** T, the gradient steps of each lower level: one number for all, or by level. Default 10. */
  readonly steps?: PerLevel;
  /** η, the length of these steps, below 2/L of the level's loss: one number for all, or by level. */
  readonly stepSize: PerLevel;
  /** The set of the top level's tensors, or another proximal function, or its spec. Default: none. */
  readonly constraint?: string | ProximalFunction;
  /**
   * How the gradient goes through the steps: `reverse`, which keeps every step in memory, or `forward`, which
   * keeps none, but costs a product for each number of the top level. Both are exact. `implicit`, of two
   * levels, goes around them: it differentiates that the lower level's gradient is 0, which it must be after
   * the steps, and its loss strongly convex. Default `reverse`.
   */
  readonly derivatives?: 'reverse' | 'forward' | 'implicit';
  /**
   * Steps of conjugate gradients that solve for the implicit gradient, each a product with the lower level's
   * Hessian. Default: the numbers of the lower level, at most 20.
   */
  readonly products?: number;
  /** Arrays that the losses are given whole, of any shapes. */
  readonly data?: D;
}

/** Where the steps of a lower level ended, which stands for its solution. */
export interface LowerSolution {
  readonly name: string;
  /** Where its steps ended. */
  readonly tensors: { readonly [tensor: string]: Vector };
  /** Its loss where its steps began and ended. */
  readonly loss: readonly [first: number, last: number];
  /** The norm of its gradient there. The last shows how far it is from a stationary point. */
  readonly gradient: readonly [first: number, last: number];
  /**
   * With derivatives `implicit`: what conjugate gradients left of the linear system for the gradient, as a
   * share of its right side. If it is not small, more `products` are needed.
   */
  readonly residual?: number;
}

/** The problem of the top level. */
export interface MultilevelProblem extends CompiledProblem {
  /** The solutions of the lower levels for z, from the second level down. */
  readonly lowerSolutions: (z: Vector, sample?: NamedDense) => Promise<readonly LowerSolution[]>;
}

/**
 * Problems inside problems as one problem of the top level: each lower level is replaced by T steps of
 * gradient descent on its loss,
 *   x₃ = GD_T(f₃(x₁, x₂, ·)),  x₂ = GD_T(f₂(x₁, ·, x₃(x₁, ·))),  min over x₁ of f₁(x₁, x₂(x₁), x₃(x₁, x₂)),
 * for any number of levels. The gradient goes through all of the steps, exactly; with a constraint `gda` is
 * the projected gradient method. For T → ∞ this becomes the nested problem, if the lower losses are strongly
 * convex and η < 2/L. With derivatives `implicit` the gradient is that of the nested problem at the point
 * where the steps end, and has no product with its own Jacobian: methods take differences.
 *
 * Cost: a call of the problem makes one gradient of f₁ and T gradients of each lower loss for each step of
 * the level above and once more, all with derivatives: `about` counts them, `operations()` adds them up.
 * Source: Ryo Sato, Mirai Tanaka, Akiko Takeda, "A gradient method for multilevel optimization", 2021, arXiv
 * 2105.13954.
 * @throws InputError for options that are not valid, and where the steps of a level raise its loss, at the
 *   start or where the gradient is not finite later: they are then longer than 2/L.
 */
export async function multilevelProblem<
  const P extends PlayerTensors,
  D extends NamedNumbers = { readonly [name: string]: never },
>(options: MultilevelOptions<P, D>): Promise<MultilevelProblem> {
  const {
    owner,
    names,
    below,
    layout,
    layouts,
    functions,
    inner,
    derivatives,
    products,
    source,
    constraint,
  } = levelsGiven(options);
  const { facts, engine = 'auto', threads = 1, seed = 0 } = options;
  const isImplicit = derivatives === 'implicit';
  const starts = layouts.slice(1).map((own) => startAt(own, seed));

  const levelsOn = (sample: Tensors): Levels => ({
    losses: functions.map(([name, loss]) => (parts: readonly tf.Tensor[]) => {
      const named = names.map(
        (level, i) =>
          [level, strictly(`tensor of ${level} in ${owner}`, tensorsOf(layouts[i]!, 0, parts[i]!))] as const,
      );
      // the names of levels, tensors and data are those of the options, which TypeScript cannot follow
      const seen = [
        strictly(`level of ${owner}`, Object.fromEntries(named)),
        strictly(`data of ${owner}`, sample),
      ];
      return scalarOf(owner, name, settled(owner, `losses.${name}`, Reflect.apply(loss, undefined, seen)));
    }),
    lower: inner.map((steps, i) => ({
      ...steps,
      start: () => tf.tensor1d(starts[i]!),
      named: (differentiate) => dependent(owner, below[i]!, differentiate),
    })),
  });

  const computer = computerFor(layout, source, { engine, threads });
  const lowerLevels: Body = ({ z = [] }, sample) => {
    const levels = levelsOn(sample);
    const at = completed(levels, z);
    const each = below.map((_, i) => descent(levels, at.slice(0, i + 1)));
    return {
      ...Object.fromEntries(
        each.flatMap(({ y, course }, i) => [
          [`y ${i}`, y],
          [`course ${i}`, course],
        ]),
      ),
      ...(isImplicit && { residual: implicitSlope(levels, z[0]!, products).residual() }),
    };
  };
  const tooLong = innerCheck(owner, below, inner, levelsOn, computer);

  const made = await problemOfLosses({
    owner,
    kind: 'levels',
    code: functions.map(([, loss]) => loss),
    more: {
      levels: layouts.slice(1).map(({ blocks }) => blocks.map(({ name, shape }) => ({ name, shape }))),
      starts: starts.map((start) => contentHash(new Uint8Array(start.buffer))),
      inner: inner.map(({ steps, stepSize }) => ({ steps, stepSize })),
      derivatives,
      ...(isImplicit && { products }),
    },
    layout,
    source,
    constraint,
    facts,
    threads,
    computer,
    evaluate: (parts, sample) => [composed(levelsOn(sample), 0)(parts)],
    ...(derivatives === 'forward' && {
      slope: (_: number, [x]: readonly tf.Tensor[], sample: Tensors) => forwardSlope(levelsOn(sample), x!),
    }),
    ...(isImplicit && {
      hasProducts: false,
      slope: (_: number, [x]: readonly tf.Tensor[], sample: Tensors) =>
        implicitSlope(levelsOn(sample), x!, products),
    }),
  });
  const work = isImplicit
    ? `takes ${counted(below, inner)} and ${products} products with its Hessian`
    : `goes through ${counted(below, inner)}`;
  const problem: MultilevelProblem = {
    ...made,
    about: `${made.about}; a gradient ${work}`,
    async operator(z, out, asked) {
      await made.operator(z, out, asked);
      if (isFiniteVector(out) || !isFiniteVector(z)) return;
      const wrong = await tooLong(float32(owner, z), seenBy(owner, source, asked));
      if (wrong) throw wrong;
    },
    async lowerSolutions(z, sample) {
      const seen = seenBy(owner, source, { ...everything, sample });
      const found = await computer.run(lowerLevels, seen, { z: float32(owner, z) });
      return below.map((name, i) => {
        const [first = NaN, last = NaN, steep = NaN, flat = NaN] = found[`course ${i}`]!;
        const y = found[`y ${i}`]!;
        const { blocks } = layouts[i + 1]!;
        const tensors = Object.fromEntries(
          blocks.map(({ tensor, offset, shape }) => [tensor, y.subarray(offset, offset + sizeOf(shape))]),
        );
        return {
          name,
          tensors,
          loss: [first, last],
          gradient: [steep, flat],
          ...(isImplicit && { residual: found['residual']![0]! }),
        };
      });
    },
  };
  const wrong = await tooLong(problem.start, source.first);
  if (!wrong) return problem;
  await problem.dispose();
  throw wrong;
}

const everything: Asked<NamedDense> = {
  player: undefined,
  sample: undefined,
  losses: undefined,
  buffers: {},
};
/** How often the steps of each level are made in one evaluation: for each step above, and at the end. */
function counted(below: readonly string[], inner: readonly { readonly steps: number }[]): string {
  let times = 1;
  const words = below.map((name, i) => {
    const made = times * inner[i]!.steps;
    times *= inner[i]!.steps + 1;
    return `${made} steps of ${name}`;
  });
  return words.join(' and ');
}
