import { describe, expect, it } from 'vitest';
import {
  concaveGauge,
  constraintOf,
  dot,
  normal,
  proxFrom,
  squaredGauge,
  type Atoms,
  type Vector,
} from '../src/index.js';

const DIM = 6;
const point = (call: number, size = 2): Vector =>
  normal(new Float64Array(DIM), { seed: 1, purpose: 'points', call }, 0, size);
const atomsOf = (spec: string, weight = 0.7): Atoms => {
  const set = proxFrom(spec);
  return constraintOf([{ name: 'x', start: 0, end: DIM }], [squaredGauge(set, { weight })]).atoms!;
};
const specs = [
  'l1-ball(radius=1.5)',
  'l2-ball(radius=0.5)',
  'group-l1-ball(radius=2, groups=[2,1,3])',
  'atomic-ball(norms=[2,0.5,1.5], groups=[2,1,3])',
];

describe.each(specs)('the atoms of %s', (spec) => {
  const { groups, weight } = atomsOf(spec);
  const set = proxFrom(spec);
  it('make its gauge and its support function, and cover all entries once', () => {
    for (let call = 0; call < 20; call++) {
      const z = point(call);
      const [κ, σ] = [set.gauge!(z), set.support!(z)];
      const lengths = groups.map(({ start, end }) => Math.hypot(...z.subarray(start, end)));
      const sum = groups.reduce((total, { norm }, g) => total + lengths[g]! / norm, 0);
      expect(Math.abs(sum - κ)).toBeLessThanOrEqual(κ * 2 ** -48);
      const most = Math.max(...groups.map(({ norm }, g) => lengths[g]! * norm));
      expect(Math.abs(most - σ)).toBeLessThanOrEqual(σ * 2 ** -48);
    }
    expect(
      groups.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i)),
    ).toEqual(Array.from({ length: DIM }, (_, i) => i));
    expect(weight).toBe(0.7);
  });
  it.each([0, 0.3, 5])(
    'ε = %d: a majorant lies above the concave penalty, touches it at its point, and has a minimiser',
    (concavity) => {
      const penalty = concaveGauge(atomsOf(spec), { concavity });
      for (let call = 0; call < 10; call++) {
        const at = point(3 * call);
        const h = penalty.majorantAt(at);
        const g = point(3 * call + 1, 20);
        const s = new Float64Array(DIM);
        h.lmo(g, s);
        const least = dot(g, s) + h.value(s);
        const rounding = (x: number): number => 2 ** -46 * Math.abs(x);
        expect(Math.abs(h.value(at) - penalty.value(at))).toBeLessThanOrEqual(rounding(h.value(at)));
        for (let other = 0; other < 20; other++) {
          // of many sizes: near s, near 0 and far
          const z = point(100 + other, 10 ** (other / 5 - 2));
          expect(penalty.value(z)).toBeLessThanOrEqual(h.value(z) + rounding(h.value(z)));
          for (const u of [z, s.map((x, i) => x + z[i]! / 100), s.map((x) => x * (1 + z[0]! / 50))]) {
            const [slope, height] = [dot(g, u), h.value(u)];
            expect(slope + height).toBeGreaterThanOrEqual(least - rounding(Math.abs(slope) + height));
          }
        }
      }
    },
  );
  it('without concavity it is the squared gauge', () => {
    const penalty = concaveGauge(atomsOf(spec), { concavity: 0 });
    const squared = squaredGauge(set, { weight: 0.7 });
    for (let call = 0; call < 10; call++) {
      const z = point(call);
      const value = squared.value(z);
      for (const same of [penalty.value(z), penalty.majorantAt(point(50 + call)).value(z)])
        expect(Math.abs(same - value)).toBeLessThanOrEqual(value * 2 ** -47);
    }
  });
});

it('the penalty and its majorant do not depend on the unit of z', () => {
  const [one, thousand] = [atomsOf('l1-ball(radius=1)'), atomsOf('l1-ball(radius=1024)')];
  const [small, large] = [one, thousand].map((atoms) => concaveGauge(atoms, { concavity: 2 }));
  const [z, at] = [point(1), point(2)];
  const scaled = (x: Vector): Vector => x.map((e) => 1024 * e);
  expect(large!.value(scaled(z))).toBe(small!.value(z));
  expect(large!.majorantAt(scaled(at)).value(scaled(z))).toBe(small!.majorantAt(at).value(z));
});

it('what has no atoms has none, and what cannot be made a penalty is refused in words', () => {
  const players = [
    { name: 'x', start: 0, end: 2 },
    { name: 'y', start: 2, end: 4 },
  ];
  const ball = proxFrom('l1-ball');
  expect(constraintOf(players, [ball, ball]).atoms).toBeUndefined();
  expect(constraintOf(players, ball).atoms?.groups).toHaveLength(4);
  expect(proxFrom('simplex').atoms).toBeUndefined();
  expect(() => concaveGauge(ball.atoms!(2), { concavity: 1 })).toThrow(
    'concaveGauge of the atoms of a set; expected those of a penalty, as of squared-gauge(l1-ball)',
  );
  expect(() => concaveGauge(atomsOf('l1-ball'), { concavity: -1 })).toThrow(
    'concavity is -1; expected a number >= 0',
  );
});
