import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Game, Vector } from '@stillpoint/operators';
import { iterate } from '../src/index.js';
import { methodFrom } from '../src/registry.js';

// The usual baselines against PyTorch and their authors' code, on problems that both sides write down.

/** What bench/pytorch/baselines.py printed: points by name after so many steps. */
interface Peer {
  readonly method: string;
  readonly problem: string;
  readonly at: { readonly [step: string]: { readonly [point: string]: readonly number[] } };
}
const { runs }: { readonly runs: readonly Peer[] } = JSON.parse(
  readFileSync(new URL('fixtures/baselines.json', import.meta.url), 'utf8'),
);

const dim = 18;
const indices = Array.from({ length: dim }, (_, i) => i);
const blocks = [
  { name: 'k1', offset: 0, shape: [4, 2], player: 0 },
  { name: 'b', offset: 8, shape: [2], player: 0 },
  { name: 'k2', offset: 10, shape: [2, 4], player: 0 },
];
function minimisation(
  name: string,
  loss: (z: Vector) => number,
  gradient: (z: Vector, i: number) => number,
): Game {
  return {
    name,
    dim,
    players: [{ name: 'z', start: 0, end: dim }],
    start: indices.map((i) => 0.5 * Math.sin(i + 1)),
    blocks,
    operator(z, out) {
      for (const i of indices) out[i] = gradient(z, i);
    },
    losses(z, out) {
      out[0] = loss(z);
    },
  };
}
const sum = (of: ArrayLike<number>): number => Array.from(of).reduce((total, x) => total + x, 0);

const examples = [1, -1, 1, 1, -1, 1, -1].map((label, j) => ({
  label,
  row: indices.map((k) => Math.sin(1 + j + 0.7 * k)),
}));
const margin = (z: Vector, { label, row }: (typeof examples)[number]): number =>
  label * sum(row.map((x, k) => x * z[k]!));

const problems: { readonly [name: string]: Game } = {
  quadratic: minimisation(
    'quadratic',
    (z) => sum(indices.map((i) => 0.5 * (1 + i / 4) * z[i]! ** 2 - Math.cos(i) * z[i]!)) + 0.1 * sum(z) ** 2,
    (z, i) => (1 + i / 4) * z[i]! + 0.2 * sum(z) - Math.cos(i),
  ),
  logistic: minimisation(
    'logistic',
    (z) =>
      sum(examples.map((example) => Math.log1p(Math.exp(-margin(z, example))))) / 7 +
      0.005 * sum(z.map((x) => x * x)),
    (z, i) =>
      sum(
        examples.map((example) => (-example.label * example.row[i]!) / (1 + Math.exp(margin(z, example)))),
      ) /
        7 +
      0.01 * z[i]!,
  ),
  valley: minimisation(
    'valley',
    (z) =>
      sum(
        indices.map(
          (i) =>
            (i + 1 < dim ? 0.5 * (z[i + 1]! - z[i]! ** 2) ** 2 : 0) +
            0.25 * (1 - z[i]!) ** 2 +
            0.1 * Math.cos(3 * z[i]!),
        ),
      ),
    (z, i) =>
      (i + 1 < dim ? -2 * z[i]! * (z[i + 1]! - z[i]! ** 2) : 0) +
      (i > 0 ? z[i]! - z[i - 1]! ** 2 : 0) -
      0.5 * (1 - z[i]!) -
      0.3 * Math.sin(3 * z[i]!),
  ),
};

describe('PyTorch 2.13.0 and schedulefree 1.4.1, 30 steps in float64', () => {
  it.each(runs.map((run) => [run.method, run.problem, run] as const))('%s on %s', (spec, name, { at }) => {
    const game = problems[name]!;
    const method = methodFrom(spec);
    // PyTorch leaves out pairs of L-BFGS with ⟨s, y⟩ ≤ 1e-10, which come near the solution; here the cosine
    // of s and y counts
    const tolerance = spec.startsWith('lbfgs') ? 1e-6 : 1e-9;
    expect(Object.keys(at)).toEqual(['1', '2', '10', '30']);
    const states = iterate(game, method, Float64Array.from(game.start ?? []));
    for (let step = 1; step <= 30; step++) {
      const state = states.next().value;
      const points: { readonly [name: string]: Vector } = { z: state.z, ...method.points?.(state) };
      for (const [point, wanted] of Object.entries(at[step] ?? {}))
        Array.from(points[point]!).forEach((x, i) =>
          expect(Math.abs(x - wanted[i]!), `${point}[${i}] after ${step} steps`).toBeLessThan(tolerance),
        );
    }
  });
});
