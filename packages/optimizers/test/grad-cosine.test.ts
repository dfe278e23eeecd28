import { describe, expect, it } from 'vitest';
import { normal, scale, sizeOf, type Problem, type SampledProblem, type Vector } from '@stillpoint/operators';
import { gradCosine, optimiseInitialisation, probeAsync, probed } from '../src/index.js';
import { scaleSlopes } from '../src/inner/scale-slopes.js';
import { cosinesOf, gradientsOf, subBatchesOf, type SubBatchGradients } from '../src/probes/grad-cosine.js';

/** A finite sum of two players whose terms have these gradients everywhere. */
const constant = (gradients: readonly (readonly number[])[], unit = 1): Problem<readonly number[]> => ({
  name: 'constant',
  dim: 4,
  players: [
    { name: 'x', start: 0, end: 2 },
    { name: 'y', start: 2, end: 4 },
  ],
  start: [1, 1, 1, 1],
  terms: { count: gradients.length, sample: (indices) => indices },
  operator(_, out, { sample = [...gradients.keys()] }) {
    out.fill(0);
    for (const i of sample)
      for (const [j, g] of gradients[i]!.entries()) out[j]! += (unit * g) / sample.length;
  },
});
const at = new Float64Array(4);

describe('gradCosine', () => {
  const valuesOf = (gradients: readonly (readonly number[])[], unit = 1, subBatches = gradients.length) =>
    probed(constant(gradients, unit), at, gradCosine(at, { subBatches }));
  const cosines = (gradients: readonly (readonly number[])[], unit?: number): readonly number[] =>
    valuesOf(gradients, unit).map(({ cosine }) => cosine);
  // a unit vector, and a product of two, are each off by a few roundings
  const near = (x: number): number => 8 * 2 ** -53 * Math.max(1, Math.abs(x));

  it('is 1 of equal gradients, −1 of opposite and 0 of orthogonal ones, for each player alone', () => {
    const cases: readonly (readonly [readonly (readonly number[])[], number, number])[] = [
      [Array<number[]>(5).fill([3, 4, -1, 7]), 1, 1],
      [
        [
          [3, 4, 1, 2],
          [-6, -8, -2, 1],
        ],
        -1,
        0,
      ],
      // two alike and one across: (1 + 0 + 0)/3; 120° apart: the least for D = 3, −1/(D − 1)
      [
        [
          [1, 0, 1, 0],
          [2, 0, -1 / 2, Math.sqrt(3) / 2],
          [0, 5, -1 / 2, -Math.sqrt(3) / 2],
        ],
        1 / 3,
        -1 / 2,
      ],
    ];
    for (const [gradients, x, y] of cases) {
      const found = cosines(gradients);
      expect(Math.abs(found[0]! - x)).toBeLessThan(near(x));
      expect(Math.abs(found[1]! - y)).toBeLessThan(near(y));
    }
  });
  it('is bit for bit the same in another unit of the loss, which its norms have', () => {
    const gradients = Array.from({ length: 6 }, (_, seed) =>
      Array.from(normal(new Float64Array(4), { seed, purpose: 'gradients' })),
    );
    for (const unit of [2 ** 40, 2 ** -600]) {
      expect(cosines(gradients, unit)).toEqual(cosines(gradients));
      expect(valuesOf(gradients, unit)[0]!.norm).toBe(unit * valuesOf(gradients)[0]!.norm);
    }
  });
  it('has no value where a gradient is 0', () => {
    expect(
      cosines([
        [0, 0, 1, 0],
        [1, 0, 1, 0],
      ]),
    ).toEqual([NaN, 1]);
  });
  it('counts a gradient of all players for each sub-batch, by its terms', async () => {
    const problem = constant(Array<number[]>(12).fill([1, 2, 3, 4]));
    const whole = await probeAsync(problem, at, gradCosine(at));
    expect(whole.ledger.gradients).toEqual([12, 12]);
    const some = await probeAsync(problem, at, gradCosine(at, { batch: 10, subBatches: 2 }));
    expect(some.ledger.gradients).toEqual([10, 10]);
    expect({ ...some.ledger, gradients: [] }).toEqual({
      steps: 0,
      gradients: [],
      losses: 0,
      products: 0,
      transposedProducts: 0,
      residuals: 0,
      residualProducts: 0,
    });
  });
  it('divides a batch as the authors’ code does: sub-batches reach into each other by r', () => {
    const { name, terms } = constant(Array<number[]>(64).fill([1, 1, 1, 1]));
    const setsOf = (overlap: number, call = 0): readonly (readonly number[])[] =>
      subBatchesOf(
        't',
        { name, terms: terms! },
        { overlap },
      )(call).map((rule) => (typeof rule === 'object' ? rule.terms : []));
    expect(setsOf(0).map(({ length }) => length)).toEqual([16, 16, 16, 16]);
    expect(new Set(setsOf(0).flat()).size).toBe(64);
    // with L = 16: 0 to 19.2, 12.8 to 38.4, 25.6 to 57.6, 38.4 to 64
    expect(setsOf(0.2).map(({ length }) => length)).toEqual([19, 26, 32, 26]);
    expect(setsOf(0.2)[0]!.slice(12)).toEqual(setsOf(0.2)[1]!.slice(0, 7));
    expect(setsOf(0, 1)).not.toEqual(setsOf(0));
  });
  it('asks draws of a problem without terms, and says what it takes', () => {
    const { terms, ...rest } = constant([
      [1, 0, 1, 0],
      [0, 1, 1, 0],
    ]);
    const drawn: SampledProblem<readonly number[]> = { ...rest, draw: (call) => [call % 2] };
    const found = probed(drawn, at, gradCosine(at, { subBatches: 2 }));
    expect(found.map(({ cosine }) => cosine)).toEqual([0, 1]);
    expect(terms?.count).toBe(2);
    const refused = (problem: Problem<readonly number[]>, options: object): (() => unknown) => {
      return () => probed(problem, at, gradCosine(at, options));
    };
    expect(refused(rest, {})).toThrow(
      'constant has one gradient only; expected a finite sum (terms) or a sampled problem (draw)',
    );
    expect(refused(drawn, { overlap: 0.2 })).toThrow('overlap is 0.2; expected none');
    const sum = constant(Array<number[]>(6).fill([1, 1, 1, 1]));
    for (const [z, words] of [
      [new Float64Array(3), 'gradCosine: z has 3 entries; constant has 4'],
      [Float64Array.of(1, NaN, 1, 1), 'gradCosine: z is not finite'],
    ] as const)
      expect(() =>
        probed(
          constant([
            [1, 1, 1, 1],
            [1, 0, 1, 1],
          ]),
          at,
          gradCosine(z, { subBatches: 2 }),
        ),
      ).toThrow(words);
    // a caller without types
    expect(refused(sum, JSON.parse('{ "subBatch": 4 }'))).toThrow(
      'unknown option of gradCosine "subBatch"; did you mean subBatches?',
    );
    expect(refused(sum, JSON.parse('null'))).toThrow('gradCosine: its options are null; expected an object');
    expect(refused(sum, { subBatches: 1 })).toThrow('subBatches is 1; expected a whole number >= 2');
    expect(refused(sum, { overlap: 1 })).toThrow('overlap is 1; expected a number from 0 to less than 1');
    expect(refused(sum, { batch: 7 })).toThrow('batch is 7; expected a whole number from 4 to 6');
    expect(refused(sum, { subBatches: 8 })).toThrow(
      'subBatches is 8; expected at most 6, the terms of constant',
    );
  });
});

const [TERMS, OWN] = [12, 3];
const vectors = (purpose: string): readonly Float64Array[] =>
  Array.from({ length: TERMS }, (_, seed) => normal(new Float64Array(OWN), { seed, purpose }));
/** Of each player: term i is exp(aᵢ·u) + ½(bᵢ·u)²(1 + (cᵢ·v)²), u its own variables, v the other’s. */
function coupled(unit = 1): Problem<readonly number[]> {
  const players = [
    { name: 'x', start: 0, end: OWN },
    { name: 'y', start: OWN, end: 2 * OWN },
  ];
  const data = players.map(({ name }) => (['a', 'b', 'c'] as const).map((what) => vectors(name + what)));
  const along = (w: Float64Array, z: Vector, from: number): number =>
    w.reduce((sum, x, j) => sum + x * z[from + j]!, 0);
  return {
    name: 'coupled',
    dim: 2 * OWN,
    players,
    blocks: players.flatMap(({ name, start }, player) => [
      { name: `${name}.matrix`, offset: start, shape: [1, 2], player },
      { name: `${name}.bias`, offset: start + 2, shape: [1], player },
    ]),
    start: [0.5, -0.3, 0.4, 0.2, 0.6, -0.5],
    terms: { count: TERMS, sample: (indices) => indices },
    operator(z, out, { sample = [...Array(TERMS).keys()] }) {
      out.fill(0);
      for (const [p, { start }] of players.entries())
        for (const i of sample) {
          const [a, b, c] = data[p]!.map((w) => w[i]!);
          const s = 1 + along(c!, z, OWN - start) ** 2;
          for (let j = 0; j < OWN; j++)
            out[start + j]! +=
              (unit * (a![j]! * Math.exp(along(a!, z, start)) + b![j]! * along(b!, z, start) * s)) /
              sample.length;
        }
    },
    jacobianVector(z, v, out, _, { sample = [...Array(TERMS).keys()] }) {
      out.fill(0);
      for (const [p, { start }] of players.entries())
        for (const i of sample) {
          const [a, b, c] = data[p]!.map((w) => w[i]!);
          const cv = along(c!, z, OWN - start);
          for (let j = 0; j < OWN; j++)
            out[start + j]! +=
              (unit *
                (a![j]! * along(a!, v, start) * Math.exp(along(a!, z, start)) +
                  b![j]! * along(b!, v, start) * (1 + cv * cv) +
                  b![j]! * along(b!, z, start) * 2 * cv * along(c!, v, OWN - start))) /
              sample.length;
        }
    },
  };
}

describe('the slopes of scales', () => {
  const problem = coupled();
  const { players } = problem;
  const blocks = problem.blocks!;
  const z0 = Float64Array.from(problem.start!);
  const rules = subBatchesOf('t', problem, {})(0);
  const scaled = (α: readonly number[]): Float64Array => {
    const z = z0.slice();
    for (const [b, { offset, shape }] of blocks.entries()) scale(z, α[b]!, offset, offset + sizeOf(shape));
    return z;
  };
  const measuredAt = (z: Vector): SubBatchGradients =>
    probed(problem, z, () => gradientsOf(z, players, rules));

  it.each([
    ['−GC', { norm: false, k: 0, unit: 1.7 }],
    ['−GC − kΣν', { norm: false, k: 0.3, unit: 1.7 }],
    ['the mean norm', { norm: true, k: 0.3, unit: 1.7 }],
  ])('of %s are those that differences find, of each player in its own scales', (_, objective) => {
    const { norm, k, unit } = objective;
    const value = (α: readonly number[], p: number): number => {
      const measured = measuredAt(scaled(α));
      const mean = measured.norms[p]!.reduce((sum, n) => sum + n / unit, 0);
      return norm ? mean / rules.length : -cosinesOf(players, measured)[p]!.cosine - k * mean;
    };
    const α = [1.2, 0.8, 0.7, 1.4];
    const z = scaled(α);
    for (const [p, player] of players.entries()) {
      const own = blocks.filter((block) => block.player === p);
      const slopes = probed(problem, z, () =>
        scaleSlopes(z, z0, own, [p, player], rules, measuredAt(z), objective),
      );
      for (const [b, block] of own.entries()) {
        const at = blocks.indexOf(block);
        const h = Math.cbrt(2 ** -52);
        const to = (d: number): readonly number[] => α.map((x, i) => (i === at ? x + d : x));
        const found = (value(to(h), p) - value(to(-h), p)) / (2 * h);
        // h² and ε/h are 4e-11, times derivatives of some tens
        expect(Math.abs(slopes[b]! - found)).toBeLessThan(1e-8);
        expect(Math.abs(found)).toBeGreaterThan(1e-3);
      }
    }
  });
});

describe('optimiseInitialisation', () => {
  it('counts D gradients and D products of each player an iteration, and D gradients at the end', async () => {
    const { ledger, calls, history } = await optimiseInitialisation(coupled(), { iterations: 10 });
    // sub-batches hold all terms together
    expect(ledger.gradients).toEqual([11 * TERMS, 11 * TERMS]);
    expect(ledger.products).toBe(10 * 2 * TERMS);
    // a product costs 2 calls, since the problem states no price
    expect(calls).toBe(11 + 10 * 2 * 2);
    expect(history).toHaveLength(10);
  });
  it('scales each tensor of each player, raises GC of both within the bound, in any unit alike', async () => {
    const problem = coupled();
    const options = { target: 'gc', bound: 3, subBatches: 6 } as const;
    const { z, scales, before, after, history } = await optimiseInitialisation(problem, options);
    for (const [b, { name, offset, shape }] of problem.blocks!.entries()) {
      expect(scales[b]!.tensor).toBe(name);
      for (let i = offset; i < offset + sizeOf(shape); i++)
        expect(z[i]).toBe(scales[b]!.scale * problem.start![i]!);
    }
    for (const [p, { player, cosine, norm }] of after.entries()) {
      expect(player).toBe(problem.players[p]!.name);
      expect(cosine).toBeGreaterThan(before[p]!.cosine);
      expect(norm).toBeLessThan(1.05 * 3 * before[p]!.norm);
    }
    expect(before).toEqual(history[0]);
    const other = await optimiseInitialisation(coupled(2 ** 30), options);
    expect(other.scales).toEqual(scales);
  });
  it('finds about the same slopes by differences where a problem has no products', async () => {
    const options = { iterations: 20, target: 'gc' } as const;
    const exact = await optimiseInitialisation(coupled(), options);
    const without = { ...coupled() };
    Reflect.deleteProperty(without, 'jacobianVector');
    const differences = await optimiseInitialisation(without, options);
    for (const [b, { scale: α }] of exact.scales.entries())
      expect(Math.abs(differences.scales[b]!.scale - α)).toBeLessThan(1e-6);
  });
  it('keeps a share of matrices, while lists may vanish', async () => {
    const { scales } = await optimiseInitialisation(coupled(), {
      bound: 1e-3,
      iterations: 40,
      stepSize: 0.2,
    });
    const least = (ending: string): number =>
      Math.min(...scales.filter(({ tensor }) => tensor.endsWith(ending)).map(({ scale: α }) => α));
    expect([least('matrix'), least('bias')]).toEqual([0.01, 0]);
  });
  it('asks the draws of a problem without terms, as many as it says', async () => {
    const { terms, ...rest } = coupled();
    const asked = new Set<number>();
    const drawn: SampledProblem<readonly number[]> = {
      ...rest,
      draw(call) {
        asked.add(call);
        return terms!.sample([call % TERMS, (call + 5) % TERMS, (call * 7) % TERMS]);
      },
    };
    const { ledger, calls } = await optimiseInitialisation(drawn, { iterations: 5, subBatches: 3 });
    expect([...asked].sort((a, b) => a - b)).toEqual([...Array(15).keys()]);
    expect([ledger.gradients, ledger.products]).toEqual([[18, 18], 30]);
    expect(calls).toBe(18 + 2 * 30);
  });
  it('says which option does not fit, and where a gradient is 0', async () => {
    const refusal = (problem: Problem<readonly number[]>, options: object): Promise<unknown> =>
      optimiseInitialisation(problem, options).catch((error: unknown) =>
        error instanceof Error ? error.message : error,
      );
    expect(await refusal(coupled(), { target: 'gc_gn_sqr' })).toContain('did you mean gc_gn_sqrt?');
    expect(await refusal(coupled(), { bound: 0 })).toContain('bound is 0; expected a finite number > 0');
    expect(await refusal(coupled(), { weight: -1 })).toContain('weight is -1; expected a finite number >= 0');
    expect(await refusal(coupled(), { iterations: 0 })).toContain(
      'iterations is 0; expected a whole number >= 1',
    );
    expect(await refusal({ ...coupled(), constraint: { prox: () => {} } }, {})).toContain(
      'coupled has a constraint',
    );
    const still = constant(Array<number[]>(4).fill([0, 0, 1, 1]));
    expect(await refusal(still, {})).toContain('a gradient of x is 0 after 0 iterations');
  });
});
