import { describe, expect, it } from 'vitest';
import { InputError, l1Ball, proxFrom, type Game, type Vector } from '@stillpoint/operators';
import { userGame } from '../src/index.js';

type Out = { [i: number]: number };
const operator = (z: ArrayLike<number>, out: Out): void => {
  out[0] = z[1] ?? 0;
  out[1] = -(z[0] ?? 0);
};
const players = { x: 1, y: 1 };

describe('a user’s game', () => {
  it('may be an instance of a class', () => {
    class Mine {
      players = players;
      operator(z: ArrayLike<number>, out: Out): void {
        operator(z, out);
      }
    }
    expect(userGame(new Mine(), 'g').dim).toBe(2);
  });
  it('that throws later is named with its file', () => {
    let n = 0;
    const game = userGame(
      {
        players,
        operator: (z: ArrayLike<number>, out: Out) => {
          if (n++ > 0) throw new Error('later');
          operator(z, out);
        },
      },
      'g.mjs',
    );
    expect(() => game.operator(new Float64Array(2), new Float64Array(2))).toThrow(
      'g.mjs: operator throws: later',
    );
  });
  it('that writes text later is told so; one that gives NaN later only is not finite', () => {
    for (const [wrong, shown] of [
      ['abc', '"abc"'],
      [undefined, 'missing'],
    ] as const) {
      let n = 0;
      const writes = (z: ArrayLike<number>, out: { [i: number]: unknown }): void => {
        out[0] = n++ > 0 ? wrong : z[1];
        out[1] = 0;
      };
      const game = userGame({ players, operator: writes }, 'g.mjs');
      expect(() => game.operator(new Float64Array(2), new Float64Array(2))).toThrow(
        `g.mjs: operator writes ${shown} to out[0]; expected a number`,
      );
    }
    let calls = 0;
    const nan = userGame(
      {
        players,
        operator: (_: unknown, out: Out) => {
          out[0] = calls++ > 0 ? NaN : 1;
          out[1] = 2;
        },
      },
      'g.mjs',
    );
    const out = new Float64Array(2);
    nan.operator(new Float64Array(2), out);
    expect(Array.from(out)).toEqual([NaN, 2]);
    expect(calls).toBe(3);
  });
  it('that becomes async later is refused, its promise is not left to reject', () => {
    let n = 0;
    const game = userGame(
      {
        players,
        operator: (z: ArrayLike<number>, out: Out) => {
          operator(z, out);
          return n++ > 0 ? Promise.reject(new Error('x')) : undefined;
        },
      },
      'g.mjs',
    );
    expect(() => game.operator(new Float64Array(2), new Float64Array(2))).toThrow(
      'g.mjs: operator returns a promise',
    );
  });
  it('has at most ten million entries in all', () => {
    expect(() => userGame({ players: { x: 9_999_999, y: 2 }, operator }, 'g')).toThrow(
      'the players own 10000001 entries; expected at most 10,000,000 in all',
    );
  });
  it('keeps what it was given', () => {
    const game = userGame(
      {
        players: { a: 1, b: 2 },
        start: [1, 2, 3],
        facts: { lipschitz: 2, solution: [0, 0, 0] },
        operator: (z: Float64Array, out: Float64Array) => {
          out.set(z);
        },
        resolve: (z: Float64Array) => {
          z.fill(0);
        },
      },
      'g.mjs',
    );
    expect(game).toMatchObject({
      name: 'g.mjs',
      dim: 3,
      players: [
        { name: 'a', start: 0, end: 1 },
        { name: 'b', start: 1, end: 3 },
      ],
      start: [1, 2, 3],
      facts: { lipschitz: 2, solution: [0, 0, 0] },
    });
    const z = Float64Array.of(1, 2, 3);
    game.constraint?.prox(z, 1);
    expect(Array.from(z)).toEqual([0, 0, 0]);
  });
  it('may state comonotonicity, a mirror map, and that its constraints tie the players together', () => {
    expect(
      userGame(
        { players, operator, coupled: true, facts: { comonotone: -0.1, mirror: 'entropy', zeroSum: true } },
        'g',
      ),
    ).toMatchObject({ facts: { comonotone: -0.1, mirror: 'entropy', zeroSum: true } });
    const plain = userGame({ players, operator, coupled: false }, 'g');
    expect(plain.constraint).toBeUndefined();
    expect(plain.facts).toEqual({});
  });
  it('may be a whole game, with dim and slices', () => {
    const slices = [
      { name: 'x', start: 0, end: 1 },
      { name: 'y', start: 1, end: 3 },
    ];
    const wide = (_: unknown, out: Out): void => {
      out[0] = out[1] = out[2] = 1;
    };
    expect(userGame({ name: 'whole', dim: 3, players: slices, operator: wide }, 'g')).toMatchObject({
      dim: 3,
      players: slices,
    });
    expect(() => userGame({ dim: 2, players: slices, operator: wide }, 'g')).toThrow(
      'dim is 2; the players own 3 entries',
    );
    for (const players of [
      [{ name: 'x', start: 1, end: 2 }],
      [
        { name: 'x', start: 0, end: 1 },
        { name: 'x', start: 1, end: 2 },
      ],
      [1],
    ])
      expect(() => userGame({ players, operator: wide }, 'g')).toThrow(
        'expected sizes by name, as { x: 1, y: 1 }',
      );
  });
  it('lets operator use `this`', () => {
    const game = userGame(
      {
        players: { x: 1 },
        operator(this: { players: { x: number } }, _: unknown, out: Out) {
          out[0] = this.players.x;
        },
      },
      'g',
    );
    const out = new Float64Array(1);
    game.operator(new Float64Array(1), out);
    expect(out[0]).toBe(1);
  });
  it.each([
    [undefined, 'g: its default export is missing; expected { players'],
    [[1], 'its default export is [1]'],
    [{ operator }, 'players is missing'],
    [{ players }, 'operator is missing'],
    [{ players, operatr: operator }, 'unknown entry "operatr"; did you mean operator?'],
    [{ players: { x: 0 }, operator }, 'player x has size 0; expected a whole number from 1 to 10,000,000'],
    [{ players, operator: 3 }, 'operator is 3; expected a function'],
    [{ players, operator, start: [1] }, 'start is [1]; expected 2 finite numbers'],
    [{ players, operator, start: [1, NaN] }, 'expected 2 finite numbers'],
    [{ players, operator, facts: { lipshitz: 1 } }, 'did you mean lipschitz?'],
    [{ players, operator, facts: { lipschitz: -1 } }, 'facts.lipschitz is -1'],
    [{ players, operator, facts: { solution: [0] } }, 'facts.solution is [0]; expected 2'],
    [
      {
        players,
        operator: (_: unknown, out: Out) => {
          out[0] = 1;
        },
      },
      'gives out[1] = NaN (or never writes it) at [0,0]',
    ],
    [{ players, operator: () => [1, 2] }, 'it returned [1,2], but must write to out'],
    [
      {
        players,
        operator: (_: unknown, out: Out) => {
          out[0] = 1;
          out[1] = 2;
          out[2] = 3;
        },
      },
      'writes out[2]; the players own entries 0 to 1',
    ],
    [
      {
        players,
        operator: (_: unknown, out: { [i: number]: string }) => {
          out[0] = '1';
        },
      },
      'writes "1" to out[0]; expected a number',
    ],
    [
      {
        players,
        operator: () => {
          throw new Error('boom');
        },
      },
      'operator throws at its start: boom',
    ],
    [{ players, operator: (): unknown => Promise.resolve() }, 'operator is async'],
    [{ players: { x: 1n }, operator }, 'player x has size 1n'],
    [{ players: { 2: 1, 1: 1 }, operator }, 'a player is named 1'],
    [{ players: { x: 1e15 }, operator }, 'player x has size 1000000000000000'],
    [
      {
        players,
        operator: (z: Out, out: Out) => {
          z[0] = 5;
          operator([1, 1], out);
        },
      },
      'operator writes to z',
    ],
    [
      {
        players,
        operator,
        resolve: () => {
          throw new Error('res');
        },
      },
      'resolve throws at its start: res',
    ],
    [
      { players, operator, resolve: (z: Float64Array) => z.map((x) => x) },
      'expected it to change z in place',
    ],
    [{ players, operator, facts: { comonotone: '0' } }, 'facts.comonotone is "0"; expected a number'],
    [{ players, operator, facts: { comonotone: NaN } }, 'facts.comonotone is'],
    [
      { players, operator, facts: { mirror: 'entropic' } },
      'facts.mirror is "entropic"; expected "entropy" or "euclidean"',
    ],
    [{ players, operator, facts: { comonoton: 0 } }, 'did you mean comonotone?'],
    [{ players, operator, coupled: 1 }, 'coupled is 1; expected true or false'],
    [
      {
        players,
        operator,
        losses: (_: unknown, out: Out) => {
          out[2] = 1;
        },
      },
      'losses writes out[2]',
    ],
  ])('case %#', (exported, message) => expect(() => userGame(exported, 'g')).toThrow(message));
});

describe('the constraint of a user’s game', () => {
  const sizes = { x: 2, y: 3 };
  const pull = (_: ArrayLike<number>, out: Out): void => {
    for (let i = 0; i < 5; i++) out[i] = 1;
  };
  const withConstraint = (constraint: unknown): ReturnType<typeof userGame> =>
    userGame({ players: sizes, operator: pull, constraint }, 'mine.mjs');
  const onto = (constraint: unknown, z: readonly number[], player?: number): number[] => {
    const at = Float64Array.from(z);
    withConstraint(constraint).constraint?.prox(at, 1, player);
    return Array.from(at);
  };
  it('is a spec per player', () => {
    const both = { x: 'simplex', y: 'l1-ball(radius=2)' };
    expect(onto(both, [3, 1, 4, 0, 0])).toEqual([1, 0, 2, 0, 0]);
    expect(onto(both, [3, 1, 4, 0, 0], 1)).toEqual([3, 1, 2, 0, 0]);
    expect(onto({ y: 'nonnegative' }, [-3, 1, -4, 0, 2])).toEqual([-3, 1, 0, 0, 2]);
  });
  it('or one for all entries, a function, or an object with a prox', () => {
    expect(onto('box(lower=0, upper=1)', [3, -1, 4, 0.5, 0])).toEqual([1, 0, 1, 0.5, 0]);
    expect(withConstraint('l2-ball').constraint?.joint).toBe(true);
    expect(onto(proxFrom('nonnegative'), [-1, 1, 0, -2, 3])).toEqual([0, 1, 0, 0, 3]);
    expect(onto({ prox: (z: Float64Array) => z.fill(7) }, [0, 0, 0, 0, 0])).toEqual([7, 7, 7, 7, 7]);
  });
  it.each<[unknown, string]>([
    ['simplx', 'mine.mjs: constraint: unknown function "simplx"; did you mean simplex?'],
    [{ y: 'l1-ball(radus=2)' }, 'mine.mjs: constraint.y: unknown option of function l1-ball "radus"'],
    [{ x: 'simplex(l1)' }, 'mine.mjs: constraint.x: function simplex takes options only; found l1'],
    [{ z: 'simplex' }, 'mine.mjs: constraint names a player "z"'],
    [{ y: 'box(lower=[0,0])' }, 'takes 2 entries; player y has 3'],
    [{ y: 3 }, 'mine.mjs: constraint.y is 3; expected the spec of a set or function'],
    [
      ['simplex', 'simplex'],
      'mine.mjs: constraint is ["simplex", "simplex"]; expected the spec of a set or function',
    ],
    [null, 'mine.mjs: constraint is null; expected the spec of a set or function'],
  ])('%# refuses what it cannot be', (constraint, message) => {
    expect(() => withConstraint(constraint)).toThrow(InputError);
    expect(() => withConstraint(constraint)).toThrow(message);
  });
  it('stands alone', () =>
    expect(() =>
      userGame({ players: sizes, operator: pull, constraint: 'simplex', resolve: () => {} }, 'mine.mjs'),
    ).toThrow('it has both constraint and resolve; expected constraint alone'));
});

it('the identity of a user’s game tells its players and its constraint apart', () => {
  const identity = (change: object): unknown => userGame({ players, operator, ...change }, 'g').identity;
  const found = [
    {},
    { players: { x: 1, z: 1 } },
    { players: { x: 2 } },
    { constraint: { x: 'l1-ball(radius=1)' } },
    { constraint: { x: 'l1-ball(radius=2)' } },
    { constraint: { y: 'l1-ball(radius=1)' } },
    { constraint: { x: l1Ball({ radius: 1 }) } },
    { constraint: { x: l1Ball({ radius: 3 }) } },
  ].map(identity);
  for (const [i, one] of found.entries())
    for (const other of found.slice(i + 1)) expect(one).not.toEqual(other);
  expect(identity({ constraint: { x: l1Ball({ radius: 3 }) } })).toEqual(found.at(-1));
});

describe('a finite sum of one’s own', () => {
  /** F(z) = mean of z − cᵢ. */
  const centres = [1, 2, 6];
  const sum = (more: object = {}): Game =>
    userGame(
      {
        players: { x: 1 },
        start: [0],
        terms: 3,
        operator(z: Vector, out: Vector, { sample = [0, 1, 2] }: { readonly sample?: readonly number[] }) {
          out[0] = sample.reduce((total, i) => total + (z[0]! - centres[i]!) / sample.length, 0);
        },
        ...more,
      },
      'mine',
    );
  it('has terms that can be asked one by one', () => {
    const out = new Float64Array(1);
    const game = sum();
    expect(game.terms?.count).toBe(3);
    game.operator(Float64Array.of(0), out, { sample: game.terms?.sample([2]) });
    expect(out[0]).toBe(-6);
    game.operator(Float64Array.of(0), out);
    expect(out[0]).toBe(-3);
    expect(game.identity).toMatchObject({ terms: 3 });
  });
  it.each<[object, string]>([
    [{ terms: 2.5 }, 'mine: terms is 2.5; expected how many terms F is the mean of'],
    [{ terms: '3' }, 'mine: terms is "3"; expected how many'],
    [
      { terms: 2 },
      'mine: the mean of its 2 terms is not F at its start: they differ by 1.5; expected operator(',
    ],
    [
      { operator: (z: Vector, out: Vector) => void (out[0] = z[0]! - 3) },
      'mine: each of its 3 terms is F itself at its start; expected operator(z, out, { sample })',
    ],
  ])('is refused with %j: %s', (more, message) => expect(() => sum(more)).toThrow(message));
});
