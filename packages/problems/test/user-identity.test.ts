import { describe, expect, it } from 'vitest';
import { identityDifference, type Data, type Vector } from '@stillpoint/operators';
import { userGame } from '../src/index.js';

type Out = { [i: number]: number };
/** F(z) = z of two entries, as its mean over any samples. */
const operator = (z: ArrayLike<number>, out: Out): void => {
  for (let i = 0; i < 2; i++) out[i] = z[i] ?? 0;
};
const half = (z: ArrayLike<number>, out: Out): void => {
  for (let i = 0; i < 2; i++) out[i] = 0.5 * (z[i] ?? 0);
};
const losses = (_: unknown, out: Out): void => {
  out[0] = 1;
};
const resolve = (_: Vector): void => {};
const one = { players: { x: 2 }, operator };
const identityOf = (exported: object): Data => userGame(exported, 'mine.mjs').identity ?? null;

describe('the identity of a user’s game', () => {
  it.each<[string, object, object]>([
    ['how many players there are', one, { ...one, players: { x: 1, y: 1 } }],
    ['what they are called', one, { ...one, players: { w: 2 } }],
    ['what F is', one, { ...one, operator: half }],
    ['whether there are losses', one, { ...one, losses }],
    ['whether there is a resolvent', one, { ...one, resolve }],
    ['whether the resolvent is one of all players', { ...one, resolve }, { ...one, resolve, coupled: true }],
  ])('says %s', (_, first, second) => {
    expect(identityDifference(identityOf(first), identityOf(first))).toBe(undefined);
    expect(identityDifference(identityOf(first), identityOf(second))).toBeDefined();
  });
  it('says which entries each player has', () => {
    const parted = (x: number): Data =>
      identityOf({
        players: { x, y: 3 - x },
        operator: (_: unknown, out: Out) => {
          for (let i = 0; i < 3; i++) out[i] = 1;
        },
      });
    expect(identityDifference(parted(1), parted(1))).toBe(undefined);
    expect(identityDifference(parted(1), parted(2))).toBeDefined();
  });
  it('is the same from another start, and under another name', () => {
    const named = userGame({ ...one, start: [1, 2] }, 'other.mjs').identity ?? null;
    expect(identityDifference(identityOf(one), named)).toBe(undefined);
  });
});
