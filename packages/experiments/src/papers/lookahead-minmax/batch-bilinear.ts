import { integer, number, type Full, type Game } from '@stillpoint/operators';
import { problemFrom } from '@stillpoint/problems';
import type { Section } from '@stillpoint/tracking';
import { listed } from '../../labels.js';
import { asPublished, isWhole, sourceOf } from '../chosen.js';
import { figure, seedOptions, seedsInWords, seedsOf } from '../figure.js';
import { ours, published, type Finding } from '../paper.js';
import { onGame } from '../runs.js';

const CODE = 'the authors’ code, bilinear_game/';

const sizes = {
  dimension: integer({ about: 'entries of each player, and terms', from: 1, to: 2000, default: 100 }),
  stepSize: number({ about: 'γ', above: 0, to: 1, default: 0.3 }),
  innerSteps: integer({ about: 'k of Lookahead', from: 1, to: 100, default: 6 }),
  calls: integer({ about: 'gradients of each method', from: 100, to: 100_000, default: 300 }),
};
const options = { ...seedOptions(1), ...sizes };
type Values = Full<typeof options>;

/** The full-batch game xᵀy + aᵀx + bᵀy, whose Jacobian is i on every pair of numbers: L = 1. */
const game = (dimension: number, seed: number): Game =>
  problemFrom(`batch-bilinear(dimension=${dimension}, batch=${dimension}, gradients=sum, seed=${seed})`)
    .exact;

/** |m| of a step that multiplies x + iy by (1 − λ) + λ·w^τ, where w is a complex number. */
function modulus([re, im]: readonly [number, number], τ: number, λ: number): number {
  let [a, b] = [1, 0];
  for (let t = 0; t < τ; t++) [a, b] = [a * re - b * im, a * im + b * re];
  return Math.hypot(1 - λ + λ * a, λ * b);
}

/** A method, with the closed form of the factor by which each of its steps multiplies the distance. */
interface Contender {
  readonly name: string;
  readonly spec: string;
  /** The steps of which Lookahead makes one, else 1. */
  readonly inner: number;
  readonly factor: number;
}

function methodsOf({ stepSize: γ, innerSteps: k }: Values): readonly Contender[] {
  // gda multiplies by 1 − iγ, extragradient by 1 − iγ(1 − iγ) = 1 − γ² − iγ
  const [gda, eg] = [
    { name: 'GDA', spec: `gda(stepSize=${γ})`, by: [1, -γ] },
    { name: 'EG', spec: `extragradient(stepSize=${γ})`, by: [1 - γ * γ, -γ] },
  ] as const;
  const alone = ({ name, spec, by }: typeof gda | typeof eg): Contender => ({
    name,
    spec,
    inner: 1,
    factor: modulus(by, 1, 1),
  });
  const inside = ({ name, spec, by }: typeof gda | typeof eg, α: number): Contender => ({
    name: `LA-${name}, α = ${α}`,
    spec: `lookahead(${spec}, steps=${k}, weight=${α})`,
    inner: k,
    factor: modulus(by, k, α),
  });
  return [inside(gda, 0.5), inside(gda, 0.4), inside(gda, 0.8), alone(eg), inside(eg, 0.5), alone(gda)];
}

/**
 * The factor of a whole step, from the first and the last measured distance: the step count of Lookahead is
 * that of its inner steps.
 */
function judge(values: Values, sections: readonly Section[]): Finding | undefined {
  if (sections.length < values.seeds) return undefined;
  const found = methodsOf(values).map(({ name, inner, factor }, i) => {
    const all = sections.map(({ runs }) => {
      const run = runs[i];
      const y = run?.series['distance']?.y ?? [];
      const rounds = Math.floor((run?.ledger.steps ?? 0) / inner);
      const [first, last] = [y[0] ?? NaN, y.at(-1) ?? NaN];
      // each step rounds by a few units of 2⁻⁵² of the numbers, which are as large as the first distance
      const rounding = (8 * 2 ** -52 * (run?.ledger.steps ?? 0) * first) / Math.min(first, last) / rounds;
      return { measured: (last / first) ** (1 / rounds), rounding };
    });
    const ends = [...new Set(all.map(({ measured }) => measured.toFixed(6)))].toSorted();
    return {
      all,
      holds: all.every(({ measured, rounding }) => Math.abs(measured / factor - 1) < rounding),
      words: `${name} ${[...new Set([ends[0], ends.at(-1)])].join(' to ')} (closed form ${factor.toFixed(6)})`,
    };
  });
  if (found.some(({ all }) => all.some(({ measured }) => !Number.isFinite(measured)))) return undefined;
  return {
    holds: found.every(({ holds }) => holds),
    measured: found.map(({ words }) => words).join(', '),
  };
}

/** Which α converge and which diverge, by the closed form: `with α = 0.5 and 0.4 converges; …`. */
function converging(values: Values): string {
  const la = methodsOf(values).slice(0, 3);
  const alphas = (all: readonly Contender[]): string => listed(all.map(({ name }) => name.slice(-3)));
  const [good, bad] = [la.filter(({ factor }) => factor < 1), la.filter(({ factor }) => factor >= 1)];
  return [
    ...(good.length === 0
      ? []
      : [`with α = ${alphas(good)} converges, each whole step with the factor of the closed form`]),
    ...(bad.length === 0 ? [] : [`with α = ${alphas(bad)} it diverges, as gda does`]),
  ].join('; ');
}

/** Lookahead on the full-batch bilinear game. */
export const batchBilinear = figure({
  name: 'batch-bilinear',
  title: 'The bilinear game with full batches: Lookahead makes gda converge',
  shows:
    'The distance to the solution of xᵀy + aᵀx + bᵀy. Each whole step multiplies it by the same number, which has a closed form.',
  takes: 'seconds',
  options,
  settings: ({ dimension, stepSize, innerSteps, calls, ...values }) => [
    asPublished(
      'game',
      `xᵀy + aᵀx + bᵀy with ${dimension} numbers for each player`,
      'xᵀy + aᵀx + bᵀy with 100 numbers for each player',
      CODE,
    ),
    asPublished('γ, k', `${stepSize}, ${innerSteps}`, '0.3, 6', CODE),
    published('α', '0.5, 0.4; 0.8 in a comment of the code', CODE),
    ours('steps', `a budget of ${calls} gradients each; the figure has 800 passes and counts 3 for EG`),
    ours('seeds of a, b and the start', seedsInWords(values)),
  ],
  claims: (values) => [
    {
      name: 'factors',
      statement: `LA-GDA ${converging(values)}`,
      source: sourceOf(
        sizes,
        values,
        'on the settings of the authors’ code; the closed form is Stillpoint’s',
      ),
      expected: true,
      judge: (sections) => judge(values, sections),
    },
    {
      name: 'faster',
      statement: 'With as many gradients LA-GDA with α = 0.5 comes nearer to the solution than EG',
      source: sourceOf(sizes, values, 'on the settings of the authors’ code; the sentence is Stillpoint’s'),
      expected: true,
      judge(sections) {
        const ends = sections.map(({ runs }) => {
          const [la, eg] = [runs[0], runs[3]];
          const [a, b] = [la?.values['distance'], eg?.values['distance']];
          return a === undefined || a === null || b === undefined || b === null
            ? undefined
            : {
                // with a residual of 0 it is as near as rounding lets it
                holds: la!.calls <= eg!.calls && (a < b || la!.status === 'converged'),
                words: `LA-GDA ${a.toPrecision(3)} after ${la!.calls} gradients, EG ${b.toPrecision(3)} after ${eg!.calls}`,
              };
        });
        if (ends.length < values.seeds || ends.includes(undefined)) return undefined;
        return {
          holds: ends.every((end) => end?.holds),
          measured: ends.map((end) => end?.words).join('; '),
        };
      },
    },
  ],
  async run(values, given) {
    const sections = [];
    for (const seed of seedsOf(values))
      sections.push(
        await onGame(
          game(values.dimension, seed),
          {
            title: `xᵀy + aᵀx + bᵀy, full batches${values.seeds === 1 ? '' : `, seed ${seed}`}`,
            methods: methodsOf(values).map(({ spec }) => spec),
            calls: values.calls,
            tolerance: 0,
            stepSizes: isWhole(sizes, values) ? 'those of the authors’ code' : 'as chosen',
          },
          given,
        ),
      );
    return sections;
  },
});
