import { describe, expect, it } from 'vitest';
import { normal, uniform, type Game } from '@stillpoint/operators';
import { doubleWell, gameFrom, gaussian } from '@stillpoint/problems';
import { langevinGap } from '../src/certificates.js';
import { average, langevin, solve, train } from '../src/index.js';
import { familyOf } from '../src/registry.js';

type Options = NonNullable<Parameters<typeof langevin>[0]>;
type Square = readonly (readonly number[])[];

describe('langevin against an independent Philox and chain (fixtures/langevin.py)', () => {
  it.each([
    ['overdamped', [1.2617448999623608, 1.84562610171957, 1.0469345760637365]],
    ['non-reversible', [0.7742979678668139, 3.2717297860804724, 1.0469345760637365]],
    ['underdamped', [1.1460743555890707, 1.2860517629264967, 0.6383858869633503]],
  ] as const)('%s: five steps', (form, expected) => {
    const method = langevin({ form, stepSize: 0.2, inverseTemperature: 2, friction: 0.7, rotation: 1.5 });
    const { z } = solve(gaussian({ curvatures: [1, 0.25, 0.5] }), method, { steps: 5, seed: 3 });
    expected.forEach((x, i) => expect(z[i]).toBeCloseTo(x, 13));
  });
});

// On f = ½xᵀHx a chain is linear, s⁺ = As + Bξ, and its exact law is normal: mean Aᵏs₀, stationary covariance
// C = ACAᵀ + BBᵀ.
const times = (a: Square, b: Square): Square =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, x, k) => sum + x * b[k]![j]!, 0)));
const turned = (a: Square): Square => a[0]!.map((_, j) => a.map((row) => row[j]!));
const plus = (a: Square, b: Square): Square => a.map((row, i) => row.map((x, j) => x + b[i]![j]!));
function stationary(A: Square, noise: Square): Square {
  let [power, C] = [A, noise]; // C ← Σ_{i < 2ⁿ} Aⁱ noise Aⁱᵀ, doubled n times
  for (let n = 0; n < 40; n++) {
    C = plus(C, times(times(power, C), turned(power)));
    power = times(power, power);
  }
  return C;
}
/** One plane of two curvatures under each form: what multiplies its state, and the noise's covariance. */
function chain(
  [a, b]: readonly [number, number],
  { form, stepSize: h, inverseTemperature: β, friction: γ, rotation: σ }: Required<Options>,
): readonly [A: Square, noise: Square] {
  if (form !== 'underdamped') {
    const J = form === 'non-reversible' ? σ : 0;
    return [
      [
        [1 - h * a, -h * J * b],
        [h * J * a, 1 - h * b],
      ],
      [
        [(2 * h) / β, 0],
        [0, (2 * h) / β],
      ],
    ];
  }
  const e = Math.exp(-γ * h);
  const c = (1 - e) / γ;
  const q = (1 - e * e) / β;
  return [
    // (x, y, vx, vy)
    [
      [1 - h * c * a, 0, h * e, 0],
      [0, 1 - h * c * b, 0, h * e],
      [-c * a, 0, e, 0],
      [0, -c * b, 0, e],
    ],
    [
      [h * h * q, 0, h * q, 0],
      [0, h * h * q, 0, h * q],
      [h * q, 0, q, 0],
      [0, h * q, 0, q],
    ],
  ];
}

describe('moments on a Gaussian', () => {
  const H = [1, 0.3] as const;
  const usual = { stepSize: 0.4, inverseTemperature: 2, friction: 1.1, rotation: 0.8 };
  const forms = (['overdamped', 'non-reversible', 'underdamped'] as const).map((form) => ({
    ...usual,
    form,
  }));

  it.each(forms)(
    '$form: 4,000 independent chains have the exact mean and covariance after 7 steps',
    (options) => {
      const n = 4000;
      const many = gaussian({ curvatures: Array.from({ length: 2 * n }, (_, i) => H[i % 2]!) });
      const { z } = solve(many, langevin(options), { steps: 7, seed: 11 });
      const [A, noise] = chain(H, options);
      let [C, m]: [Square, Square] = [A.map((row) => row.map(() => 0)), A.map((_, i) => [i < 2 ? 1 : 0])];
      for (let k = 0; k < 7; k++) [C, m] = [plus(times(times(A, C), turned(A)), noise), times(A, m)];
      const [x, y] = [0, 1].map((i) => Array.from({ length: n }, (_, p) => z[2 * p + i]! - m[i]![0]!));
      const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v / n, 0);
      // five standard errors: of a mean √(C/n), of a variance C√(2/n), of a covariance √((C₀₀C₁₁ + C₀₁²)/n)
      const [c00, c01, c11] = [C[0]![0]!, C[0]![1]!, C[1]![1]!];
      expect(Math.abs(mean(x!))).toBeLessThan(5 * Math.sqrt(c00 / n));
      expect(Math.abs(mean(y!))).toBeLessThan(5 * Math.sqrt(c11 / n));
      expect(Math.abs(mean(x!.map((v) => v * v)) - c00)).toBeLessThan(5 * c00 * Math.sqrt(2 / n));
      expect(Math.abs(mean(y!.map((v) => v * v)) - c11)).toBeLessThan(5 * c11 * Math.sqrt(2 / n));
      const cross = mean(x!.map((v, p) => v * y![p]!));
      expect(Math.abs(cross - c01)).toBeLessThan(5 * Math.sqrt((c00 * c11 + c01 ** 2) / n));
    },
  );

  it.each(forms)(
    '$form: one long chain has the stationary law, within its effective sample size',
    (options) => {
      const steps = 60_000;
      const [A, noise] = chain(H, options);
      const C = stationary(A, noise);
      const [sums, squares] = [
        [0, 0],
        [0, 0],
      ];
      solve(gaussian({ curvatures: H }), langevin(options), {
        steps,
        seed: 5,
        observe({ state: { z } }) {
          for (let i = 0; i < 2; i++) {
            sums[i] = sums[i]! + z[i]! / steps;
            squares[i] = squares[i]! + z[i]! ** 2 / steps;
          }
        },
      });
      // autocovariances are entries of AᵏC: n_eff = n / (1 + 2 Σ ρ_k), of squares with ρ_k²
      const slowness = [0, 1].map((i) => {
        let [moved, once, twice] = [C, 1, 1];
        for (let k = 1; k < 2000; k++) {
          moved = times(A, moved);
          const ρ = moved[i]![i]! / C[i]![i]!;
          once += 2 * ρ;
          twice += 2 * ρ * ρ;
        }
        return [once, twice] as const;
      });
      slowness.forEach(([once, twice], i) => {
        const c = C[i]![i]!;
        const start = 20 / steps; // the start, forgotten within some 20 steps
        expect(Math.abs(sums[i]!)).toBeLessThan(5 * Math.sqrt((c * once) / steps) + start);
        expect(Math.abs(squares[i]! - c)).toBeLessThan(5 * c * Math.sqrt((2 * twice) / steps) + start);
      });
    },
  );

  it('the stationary law is the target’s but for what the step leaves: closed forms', () => {
    const { stepSize: h, inverseTemperature: β } = usual;
    const C = stationary(...chain(H, forms[0]!));
    H.forEach((a, i) => expect(C[i]![i]).toBeCloseTo(1 / (β * a * (1 - (h * a) / 2)), 12));
    for (const form of ['non-reversible', 'underdamped'] as const)
      for (const small of [1e-2, 1e-3]) {
        const law = stationary(...chain(H, { ...usual, form, stepSize: small }));
        H.forEach((a, i) => expect(Math.abs(law[i]![i]! * β * a - 1)).toBeLessThan(2 * small));
      }
  });
});

describe('spectral gaps', () => {
  const H = Float64Array.of(1, 0, 0, 0.01);
  const J = Float64Array.of(0, 5, -5, 0);
  it('of H = diag(1, 0.01): 0.01, √m = 0.1 and tr(H)/2 = 0.505', () => {
    expect(langevinGap(H, { form: 'overdamped' })).toBeCloseTo(0.01, 15);
    // γ = 2√m, a double root
    expect(langevinGap(H, { form: 'underdamped', friction: 0.2 })).toBeCloseTo(0.1, 8);
    expect(langevinGap(H, { form: 'non-reversible', rotation: J })).toBeCloseTo(0.505, 15);
  });
  it('underdamped is fastest at γ = 2√m', () => {
    for (const friction of [0.05, 0.15, 0.19, 0.21, 0.3, 1, 10])
      expect(langevinGap(H, { form: 'underdamped', friction })).toBeLessThan(0.1);
  });
  it('non-reversible is never slower: 500 random (H, J)', () => {
    for (let call = 0; call < 500; call++) {
      const [a, b, c, s] = normal(new Float64Array(4), { seed: 8, purpose: 'gaps', call });
      const [strength] = uniform(new Float64Array(1), { seed: 8, purpose: 'strength', call });
      // BᵀB + 0.01I
      const hessian = Float64Array.of(a! * a! + c! * c! + 0.01, a! * b!, a! * b!, b! * b! + 0.01);
      const σ = 10 * strength! * Math.sign(s!);
      const gap = langevinGap(hessian, { form: 'non-reversible', rotation: Float64Array.of(0, σ, -σ, 0) });
      const least = langevinGap(hessian, { form: 'overdamped' });
      expect(gap).toBeGreaterThanOrEqual(least * (1 - 1e-9)); // eigh against a quadratic equation
    }
  });
  it('the Gibbs law is stationary: AH⁻¹ + H⁻¹Aᵀ = 2I with A = (I + J)H, and the chain’s drift is that A', () => {
    const [σ, h, d] = [1.7, 0.1, [1, 0.25] as const];
    const A = [
      [d[0], σ * d[1]],
      [-σ * d[0], d[1]],
    ];
    const inverse = [
      [1 / d[0], 0],
      [0, 1 / d[1]],
    ];
    const sum = plus(times(A, inverse), times(inverse, turned(A)));
    expect(sum.flat().map((x) => Number(x.toFixed(14)))).toEqual([2, 0, 0, 2]);
    // without noise (β = ∞ up to 1e-150) one step from each unit vector is a column of I − hA
    [0, 1].forEach((j) => {
      const start = Float64Array.of(j === 0 ? 1 : 0, j);
      const method = langevin({
        form: 'non-reversible',
        stepSize: h,
        rotation: σ,
        inverseTemperature: 1e300,
      });
      const { z } = solve(gaussian({ curvatures: d }), method, { start, steps: 1 });
      [0, 1].forEach((i) => expect(z[i]).toBeCloseTo((i === j ? 1 : 0) - h * A[i]![j]!, 14));
    });
  });
  it('refuses what has no gap, in words', () => {
    expect(() => langevinGap(Float64Array.of(1, 0, 0, -1), { form: 'overdamped' })).toThrow(
      'least eigenvalue',
    );
    expect(() => langevinGap(H, { form: 'underdamped', friction: 0 })).toThrow('friction is 0');
    expect(() => langevinGap(H, { form: 'non-reversible', rotation: H })).toThrow('a skew J');
  });
});

describe('a sampler', () => {
  it('is never called converged, and its message says what it is; the budget ends it', () => {
    const problem = gaussian();
    for (const options of [{ tolerance: 0.9, steps: 50 }, { steps: 50 }]) {
      const { status, steps, message } = solve(problem, langevin({ stepSize: 0.1 }), options);
      expect([status, steps]).toEqual(['budget', 50]);
      expect(message).toMatch(/^A sampler, it made 50 steps: its points spread around/);
      expect(message).not.toMatch(/onverge/);
    }
    // at a temperature of almost 0 it would be within any tolerance
    const cold = langevin({ stepSize: 0.5, inverseTemperature: 1e300 });
    expect(solve(gaussian({ curvatures: [1] }), cold, { steps: 200, tolerance: 1e-3 }).status).toBe('budget');
    expect(familyOf('langevin')).toBe('sampler');
  });
  it('stays one inside a wrapper', () => {
    expect(average(langevin({ stepSize: 0.1 })).sampler).toBe(true);
    expect(average(langevin({ stepSize: 0.1 })).uneven).toBe(undefined);
  });
  it('is called diverged or overflowed where its step is too long', () => {
    const run = solve(gaussian({ curvatures: [1] }), langevin({ stepSize: 10 }), { steps: 60 });
    expect(run.status).toBe('diverged');
    expect(solve(gaussian({ curvatures: [1] }), langevin({ stepSize: 10 }), { steps: 1000 }).status).toBe(
      'non-finite',
    );
  });
  it('refuses several players and constraints, in words', async () => {
    const method = langevin({ stepSize: 0.1 });
    expect(() => solve(gameFrom('bilinear'), method, { steps: 1 })).toThrow(
      'langevin samples exp(−βf) of one player; this game has x, y',
    );
    const boxed: Game = { ...gaussian(), constraint: { prox: () => {} } };
    await expect(train(boxed, method, { steps: 1 })).rejects.toThrow('this problem has a constraint');
  });
});

describe('exit times from a well, arXiv 1812.07725’s setting: a = 0.025, b = 0.1, β = 160, γ = 0.2, h = 0.2', () => {
  /**
   * The mean time until x > ½, of 1000 particles. Leaving is memoryless but for its first moments, so that
   * time spent in the well by all over the number that left estimates it, where a run ends before the last
   * has left (Epstein, Sobel 1953).
   */
  function meanExit(options: Partial<Options>, steps: number): number {
    const particles = 1000;
    const problem = doubleWell({ particles });
    const left = new Uint8Array(particles);
    let [inside, spent, exits] = [particles, 0, 0];
    solve(problem, langevin({ inverseTemperature: 160, ...options, stepSize: 0.2 }), {
      steps,
      seed: 1,
      observe({ state: { z }, ledger }) {
        if (ledger.steps === 0) return;
        spent += 0.2 * inside;
        for (let p = 0; p < particles; p++)
          if (left[p] === 0 && z[2 * p]! > 0.5) {
            left[p] = 1;
            exits++;
            inside--;
          }
      },
    });
    return spent / exits;
  }
  it.each([
    ['overdamped', {}, 2593, 16_000],
    ['underdamped', { form: 'underdamped', friction: 0.2 }, 1087, 9_000],
    ['non-reversible', { form: 'non-reversible', rotation: 1 }, 1633, 12_000],
  ] as const)('%s', (_, options, measured, steps) => {
    const time = meanExit(options, steps);
    expect(Math.abs(time / measured - 1), `mean exit time ${time}`).toBeLessThan(0.15);
  });
});
