import {
  copy,
  integer,
  number,
  parseRows,
  waxpy,
  withFactDefaults,
  type Asking,
  type Data,
  type Full,
  type GivenOf,
  type Problem,
  type Space,
  type Vector,
} from '@stillpoint/operators';
import { probe, type ProbeEntry } from './probe-row.js';
import { ascent, type AscentEnd } from '../inner/ascent.js';
import { atLeast, atMost } from '../inner/confidence.js';
import { proposals } from '../inner/proposals.js';
import { rivals } from '../inner/rivals.js';
import { greedy } from '../options.js';
import { probed } from './probed.js';
import { hasFullOperator } from '../drivers/full-problem.js';

const { rejections: _, temperature: __, ...shared } = greedy;
/** Options of {@link localEquilibrium}. */
const table = {
  ...shared,
  samples: integer({ about: 'proposals that are tried', from: 1, to: 1_000_000, default: 200 }),
  confidence: number({ about: 'of each bound of ω', above: 0, below: 1, default: 0.95 }),
};
/**
 * Options of {@link localEquilibrium}: those of `greedy` that matter at one point, `samples`, `confidence`.
 */
export type EquilibriumOptions = Partial<GivenOf<typeof table>>;

/** What is known of a point as an (ε, δ, ω)-approximate local equilibrium. */
export interface LocalEquilibrium {
  /** ‖∇_y f‖ at the point, to be compared with ε; with a constraint the length of a projected step over η. */
  readonly gradient: number;
  /** Whether it is at most ε. */
  readonly stationary: boolean;
  /** f at the end of the ascent at the point; the mean over the batches on a problem that is only sampled. */
  readonly f: number;
  readonly samples: number;
  /** Proposals after whose ascent f was lower by more than δ. */
  readonly improved: number;
  /** Proposals that may be such: their ascents made all `ascentSteps`. */
  readonly unfinished: number;
  /** Ascents whose gradient grew without end: there sup over y is not bounded, and f is not lower. */
  readonly unbounded: number;
  /**
   * ω, the chance of such a proposal: the share of `improved`, and the bounds of Clopper and Pearson, each of
   * which holds with the confidence. The upper one counts unfinished ascents as improvements.
   */
  readonly omega: { readonly estimate: number; readonly atLeast: number; readonly atMost: number };
  readonly confidence: number;
}

/**
 * Whether z is an (ε, δ, ω)-approximate local equilibrium: ‖∇_y f‖ ≤ ε, and of the proposals x + Δ at most a
 * share of ω lowers f by more than δ once y has climbed from where it is. Tries `samples` proposals, each
 * from z. On a problem with a full operator, that is evaluated; on one that is only sampled, the two ascents
 * of each proposal, with and without Δ, have a fresh batch in common. It is a probe: `probeAsync(problem, z,
 * localEquilibrium(z, options))` asks it of any problem with losses and two players, a GAN included. The
 * definition is that of Keswani et al. 2022, arXiv 2006.12376, with the end of an ascent as the best
 * response.
 * @throws InputError for an unacceptable option, and for a problem without losses or of more players.
 */
export function localEquilibrium(
  z: Vector,
  given: EquilibriumOptions = {},
): (problem: Problem, space: Space) => Asking<LocalEquilibrium> {
  return function* (problem, space) {
    const known = withFactDefaults(table, { ...given }, problem.facts ?? {}, 1);
    const options = parseRows('localEquilibrium', table, known);
    const { decrease: δ, samples, confidence, proposer } = options;
    const { x, y } = rivals('localEquilibrium', space, proposer);
    const { start, end } = space.players[x]!;
    const Q = proposals.from(options.proposal);
    const [propose, moments, random] = [Q.begin(space, x), Q.init(space), space.random('equilibrium')];
    const common = hasFullOperator(problem);
    const sample = common ? 'all' : 'same';
    const climb = ascent(space, { ...options, player: y, sample });
    const [w, Δ] = [space.vector(), space.vector()];
    let steepest = 0;
    /** The end of the ascent from w, and f there. */
    function* top(): Asking<AscentEnd & { readonly f: number }> {
      const ascended = yield* climb(w, steepest);
      const losses = yield { want: 'losses', at: w, sample };
      return { ...ascended, f: ascended.bounded ? -losses[y]! : Infinity };
    }
    let [improved, unfinished, unbounded, sum, gradient] = [0, 0, 0, 0, NaN];
    let here = 0;
    for (let i = 0; i < samples; i++) {
      if (Q.gradient) copy(Δ, yield { want: 'gradient', at: z, player: x });
      propose(Δ, moments, random(i));
      if (i === 0 || !common) {
        if (!common) yield { want: 'losses', at: z, sample: 'fresh' }; // draws the batch of both ascents
        copy(w, z);
        const base = yield* top();
        if (i === 0) steepest = gradient = base.first;
        if (!base.bounded) unbounded++;
        here = base.f;
        sum += here;
      }
      waxpy(copy(w, z), z, 1, Δ, start, end);
      space.prox(w, 1, x);
      const { f, reached, bounded } = yield* top();
      if (!bounded) unbounded++;
      else if (f < here - δ && reached) improved++;
      else if (f < here - δ) unfinished++; // the end of the ascent may be higher
    }
    return {
      gradient,
      stationary: gradient <= options.tolerance,
      f: sum / (common ? 1 : samples),
      samples,
      improved,
      unfinished,
      unbounded,
      confidence,
      omega: {
        estimate: improved / samples,
        atLeast: atLeast(improved, samples, confidence),
        atMost: atMost(improved + unfinished, samples, confidence),
      },
    };
  };
}

/** {@link localEquilibrium} of a synchronous problem. */
export const checkEquilibrium = (
  problem: Problem,
  z: Vector,
  given: EquilibriumOptions = {},
  seed = 0,
): LocalEquilibrium => probed(problem, z, localEquilibrium(z, given), seed);

/** The options of the row: a step size that is not given is null, and follows from the problem's facts. */
const optional = {
  ...table,
  stepSize: {
    ...table.stepSize,
    default: null,
    expected: `${table.stepSize.expected}; null: 1/L, where L is known`,
    accepts: (value: Data) => value === null || table.stepSize.accepts(value),
  },
};

/** {@link localEquilibrium} by its spec. */
export const localEquilibriumRow: ProbeEntry = /* @__PURE__ */ probe(
  {
    name: 'local-equilibrium',
    about: 'whether the point is an approximate local equilibrium of two players',
    assumptions:
      'ω is the chance that a proposal lowers f by more than δ once the other player has climbed, with its bounds; losses',
    reference: 'Keswani et al. 2022, arXiv 2006.12376',
  },
  optional,
  ({ stepSize, ...rest }: Full<typeof optional>) =>
    (z) =>
      function* (problem, space) {
        const options = { ...rest, ...(stepSize === null ? {} : { stepSize }) };
        const { gradient, stationary, f, omega } = yield* localEquilibrium(z, options)(problem, space);
        return {
          gradient,
          stationary: Number(stationary),
          f,
          omega: omega.estimate,
          omegaAtLeast: omega.atLeast,
          omegaAtMost: omega.atMost,
        };
      },
);
