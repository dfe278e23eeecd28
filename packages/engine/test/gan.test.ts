import { afterAll, expect, test } from 'vitest';
import { compile } from '../src/index.js';
import {
  critic,
  dimension,
  gan,
  ganFeeds,
  ganInputs,
  generator,
  lengthOf,
  relativeError,
} from './helpers.js';
import { lanes } from './lanes.js';

const batch = 32;
const inputs = ganInputs(batch);
const feeds = ganFeeds(batch);

const reference = await compile(gan, { inputs, engine: 'cpu' });
const expected = await reference.run(feeds);
afterAll(() => reference.dispose());

// 1e-5: about 100 float32 roundings of 6e-8 each, with additions in another order
for (const { engine, skipped, title } of lanes.filter((lane) => lane.engine !== 'cpu'))
  test.skipIf(skipped)(`the gradients of an MLP GAN agree with tfjs on cpu to 1e-5: ${title}`, async () => {
    const compiled = await compile(gan, { inputs, engine });
    const { gradient, losses } = await compiled.run(feeds);
    expect(relativeError(gradient, expected.gradient)).toBeLessThan(1e-5);
    expect(relativeError(losses, expected.losses)).toBeLessThan(1e-6);
    const d = lengthOf(critic);
    expect(relativeError(gradient.subarray(0, d), expected.gradient.subarray(0, d))).toBeLessThan(1e-5);
    expect(relativeError(gradient.subarray(d), expected.gradient.subarray(d))).toBeLessThan(1e-5);
    await compiled.dispose();
  });

/** The same losses in float64, without tfjs. */
function losses64(z: Float64Array): readonly [number, number] {
  const forward = (shapes: typeof critic, start: number, x: readonly number[]): number[] => {
    let h = [...x];
    let at = start;
    for (let i = 0; i < shapes.length; i += 2) {
      const [rows, columns] = [shapes[i]![0]!, shapes[i]![1]!];
      const bias = at + rows * columns;
      const next = Array.from({ length: columns }, (_, j) =>
        h.reduce((sum, value, r) => sum + value * z[at + r * columns + j]!, z[bias + j]!),
      );
      h = i + 2 < shapes.length ? next.map((v) => Math.max(v, 0)) : next;
      at = bias + columns;
    }
    return h;
  };
  const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  let d = 0;
  let g = 0;
  for (let k = 0; k < batch; k++) {
    const real = forward(critic, 0, Array.from(feeds.x.subarray(2 * k, 2 * k + 2)))[0]!;
    const fake = forward(
      critic,
      0,
      forward(generator, lengthOf(critic), Array.from(feeds.noise.subarray(2 * k, 2 * k + 2))),
    )[0]!;
    d += (softplus(-real) + softplus(fake)) / batch;
    g += softplus(-fake) / batch;
  }
  return [d, g];
}

test('the gradients agree with central differences of a float64 implementation', async () => {
  const compiled = await compile(gan, { inputs, engine: 'native' });
  const { gradient, losses } = await compiled.run(feeds);
  const z = Float64Array.from(feeds.z);
  const [d, g] = losses64(z);
  expect(losses[0]).toBeCloseTo(d, 6);
  expect(losses[1]).toBeCloseTo(g, 6);
  const h = 1e-6; // truncation h², rounding 1e-16/h = 1e-10
  const picked = Array.from({ length: 60 }, (_, i) => Math.floor(((i + 0.5) * dimension) / 60));
  const differences = picked.map((i) => {
    const player = i < lengthOf(critic) ? 0 : 1;
    const at = (step: number): number => losses64(z.map((v, j) => (j === i ? v + step : v)))[player];
    return (at(h) - at(-h)) / (2 * h);
  });
  expect(
    relativeError(
      Float32Array.from(picked, (i) => gradient[i]!),
      differences,
    ),
  ).toBeLessThan(1e-5);
  await compiled.dispose();
});
