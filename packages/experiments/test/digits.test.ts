import { expect, it } from 'vitest';
import { fashionMnist } from '@stillpoint/datasets';
import { dot, eigh } from '@stillpoint/operators';
import { heavyBall, train } from '@stillpoint/optimizers';
import { digits } from '../src/papers/momentum-dynamics/digits.js';

// The network of papers/momentum-dynamics on images, in pre-activations, against the same in its weights.

const [n, m, p, η, β] = [6, 5, 784, 2e-3, 0.5];

it('makes the steps of the heavy ball on the weights; error and sharpness are those of the weights', async () => {
  const { train: data } = await fashionMnist();
  const x = Array.from({ length: n }, (_, i) => [
    ...Array.from(data.bytes.subarray(i * p, (i + 1) * p), (v) => v / 255),
    1,
  ]);
  const y = Array.from(data.labels.subarray(0, n));
  const inner = (a: readonly number[], b: readonly number[]): number =>
    dot(Float64Array.from(a), Float64Array.from(b));
  const problem = await digits({ data: 'fashion-mnist', images: n, width: m, seed: 3 }, 'cpu');
  // weights with these pre-activations: W = T G⁻¹ X, G = XXᵀ
  const { values, vectors } = eigh(Float64Array.from(x.flatMap((a) => x.map((b) => inner(a, b)))));
  const solve = (t: readonly number[]): number[] =>
    t.map((_, i) =>
      Array.from(values).reduce((sum, λ, k) => {
        const v = Array.from(vectors.subarray(k * n, (k + 1) * n));
        return sum + (v[i]! * inner(v, t)) / λ;
      }, 0),
    );
  let W = Array.from({ length: m }, (_, r) => {
    const c = solve(Array.from(problem.start.subarray(r * n, (r + 1) * n)));
    return x[0]!.map((__, j) => x.reduce((sum, xi, i) => sum + c[i]! * xi[j]!, 0));
  });
  let a = Array.from(problem.start.subarray(m * n));
  let [vW, va] = [W.map((w) => w.map(() => 0)), a.map(() => 0)];
  const outputs = (): number[] =>
    x.map((xi) => a.reduce((sum, ar, r) => sum + ar * Math.max(0, inner(W[r]!, xi)), 0));
  const error = (): number => outputs().reduce((sum, f, i) => sum + (f - y[i]!) ** 2 / n, 0);
  expect(Math.abs(problem.error(problem.start) / error() - 1)).toBeLessThan(1e-5);
  for (let k = 0; k < 12; k++) {
    const slope = outputs().map((f, i) => (2 * (f - y[i]!)) / n);
    const gW = W.map((w, r) =>
      w.map((_, j) => x.reduce((sum, xi, i) => sum + (inner(w, xi) > 0 ? slope[i]! * a[r]! * xi[j]! : 0), 0)),
    );
    const ga = W.map((w) => x.reduce((sum, xi, i) => sum + slope[i]! * Math.max(0, inner(w, xi)), 0));
    vW = vW.map((v, r) => v.map((old, j) => β * old - η * gW[r]![j]!));
    va = va.map((old, r) => β * old - η * ga[r]!);
    W = W.map((w, r) => w.map((old, j) => old + vW[r]![j]!));
    a = a.map((old, r) => old + va[r]!);
  }
  const { z } = await train(problem, heavyBall({ stepSize: η, momentum: β }), {
    start: problem.start,
    steps: 12,
  });
  const wanted = [...W.flatMap((w) => x.map((xi) => inner(w, xi))), ...a];
  const size = Math.max(...wanted.map(Math.abs));
  // float32: 12 steps of sums of 785 terms
  wanted.forEach((t, i) => expect(Math.abs(z[i]! - t) / size).toBeLessThan(1e-4));
  expect(Math.abs(problem.error(z) / error() - 1)).toBeLessThan(1e-3);

  // 2K/n, K[i, j] = Σ aᵣ²·1{both on}·xᵢᵀxⱼ + Σ hᵣᵢhᵣⱼ
  const h = W.map((w) => x.map((xi) => inner(w, xi)));
  const K = x.flatMap((xi, i) =>
    x.map((xj, j) =>
      h.reduce(
        (sum, t, r) => sum + (t[i]! > 0 && t[j]! > 0 ? a[r]! ** 2 * inner(xi, xj) + t[i]! * t[j]! : 0),
        0,
      ),
    ),
  );
  const λ = (2 / n) * eigh(Float64Array.from(K), { vectors: false }).values.at(-1)!;
  expect(Math.abs((await problem.sharpness(z)) / λ - 1)).toBeLessThan(1e-3);
  await problem.dispose();
});
