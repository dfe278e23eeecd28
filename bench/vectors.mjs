// The vector kernels on float32 parameters: plain loops, the kernels on ordinary memory, and the kernels on
// lent memory (SIMD); and with them all vector work of one alternating Adam step. Within a round all three
// are measured in turn.
import {
  adamDirection,
  clipByNorm,
  copy,
  distance,
  dot,
  isFiniteVector,
  lendMemory,
  memoryUse,
  mix,
  normal,
  norm,
  ordinaryMemory,
  scale,
  waxpy,
} from '@stillpoint/operators';
import { median } from './median.mjs';

export const about =
  'vector kernels in float32, and all vector work of an alternating Adam step: plain loops, our loops, SIMD in lent memory';

const [WARM, ROUNDS] = [60, 201];
const LIKE = new Float32Array(0);
/**
 * Parameters, where the second player's begin, and how long one training step takes with the engine: an MLP
 * GAN on points, and a convolutional one on 28 x 28 images.
 */
const GANS = [
  { name: '34,179 parameters', dim: 34_179, split: 17_025, ms: 2.2 },
  { name: '270,690 parameters', dim: 270_690, split: 36_513, ms: 55 },
];
/** The share of a training step that vector work may take. */
const SHARE = 0.03;
const update = {
  beta1: 0.5,
  beta2: 0.999,
  epsilon: 1e-8,
  correction1: 1 - 0.5 ** 100,
  correction2: 1 - 0.999 ** 100,
};

/** The code that one would write without a library: float64 in between, rounded when stored. */
const plain = {
  waxpy(out, z, a, g, start = 0, end = out.length) {
    for (let i = start; i < end; i++) out[i] = z[i] + a * g[i];
  },
  mix(z, t, w) {
    for (let i = 0; i < z.length; i++) z[i] = z[i] + t * (w[i] - z[i]);
  },
  scale(z, c) {
    for (let i = 0; i < z.length; i++) z[i] = c * z[i];
  },
  copy(out, a) {
    for (let i = 0; i < out.length; i++) out[i] = a[i];
  },
  dot(a, b) {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
    return sum;
  },
  norm(a) {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += a[i] * a[i];
    return Math.sqrt(sum);
  },
  distance(a, b) {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
    return Math.sqrt(sum);
  },
  isFiniteVector(z) {
    let probe = 0;
    for (let i = 0; i < z.length; i++) probe += z[i] - z[i];
    return probe === 0;
  },
  clipByNorm(g, max) {
    const length = plain.norm(g);
    if (length > max) plain.scale(g, max / length);
  },
  adamDirection(g, m, v, { beta1, beta2, epsilon, correction1, correction2 }, start = 0, end = g.length) {
    const [scale1, scale2] = [1 / correction1, 1 / correction2];
    for (let i = start; i < end; i++) {
      const gi = g[i];
      const mi = beta1 * m[i] + (1 - beta1) * gi;
      const vi = beta2 * v[i] + (1 - beta2) * gi * gi;
      m[i] = mi;
      v[i] = vi;
      g[i] = (scale1 * mi) / (Math.sqrt(scale2 * vi) + epsilon);
    }
  },
};
const ours = { waxpy, mix, scale, copy, dot, norm, distance, isFiniteVector, clipByNorm, adamDirection };

/**
 * The vectors of a run with `dim` parameters: z, w, gradient, moments, and the gradient at the beginning of
 * each measurement.
 */
function vectors(vector, dim) {
  const of = (purpose, deviation) => normal(vector(dim), { seed: 1, purpose }, 0, deviation);
  return {
    z: of('z', 1),
    w: of('w', 1),
    g: vector(dim),
    m: of('m', 1e-3),
    v: of('v', 1e-3).map((x) => x * x),
    given: of('g', 1e-3),
  };
}
/** `map` above returns ordinary memory. */
function lend(dim) {
  const vector = lendMemory(LIKE, 8, dim);
  return Object.fromEntries(
    Object.entries(vectors(ordinaryMemory(LIKE), dim)).map(([name, values]) => [
      name,
      copy(vector(dim), values),
    ]),
  );
}

const kernels = [
  { name: 'waxpy', run: (k, { w, z, g }) => k.waxpy(w, z, -1e-4, g) },
  { name: 'mix', run: (k, { z, w }) => k.mix(z, 0.01, w) },
  { name: 'scale', run: (k, { w }) => k.scale(w, 1) },
  { name: 'copy', run: (k, { w, z }) => k.copy(w, z) },
  { name: 'dot', run: (k, { w, z }) => k.dot(w, z) },
  { name: 'norm', run: (k, { z }) => k.norm(z) },
  { name: 'distance', run: (k, { w, z }) => k.distance(w, z) },
  { name: 'isFiniteVector', run: (k, { z }) => k.isFiniteVector(z) },
  { name: 'clipByNorm', run: (k, { g }) => k.clipByNorm(g, 1e-2) },
  { name: 'adamDirection', run: (k, { g, m, v }) => k.adamDirection(g, m, v, update) },
];

/**
 * All vector work of one alternating Adam step of two players: each one's direction and move, then the check
 * of z.
 */
function step(k, { z, g, m, v }, split) {
  k.adamDirection(g, m, v, update, 0, split);
  k.waxpy(z, z, -2e-4, g, 0, split);
  k.adamDirection(g, m, v, update, split);
  k.waxpy(z, z, -2e-4, g, split);
  return k.isFiniteVector(z);
}

/** Median times in µs of plain loops, our loops and SIMD. */
function time(run, dim) {
  const cases = [
    [plain, vectors(ordinaryMemory(LIKE), dim)],
    [ours, vectors(ordinaryMemory(LIKE), dim)],
    [ours, lend(dim)],
  ];
  const times = cases.map(() => []);
  for (let round = 0; round < WARM + ROUNDS; round++)
    for (const [i, [k, of]] of cases.entries()) {
      of.g.set(of.given);
      const begun = performance.now();
      run(k, of);
      const taken = (performance.now() - begun) * 1e3;
      if (round >= WARM) times[i].push(taken);
    }
  const [, [, loops], [, simd]] = cases;
  for (const name of Object.keys(loops))
    if (!simd[name].every((x, i) => Object.is(x, loops[name][i])))
      throw new Error(`SIMD and loop differ in ${name}`);
  return times.map(median);
}

export function run() {
  const simd =
    memoryUse(lendMemory(LIKE, 1, 1024)(1024)) === undefined ? 'SIMD is missing here; our loops' : 'SIMD';
  const [{ dim }] = GANS;
  const nanoseconds = (t) => `${((t * 1e3) / dim).toFixed(3)} ns per entry`;
  const rows = kernels.flatMap(({ name, run: kernel }) => {
    const [byHand, loops, lent] = time(kernel, dim);
    return [
      { case: `${name}, plain loop`, figure: nanoseconds(byHand) },
      { case: `${name}, our loop`, figure: nanoseconds(loops), ratio: loops / byHand, versus: 'plain' },
      { case: `${name}, ${simd}`, figure: nanoseconds(lent), ratio: lent / byHand, versus: 'plain' },
    ];
  });
  for (const gan of GANS) {
    const [byHand, loops, lent] = time((k, of) => step(k, of, gan.split), gan.dim);
    const share = (t) => ({
      figure: `${t.toFixed(1)} µs (${(t / gan.ms / 10).toFixed(2)} %)`,
      ratio: t / (gan.ms * 1e3),
      versus: `a training step of ${gan.ms} ms`,
    });
    rows.push(
      { case: `Adam step, ${gan.name}, plain loops`, ...share(byHand) },
      { case: `Adam step, ${gan.name}, our loops`, ...share(loops) },
      { case: `Adam step, ${gan.name}, ${simd}`, ...share(lent), bar: { atMost: SHARE } },
    );
  }
  return rows;
}
