import {
  InputError,
  scale,
  shown,
  unknownName,
  type Asking,
  type Block,
  type Ledger,
  type Problem,
  type SampleRule,
  type Space,
  type Vector,
} from '@stillpoint/operators';
import { blocksOf, sizeOfBlock } from '../blocks.js';
import { scaleSlopes } from '../inner/scale-slopes.js';
import {
  cosinesOf,
  gradientsOf,
  subBatchesOf,
  type PlayerCosine,
  type SubBatchOptions,
  subBatchNames,
} from '../probes/grad-cosine.js';
import { probeAsync } from '../probes/probed.js';
import { pricing } from './budget.js';
import { checkNames, type OptionNames } from './door.js';
import { checkStart, startOf } from './start.js';

/** Options of {@link optimiseInitialisation}. */
export interface OptimiseInitialisationOptions extends SubBatchOptions {
  /** The start whose tensors are scaled. Default: the problem's own. */
  readonly start?: Vector;
  /** What is minimised where the norm is within its bound: −GC, or −GC − kΣνᵢ. Default `gc_gn_sqrt`. */
  readonly target?: 'gc' | 'gc_gn_sqrt';
  /** γ, as a multiple of the start's mean norm of a gradient. Default 2. */
  readonly bound?: number;
  /** k. Default 0.1; in our experiments 1 raised the norm at the cost of GC. */
  readonly weight?: number;
  /** Default 100. */
  readonly iterations?: number;
  /** Of Adam, on the scales. Default 0.01. */
  readonly stepSize?: number;
}

const optionNames: OptionNames<OptimiseInitialisationOptions> = {
  ...subBatchNames,
  start: true,
  target: true,
  bound: true,
  weight: true,
  iterations: true,
  stepSize: true,
};

/** What {@link optimiseInitialisation} returns. */
export interface OptimisedInitialisation {
  /** The start with each tensor times its scale. */
  readonly z: Vector;
  /** α of each tensor. */
  readonly scales: readonly { readonly tensor: string; readonly scale: number }[];
  /** GradCosine and norms before and after, on the same sub-batches: those of the first iteration. */
  readonly before: readonly PlayerCosine[];
  readonly after: readonly PlayerCosine[];
  /** Those of each iteration, on its own sub-batches, before it changed the scales. */
  readonly history: readonly (readonly PlayerCosine[])[];
  readonly ledger: Ledger;
  /** The price of all that was asked: a gradient of all players on one draw, or on all terms, is 1. */
  readonly calls: number;
}

type Settings = Required<Pick<OptimiseInitialisationOptions, 'bound' | 'weight' | 'iterations' | 'stepSize'>>;
const targets = ['gc', 'gc_gn_sqrt'];

/** A scale with its moments: m of each of the two objectives, v of both, as in the authors' code. */
interface Scale {
  readonly block: Block;
  α: number;
  readonly m: [within: number, over: number];
  v: number;
}
const [β1, β2, ε] = [0.9, 0.999, 1e-8];
/** A matrix or a larger tensor keeps a share of its size; a list, as biases are, may vanish. */
const least = ({ shape }: Block): number => (shape.length >= 2 ? 0.01 : 0);

/** One step of Adam on the scales of a player. `steps` counts those of each objective. */
function move(
  scales: readonly Scale[],
  slopes: readonly number[],
  objective: 0 | 1,
  steps: [number, number],
  stepSize: number,
): void {
  steps[objective]++;
  for (const [b, one] of scales.entries()) {
    const g = Math.max(-1, Math.min(1, slopes[b]!));
    one.m[objective] = β1 * one.m[objective] + (1 - β1) * g;
    one.v = β2 * one.v + (1 - β2) * g * g;
    const m = one.m[objective] / (1 - β1 ** steps[objective]);
    const v = one.v / (1 - β2 ** (steps[0] + steps[1]));
    one.α = Math.max(least(one.block), one.α - (stepSize * m) / (Math.sqrt(v) + ε));
  }
}

/** @throws InputError if a gradient is 0, which has no direction, or not finite. */
function checked(found: readonly PlayerCosine[], after: number): readonly PlayerCosine[] {
  for (const { player, cosine, norm } of found)
    if (!Number.isFinite(cosine))
      throw new InputError(
        `optimiseInitialisation: a gradient of ${player} is ${Number.isFinite(norm) ? '0' : 'not finite'} after ${after} iterations; expected a start at which no sub-batch has such a gradient`,
      );
  return found;
}

function* optimising(
  space: Space,
  z0: Vector,
  batches: (call: number) => readonly SampleRule[],
  { target, bound, weight, iterations, stepSize }: Settings & { readonly target: string },
): Asking<Omit<OptimisedInitialisation, 'ledger' | 'calls'>> {
  const { players } = space;
  const z = space.copy(z0);
  const scales = blocksOf(space).map((block): Scale => ({ block, α: 1, m: [0, 0], v: 0 }));
  const own = players.map((_, p) => scales.filter(({ block }) => block.player === p));
  const steps = players.map((): [number, number] => [0, 0]);
  const history: (readonly PlayerCosine[])[] = [];
  for (let call = 0; call < iterations; call++) {
    const rules = batches(call);
    const measured = yield* gradientsOf(z, players, rules);
    const found = checked(cosinesOf(players, measured), call);
    history.push(found);
    for (const [p, player] of players.entries()) {
      const unit = history[0]![p]!.norm;
      const over = found[p]!.norm > bound * unit;
      const objective = { norm: over, k: target === 'gc' ? 0 : weight, unit };
      const blocks = own[p]!.map(({ block }) => block);
      const slopes = yield* scaleSlopes(z, z0, blocks, [p, player], rules, measured, objective);
      move(own[p]!, slopes, over ? 1 : 0, steps[p]!, stepSize);
    }
    // all players move at once
    z.set(z0);
    for (const { block, α } of scales) scale(z, α, block.offset, block.offset + sizeOfBlock(block));
  }
  const after = checked(cosinesOf(players, yield* gradientsOf(z, players, batches(0))), iterations);
  return {
    z: z.slice(),
    scales: scales.map(({ block, α }) => ({ tensor: block.name, scale: α })),
    before: history[0]!,
    after,
    history,
  };
}

/** A sampled problem whose draws can be asked again, as terms of a sum: draw 0, 1, 2, … */
const drawsAsTerms = (problem: Problem, count: number): Problem => ({
  ...problem,
  terms: { count, drawn: 1, sample: ([call]) => problem.draw?.(call!) },
});

/**
 * Neural initialization optimization (NIO): learns one scale α for each tensor p of a start before training,
 * p = αp₀, by which gradients of sub-batches point the same way (GC of {@link gradCosine}) at a bounded norm.
 * A problem that names no tensors has one of each player.
 * With νᵢ = ‖gᵢ‖/n̄₀, n̄₀ the mean of ‖gᵢ‖ at the start, Adam minimises over the scales
 *   ν̄ where ν̄ > γ,  else −GC (`gc`) or −GC − kΣνᵢ (`gc_gn_sqrt`)
 * and slopes are clipped to ±1. α ≥ 0.01 for matrices and larger tensors, α ≥ 0 for lists and numbers. In the
 * paper's code γ and k have the unit of a gradient, here none: nothing depends on the unit of the loss.
 * In a game each player's scales follow its own GC, all at once.
 *
 * Slopes are exact where the problem has products with its Jacobian (`jacobianVector`), else central
 * differences. A tensor of zeros stays; before a normalisation a scale changes the tensor's gradient alone.
 * Each iteration has its own batch; of a problem without terms, its own draws.
 * Cost of an iteration: D gradients of all players and D products for each player, on sub-batches.
 * Memory: 2D copies of z. Source: Yibo Yang, Hong Wang, Haobo Yuan, Zhouchen Lin, "Towards theoretically
 * inspired neural initialization optimization", 2022, arXiv 2210.05956, and its published code.
 * @throws InputError for options that do not fit, for a constraint, which scales may leave, and for a
 *   gradient that is 0 or not finite.
 */
export async function optimiseInitialisation(
  problem: Problem,
  options: OptimiseInitialisationOptions = {},
): Promise<OptimisedInitialisation> {
  const owner = 'optimiseInitialisation';
  checkNames(owner, optionNames, options);
  const { start = startOf(problem), target = 'gc_gn_sqrt', iterations = 100 } = options;
  const { bound = 2, weight = 0.1, stepSize = 0.01 } = options;
  checkStart(problem.name, problem.dim, start);
  if (!targets.includes(target)) throw unknownName(`target of ${owner}`, target, targets);
  for (const [name, value] of Object.entries({ bound, stepSize, weight }))
    if (!(Number.isFinite(value) && (value > 0 || (name === 'weight' && value === 0))))
      throw new InputError(
        `${owner}: ${name} is ${shown(value)}; expected a finite number ${name === 'weight' ? '>=' : '>'} 0`,
      );
  if (!(Number.isSafeInteger(iterations) && iterations >= 1))
    throw new InputError(`${owner}: iterations is ${shown(iterations)}; expected a whole number >= 1`);
  if (problem.constraint !== undefined)
    throw new InputError(
      `${owner}: ${problem.name} has a constraint, which scaled tensors may leave; expected a problem without one`,
    );
  const batches = subBatchesOf(owner, problem, options);
  const D = batches(0).length;
  const [asked, rules] =
    problem.terms !== undefined
      ? [problem, batches]
      : [
          drawsAsTerms(problem, iterations * D),
          (call: number) => Array.from({ length: D }, (_, i) => ({ terms: [call * D + i] })),
        ];
  const { value, ledger } = await probeAsync(asked, start, (_, space) =>
    optimising(space, start, rules, { target, bound, weight, iterations, stepSize }),
  );
  return { ...value, ledger, calls: pricing(problem)(ledger) };
}
