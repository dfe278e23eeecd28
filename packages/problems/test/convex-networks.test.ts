import { describe, expect, it } from 'vitest';
import { dot, eigh, norm, normal, type Vector } from '@stillpoint/operators';
import {
  activationPatterns,
  coneDecomposition,
  convexRelu,
  problemFrom,
  patternBound,
  reluObjective,
  reluOptimality,
  reluUnits,
  shatteredThreshold,
  thresholdLasso,
  thresholdObjective,
  thresholdUnits,
  type ConvexRelu,
} from '../src/index.js';

const draw = (n: number, call: number): Float64Array =>
  normal(new Float64Array(n), { seed: 5, purpose: 'convex networks', call });
const rowsOf = (n: number, d: number, call: number): number[][] =>
  Array.from({ length: n }, (_, i) => Array.from(draw(d, 100 * call + i)));
const names = (active: readonly Uint8Array[]): string[] => active.map((pattern) => pattern.join('')).sort();
/** A point of the program: drawn, and brought into its cones. */
function pointOf(program: ConvexRelu, call = 1): Float64Array {
  const z = draw(program.dim, call);
  program.constraint!.prox(z, 1);
  return z;
}

describe('activationPatterns', () => {
  it.each([
    [6, 2],
    [7, 3],
    [3, 5],
    [9, 4],
    [1, 1],
  ])('of %i examples of %i entries in general position are as many as Cover’s bound', (n, d) => {
    const inputs = rowsOf(n, d, 1);
    const { active, inside, complete } = activationPatterns(inputs);
    expect([active.length, complete]).toEqual([patternBound(n, d), true]);
    expect(new Set(names(active)).size).toBe(active.length);
    for (const [p, g] of inside.entries()) {
      expect(norm(g)).toBeCloseTo(1, 14);
      expect(Array.from(active[p]!)).toEqual(inputs.map((x) => Number(dot(Float64Array.from(x), g) > 0)));
    }
  });
  it('hold all that are sampled, and a sample of all is all', () => {
    const inputs = rowsOf(7, 3, 2);
    const all = names(activationPatterns(inputs).active);
    const few = activationPatterns(inputs, { sample: 10 });
    expect([few.active.length, few.complete]).toEqual([10, false]);
    for (const pattern of names(few.active)) expect(all).toContain(pattern);
    const axes = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]; // prettier-ignore
    const many = activationPatterns(axes, { sample: 8, seed: 3 });
    expect([names(many.active), many.complete]).toEqual([names(activationPatterns(axes).active), true]);
  });
  it('of an example that repeats, is opposite or 0', () => {
    const inputs = [[1, 0], [2, 0], [-1, 0], [0, 0], [0, 1]]; // prettier-ignore
    expect(names(activationPatterns(inputs).active)).toEqual(['00110', '00111', '11010', '11011']);
  });
  it('refuse what is too much or no data', () => {
    expect(() => activationPatterns(rowsOf(60, 6, 3))).toThrow('activation patterns; expected at most 20000');
    expect(() => activationPatterns([[1, 2], [1]])).toThrow('a row of the inputs is');
    expect(() => activationPatterns([])).toThrow('the inputs are');
    expect(() => activationPatterns([[1]], { sample: -1 })).toThrow('sample is -1');
  });
});

const data = { inputs: rowsOf(6, 2, 4), targets: Array.from(draw(6, 9)), regularisation: 0.05 };

describe('convex-relu', () => {
  it.each(['relu', 'gated'] as const)(
    '%s: F is the gradient of the loss, and L its largest curvature',
    (activation) => {
      const program = convexRelu({ ...data, activation });
      const [z, v] = [draw(program.dim, 1), draw(program.dim, 2)];
      const loss = (at: Vector): number => {
        const out = new Float64Array(1);
        program.losses!(at, out);
        return out[0]!;
      };
      const F = new Float64Array(program.dim);
      program.operator(z, F);
      const [plus, minus] = [1, -1].map((s) => loss(z.map((x, i) => x + s * v[i]!)));
      // a quadratic: the central difference is exact but for the rounding of losses below 1000
      expect(Math.abs((plus! - minus!) / 2 - dot(F, v))).toBeLessThan(1e3 * program.dim * 2 ** -50);
      const H = new Float64Array(program.dim ** 2);
      const e = new Float64Array(program.dim);
      for (let i = 0; i < program.dim; i++) {
        e.fill(0)[i] = 1;
        program.jacobianVector!(z, e, H.subarray(i * program.dim, (i + 1) * program.dim), false);
      }
      const L = program.facts!.lipschitz!;
      expect(eigh(H, { vectors: false }).values.at(-1)! / L).toBeCloseTo(1, 12);
    },
  );
  it('every point is a network of the same objective', () => {
    const program = convexRelu(data);
    for (const call of [1, 2, 3]) {
      const z = pointOf(program, call);
      const P = program.objective(z);
      expect(P).toBeLessThan(Infinity);
      expect(Math.abs(reluObjective(data, reluUnits(program, z)) - P)).toBeLessThan(1e-12 * P);
    }
    expect(program.objective(draw(program.dim, 1))).toBe(Infinity);
  });
  it('what residuals prove is below every objective, and the certificate is at least rᵀmax(0, Xu) for any u', () => {
    const program = convexRelu(data);
    const r = Float64Array.from(data.targets);
    const { lowerBound, certificate } = program.bound(r);
    for (const call of [1, 2, 3]) {
      const z = pointOf(program, call);
      expect(program.objective(z)).toBeGreaterThan(lowerBound);
      const F = new Float64Array(program.dim);
      expect(program.gap!(z, F)).toBeGreaterThan(0);
    }
    let most = 0;
    for (let k = 0; k < 3600; k++) {
      const u = [Math.cos((k * Math.PI) / 1800), Math.sin((k * Math.PI) / 1800)] as const;
      const along = data.inputs.reduce(
        (sum, [a, b], i) => sum + r[i]! * Math.max(0, a! * u[0] + b! * u[1]),
        0,
      );
      most = Math.max(most, Math.abs(along));
    }
    expect(most).toBeLessThanOrEqual(certificate);
    // every tenth of a degree is tried, and |rᵀmax(0, Xu)| changes by ‖r‖‖X‖ at most per radian
    const slope = norm(r) * norm(Float64Array.from(data.inputs.flat()));
    expect(most).toBeGreaterThan(certificate - (slope * Math.PI) / 3600);
  });
  it('splits gated weights into the cones, with equal residuals', () => {
    const gated = convexRelu({ ...data, activation: 'gated' });
    const program = convexRelu(data);
    const z = draw(gated.dim, 4);
    const split = coneDecomposition(gated, z);
    expect(program.objective(split)).toBeLessThan(Infinity);
    const [a, b] = [new Float64Array(6), new Float64Array(6)];
    gated.operator(z, new Float64Array(gated.dim));
    void gated.residual.value(z, a, { player: undefined, sample: undefined, losses: undefined, buffers: {} });
    void program.residual.value(split, b, {
      player: undefined,
      sample: undefined,
      losses: undefined,
      buffers: {},
    });
    a.forEach((r, i) => expect(Math.abs(r - b[i]!)).toBeLessThan(1e-11 * (1 + norm(split))));
    // weights that are in their cone stay whole
    const inside = gated.patterns.inside.flatMap((g) => Array.from(g));
    expect(Array.from(coneDecomposition(gated, Float64Array.from(inside)).slice(gated.dim))).toEqual(
      Array(gated.dim).fill(0),
    );
  });
  it('the network without units is optimal where β is at least the certificate of y, and not below', () => {
    const { certificate } = convexRelu(data).bound(Float64Array.from(data.targets));
    const at = (regularisation: number): boolean => reluOptimality({ ...data, regularisation }, []).optimal;
    expect([at(certificate * 1.0001), at(certificate * 0.9)]).toEqual([true, false]);
    // sampled patterns prove nothing of all networks
    expect(reluOptimality({ ...data, regularisation: 2 * certificate }, [], { sample: 3 }).optimal).toBe(
      false,
    );
  });
  it('is built from a spec, with data of one’s own', () => {
    const { exact } = problemFrom(
      'convex-relu(inputs=[[1,1],[-2,1],[0.5,1]], targets=[1,0,2], activation=gated)',
    );
    expect(exact.dim).toBe(12);
    expect(problemFrom('convex-relu(examples=20, dimension=4, sample=30, activation=relu)').exact.dim).toBe(
      240,
    );
    expect(() => convexRelu({ inputs: [[1], [2]], targets: [1] })).toThrow('1 targets for 2 inputs');
  });
  it.each([
    ['convex-relu', convexRelu],
    ['threshold-lasso', thresholdLasso],
  ] as const)('%s: a table is inputs with a bias and, last, the targets', (name, program) => {
    const table = [
      [1, 1.5],
      [-2, 0],
      [0.5, 2],
    ];
    const apart = program({ inputs: table.map(([x]) => [x!, 1]), targets: [1.5, 0, 2] });
    const { exact } = problemFrom(`${name}(data=[[1,1.5],[-2,0],[0.5,2]])`);
    expect(exact.dim).toBe(apart.dim);
    const z = draw(apart.dim, 5);
    const [found, expected] = [new Float64Array(apart.dim), new Float64Array(apart.dim)];
    exact.operator(z, found);
    apart.operator(z, expected);
    expect(found).toEqual(expected);
    expect(() => program({ data: table, targets: [1, 2, 3] })).toThrow(
      `${name}: data and targets are both given`,
    );
    expect(() => program({ data: [[1], [2]] })).toThrow('data has 2 rows of 1 number; expected at least 2');
    expect(() => program({ data: [[1, NaN]] })).toThrow('expected rows of numbers, all of one length');
    // Cover’s 2·Σ C(59, k) over k < 6
    expect(() => program({ data: rowsOf(60, 6, 3) })).toThrow(
      '60 examples of 6 entries may have 10991584 activation patterns; expected at most 20000, or a sample of them, as sample=500',
    );
  });
  it('says what does not fit', () => {
    const [program, gated] = [convexRelu(data), convexRelu({ ...data, activation: 'gated' })];
    expect(() => reluUnits(gated, pointOf(gated))).toThrow('gated units');
    expect(() => reluUnits(program, new Float64Array(3))).toThrow('expected a point of 48 entries');
    expect(() => coneDecomposition(program, pointOf(program))).toThrow('expected one with activation=gated');
    expect(() => reluObjective(data, [{ weights: [1], output: 1 }])).toThrow('with 2 finite weights');
  });
});

describe('threshold networks', () => {
  const options = { inputs: rowsOf(7, 3, 6), targets: Array.from(draw(7, 10)), regularisation: 0.1 };
  it('every point of the LASSO is a network of the same objective', () => {
    const program = thresholdLasso(options);
    expect(program.dim).toBe(patternBound(7, 3));
    const w = draw(program.dim, 3);
    const P = program.objective(w);
    expect(Math.abs(thresholdObjective(options, thresholdUnits(program, w)) - P)).toBeLessThan(1e-12 * P);
    w.fill(0)[3] = -4;
    expect(thresholdUnits(program, w)).toMatchObject([{ amplitude: 2, output: -2 }]);
  });
  it('the closed form of shattered data is a feasible point that its own residual proves optimal', () => {
    const targets = [0.7, -0.2, 1.5, 0, -1.1];
    const inputs = targets.map((_, i) => targets.map((__, j) => Number(i === j)));
    for (const regularisation of [0.05, 0.4, 5]) {
      const program = thresholdLasso({ inputs, targets, regularisation });
      const { outputs, objective } = shatteredThreshold(targets, regularisation);
      const { lowerBound, certificate } = program.bound(
        Float64Array.from(targets, (y, i) => y - outputs[i]!),
      );
      expect(program.dim).toBe(32);
      expect(certificate).toBeLessThanOrEqual(regularisation * (1 + 1e-14));
      expect(Math.abs(objective - lowerBound)).toBeLessThan(1e-14 * (1 + objective));
    }
    expect(() => shatteredThreshold([], 1)).toThrow('the targets are');
    expect(() => shatteredThreshold([1], 0)).toThrow('radius is 0');
  });
});
