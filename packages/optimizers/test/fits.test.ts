import { describe, expect, it } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint, type Data, type Game } from '@stillpoint/operators';
import { gameFrom, problemsOf, problemFrom, userGame, problems } from '@stillpoint/problems';
import { gda, solve, train } from '../src/index.js';

const method = gda({ stepSize: 0.01 });
const mine = (parts: object = {}): Game =>
  userGame(
    {
      players: { x: 1, y: 1 },
      start: [1, 2],
      operator(z: Float64Array, out: Float64Array) {
        out[0] = z[1]!;
        out[1] = -z[0]!;
      },
      ...parts,
    },
    'mine.mjs',
  );
const edited = {
  operator(z: Float64Array, out: Float64Array) {
    out[0] = 2 * z[1]!;
    out[1] = -z[0]!;
  },
};
const A = 'matrix-game(matrix=[[0,1],[-1,0]])';
const B = 'matrix-game(matrix=[[0,2],[-1,0]])';

describe('a checkpoint of another problem is refused, and the part that differs is named', () => {
  it.each<[string, Game, Game, string]>([
    ['an option', gameFrom('polar(a=1)'), gameFrom('polar(a=0.3)'), 'options.a: 1 against 0.3'],
    ['a matrix', gameFrom(A), gameFrom(B), 'options.matrix.0.1: 1 against 2'],
    [
      'a matrix, where the names are alike',
      { ...gameFrom(A), name: 'matrix-game(matrix=@A.csv)' },
      { ...gameFrom(B), name: 'matrix-game(matrix=@A.csv)' },
      'options.matrix.0.1: 1 against 2',
    ],
    [
      'a seed',
      gameFrom('random-matrix-game(seed=1)'),
      gameFrom('random-matrix-game(seed=2)'),
      'options.seed: 1 against 2',
    ],
    ['an edited operator', mine(), mine(edited), 'functions.operator: '],
    [
      'a constraint',
      mine(),
      mine({ resolve: (z: Float64Array) => void z.fill(0) }),
      'functions.resolve: nothing',
    ],
    ['other players', mine(), mine({ players: { x: 1, w: 1 } }), 'players.1.name: "y" against "w"'],
  ])('%s', (_, found, expected, words) => {
    const { checkpoint } = solve(found, method, { steps: 3 });
    expect(() => solve(expected, method, { from: checkpoint, steps: 5 })).toThrow(words);
  });

  it.each<[string, string, string, string]>([
    ['its noise’s seed', 'sampled-bilinear(seed=1)', 'sampled-bilinear(seed=2)', 'options.seed: 1 against 2'],
    ['its noise', 'sampled-bilinear(noise=1)', 'sampled-bilinear(noise=2)', 'options.noise: 1 against 2'],
    ['another game', 'sampled-bilinear', 'sampled-quadratic', 'name: "sampled-bilinear" against'],
  ])('of a sampled game and of its mean: %s', async (_, found, expected, words) => {
    const [one, other] = [problemFrom(found), problemFrom(expected)];
    const { checkpoint } = await train(one.problem, method, { steps: 3 });
    await expect(train(other.problem, method, { from: checkpoint, steps: 5 })).rejects.toThrow(words);
    const exact = solve(one.exact, method, { steps: 3 }).checkpoint;
    expect(() => solve(other.exact, method, { from: exact, steps: 5 })).toThrow(words);
    await expect(train(one.problem, method, { from: exact, steps: 5 })).rejects.toThrow(
      'kind: "mean of a sampled game" against "sampled game"',
    );
  });

  it('an accepted difference is recorded once, also in encoded and later checkpoints', () => {
    const { checkpoint } = solve(mine(), method, { steps: 3 });
    expect(checkpoint.acceptedIdentity).toBe(undefined);
    const on = solve(mine(edited), method, { from: checkpoint, acceptIdentity: true, steps: 5 }).checkpoint;
    expect(on.acceptedIdentity).toEqual([expect.stringContaining('functions.operator: ')]);
    const read = decodeCheckpoint(encodeCheckpoint(on));
    expect(read.identity).toEqual(mine(edited).identity);
    const later = solve(mine(edited), method, {
      from: { ...on, acceptedIdentity: read.acceptedIdentity ?? [] },
      steps: 7,
    });
    expect(later.checkpoint.acceptedIdentity).toEqual(on.acceptedIdentity);
  });

  it('the same problem continues bit for bit, from another start or under another file name too', () => {
    const renamed = userGame(Object.assign({}, partsOf(), { start: [3, 4] }), 'moved.mjs');
    const first = userGame(partsOf(), 'here.mjs');
    const start = Float64Array.of(1, 2);
    const whole = solve(first, method, { start, steps: 20 });
    const { checkpoint } = solve(first, method, { start, steps: 7 });
    expect(solve(renamed, method, { from: checkpoint, steps: 20 }).z).toEqual(whole.z);
  });
});

const partsOf = (): object => ({ players: { x: 1, y: 1 }, start: [1, 2], ...edited });

describe('a checkpoint of another engine', () => {
  const on = (engine?: Data): Game => ({
    ...gameFrom('bilinear'),
    ...(engine === undefined ? {} : { engine }),
  });
  const native = { name: 'native', version: '1.2', threads: 1 };
  it('is stored beside the identity, also when encoded, and the same engine causes no warning', () => {
    const { checkpoint, warnings } = solve(on(native), method, { steps: 3 });
    expect([checkpoint.engine, warnings]).toEqual([native, []]);
    expect(decodeCheckpoint(encodeCheckpoint(checkpoint)).engine).toEqual(native);
    expect(solve(on(native), method, { from: checkpoint, steps: 5 }).warnings).toEqual([]);
  });
  it.each<[string, Data | undefined, string]>([
    ['another name', { ...native, name: 'wasm' }, 'name: "native" against "wasm"'],
    ['another version', { ...native, version: '1.3' }, 'version: "1.2" against "1.3"'],
    ['other threads', { ...native, threads: 4 }, 'threads: 1 against 4'],
    ['none', undefined, 'against null'],
  ])('is taken with a warning: %s', (_, engine, words) => {
    const { checkpoint } = solve(on(native), method, { steps: 3 });
    const { warnings, steps, checkpoint: later } = solve(on(engine), method, { from: checkpoint, steps: 5 });
    expect(steps).toBe(5);
    expect(warnings).toEqual([expect.stringContaining(words)]);
    expect(later.engine).toEqual(engine);
  });
});

describe('identity of registered problems', () => {
  it.each(problems)('$name states it, with every option', (row) => {
    const { identity } = row.build({}).problem;
    expect(identity).toMatchObject({ kind: row.kind.name, name: row.name });
    const stated: unknown = Reflect.get(Object(identity), 'options');
    expect(Object.keys(Object(stated))).toEqual(Object.keys(row.options));
  });
  it.each(problemsOf('sampled game').rows)('the mean of $name states it, too', ({ name }) => {
    const { exact: expected } = problemFrom(name);
    expect(expected.identity).toMatchObject({ kind: 'mean of a sampled game', name });
  });
});
