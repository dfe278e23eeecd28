import * as tf from '@tensorflow/tfjs-core';
import {
  InputError,
  isFiniteVector,
  unknownName,
  type Asked,
  type ProximalFunction,
  type Vector,
} from '@stillpoint/operators';
import {
  constraintFor,
  float32,
  namedIn,
  ownerOf,
  seenBy,
  sharedOptions,
  type CompiledProblem,
  type FromOptions,
} from './compiled.js';
import { computerFor, type Body, type Tensors } from './computer.js';
import { composed, completed, descent, forwardSlope, steepest, type Levels } from './levels.js';
import { MOST_FORWARD, stepsOf, type PerLevel } from './level-steps.js';
import { problemOfLosses, scalarOf } from './of-losses.js';
import type { NamedDense, NamedNumbers } from './samples.js';
import { sourceOf, wholeOf } from './source.js';
import {
  layoutOf,
  settled,
  startAt,
  strictly,
  tensorsOf,
  type PlayerTensors,
  type TensorsOf,
} from './tensors.js';

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
   * Each level's loss, a scalar in tfjs code that can be traced: a function of the tensors of all levels and of
   * the data. A level chooses its own tensors; those above it are given, those below it answer.
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
  /** The set of the top level's tensors, or another proximal function: a spec, or a function. Default: none. */
  readonly constraint?: string | ProximalFunction;
  /**
   * How the gradient goes through the steps: `reverse`, which keeps every step in memory, or `forward`, which
   * keeps none, but costs a product for each number of the top level. Both are exact. Default `reverse`.
   */
  readonly derivatives?: 'reverse' | 'forward';
  /** Arrays that the losses are given whole, of any shapes. */
  readonly data?: D;
}

/** What a lower level did. */
export interface LevelAnswer {
  readonly name: string;
  /** Where its steps ended. */
  readonly tensors: { readonly [tensor: string]: Vector };
  /** Its loss where its steps began and ended. */
  readonly loss: readonly [first: number, last: number];
  /** The norm of its gradient there. The last shows how far it is from a stationary point. */
  readonly gradient: readonly [first: number, last: number];
}

/** The problem of the top level. */
export interface MultilevelProblem extends CompiledProblem {
  /** What the lower levels answer to z, from the second level down. */
  readonly answers: (z: Vector, sample?: NamedDense) => Promise<readonly LevelAnswer[]>;
}

/** A loss may rise by so much of itself by rounding in float32. */
const ROUNDED = 2 ** -12;

/**
 * Problems inside problems as one problem of the top level: each lower level is replaced by T steps of gradient
 * descent on its loss,
 *   x₃ = GD_T(f₃(x₁, x₂, ·)),  x₂ = GD_T(f₂(x₁, ·, x₃(x₁, ·))),  min over x₁ of f₁(x₁, x₂(x₁), x₃(x₁, x₂(x₁))),
 * for any number of levels. The gradient goes through all of the steps, exactly; a method with steps that stay
 * in a set, such as `gda`, is the projected gradient method. For T → ∞ it becomes the nested problem, if
 * the lower losses are strongly convex and η < 2/L.
 *
 * Cost: a call of the problem makes one gradient of f₁ and T gradients of each lower loss for each step of the
 * level above and once more, all with derivatives: `about` counts them, `operations()` says what that is.
 * Source: Ryo Sato, Mirai Tanaka, Akiko Takeda, "A gradient method for multilevel optimization", 2021, arXiv
 * 2105.13954.
 * @throws InputError for options that are not valid, and where the steps of a level raise its loss, at the
 *   start or where the gradient is not finite later: they are then longer than 2/L.
 */
export async function multilevelProblem<
  const P extends PlayerTensors,
  D extends NamedNumbers = { readonly [name: string]: never },
>(options: MultilevelOptions<P, D>): Promise<MultilevelProblem> {
  const known = sharedOptions.filter((name) => name !== 'batch');
  const own = ['levels', 'losses', 'steps', 'stepSize', 'constraint', 'derivatives'] as const;
  const owner = ownerOf('multilevelProblem', options, [...known, ...own]);
  const { levels: given, losses, constraint: set, facts, data, draw } = options;
  const { engine = 'auto', threads = 1, derivatives = 'reverse', seed = 0 } = options;
  const all = layoutOf(owner, given, 'levels');
  const names = all.players.map(({ name }) => name);
  const [top = '', ...below] = names;
  if (below.length === 0)
    throw new InputError(
      `${owner}: levels has ${top} alone; expected two levels or more, from the top down; for one level use problemFromLosses`,
    );
  const layouts = names.map((name) => layoutOf(owner, { [name]: Reflect.get(given, name) }, 'levels'));
  const layout = layouts[0]!;
  const functions = namedIn(owner, 'losses', losses, names);
  const inner = stepsOf(owner, below, options);
  if (derivatives !== 'reverse' && derivatives !== 'forward')
    throw unknownName(`derivatives of ${owner}`, String(derivatives), ['reverse', 'forward']);
  if (derivatives === 'forward' && layout.dim > MOST_FORWARD)
    throw new InputError(
      `${owner}: ${top} has ${layout.dim} numbers; expected at most ${MOST_FORWARD} for derivatives 'forward', which cost a product for each; use 'reverse'`,
    );
  const source =
    data !== undefined && draw === undefined ? wholeOf(owner, data) : sourceOf(owner, { ...options, seed });
  const constraint = constraintFor(owner, layout, set === undefined ? {} : { [top]: set });

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
      start: () => tf.tensor1d(startAt(layouts[i + 1]!, seed)),
    })),
  });

  const computer = computerFor(layout, source, { engine, threads });
  const answered: Body = ({ z = [] }, sample) => {
    const levels = levelsOn(sample);
    const at = completed(levels, z);
    const each = below.map((_, i) => descent(levels, at.slice(0, i + 1)));
    return Object.fromEntries(
      each.flatMap(({ y, course }, i) => [
        [`y ${i}`, y],
        [`course ${i}`, course],
      ]),
    );
  };
  /** Where the levels above have not moved: each level's descent, and its curvature at the start. */
  const unmoved = (levels: Levels, z: readonly tf.Tensor[], i: number): readonly tf.Tensor[] => [
    ...z,
    ...levels.lower.slice(0, i).map(({ start }) => start()),
  ];
  const courses: Body = ({ z = [] }, sample) => {
    const levels = levelsOn(sample);
    return Object.fromEntries(
      below.map((_, i) => [`course ${i}`, descent(levels, unmoved(levels, z, i)).course]),
    );
  };
  const curvatures = below.map((_, i): Body => ({ z = [] }, sample) => {
    const levels = levelsOn(sample);
    return { curvature: steepest(levels, unmoved(levels, z, i)) };
  });
  /** What is wrong with the steps of a level, the deepest first; undefined if all lower their losses. */
  const tooLong = async (z: Float32Array, sample: NamedDense): Promise<InputError | undefined> => {
    const found = await computer.run(courses, sample, { z });
    for (const [i, name] of [...below.entries()].toReversed()) {
      const [first = NaN, last = NaN] = found[`course ${i}`]!;
      // a loss that is not finite where the steps begin says nothing about them
      if (!Number.isFinite(first)) continue;
      if (Number.isFinite(last) && last - first <= ROUNDED * (Math.abs(first) + Math.abs(last))) continue;
      const [L = NaN] = (await computer.run(curvatures[i]!, sample, { z }))['curvature']!;
      const { steps, stepSize } = inner[i]!;
      const limit = 2 / L;
      return new InputError(
        `${owner}: ${steps} steps of ${stepSize} take the loss of ${name} from ${short(first)} to ${short(last)}, so they are too long; expected a stepSize of ${name} below 2/L, L the largest curvature of its loss${limit <= stepSize ? `: ${short(L)} at its start, so below ${short(limit)}` : `, as ${short(stepSize / 2)}`}`,
      );
    }
    return undefined;
  };

  const made = await problemOfLosses({
    owner,
    kind: 'levels',
    code: functions.map(([, loss]) => loss),
    more: {
      levels: layouts.slice(1).map(({ blocks }) => blocks.map(({ name, shape }) => ({ name, shape }))),
      starts: seed,
      inner: inner.map(({ steps, stepSize }) => ({ steps, stepSize })),
      derivatives,
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
  });
  const problem: MultilevelProblem = {
    ...made,
    about: `${made.about}; a gradient goes through ${counted(below, inner)}`,
    async operator(z, out, asked) {
      await made.operator(z, out, asked);
      if (isFiniteVector(out) || !isFiniteVector(z)) return;
      const wrong = await tooLong(float32(owner, z), seenBy(owner, source, asked));
      if (wrong) throw wrong;
    },
    async answers(z, sample) {
      const seen = seenBy(owner, source, { ...everything, sample });
      const found = await computer.run(answered, seen, { z: float32(owner, z) });
      return below.map((name, i) => {
        const [first = NaN, last = NaN, steep = NaN, flat = NaN] = found[`course ${i}`]!;
        const y = found[`y ${i}`]!;
        const { blocks } = layouts[i + 1]!;
        const tensors = Object.fromEntries(
          blocks.map(({ tensor, offset, shape }) => [
            tensor,
            y.subarray(offset, offset + shape.reduce((n, side) => n * side, 1)),
          ]),
        );
        return { name, tensors, loss: [first, last], gradient: [steep, flat] };
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
const short = (x: number): string => String(Number(x.toPrecision(3)));

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
