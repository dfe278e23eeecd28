import { describe, expect, it } from 'vitest';
import {
  box,
  distance,
  dot,
  huber,
  isFiniteVector,
  naturalResidual,
  normal,
  parseOptions,
  integer,
  number,
  order,
  l2Ball,
  projection,
  proxes,
  simplex,
  stepSize,
  waxpy,
  mix,
  adamDirection,
  type Game,
} from '../src/index.js';

const point = (call: number, scale = 2): Float64Array =>
  normal(new Float64Array(6), { seed: 1, purpose: 'points', call }, 0, scale);

const sets = proxes.filter(({ name }) =>
  ['box', 'l2-ball', 'simplex', 'l1-ball', 'linf-ball'].includes(name),
);

describe.each(sets.map((row) => ({ name: row.name, project: projection(row.build({})) })))(
  'projection onto the $name',
  ({ project }) => {
    const onto = (z: Float64Array): Float64Array => {
      const p = z.slice();
      project(p);
      return p;
    };
    it('is idempotent and nonexpansive, and obeys ⟨z − Pz, c − Pz⟩ ≤ 0 for c in the set, which characterises the projection', () => {
      for (let call = 0; call < 200; call++) {
        const z = point(2 * call);
        const [p, c] = [onto(z), onto(point(2 * call + 1))];
        expect(distance(onto(p), p)).toBeLessThanOrEqual(1e-15 * 6);
        expect(distance(p, c)).toBeLessThanOrEqual(distance(z, point(2 * call + 1)) * (1 + 1e-15));
        const [away, within] = [z.map((x, i) => x - (p[i] ?? 0)), c.map((x, i) => x - (p[i] ?? 0))];
        expect(dot(away, within)).toBeLessThanOrEqual(1e-13);
      }
    });
    it('does not change entries outside the slice', () => {
      const z = point(3, 9);
      const p = z.slice();
      project(p, 2, 4);
      expect([p[0], p[1], p[4], p[5]]).toEqual([z[0], z[1], z[4], z[5]]);
    });
  },
);

describe('closed forms', () => {
  it('box, ball and simplex', () => {
    const z = Float64Array.of(3, -4);
    projection(box({ lower: -1, upper: 2 }))(z);
    expect(Array.from(z)).toEqual([2, -1]);
    const b = Float64Array.of(3, -4);
    projection(l2Ball({ radius: 1 }))(b);
    expect(b[0]).toBeCloseTo(0.6, 15);
    expect(b[1]).toBeCloseTo(-0.8, 15);
    const s = Float64Array.of(0.5, 2, -1);
    projection(simplex())(s);
    expect(Array.from(s)).toEqual([0, 1, 0]);
    const t = Float64Array.of(0.4, 0.4, 0.4);
    projection(simplex({ sum: 3 }))(t);
    for (const x of t) expect(x).toBeCloseTo(1, 15);
  });
  it('an empty box is refused', () =>
    expect(() => box({ lower: 1, upper: 0 })).toThrow('box: entry 0 from 1 to 0 is empty'));
  it('a function that is not a set has no projection', () =>
    expect(() => projection(huber())).toThrow('the projection onto huber; expected a set'));
});

describe('kernels', () => {
  it('waxpy, mix and the Adam direction by hand', () => {
    const z = Float64Array.of(1, 2);
    waxpy(z, z, -0.5, Float64Array.of(2, 4));
    expect(Array.from(z)).toEqual([0, 0]);
    mix(z, 0.25, Float64Array.of(4, 8));
    expect(Array.from(z)).toEqual([1, 2]);
    const [g, m, v] = [Float64Array.of(3), Float64Array.of(0), Float64Array.of(0)];
    adamDirection(g, m, v, { beta1: 0.9, beta2: 0.99, epsilon: 0.5, correction1: 0.1, correction2: 0.01 });
    expect(m[0]).toBeCloseTo(0.3, 14);
    expect(v[0]).toBeCloseTo(0.09, 14);
    expect(g[0]).toBeCloseTo(3 / 3.5, 14); // m̂ = 3, √v̂ = 3
  });
  it('isFiniteVector sees NaN and both infinities anywhere', () => {
    for (const bad of [NaN, Infinity, -Infinity])
      for (let i = 0; i < 3; i++)
        expect(isFiniteVector([1, -1e308, 0].map((x, j) => (i === j ? bad : x)))).toBe(false);
    expect(isFiniteVector([1e308, 1e308, -0])).toBe(true);
  });
});

describe('natural residual', () => {
  const game: Game = {
    name: 'g',
    dim: 2,
    players: [{ name: 'a', start: 0, end: 2 }],
    operator: (z, out) => {
      out[0] = 2 * (z[0] ?? 0);
      out[1] = -5;
    },
  };
  it('is ‖F(z)‖ without constraints', () =>
    expect(naturalResidual(game, Float64Array.of(1, 0), new Float64Array(2))).toBeCloseTo(
      Math.hypot(2, 5),
      14,
    ));
  it('survives squares that overflow', () =>
    expect(naturalResidual(game, Float64Array.of(3e200, 0), new Float64Array(2))).toBeCloseTo(6e200, -187));
  it('vanishes at a constrained solution at which F does not vanish', () => {
    const clamp = projection(box({ lower: -1, upper: 1 }));
    expect(
      naturalResidual(
        { ...game, constraint: { prox: (z) => clamp(z) } },
        Float64Array.of(0, 1),
        new Float64Array(2),
      ),
    ).toBe(0);
  });
});

describe('options', () => {
  const table = {
    stepSize: stepSize(),
    innerSteps: integer({ about: 'τ', from: 1, default: 3 }),
    weight: number({ about: 'λ', above: 0, to: 1, default: 0.5 }),
    order: order(),
  };
  it('fill in defaults', () =>
    expect(parseOptions('method m', table, { stepSize: [1, 2] })).toEqual({
      stepSize: [1, 2],
      innerSteps: 3,
      weight: 0.5,
      order: null,
    }));
  it.each([
    [{ stepSize: 1, wieght: 1 }, 'unknown option of method m "wieght"; did you mean weight?'],
    [
      {},
      'method m needs stepSize (step size, or one per player): expected a number > 0, or one per player as [a,b], or schedules as {kind=cosine, from=0.1, to=0.001, steps=1000}; it defaults to 1/L if the game states L (facts.lipschitz)',
    ],
    [{ stepSize: -1 }, 'method m: stepSize is -1; expected a number > 0'],
    [{ stepSize: [1, 0] }, 'stepSize is [1,0]'],
    [{ stepSize: 'big' }, 'stepSize is big'],
    [{ stepSize: 1, innerSteps: 1.5 }, 'innerSteps is 1.5; expected a whole number >= 1'],
    [{ stepSize: 1, weight: 0 }, 'weight is 0; expected a number > 0 and <= 1'],
    [{ stepSize: 1, order: [-1] }, 'order is [-1]'],
    [{ stepSize: 1, weight: null }, 'weight is null'],
  ])('refuse %j', (given, message) => expect(() => parseOptions('method m', table, given)).toThrow(message));
});
