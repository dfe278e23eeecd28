import { InputError, integer, minimumNorm, norm, normal, type Full } from '@stillpoint/operators';
import type { Column, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords, seedsOf } from '../figure.js';
import { ours } from '../paper.js';
import { tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';

const options = {
  ...seedOptions(50),
  examples: integer({ about: 'examples', from: 2, to: 500, default: 30 }),
  dimension: integer({ about: 'numbers of an example', from: 1, to: 1000, default: 8 }),
  features: integer({ about: 'rectified features, more than examples', from: 3, to: 5000, default: 100 }),
  outputs: integer({ about: 'outputs', from: 1, to: 100, default: 3 }),
  batch: integer({ about: 'examples of a batch, fewer than all', from: 1, default: 10 }),
};
type Values = Full<typeof options>;

const columns: readonly Column[] = [
  { name: 'error', label: 'largest change of an output', better: 'lower', digits: 2 },
  { name: 'normShare', label: '‖V*‖/‖V‖', better: 'lower', digits: 3 },
  { name: 'traceShare', label: 'Gauss–Newton trace, after/before', better: 'lower', digits: 3 },
  { name: 'batchError', label: 'from a batch: largest change on the batch', better: 'lower', digits: 2 },
  { name: 'batchChange', label: 'from a batch: relative change on all', better: 'lower', digits: 3 },
];

/** A [n, p] times V [p, q]. */
function times(A: Float64Array, V: Float64Array, n: number, p: number, q: number): Float64Array {
  const out = new Float64Array(n * q);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < p; k++) for (let o = 0; o < q; o++) out[i * q + o]! += A[i * p + k]! * V[k * q + o]!;
  return out;
}
const furthest = (a: Float64Array, b: Float64Array, count = a.length): number =>
  a.subarray(0, count).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);

function rowOf(seed: number, values: Values): Row {
  const { examples: N, dimension: D, features: P, outputs: Q, batch: BATCH } = values;
  const draw = (length: number, purpose: string): Float64Array =>
    normal(new Float64Array(length), { seed, purpose });
  const [X, W, V] = [draw(N * D, 'examples'), draw(D * P, 'hidden'), draw(P * Q, 'output')];
  const hidden = times(X, W, N, D, P);
  const A = hidden.map((x) => Math.max(0, x));
  const Z = times(A, V, N, P, Q);
  /** Σ ‖∂z/∂(W, V)‖² over the outputs of all examples: the trace for ½‖z − y‖². */
  const trace = (U: Float64Array): number => {
    let sum = Q * norm(A) ** 2;
    for (let i = 0; i < N; i++)
      for (let k = 0; k < P; k++)
        if (hidden[i * P + k]! > 0) sum += (norm(X, i * D, (i + 1) * D) * norm(U, k * Q, (k + 1) * Q)) ** 2;
    return sum;
  };
  const least = minimumNorm(A, V, { rows: N, columns: P }).V;
  const batch = minimumNorm(A.slice(0, BATCH * P), V, { rows: BATCH, columns: P }).V;
  const [after, afterBatch] = [times(A, least, N, P, Q), times(A, batch, N, P, Q)];
  return {
    label: 'least norm',
    method: 'V* = Aᵀ(AAᵀ)⁻¹AV',
    seed,
    values: {
      error: furthest(after, Z),
      normShare: norm(least) / norm(V),
      traceShare: trace(least) / trace(V),
      batchError: furthest(afterBatch, Z, BATCH * Q),
      batchChange: norm(afterBatch.map((x, i) => x - Z[i]!)) / norm(Z),
    },
  };
}

async function table(values: Values): Promise<readonly Section[]> {
  const { examples, dimension, features: count, outputs, batch } = values;
  if (count <= examples)
    throw new InputError(
      `figure features: features is ${count}; expected more than the ${examples} examples, so that other matrices have the same outputs`,
    );
  if (batch >= examples)
    throw new InputError(`figure features: batch is ${batch}; expected fewer than the ${examples} examples`);
  return [
    tableSection({
      title: `${count} rectified features of ${examples} examples`,
      problem: 'random features',
      about: `${examples} normal examples of ${dimension} numbers, ${count} rectified features, ${outputs} outputs, no training; a batch has ${batch} of the examples.`,
      columns,
      rows: seedsOf(values).map((seed) => rowOf(seed, values)),
      verdict: [
        'The outputs stay to rounding, the norm and the trace fall; a batch says little of other examples.',
      ],
      identity: { problem: 'random features', examples, dimension, features: count, outputs, batch },
    }),
  ];
}

/** Random features. */
export const features = figure({
  name: 'features',
  title: 'Random features: equal outputs, a shorter matrix, a smaller trace',
  shows:
    'What the matrix of least norm does to outputs, norm and Gauss–Newton trace of a network with one hidden layer, and what one from a batch does to the examples outside it.',
  takes: 'seconds',
  options,
  quick: { seeds: 5 },
  settings: (values) => [
    ours(
      'sizes',
      `${values.examples} examples, ${values.dimension} numbers each, ${values.features} features, ${values.outputs} outputs; a batch of ${values.batch}`,
    ),
    ours('seeds', seedsInWords(values)),
  ],
  claims: ({ seeds }) => [
    {
      name: 'exact',
      statement:
        'The outputs change by less than 1e-8, ‖V*‖ ≤ ‖V‖, and the Gauss–Newton trace falls, with every seed',
      source:
        'Stillpoint’s, after the method; an independent program found 5e-14, 17.8 → 11.1 and 1,415 → 637 on one draw',
      expected: true,
      judge([section]) {
        const runs = section?.runs ?? [];
        if (runs.length < seeds) return undefined;
        const [error, shorter, flatter] = ['error', 'normShare', 'traceShare'].map((column) =>
          Math.max(...valuesOf(runs, column)),
        );
        return {
          holds: error! < 1e-8 && shorter! <= 1 && flatter! < 1,
          measured: `outputs to ${short(error!)}, at most ${short(shorter!)} of the norm and ${short(flatter!)} of the trace`,
        };
      },
    },
    {
      name: 'batch',
      statement:
        'From a batch, without neural collapse, outputs stay on the batch and change by more than 10 % on all examples: the change must be measured before it is accepted',
      source: 'Stillpoint’s; an independent program found 34 % on one draw',
      expected: true,
      judge([section]) {
        const runs = section?.runs ?? [];
        if (runs.length < seeds) return undefined;
        const changes = valuesOf(runs, 'batchChange').map((x) => 100 * x);
        const error = Math.max(...valuesOf(runs, 'batchError'));
        return {
          holds: Math.min(...changes) > 10 && error < 1e-8,
          measured: `on the batch ${short(error)}; on all ${short(Math.min(...changes))} to ${short(Math.max(...changes))} %`,
        };
      },
    },
  ],
  run: table,
});
