import {
  InputError,
  formatData,
  isFiniteVector,
  norm,
  shown,
  type Method,
  type Problem,
  type Spec,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { settle, type Running } from '../drivers/asking.js';
import { pricesOf, pricing } from '../drivers/budget.js';
import { running } from '../drivers/run.js';
import { checkMethod } from '../described.js';
import * as check from '../drivers/checks.js';
import { checkGame, checkOptions } from '../drivers/door.js';
import { checkStart } from '../drivers/start.js';
import { localJacobian, type LocalJacobian } from '../probes/local-jacobian.js';
import { probing, type Probed } from '../probes/probed.js';
import { smoothnessFit } from '../probes/smoothness-fit.js';
import { specOf } from '../registry.js';
import { constantsFrom } from './constants.js';
import type { Advice, Diagnosis, Estimate, Kind, Spectrum } from './diagnosis.js';
import { estimateOf, estimatesOf, imaginaryShare, pathOf, rounded } from './estimates.js';
import { kindsOf, short } from './kinds.js';
import { noiseAt } from './noise.js';
import { alongPath } from './smoothness.js';
import { visit, type PathPoint } from './visited.js';

/** Options of {@link diagnoseTraining}. */
export interface DiagnoseTrainingOptions {
  /** The point to look at: a start, or that of a checkpoint. */
  readonly start: Vector;
  /** The method that trains from there for a while. */
  readonly method: Method<State>;
  /**
   * Calls in all, at least 100: two fifths for the training, the rest for probes. Default: 1,000 for fewer
   * than 50,000 parameters, else 300.
   */
  readonly calls?: number;
  /** Step size of the advice. Default: that of the method if it is one of Adam’s family, else 2e-4. */
  readonly stepSize?: string;
}

/** Fewer parameters than that are a small network. */
const SMALL = 50_000;
/** Draws by which noise is estimated. */
const DRAWS = 8;
/** Points of the training that are kept, at which F is evaluated. */
const KEPT = 6;

/**
 * {@link diagnose} for the training of networks, whose loss can be evaluated on samples only: no run can be
 * judged by a residual there, so methods are not tried, and the advice is from experience. All constants are
 * of one fixed sample, draw 0. Memory: 12 copies of the parameters, and up to 17 more while a Jacobian is
 * seen.
 */
export async function diagnoseTraining(
  problem: Problem,
  options: DiagnoseTrainingOptions,
): Promise<Diagnosis> {
  checkGame('diagnoseTraining', problem);
  const { start, anything: method, calls, stepSize } = check;
  checkOptions('diagnoseTraining', { start, method, calls, stepSize }, options);
  checkMethod('diagnoseTraining', options.method);
  return settle(looking(problem, options));
}

function* looking(
  problem: Problem,
  { start, method, stepSize, calls: budget = start.length < SMALL ? 1000 : 300 }: DiagnoseTrainingOptions,
): Running<Diagnosis> {
  checkStart(problem.name, problem.dim, start);
  if (!(budget >= 100))
    throw new InputError(`diagnoseTraining: calls is ${shown(budget)}; expected a number >= 100`);
  const price = pricing(problem);
  let spent = 0;
  function* asked<R>(probe: Running<Probed<R>>): Running<R> {
    const { value, ledger } = yield* probe;
    spent += price(ledger);
    return value;
  }
  const noise = yield* asked(probing(problem, start, () => noiseAt(start, DRAWS, problem.players)));

  const trained = Math.floor(0.4 * budget);
  const path: PathPoint[] = [];
  let made = 0;
  // under lookahead and averages z itself may rest for many steps
  const live = (state: State): Vector => method.points?.(state)['last'] ?? state.z;
  yield* running(
    problem,
    method,
    { start, calls: trained },
    {
      judged: false,
      watched: false,
      observe({ state, calls }) {
        const z = live(state);
        if (!isFiniteVector(z)) return;
        made = calls;
        if (calls >= (trained * path.length) / (KEPT - 1)) path.push({ z: z.slice(), at: calls });
      },
    },
  );
  spent += made;
  // no points around: networks are not defined by where random parameters lead
  const visited = yield* asked(probing(problem, start, (p) => visit(p, path, 'same', 0)));
  const [first, last] = [visited[0], visited.at(-1)];
  if (first === undefined || last === undefined)
    throw new InputError(`F of ${problem.name} is not finite at the start`);
  const smoothness = yield* asked(probing(problem, start, (p) => alongPath(p, visited, 'same')));

  const jacobians: LocalJacobian[] = [];
  const spectra: Spectrum[] = [];
  const turned = new Map<Vector, number>();
  // each Arnoldi iteration asks for F once, and for its products
  const each = (budget - spent) / visited.length - 1;
  const products = Math.max(2, Math.min(16, Math.floor(each / pricesOf(problem).product)));
  for (const { z } of visited) {
    const one = yield* asked(probing(problem, z, (p) => localJacobian(p, z, { directions: products })));
    if (one === undefined) continue;
    jacobians.push(one);
    turned.set(z, imaginaryShare(one.eigenvalues));
    if (z !== first.z && z !== last.z) continue;
    const { re, im } = one.eigenvalues;
    spectra.push({
      at: z === first.z ? 'start' : 'end',
      whole: one.whole,
      re: [...re].map(rounded),
      im: [...im].map(rounded),
    });
  }
  const solution = { z: last.z, words: `the end of ${short(made)} calls of training` };
  const constants = constantsFrom(problem, visited, jacobians, last.z);
  const estimates = [
    ...estimatesOf(problem, { constants, jacobians, visited, smoothness, noise, solution }, {}),
    ...gradientsOf(problem, first.F, last.F),
  ];
  const steepest = visited.reduce((most, { F }) => Math.max(most, norm(F)), 0);
  const fit = smoothness.length >= 3 ? smoothnessFit(smoothness) : undefined;
  return {
    problem: problem.name,
    dim: problem.dim,
    players: problem.players.map(({ name }) => name),
    constrained: problem.constraint !== undefined,
    sampled: problem.draw !== undefined,
    points: { start: 1, 'of a training': visited.length - 1 },
    estimates,
    spectra,
    kinds: [
      ...kindsOf(estimates, spectra, { affine: false, rested: false, steepest }),
      ...oneSided(problem, estimates),
    ],
    path: pathOf(problem, visited, turned),
    smoothness,
    methods: [],
    advice: fromExperience(problem, estimates, {
      steepest,
      stepSize: stepSize ?? adamStepSize(specOf(method)) ?? '2e-4',
      ...(fit?.threshold === undefined ? {} : { threshold: fit.threshold }),
      ...(fit?.stepSize === undefined ? {} : { plain: fit.stepSize }),
    }),
    calls: { estimates: spent, trials: 0 },
    limits: [
      'All was evaluated on one sample, draw 0, so L, μ and ρ are of that sample’s loss; what buffers (spectral norms, batch statistics) hold was that of the start.',
      `J was seen along ${products} directions from F: eigenvalues far inside the spectrum, and most small ones, are not among its Ritz values.`,
      'z* is the end of a short training, which need not be near a solution.',
      ...(problem.players.length > 1
        ? ['A loss of a GAN does not say how good its samples are; --verify trains and measures.']
        : []),
      'No theorem covers Adam’s direction on networks: the advice is from experience, that of the papers and of Stillpoint’s own runs.',
    ],
  };
}

/** How each player’s gradient changed over the training. */
function gradientsOf({ players }: Problem, from: Vector, to: Vector): readonly Estimate[] {
  return players.flatMap(({ name, start, end }) => {
    const [before, after] = [norm(from, start, end), norm(to, start, end)];
    return before > 0
      ? [
          {
            name: 'gradient' as const,
            symbol: `‖F_${name}‖`,
            about: `the gradient of ${name} at the end of the training, as a share of that at the start`,
            says: 'about' as const,
            value: rounded(after / before),
            from: 'draw 0 at both ends',
          },
        ]
      : [];
  });
}

/** Whether one player’s gradient fell while another’s stayed. */
function oneSided({ players }: Problem, estimates: readonly Estimate[]): readonly Kind[] {
  const shares = players.map(({ name }) => ({
    name,
    share: estimates.find(({ symbol }) => symbol === `‖F_${name}‖`)?.value ?? NaN,
  }));
  const [fell, stayed] = [
    shares.find(({ share }) => share < 1 / 3),
    shares.find(({ share }) => share > 2 / 3),
  ];
  return fell === undefined || stayed === undefined
    ? []
    : [
        {
          kind: 'one-sided',
          words: `It converges on one side: the gradient of ${fell.name} fell to ${short(fell.share)} of what it was, while that of ${stayed.name} is ${short(stayed.share)} of it.`,
        },
      ];
}

/**
 * The step size of the method of Adam’s kind in a spec, as the grammar has it: a number, one per player or a
 * schedule; undefined if there is none.
 */
export function adamStepSize({ name, options, inner }: Spec): string | undefined {
  const { stepSize } = options;
  if (name.includes('adam') && stepSize !== undefined) return formatData(stepSize);
  return inner.map(adamStepSize).find((found) => found !== undefined);
}

interface Experience {
  readonly steepest: number;
  readonly stepSize: string;
  readonly threshold?: number;
  readonly plain?: number;
}

/** The advice that the symptoms suggest, each with the number that shows it. */
function fromExperience(
  problem: Problem,
  estimates: readonly Estimate[],
  { steepest, stepSize, threshold, plain }: Experience,
): Advice {
  const [rotation = 0, noise = 0, L0 = 0, L1 = 0] = (['rotation', 'noise', 'L0', 'L1'] as const).map((name) =>
    estimateOf(estimates, name),
  );
  const covered = false;
  if (problem.players.length === 1) {
    if (threshold !== undefined && plain !== undefined && L1 * steepest > L0)
      return {
        spec: `clip-momentum(stepSize=${short(plain)}, threshold=${short(threshold)})`,
        why: [
          `Smoothness grows with the gradient (${short(L0)} + ${short(L1)}·‖∇f‖, ‖∇f‖ up to ${short(steepest)}): a clip at ${short(threshold)} lets the step be as long as the flat parts allow.`,
        ],
        unless: ['if the loss falls as fast without the clip: compare both with the same budget'],
        covered,
      };
    return {
      spec: `adam(stepSize=${stepSize})`,
      why: [
        'One player, and smoothness that does not grow with the gradient: clipping would not help.',
        ...(noise > 1
          ? [
              `Draws differ by ${short(noise)} times the gradient: a larger batch, or ema(…) around the method, averages that out.`,
            ]
          : []),
      ],
      unless: ['if ‖∇f‖ or its smoothness rises later in the training: diagnose a later checkpoint'],
      covered,
    };
  }
  const adam = `alternating-adam(stepSize=${stepSize}, beta1=0)`;
  if (rotation > 0.3 && noise <= 1)
    return {
      spec: `extra-adam(stepSize=${stepSize}, beta1=0)`,
      why: [
        `The players circle each other (${Math.round(100 * rotation)} % of the eigenvalues’ size is imaginary), and draws agree well (noise ${short(noise)}): a step that looks ahead turns inwards.`,
        'It costs two gradients a step.',
      ],
      unless: [
        'if noise grows above the gradient, as it does when the gradient gets small: then lookahead around alternating-adam',
      ],
      covered,
    };
  if (rotation > 0.1)
    return {
      spec: `ema(lookahead(${adam}, steps=5))`,
      why: [
        `The players circle each other (${Math.round(100 * rotation)} % of the eigenvalues’ size is imaginary), but a draw is off by ${short(noise)} times the gradient: looking ahead with a second draw would follow the noise. Interpolation between slow and fast points damps rotation at no further gradient.`,
      ],
      unless: ['if cycles are slower than a few hundred steps: then more steps between interpolations'],
      covered,
    };
  return {
    spec: `ema(${adam})`,
    why: [
      `Little rotation was seen (${Math.round(100 * rotation)} % of the eigenvalues’ size is imaginary): Adam in turns without a first moment, and an exponential average of the points for evaluation.`,
    ],
    unless: ['if losses or metrics rise and fall in turn later on: diagnose a later checkpoint'],
    covered,
  };
}
