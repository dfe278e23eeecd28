import type { Game } from '@stillpoint/operators';
import { sampledGameFrom } from '@stillpoint/problems';
import type { Section } from '@stillpoint/tracking';
import { ours, published, type Figure, type Finding } from '../paper.js';
import { onGame } from '../runs.js';

const CODE = 'the authors’ code, bilinear_game/';
const [γ, k] = [0.3, 6];
const SPEC = 'batch-bilinear(dimension=100, batch=100, gradients=sum)';

/** The full-batch game xᵀy + aᵀx + bᵀy, whose Jacobian is i on every pair of numbers: L = 1. */
const game = (): Game => sampledGameFrom(SPEC).expected;

/** |m| of a step that multiplies x + iy by (1 − λ) + λ·w^τ, where w is a complex number. */
function modulus([re, im]: readonly [number, number], τ: number, λ: number): number {
  let [a, b] = [1, 0];
  for (let t = 0; t < τ; t++) [a, b] = [a * re - b * im, a * im + b * re];
  return Math.hypot(1 - λ + λ * a, λ * b);
}
/** gda multiplies by 1 − iγ, extragradient by 1 − iγ(1 − iγ) = 1 − γ² − iγ. */
const gdaFactor = [1, -γ] as const;
const egFactor = [1 - γ * γ, -γ] as const;

/** The methods, with the closed form of the factor by which each of their steps multiplies the distance. */
const methods: readonly { readonly name: string; readonly spec: string; readonly factor: number }[] = [
  {
    name: 'LA-GDA, α = 0.5',
    spec: `lookahead(gda(stepSize=${γ}), steps=${k}, weight=0.5)`,
    factor: modulus(gdaFactor, k, 0.5),
  },
  {
    name: 'LA-GDA, α = 0.4',
    spec: `lookahead(gda(stepSize=${γ}), steps=${k}, weight=0.4)`,
    factor: modulus(gdaFactor, k, 0.4),
  },
  {
    name: 'LA-GDA, α = 0.8',
    spec: `lookahead(gda(stepSize=${γ}), steps=${k}, weight=0.8)`,
    factor: modulus(gdaFactor, k, 0.8),
  },
  { name: 'EG', spec: `extragradient(stepSize=${γ})`, factor: modulus(egFactor, 1, 1) },
  {
    name: 'LA-EG, α = 0.5',
    spec: `lookahead(extragradient(stepSize=${γ}), steps=${k}, weight=0.5)`,
    factor: modulus(egFactor, k, 0.5),
  },
  { name: 'GDA', spec: `gda(stepSize=${γ})`, factor: modulus(gdaFactor, 1, 1) },
];

/**
 * The factor of a whole step, from the first and the last measured distance: the step count of Lookahead is
 * that of its inner steps.
 */
function judge([section]: readonly Section[]): Finding | undefined {
  if (section === undefined) return undefined;
  const found = methods.map(({ name, spec, factor }, i) => {
    const run = section.runs[i];
    const y = run?.series['distance']?.y ?? [];
    const inner = spec.startsWith('lookahead') ? k : 1;
    const rounds = Math.floor((run?.ledger.steps ?? 0) / inner);
    const [first, last] = [y[0] ?? NaN, y.at(-1) ?? NaN];
    const measured = (last / first) ** (1 / rounds);
    // each step rounds by a few units of 2⁻⁵² of the numbers, which are as large as the first distance
    const rounding = (8 * 2 ** -52 * (run?.ledger.steps ?? 0) * first) / Math.min(first, last) / rounds;
    return { name, factor, measured, rounding };
  });
  if (found.some(({ measured }) => !Number.isFinite(measured))) return undefined;
  return {
    holds: found.every(({ factor, measured, rounding }) => Math.abs(measured / factor - 1) < rounding),
    measured: found
      .map(
        ({ name, factor, measured }) => `${name} ${measured.toFixed(6)} (closed form ${factor.toFixed(6)})`,
      )
      .join(', '),
  };
}

/** Lookahead on the full-batch bilinear game. */
export const batchBilinear: Figure = {
  name: 'batch-bilinear',
  title: 'The bilinear game with full batches: Lookahead makes gda converge',
  shows:
    'The distance to the solution of xᵀy + aᵀx + bᵀy. Each whole step multiplies it by the same number, which has a closed form.',
  takes: 'seconds',
  settings: [
    published('game', 'xᵀy + aᵀx + bᵀy with 100 numbers for each player', CODE),
    published('γ, k', '0.3, 6', CODE),
    published('α', '0.5, 0.4; 0.8 in a comment of the code', CODE),
    ours('steps', 'a budget of 300 gradients each; the figure has 800 passes and counts 3 for EG'),
  ],
  claims: [
    {
      name: 'factors',
      statement:
        'LA-GDA with α = 0.5 and 0.4 converges, each whole step with the factor of the closed form; with α = 0.8 it diverges, as gda does',
      source: 'on the settings of the authors’ code; the closed form is ours',
      expected: true,
      judge,
    },
    {
      name: 'faster',
      statement: 'With as many gradients LA-GDA with α = 0.5 comes nearer to the solution than EG',
      source: 'on the settings of the authors’ code; the sentence is ours',
      expected: true,
      judge([section]) {
        const [la, eg] = [section?.runs[0], section?.runs[3]];
        const [a, b] = [la?.values['distance'], eg?.values['distance']];
        if (a === undefined || a === null || b === undefined || b === null) return undefined;
        return {
          holds: a < b && la!.calls <= eg!.calls,
          measured: `LA-GDA ${a.toPrecision(3)} after ${la!.calls} gradients, EG ${b.toPrecision(3)} after ${eg!.calls}`,
        };
      },
    },
  ],
  async run(options) {
    return [
      await onGame(
        game(),
        {
          title: 'xᵀy + aᵀx + bᵀy, full batches',
          methods: methods.map(({ spec }) => spec),
          calls: 300,
          tolerance: 0,
          stepSizes: 'those of the authors’ code',
        },
        options,
      ),
    ];
  },
};
