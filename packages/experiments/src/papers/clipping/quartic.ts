import { norm, numbers, type Full } from '@stillpoint/operators';
import { iterate } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { problemFrom } from '@stillpoint/problems';
import type { Run, Section } from '@stillpoint/tracking';
import { figure } from '../figure.js';
import { ours, published, type Claimed, type FigureOptions } from '../paper.js';
import { gradientSteps, tableSection, type Row } from '../runs.js';

const TEXT = 'the paper';
const options = {
  // below (16 / L₁)^(1/3) gradient descent has the longer step
  starts: numbers({
    about: 'x₀; what grows is judged from the last but one to the last',
    from: 3,
    to: 100,
    default: [3, 10, 30],
  }),
  tolerances: numbers({ about: 'ε, the longest first', from: 0.001, to: 1, default: [0.1, 0.01] }),
};
type Values = Full<typeof options>;
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
  const { exact: game } = problemFrom(`power(start=${x0})`);
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

async function table(
  { starts, tolerances: given }: Values,
  { onProgress, signal }: FigureOptions,
): Promise<readonly Section[]> {
  const tolerances = given.toSorted((a, b) => b - a);
  const rows = new Map<string, Row>();
  for (const [i, x0] of starts.entries())
    for (const [label, spec] of methodsFrom(x0)) {
      if (signal?.aborted) break;
      onProgress?.(i / starts.length, `${label} from x₀ = ${x0}`);
      const counts = stepsTo(x0, spec, tolerances);
      const before = rows.get(label);
      rows.set(label, {
        label,
        method: label.startsWith('gradient') ? 'gda with h = 1/(2(ML₁ + L₀)), M = 4x₀³' : spec,
        ...gradientSteps((before?.calls ?? 0) + (counts.at(-1) ?? 0)),
        values: {
          ...before?.values,
          ...Object.fromEntries(tolerances.map((ε, t) => [nameOf(x0, ε), counts[t] ?? null])),
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
        tolerances.map((ε) => ({
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

/**
 * How the steps grow from one start to the next. A clipped step is of 1/(10L₁) until the last 1.6 units.
 * Plain, x⁻² grows by 8h a step, until it is that of the end, so that the steps are as 1/h = 8(x₀³ + 4).
 */
function growth(a: number | undefined, b: number, ε: number): Pick<Claimed, 'statement' | 'judge'> {
  if (a === undefined)
    return { statement: 'From a start to a farther one the steps grow', judge: () => undefined };
  const more = Math.ceil(10 * L1 * (b - a)) + 1;
  const times = (b ** 3 + 4) / (a ** 3 + 4);
  return {
    statement: `From x₀ = ${a} to x₀ = ${b} the clipped method needs at most ${more} more steps, 10L₁ for each unit and one, the plain one ${times.toPrecision(3)} times as many, as x₀³ + 4, to a tenth`,
    judge([section]) {
      const [clipped, , plain] = section?.runs ?? [];
      const steps = (run: Run | undefined, x0: number): number => run?.values[nameOf(x0, ε)] ?? NaN;
      const added = steps(clipped, b) - steps(clipped, a);
      const ratio = steps(plain, b) / steps(plain, a);
      if (!Number.isFinite(added + ratio)) return undefined;
      return {
        holds: added <= more && Math.abs(ratio / times - 1) <= 0.1,
        measured: `clipped ${added} more, plain ${ratio.toPrecision(3)} times`,
      };
    },
  };
}

/** Steps of clipped and plain gradient descent on x⁴. */
export const quartic = figure({
  name: 'quartic',
  title: 'x⁴: clipped steps need a number that grows with the start, plain ones one that grows with its cube',
  shows:
    'How many steps gradient descent needs on a function that is not L-smooth, clipped with the step size of Theorem 3, and plain with the longest step size that Theorem 6 proves from that start.',
  takes: 'seconds',
  options,
  quick: { starts: [3, 10] },
  settings: ({ starts, tolerances }) => [
    published(
      'clipped',
      'η_c = 1/(10L₀), threshold so that a step is at most min(1, 1/(10L₁))',
      `${TEXT}, Theorem 3`,
    ),
    published('plain', 'h = 1/(2(ML₁ + L₀)), M = |f′(x₀)|', `${TEXT}, Theorem 6`),
    ours('function', 'x⁴ with L₀ = 16, L₁ = 1; the paper has no such table'),
    ours('x₀, ε', `${starts.join(', ')}; ${tolerances.join(', ')}`),
  ],
  claims: ({ starts, tolerances }) => [
    {
      name: 'growth',
      ...growth(starts.at(-2), starts.at(-1)!, Math.max(...tolerances)),
      source: 'Stillpoint’s, after Theorems 3, 4 and 6',
      expected: true,
    },
    {
      name: 'fewer',
      statement:
        'Clipped with the step of Theorem 3 the method needs fewer steps than gradient descent from every start',
      source: 'Stillpoint’s, after Theorems 3 and 6',
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
});
