import { norm } from '@stillpoint/operators';
import { iterate } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { minimisationFrom } from '@stillpoint/problems';
import type { Section } from '@stillpoint/tracking';
import { ours, published, type Figure, type FigureOptions } from '../paper.js';
import { gradientSteps, tableSection, type Row } from '../runs.js';

const TEXT = 'the paper';
const [STARTS, TOLERANCES] = [
  [3, 10, 30],
  [0.1, 0.01],
] as const;
const [L0, L1] = [16, 1];

/** The methods from x₀: clipped with Theorem 3's step, with the longest proven one, and plain with 6's. */
const methodsFrom = (x0: number): readonly (readonly [string, string])[] => [
  ['clipped gradient, Theorem 3', `clipped-gradient(stepSize=${1 / (10 * L0)}, threshold=${L0 / L1})`],
  ['clipped gradient, min(1/(2L₀), 1/(3L₁‖g‖))', 'clipped-gradient'],
  ['gradient descent, Theorem 6', `gda(stepSize=${1 / (2 * (4 * x0 ** 3 * L1 + L0))})`],
];

const nameOf = (x0: number, ε: number): string => `from${x0}to${ε}`;

/** Steps of a method on x⁴ from x₀ until |f′| ≤ ε, for each ε. */
function stepsTo(x0: number, spec: string, tolerances: readonly number[]): readonly number[] {
  const { exact: game } = minimisationFrom(`power(start=${x0})`);
  const F = new Float64Array(1);
  const found: number[] = [];
  let k = 0;
  for (const { z } of iterate(game, methodFrom(spec, game.facts))) {
    k++;
    game.operator(z, F);
    while (found.length < tolerances.length && norm(F) <= tolerances[found.length]!) found.push(k);
    if (found.length === tolerances.length) return found;
  }
  return found;
}

async function table({ quick, onProgress, signal }: FigureOptions): Promise<readonly Section[]> {
  const starts = quick ? STARTS.slice(0, 2) : STARTS;
  const rows = new Map<string, Row>();
  for (const [i, x0] of starts.entries())
    for (const [label, spec] of methodsFrom(x0)) {
      if (signal?.aborted) break;
      onProgress?.(i / starts.length, `${label} from x₀ = ${x0}`);
      const counts = stepsTo(x0, spec, TOLERANCES);
      const before = rows.get(label);
      rows.set(label, {
        label,
        method: label.startsWith('gradient') ? 'gda with h = 1/(2(ML₁ + L₀)), M = 4x₀³' : spec,
        ...gradientSteps((before?.calls ?? 0) + (counts.at(-1) ?? 0)),
        values: {
          ...before?.values,
          ...Object.fromEntries(TOLERANCES.map((ε, t) => [nameOf(x0, ε), counts[t] ?? null])),
        },
      });
    }
  return [
    tableSection({
      title: 'Steps on x⁴ until |f′| ≤ ε',
      problem: 'x⁴',
      about:
        'x⁴ is (16/L₁², L₁)-smooth for every L₁; here L₀ = 16, L₁ = 1. Calls are the steps to the smallest ε, summed over the starts.',
      columns: starts.flatMap((x0) =>
        TOLERANCES.map((ε) => ({
          name: nameOf(x0, ε),
          label: `steps from x₀ = ${x0}, ε = ${ε}`,
          better: 'lower' as const,
          digits: 8,
        })),
      ),
      rows: [...rows.values()],
      verdict: ['Clipped, steps grow by 10 for each unit of x₀; plain, they grow with its cube.'],
      identity: { problem: 'x⁴', L0, L1 },
    }),
  ];
}

/** Steps of clipped and plain gradient descent on x⁴. */
export const quartic: Figure = {
  name: 'quartic',
  title: 'x⁴: clipped steps need a number that grows with the start, plain ones one that grows with its cube',
  shows:
    'How many steps gradient descent needs on a function that is not L-smooth, clipped with the step size of Theorem 3, and plain with the longest step size that Theorem 6 proves from that start.',
  takes: 'seconds',
  settings: [
    published(
      'clipped',
      'η_c = 1/(10L₀), threshold so that a step is at most min(1, 1/(10L₁))',
      `${TEXT}, Theorem 3`,
    ),
    published('plain', 'h = 1/(2(ML₁ + L₀)), M = |f′(x₀)|', `${TEXT}, Theorem 6`),
    ours('function', 'x⁴ with L₀ = 16, L₁ = 1; the paper has no such table'),
    ours('x₀, ε', '3, 10, 30; 0.1, 0.01'),
  ],
  claims: [
    {
      name: 'growth',
      statement:
        'From x₀ = 10 to x₀ = 30 the clipped method needs at most 2 times as many steps, the plain one at least 20 times as many',
      source: 'ours, after Theorems 3, 4 and 6',
      expected: true,
      needs: 'the whole form, without --quick',
      judge([section]) {
        const [clipped, , plain] = section?.runs ?? [];
        const ratio = (run: typeof clipped): number =>
          (run?.values[nameOf(30, 0.1)] ?? NaN) / (run?.values[nameOf(10, 0.1)] ?? NaN);
        const [a, b] = [ratio(clipped), ratio(plain)];
        if (!Number.isFinite(a + b)) return undefined;
        return {
          holds: a <= 2 && b >= 20,
          measured: `clipped ${a.toPrecision(3)} times, plain ${b.toPrecision(3)} times`,
        };
      },
    },
    {
      name: 'fewer',
      statement:
        'Clipped with the step of Theorem 3 the method needs fewer steps than gradient descent from every start',
      source: 'ours, after Theorems 3 and 6',
      expected: true,
      judge([section]) {
        const [clipped, , plain] = section?.runs ?? [];
        if (clipped === undefined || plain === undefined) return undefined;
        const names = Object.keys(clipped.values);
        return {
          holds: names.every(
            (name) => (clipped.values[name] ?? Infinity) < (plain.values[name] ?? -Infinity),
          ),
          measured: (section?.columns ?? [])
            .map(({ name, label }) => `${label}: ${clipped.values[name]} against ${plain.values[name]}`)
            .join('; '),
        };
      },
    },
  ],
  run: table,
};
