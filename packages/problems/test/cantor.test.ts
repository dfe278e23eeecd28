import { describe, expect, it } from 'vitest';
import { checkFacts, type Game, type Vector } from '@stillpoint/operators';
import { cantor, cantorGame, problemFrom } from '../src/index.js';

const step = (game: Game, z: Vector, η: number, term: number): Float64Array => {
  const out = new Float64Array(game.dim);
  game.operator(z, out, { sample: [term] });
  return Float64Array.from(z, (x, i) => x - η * out[i]!);
};

describe('cantor', () => {
  it('η = ⅔: a step writes the digit 0 or 2 before the others in base 3', () => {
    const game = cantor();
    let w: Vector = Float64Array.of(0.25); // 0.020202… in base 3
    const terms = [1, 0, 0, 1, 1, 0, 1, 0];
    for (const term of terms) w = step(game, w, 2 / 3, term);
    const digits: number[] = [];
    let x = w[0]!;
    for (let k = 0; k < terms.length + 4; k++) {
      digits.push(Math.floor(3 * x));
      x = 3 * x - digits.at(-1)!;
    }
    expect(digits).toEqual([...terms.toReversed().map((a) => 2 * a), 0, 2, 0, 2]);
  });
  it('has the solution in the mean of its points, in any dimension, and a variance around it', () => {
    const points = [
      [0, 0, 3],
      [1, 5, 0],
    ];
    const { facts } = cantor({ points });
    expect([facts!.solution, facts!.optimum]).toEqual([[0.5, 2.5, 1.5], (0.25 + 6.25 + 2.25) / 2]);
    expect(facts!.termVariance).toBe(0.25 + 6.25 + 2.25);
  });
  it('has a spec, with batches', () => {
    const { problem: batched } = problemFrom('cantor(points=[[0,0],[1,0],[0,1]], batch=1)');
    expect([batched.dim, batched.terms]).toMatchObject([2, { count: 3, drawn: 1 }]);
  });
});

describe('cantor-game', () => {
  const points = [
    [0, 0],
    [1, 0],
    [0.3, 2],
  ];
  it('a step shrinks all distances by √((1 − ημ)² + η²ω²), towards the point that was drawn', () => {
    const { expected } = cantorGame({ points, curvature: 1.5, coupling: 0.7 });
    const [η, μ, ω] = [0.4, 1.5, 0.7];
    const r = Math.hypot(1 - η * μ, η * ω);
    const [z, w] = [Float64Array.of(0.2, -1), Float64Array.of(3, 0.5)];
    points.forEach((point, i) => {
      const [a, b] = [step(expected, z, η, i), step(expected, w, η, i)];
      expect(Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!)).toBeCloseTo(r * Math.hypot(2.8, 1.5), 14);
      expect(Array.from(step(expected, Float64Array.from(point), η, i))).toEqual(point);
    });
  });
  it('F is the gradient of the losses on every term, by central differences, and its mean on all', () => {
    const { expected } = cantorGame({ points, curvature: 1.5, coupling: 0.7 });
    const z = Float64Array.of(0.3, -0.8);
    const h = 2 ** -20; // the loss is quadratic: only rounding of 2⁻⁵³/h remains
    for (const sample of [[0], [1], [2], [0, 2], undefined]) {
      const F = new Float64Array(2);
      expected.operator(z, F, { sample });
      for (const p of [0, 1]) {
        const loss = (t: number): number => {
          const out = new Float64Array(2);
          expected.losses!(
            z.map((x, i) => (i === p ? x + t : x)),
            out,
            { sample },
          );
          return out[p]!;
        };
        expect((loss(h) - loss(-h)) / (2 * h)).toBeCloseTo(F[p]!, 8);
      }
    }
  });
  it('states facts that its operator does not contradict, and refuses points outside the plane', () => {
    const { expected } = cantorGame({ points });
    expect(() => checkFacts(expected, Float64Array.of(0.3, -0.8))).not.toThrow();
    expect(() => cantorGame({ points: [[1], [2]] })).toThrow('a point has 1 entries; expected 2');
    expect(() => cantorGame({ points, batch: 4 })).toThrow('batch is 4; expected at most 3');
  });
});
