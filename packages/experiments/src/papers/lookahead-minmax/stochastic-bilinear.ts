import { integer, number, numbers, type Data, type Full } from '@stillpoint/operators';
import { meanAndError, type Section } from '@stillpoint/tracking';
import { asPublished, isWhole, sourceOf } from '../chosen.js';
import { figure, seedOptions, seedsInWords } from '../figure.js';
import { ours, published, type Finding } from '../paper.js';
import { onGame, runsAt } from '../runs.js';

const CODE = 'the authors’ code, bilinear_game/';

/** Batch sizes, with γ, k of Lookahead there; α = 0.3. */
const lookaheads = [
  { batch: 1, γ: 0.05, k: 2450 },
  { batch: 16, γ: 0.01, k: 1500 },
  { batch: 64, γ: 0.005, k: 450 },
] as const;

const anySizes = numbers({
  about: 'batch sizes, of those for which γ and k are published',
  whole: true,
  default: lookaheads.map(({ batch }) => batch),
});
const sizes = {
  batches: {
    ...anySizes,
    expected: 'some of 1, 16, 64 as [1,16]',
    accepts: (value: Data) =>
      anySizes.accepts(value) &&
      Array.isArray(value) &&
      value.every((size: Data) => lookaheads.some(({ batch }) => batch === size)),
  },
  calls: integer({ about: 'passes over the terms of each method', from: 1, to: 100_000, default: 1000 }),
  weight: number({ about: 'α of Lookahead', above: 0, below: 1, default: 0.3 }),
};
const options = { ...seedOptions(3), ...sizes };
type Values = Full<typeof options>;
const batchesOf = ({ batches }: Values): readonly (typeof lookaheads)[number][] =>
  lookaheads.filter(({ batch }) => batches.includes(batch));

const METHODS = 5;

/** Whether Lookahead's mean residual is the least, with each batch size. */
function judge(values: Values, sections: readonly Section[]): Finding | undefined {
  const batches = batchesOf(values);
  if (sections.length < batches.length) return undefined;
  const found = sections.map((section, i) => {
    const means = Array.from({ length: METHODS }, (_, place) => {
      const runs = runsAt(section, place);
      const { mean } = meanAndError(runs.map((run) => run.values['residual'] ?? null));
      return { label: runs[0]!.label, mean: mean ?? Infinity };
    });
    const least = Math.min(...means.map(({ mean }) => mean));
    return {
      holds: means[0]!.mean === least,
      words: `batch ${batches[i]!.batch}: ${means
        .map(({ label, mean }) => `${label} ${Number.isFinite(mean) ? mean.toPrecision(3) : 'overflowed'}`)
        .join(', ')}`,
    };
  });
  return {
    holds: found.every(({ holds }) => holds),
    measured: `mean residual at the end over ${values.seeds} seed${values.seeds === 1 ? '' : 's'}: ${found.map(({ words }) => words).join('; ')}`,
  };
}

/** Lookahead on the stochastic bilinear game. */
export const stochasticBilinear = figure({
  name: 'stochastic-bilinear',
  title: 'The bilinear game from batches: Lookahead with long periods averages the noise out',
  shows:
    'The mean over 100 terms xᵢyᵢ + aᵢᵀx + bᵢᵀy, whose gradients come from batches of terms and are sums over the batch, as in the authors’ code.',
  takes: 'a few minutes',
  options,
  quick: { seeds: 1, calls: 20 },
  settings: (values) => [
    published('game', '100 terms, 100 numbers for each player; gradients are sums over the batch', CODE),
    asPublished(
      'Lookahead around gda',
      `γ, k: ${batchesOf(values)
        .map(({ batch, γ, k }, i) => `${γ}, ${k} (${i === 0 ? 'batch ' : ''}${batch})`)
        .join('; ')}; α = ${values.weight}`,
      'γ, k: 0.05, 2450 (batch 1); 0.01, 1500 (16); 0.005, 450 (64); α = 0.3',
      CODE,
    ),
    published('EG', 'γ = 0.005', CODE),
    published('Adam', 'γ = 0.005, β₁ = 0', CODE),
    published('ExtraAdam', 'γ = 0.005 to 0.02; here 0.01', CODE),
    ours('gda', 'with the γ of Lookahead'),
    ours(
      'budget',
      `${values.calls.toLocaleString('en')} passes over the terms each; the figure has 20,000 passes`,
    ),
    ours('seeds', seedsInWords(values)),
  ],
  claims: (values) => [
    {
      name: 'least',
      statement: 'Lookahead around gda ends with the least residual with each batch size',
      source: sourceOf(sizes, values, 'on the settings of the authors’ code; the sentence is Stillpoint’s'),
      scaled: `${values.calls.toLocaleString('en')} passes in place of 20,000`,
      expected: true,
      needs: 'the whole form, without --quick',
      judge: (sections, quick) => (quick ? undefined : judge(values, sections)),
    },
  ],
  async run(values, given) {
    const { seeds, firstSeed, calls, weight } = values;
    const sections = [];
    for (const { batch, γ, k } of batchesOf(values))
      sections.push(
        await onGame(
          `batch-bilinear(dimension=100, batch=${batch}, gradients=sum)`,
          {
            title: `Batch ${batch}`,
            methods: [
              `lookahead(gda(stepSize=${γ}), steps=${k}, weight=${weight})`,
              `gda(stepSize=${γ})`,
              'extragradient(stepSize=0.005)',
              'adam(stepSize=0.005, beta1=0)',
              'extra-adam(stepSize=0.01, beta1=0)',
            ],
            seeds,
            firstSeed,
            calls,
            stepSizes: isWhole({ weight: sizes.weight }, values)
              ? 'those of the authors’ code; gda’s is Lookahead’s'
              : 'as chosen',
          },
          given,
        ),
      );
    return sections;
  },
});
