import type { Ledger, Prices } from '@stillpoint/operators';
import { SEEDS_TO_NAME, isDeterministic, labelsIn, runsMade } from '../results/judge.js';
import type { Run } from '../results/run.js';
import type { Section } from '../results/section.js';
import { chip, definitions, escape, figure, table } from './html.js';

/** What a ledger counts beside gradients: its name, its count and its price. */
const entries: readonly {
  readonly words: string;
  readonly count: (ledger: Ledger) => number;
  readonly price: (prices: Prices) => number;
}[] = [
  { words: 'losses', count: ({ losses }) => losses, price: ({ losses }) => losses },
  { words: 'products J·v', count: ({ products }) => products, price: ({ product }) => product },
  {
    words: 'transposed products Jᵀ·v',
    count: ({ transposedProducts }) => transposedProducts,
    price: ({ transposedProduct }) => transposedProduct,
  },
  { words: 'residuals', count: ({ residuals }) => residuals, price: ({ residual }) => residual },
  {
    words: 'products with the residual’s Jacobian',
    count: ({ residualProducts }) => residualProducts,
    price: ({ residualProduct }) => residualProduct,
  },
];

/** The price list in words: of gradients, and of `used`, what any run asked for beside them. */
function pricesHtml({ players, prices, terms }: Section, used: typeof entries): string {
  const shares = players.map((name, p) => [`gradient of ${name}`, prices.shares[p]] as const);
  const rest = used.map(({ words, price }) => [words, price(prices)] as const);
  return definitions(
    Object.fromEntries([
      ...(players.length > 1 ? [['gradient of all players', '1 call'] as const] : []),
      ...[...shares, ...rest].map(
        ([words, price]) => [words, `${figure(price)} ${price === 1 ? 'call' : 'calls'} each`] as const,
      ),
      ...(terms > 1 ? [['terms', `${terms}; one term costs 1/${terms} of these`] as const] : []),
    ]),
  );
}

/** A table of what each run asked of the oracle, and the prices, from which its calls follow. */
export function ledgerHtml(section: Section): string {
  const { players } = section;
  const runs = runsMade(section);
  if (runs.length === 0) return '';
  const labels = labelsIn(section);
  const used = entries.filter(({ count }) => runs.some(({ ledger }) => count(ledger) > 0));
  const row = (some: readonly Run[], seed: string): readonly string[] => {
    const label = some[0]!.label;
    const mean = (of: (run: Run) => number): number =>
      some.reduce((sum, run) => sum + of(run), 0) / some.length;
    return [
      `${chip(labels.indexOf(label))}${escape(label)}`,
      ...(section.seeds > 1 ? [seed] : []),
      figure(
        mean(({ ledger }) => ledger.steps),
        9,
      ),
      ...players.map((_, p) =>
        figure(
          mean(({ ledger }) => ledger.gradients[p] ?? 0),
          9,
        ),
      ),
      ...used.map(({ count }) =>
        figure(
          mean(({ ledger }) => count(ledger)),
          9,
        ),
      ),
      figure(
        mean(({ calls }) => calls),
        6,
      ),
    ];
  };
  const rows =
    section.seeds > SEEDS_TO_NAME
      ? labels.map((label) => {
          const own = runs.filter((run) => run.label === label);
          return row(own, own.length === 1 ? String(own[0]!.seed) : `mean of ${own.length}`);
        })
      : runs.map((run) => row([run], isDeterministic(section, run.label) ? 'every' : String(run.seed)));
  return [
    '<h3>What was asked</h3>',
    table(
      [
        'method',
        ...(section.seeds > 1 ? ['seed'] : []),
        'steps',
        ...players.map((name) => `gradients of ${escape(name)}`),
        ...used.map(({ words }) => words),
        'oracle calls',
      ],
      rows,
    ),
    `<p class="soft">An oracle call is one gradient of all players${
      section.terms > 1 ? ' over all terms' : ''
    }; everything else is counted at these prices:</p>${pricesHtml(section, used)}`,
  ].join('\n');
}
