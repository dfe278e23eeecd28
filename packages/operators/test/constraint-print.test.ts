import { describe, expect, it } from 'vitest';
import {
  box,
  constraintOf,
  constraintPrint,
  l1Ball,
  l1Norm,
  l2Ball,
  proxes,
  proxFrom,
  simplex,
  type Data,
  type ProximalFunction,
} from '../src/index.js';

const players = [
  { name: 'x', start: 0, end: 3 },
  { name: 'y', start: 3, end: 6 },
];
const printOf = (x: ProximalFunction, y: ProximalFunction): Data =>
  constraintPrint(constraintOf(players, [x, y]), 6);

describe('the print of a constraint', () => {
  it('tells objects apart that have one name: by radius, weight, player, from far inside to far outside', () => {
    const functions = [1e-4, 1, 1.001, 50, 1e7].flatMap((size) => [
      l1Ball({ radius: size }),
      l2Ball({ radius: size }),
      l1Norm({ weight: size }),
      simplex({ sum: size }),
      box({ lower: -size, upper: size }),
    ]);
    const prints = functions.flatMap((f) => [printOf(f, simplex()), printOf(simplex(), f)]);
    // the simplex of sum 1 is twice among them
    expect(new Set(prints.map((print) => JSON.stringify(print))).size).toBe(prints.length - 1);
  });
  it('is the same for the same constraint, and states names and what was moved', () => {
    const print = printOf(l2Ball({ radius: 2 }), box({ lower: 0, upper: 1 }));
    expect(printOf(l2Ball({ radius: 2 }), box({ lower: 0, upper: 1 }))).toEqual(print);
    expect(print).toMatchObject({ name: expect.stringContaining('l2-ball') });
  });
  it.each(proxes.map(({ example }) => example))('%s has one', (example) => {
    const f = proxFrom(example);
    const n = f.length ?? 4;
    const print = constraintPrint(constraintOf([{ name: 'x', start: 0, end: n }], [f]), n);
    expect(JSON.stringify(print)).not.toContain('NaN');
  });
});
