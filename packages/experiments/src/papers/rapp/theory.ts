import { integer, numbers, type Full } from '@stillpoint/operators';
import type { Run, Section } from '@stillpoint/tracking';
import { even, signed } from '../chosen.js';
import { figure, seedOptions, seedsInWords, seedsOf } from '../figure.js';
import { ours, type Finding } from '../paper.js';
import { onGame } from '../runs.js';

const options = {
  ...seedOptions(1),
  dimension: even({ about: 'entries of both players together, even', from: 2, to: 600, default: 20 }),
  // γ = 0.95/L and ᾱ = 0.1 of CEG+ need ᾱ < 1 + 2ρ/γ
  comonotone: numbers({ about: 'ρ, in units of 1/L', above: -0.4275, to: 1, default: [0, -0.2, -0.4] }),
  calls: integer({ about: 'oracle calls of each method', from: 100, to: 1_000_000, default: 20_000 }),
};
type Values = Full<typeof options>;

const METHODS = [
  'rapp(stepSize=0.9, innerSteps=50, weight=0.5)',
  'km(stepSize=0.9, weight=0.5)',
  'lookahead(ceg-plus(stepSize=0.95, relaxation=0.1), steps=5)',
];

/** The largest share of its bound that a run reached. */
function shareOf({ series: { measured, bound } }: Run): number {
  return Math.max(
    ...(measured?.y ?? []).flatMap((y, i) => {
      const most = bound?.y[i];
      return y === null || most === null || most === undefined || most === 0 ? [] : [y / most];
    }),
  );
}

/** Whether each run was bounded by its theorem, and stayed below the bound. */
function bounded({ comonotone, seeds }: Values, sections: readonly Section[]): Finding | undefined {
  const runs = sections.flatMap((section) => section.runs);
  if (runs.length < METHODS.length * comonotone.length * seeds) return undefined;
  const words = comonotone.flatMap((ρ, i) =>
    METHODS.map((_, place) => {
      const all = sections.slice(i * seeds, (i + 1) * seeds).map((section) => section.runs[place]!);
      return `ρ = ${ρ}/L, ${all[0]!.label}: ${(100 * Math.max(...all.map(shareOf))).toPrecision(3)} %`;
    }),
  );
  return {
    holds: runs.every(({ claims }) => claims.find((one) => one.claim === 'bound')?.holds === true),
    measured: `the most of its bound that ${seeds === 1 ? 'each run' : `any of ${seeds} runs`} reached: ${words.join('; ')}`,
  };
}

/** The theorems on comonotone operators, beside runs. */
export const theory = figure({
  name: 'theory',
  title: 'The rates on comonotone operators',
  shows:
    'RAPP, the inexact Krasnosel’skii–Mann iteration on the resolvent and Lookahead around CEG+, on random linear operators that are ρ-comonotone, each beside the bound of its theorem with the operator’s own constants. The rate of the first two does not depend on ρ.',
  takes: 'seconds',
  options,
  settings: ({ dimension, comonotone, calls, ...values }) => [
    ours(
      'operators',
      `random linear ones of ${dimension} numbers, L = 1, ρ = ${comonotone.map(signed).join(', ')}; the start is theirs`,
    ),
    ours('seeds of the operators', seedsInWords(values)),
    ours('RAPP', 'γ = 0.9/L, τ = 50, λ = 0.5'),
    ours('inexact Krasnosel’skii–Mann', 'γ = 0.9/L, λ = 0.5, error below 0.1/(k + 1)²'),
    ours('Lookahead', 'around CEG+ with γ = 0.95/L, ᾱ = 0.1; τ = 5, λ = 0.5'),
    ours('budget', `${calls.toLocaleString('en')} oracle calls each`),
  ],
  claims: (values) => [
    {
      name: 'bounds',
      statement: 'Every run stays below its theorem’s bound, for each ρ and seed',
      source: 'sections 5 to 7; the statements that are checked are proved in this project’s documentation',
      expected: true,
      judge: (sections) => bounded(values, sections),
    },
  ],
  async run(values, given) {
    const { dimension, comonotone, calls, seeds } = values;
    const sections = [];
    for (const ρ of comonotone)
      for (const seed of seedsOf(values))
        sections.push(
          await onGame(
            `random-comonotone(dimension=${dimension}, comonotone=${ρ}, seed=${seed})`,
            {
              title: `ρ = ${ρ}/L${seeds === 1 ? '' : `, seed ${seed}`}`,
              methods: METHODS,
              calls,
              stepSizes: 'Stillpoint’s',
            },
            given,
          ),
        );
    return sections;
  },
});
