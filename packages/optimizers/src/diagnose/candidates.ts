import {
  InputError,
  formatSpec,
  parseSpec,
  type Eigenvalues,
  type Facts,
  type Method,
  type Problem,
  type Spec,
  type State,
} from '@stillpoint/operators';
import { spaceFor } from '../drivers/space.js';
import { fits } from '../needs.js';
import { fields } from '../described.js';
import { methodFrom, methods, type MethodRow } from '../registry.js';
import { tunedShare } from './tuned.js';
import { isMinimisation } from '../minimisation.js';

/** A method with its step size and other numbers, which may suit the problem. */
export interface Candidate {
  /** As the command line takes it. */
  readonly spec: string;
  /** Where its numbers are from. */
  readonly chosen: string;
  /** It is tried after those whose numbers were chosen for the problem. */
  readonly later?: true;
}

/** What candidates are chosen by. */
export interface Known {
  readonly facts: Facts;
  /** Of J near a solution, or at the start; only where F is without constraints and all were computed. */
  readonly eigenvalues?: Eigenvalues;
}

/** Three digits, rounded down: a step size just below a limit must not become the limit. */
export function digits(x: number): number {
  if (!(x > 0 && Number.isFinite(x))) return x;
  const unit = 10 ** (Math.floor(Math.log10(x)) - 2);
  return Number((Math.floor(x / unit + 1e-9) * unit).toPrecision(3));
}

type At = (share: number) => string;

/** A spec, with where its numbers are from if that is neither L nor the defaults. */
type Listed = string | Pick<Candidate, 'spec' | 'chosen'>;

/** Methods whose step size is tuned on the eigenvalues: a spec for each γ, and calls per step. */
const tunable: readonly {
  readonly spec: (γ: number) => string;
  readonly calls: number;
}[] = [
  { spec: (γ) => `gda(stepSize=${γ})`, calls: 1 },
  { spec: (γ) => `extragradient(stepSize=${γ})`, calls: 2 },
  { spec: (γ) => `ogda(stepSize=${γ})`, calls: 1 },
  { spec: (γ) => `graal(stepSize=${γ})`, calls: 1 },
  { spec: (γ) => `eg-plus(stepSize=${γ}, relaxation=0.5)`, calls: 2 },
  { spec: (γ) => `ogda-plus(stepSize=${γ}, relaxation=0.5)`, calls: 1 },
  ...[0.5, 0.8, 0.9, 0.95, 0.98, 0.99].map((β) => ({
    spec: (γ: number): string => `transform(gda(stepSize=${γ}), momentum(decay=${β}))`,
    calls: 1,
  })),
  { spec: (γ) => `lookahead(gda(stepSize=${γ}), steps=5)`, calls: 1 },
  { spec: (γ) => `lookahead(gda(stepSize=${γ}), steps=20)`, calls: 1 },
  { spec: (γ) => `lookahead(extragradient(stepSize=${γ}), steps=5)`, calls: 2 },
  { spec: (γ) => `multi-step-extragradient(stepSize=${γ}, innerSteps=10, relaxation=0.1)`, calls: 11 },
  { spec: (γ) => `rapp(stepSize=${γ}, innerSteps=20, weight=0.3)`, calls: 20 },
];

/** Methods with the numbers of their theorems, for problems of several players. */
function ofGames(at: At, { facts }: Known, problem: Problem): readonly string[] {
  const { constraint } = problem;
  const ρL = (facts.comonotone ?? facts.weakMinty ?? 0) * (facts.lipschitz ?? 1);
  const specs = [
    'adaptive-graal',
    `graal(stepSize=${at(0.8)})`,
    `forward-reflected-backward(stepSize=${at(0.49)})`,
    `extragradient(stepSize=${at(0.7)})`,
    `extragradient(stepSize=${at(0.95)})`,
    `forward-backward-forward(stepSize=${at(0.95)})`,
    'curvature-eg-plus',
    `alternating-gda(stepSize=${at(0.5)})`,
    `lookahead(gda(stepSize=${at(0.3)}), steps=20)`,
    `lookahead(gda(stepSize=${at(0.8)}), steps=40)`,
    `lookahead(extragradient(stepSize=${at(0.7)}), steps=5)`,
  ];
  if (constraint === undefined)
    specs.push(
      `ogda(stepSize=${at(0.45)})`,
      `eg-plus(stepSize=${at(0.99)}, relaxation=0.5)`,
      `adaptive-eg-plus(stepSize=${at(0.99)})`,
      `ogda-plus(stepSize=${at(0.99)}, relaxation=0.3)`,
      `feg(stepSize=${at(0.95)}${ρL < 0 ? `, comonotone=${facts.comonotone ?? facts.weakMinty}` : ''})`,
      `lookahead(gda(stepSize=${at(0.577)}), steps=2, weight=0.5)`,
      `lookahead(extragradient(stepSize=${at(0.7)}), steps=10)`,
    );
  else specs.push(`ceg-plus(stepSize=${at(0.95)}, relaxation=0.5)`);
  if (facts.mirror === 'entropy') specs.push('mirror-prox', 'optimistic-mirror-descent');
  if (ρL < 0 && ρL > -1) {
    // γ between −ρ and 1/L, and as many inner steps as bring the resolvent’s error below 0.5 %
    const γL = Math.max(0.95, (1 - ρL) / 2);
    const weight = digits(Math.min(1, (γL + ρL) / γL));
    const τ = Math.ceil(Math.log(0.005) / Math.log(γL));
    if (weight > 0) specs.push(`rapp(stepSize=${at(γL)}, innerSteps=${τ}, weight=${weight})`);
    if (ρL > -0.5)
      specs.push(
        `eg-plus(stepSize=${at(0.99)}, relaxation=${digits(0.9 * (1 + (2 * ρL) / 0.99))})`,
        `rapp(stepSize=${at(γL)}, innerSteps=20, weight=0.3)`,
      );
  }
  return specs;
}

/** Methods with the numbers of their theorems, for one player: F is the gradient of its loss. */
function ofMinimisation(at: At, { facts }: Known, problem: Problem): readonly Listed[] {
  const { lipschitz: L = 0, stronglyMonotone: μ = 0, generalisedSmooth: smooth } = facts;
  const specs: Listed[] = [
    `nesterov(stepSize=${at(1)})`,
    'adaptive-graal',
    ...(problem.constraint === undefined ? ['lbfgs'] : []),
  ];
  if (μ > 0 && problem.constraint === undefined) {
    const [r, q] = [Math.sqrt(L) + Math.sqrt(μ), Math.sqrt(L) - Math.sqrt(μ)];
    specs.push({
      spec: `heavy-ball(stepSize=${digits(4 / r ** 2)}, momentum=${digits((q / r) ** 2)})`,
      chosen: 'from L and μ',
    });
  }
  if (problem.residual !== undefined) specs.push('gauss-newton');
  if (smooth !== undefined && smooth.L0 > 0)
    specs.push({
      spec: `clipped-gradient(stepSize=${digits(1 / (2 * smooth.L0))}${smooth.L1 > 0 ? `, threshold=${digits((2 * smooth.L0) / (3 * smooth.L1))}` : ''})`,
      chosen: 'from L₀ and L₁',
    });
  return specs;
}

/** For samples: methods whose steps fall or average, beside those for exact F. */
function ofSamples(at: At, problem: Problem): readonly string[] {
  return [
    `gda(stepSize=${at(0.1)})`,
    `gda(stepSize=${at(0.02)})`,
    `extragradient(stepSize=${at(0.1)})`,
    `average(extragradient(stepSize=${at(0.3)}))`,
    `average(extragradient(stepSize=${at(0.1)}))`,
    `bc-seg-plus(stepSize=${at(0.5)})`,
    ...(problem.terms === undefined ? [] : ['saga', ...(problem.players.length === 1 ? ['sag'] : [])]),
  ];
}

/**
 * A method that the lists above do not name, with its defaults, so that each one of the registry is tried.
 * Undefined for wrappers, for samplers, for Adam-like methods, whose step size is no share of 1/L, and where
 * an option has no default.
 */
function withDefaults(row: MethodRow, facts: Facts): Candidate | undefined {
  if (row.wraps || row.takes.length > 0 || row.sampler || row.family !== 'gradient') return undefined;
  try {
    const { options } = row.from({}, facts);
    const { stepSize: γ } = fields(options);
    const spec = typeof γ === 'number' ? `${row.name}(stepSize=${digits(γ)})` : row.name;
    return { spec, chosen: 'its defaults', later: true };
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** The candidates of a problem, each once, in the order in which ties are decided. */
export function candidatesFor(problem: Problem, known: Known): readonly Candidate[] {
  const { lipschitz: L = 0, stronglyMonotone: μ = 0 } = known.facts;
  const at: At = (share) => String(digits(L > 0 ? share / L : share));
  const sampled = problem.draw !== undefined;
  const listed: readonly Listed[] = [
    ...(μ > 0 && L > 0 ? [{ spec: `gda(stepSize=${digits(2 / (L + μ))})`, chosen: 'γ from L and μ' }] : []),
    ...[...(problem.constraint === undefined ? [] : [8, 4]), 1.9, 1, 0.5, 0.1].map(
      (share) => `gda(stepSize=${at(share)})`,
    ),
    ...(sampled
      ? ofSamples(at, problem)
      : isMinimisation(problem)
        ? ofMinimisation(at, known, problem)
        : ofGames(at, known, problem)),
  ];
  const byTheory = listed.map((one) =>
    typeof one !== 'string' ? one : { spec: one, chosen: one.includes('(') ? 'γ from L' : 'its defaults' },
  );
  const { eigenvalues } = known;
  const bySpectrum =
    eigenvalues === undefined || sampled
      ? []
      : tunable.flatMap(({ spec, calls }) => {
          const build = (share: number): Method<State> => methodFrom(spec(share / L), known.facts);
          const best = tunedShare(build, eigenvalues, calls);
          return best === undefined
            ? []
            : [{ spec: spec(digits(best.share / L)), chosen: 'γ from the spectrum of J' }];
        });
  const named = new Set([...bySpectrum, ...byTheory].flatMap(({ spec }) => namesIn(parseSpec(spec))));
  const byDefault = sampled
    ? []
    : methods.filter(({ name }) => !named.has(name)).flatMap((row) => withDefaults(row, known.facts) ?? []);
  const space = spaceFor(problem, new Float64Array(0));
  const seen = new Set<string>();
  return [...bySpectrum, ...byTheory, ...byDefault].filter(({ spec }) => {
    const parsed = parseSpec(spec);
    const key = formatSpec(parsed);
    const rows = namesIn(parsed).flatMap((name) => methods.find((row) => row.name === name) ?? []);
    const usable = rows.every(
      (row) =>
        fits(row, space) &&
        (row.players === undefined || row.players === problem.players.length) &&
        !(row.unconstrained && problem.constraint !== undefined),
    );
    if (!usable || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The names in a spec: its own, and those of what it takes. */
const namesIn = ({ name, inner }: Spec): readonly string[] => [name, ...inner.flatMap(namesIn)];
