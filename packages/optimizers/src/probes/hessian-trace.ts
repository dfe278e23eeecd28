import {
  InputError,
  dot,
  integer,
  randomFrom,
  shown,
  type Asking,
  type Problem,
  type Space,
  type Vector,
} from '@stillpoint/operators';
import { probe, type ProbeEntry } from './probe-row.js';

/** Options of {@link hessianTrace}. */
export interface HessianTraceOptions {
  /** Random vectors, each a product with the Jacobian. Default 32. */
  readonly draws?: number;
  /** Seed of the random vectors. Default 0. */
  readonly seed?: number;
  /** The entries [start, end) of z whose part of the trace is estimated. Default: all. */
  readonly start?: number;
  readonly end?: number;
}

/** An estimate of a trace. */
export interface TraceEstimate {
  readonly trace: number;
  /** The standard deviation of the estimate, from how its draws differ; 0 for one draw. */
  readonly deviation: number;
}

/**
 * The trace of the Jacobian of F at z, for one player that of the Hessian of its loss, by Hutchinson's
 * estimator: the mean of vᵀJv over vectors v of random signs. It is unbiased; its variance with a symmetric J
 * is 2 Σ_{i≠j} Jᵢⱼ²/draws, so that one draw is exact where J is diagonal. On a sampled problem all products
 * are of one sample. `probed(problem, z, hessianTrace(z))` asks it of a synchronous problem, `probeAsync` of
 * any. Source: Hutchinson, "A stochastic estimator of the trace of the influence matrix for Laplacian
 * smoothing splines", 1990.
 * @throws InputError for draws that are no whole number > 0, or entries that z does not have.
 */
export function hessianTrace(
  z: Vector,
  { draws = 32, seed = 0, start = 0, end = z.length }: HessianTraceOptions = {},
): (problem: Problem, space: Space) => Asking<TraceEstimate> {
  if (!(Number.isSafeInteger(draws) && draws >= 1))
    throw new InputError(`hessianTrace: draws is ${shown(draws)}; expected a whole number > 0`);
  if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && end > start && end <= z.length))
    throw new InputError(
      `hessianTrace: entries ${shown(start)} to ${shown(end)}; expected some of the ${z.length} of z`,
    );
  return function* (_, space) {
    const v = space.vector();
    const signs = randomFrom({ seed, purpose: 'hessian trace' });
    const found: number[] = [];
    for (let k = 0; k < draws; k++) {
      const random = signs(k);
      for (let i = start; i < end; i++) v[i] = random.uniform() < 0.5 ? -1 : 1;
      found.push(dot(v, yield { want: 'product', at: z, along: v }));
    }
    const trace = found.reduce((sum, x) => sum + x, 0) / draws;
    const squares = found.reduce((sum, x) => sum + (x - trace) ** 2, 0);
    return { trace, deviation: draws > 1 ? Math.sqrt(squares / (draws * (draws - 1))) : 0 };
  };
}

/** {@link hessianTrace} by its spec. */
export const hessianTraceRow: ProbeEntry = /* @__PURE__ */ probe(
  {
    name: 'hessian-trace',
    about: 'the trace of the Jacobian of F, for one player of the Hessian of its loss',
    assumptions: 'an estimate from random signs, with its standard deviation; products with J',
    reference: 'Hutchinson 1990',
  },
  {
    draws: integer({ about: 'random vectors, each a product', from: 1, default: 32 }),
    seed: integer({ about: 'seed of the random vectors', from: 0, default: 0 }),
  },
  (options: Required<Pick<HessianTraceOptions, 'draws' | 'seed'>>) => (z) =>
    function* (problem, space) {
      return { ...(yield* hessianTrace(z, options)(problem, space)) };
    },
);
