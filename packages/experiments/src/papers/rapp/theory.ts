import type { Section } from '@stillpoint/tracking';
import { ours, type Figure, type Finding } from '../paper.js';
import { onGame } from '../runs.js';

/** ρ of the games, in units of 1/L. */
const values = [0, -0.2, -0.4] as const;

/** Whether each run was bounded by its theorem, and stayed below the bound. */
function bounded(sections: readonly Section[]): Finding | undefined {
  const runs = sections.flatMap((section) => section.runs.map((run) => ({ section, run })));
  if (runs.length < 3 * values.length) return undefined;
  const parts = runs.map(({ section, run }) => {
    const claim = run.claims.find((one) => one.claim === 'bound');
    const { measured, bound } = run.series;
    const share = Math.max(
      ...(measured?.y ?? []).flatMap((y, i) => {
        const most = bound?.y[i];
        return y === null || most === null || most === undefined || most === 0 ? [] : [y / most];
      }),
    );
    return {
      holds: claim?.holds === true,
      words: `${section.title}, ${run.label}: ${(100 * share).toPrecision(3)} %`,
    };
  });
  return {
    holds: parts.every(({ holds }) => holds),
    measured: `the most of its bound that each run reached: ${parts.map(({ words }) => words).join('; ')}`,
  };
}

/** The theorems on comonotone operators, beside runs. */
export const theory: Figure = {
  name: 'theory',
  title: 'The rates on comonotone operators',
  shows:
    'RAPP, the inexact Krasnosel’skii–Mann iteration on the resolvent and Lookahead around CEG+, on random linear operators that are ρ-comonotone, each beside the bound of its theorem with the operator’s own constants. The rate of the first two does not depend on ρ.',
  takes: 'seconds',
  settings: [
    ours('operators', 'random linear ones of 20 numbers, L = 1, ρ = 0, −0.2, −0.4; the start is theirs'),
    ours('RAPP', 'γ = 0.9/L, τ = 50, λ = 0.5'),
    ours('inexact Krasnosel’skii–Mann', 'γ = 0.9/L, λ = 0.5, error below 0.1/(k + 1)²'),
    ours('Lookahead', 'around CEG+ with γ = 0.95/L, ᾱ = 0.1; τ = 5, λ = 0.5'),
  ],
  claims: [
    {
      name: 'bounds',
      statement: 'Every run stays below its theorem’s bound, for each ρ',
      source: 'sections 5 to 7; the statements that are checked are proved in this project’s documentation',
      expected: true,
      judge: bounded,
    },
  ],
  async run(options) {
    const sections = [];
    for (const ρ of values)
      sections.push(
        await onGame(
          `random-comonotone(dimension=20, comonotone=${ρ})`,
          {
            title: `ρ = ${ρ}/L`,
            methods: [
              'rapp(stepSize=0.9, innerSteps=50, weight=0.5)',
              'km(stepSize=0.9, weight=0.5)',
              'lookahead(ceg-plus(stepSize=0.95, relaxation=0.1), steps=5)',
            ],
            calls: 20_000,
            stepSizes: 'ours',
          },
          options,
        ),
      );
    return sections;
  },
};
