import { describe, expect, it } from 'vitest';
import { dot, norm, normal, type Block, type Game, type Space, type Vector } from '@stillpoint/operators';
import { firstDifference } from '../src/drivers/first-difference.js';
import {
  adaptiveClip,
  clipByBlock,
  clipByGlobalNorm,
  clipByNorm,
  quantileClip,
  solve,
  spaceFor,
  strict,
  type Transform,
} from '../src/index.js';
import { methodFrom, transformFrom, transforms } from '../src/registry.js';

const players = [
  { name: 'D', start: 0, end: 8 },
  { name: 'G', start: 8, end: 14 },
];
const blocks: readonly Block[] = [
  { name: 'D.kernel', offset: 0, shape: [3, 2], player: 0 },
  { name: 'D.bias', offset: 6, shape: [2], player: 0 },
  { name: 'G.kernel', offset: 8, shape: [1, 2, 3], player: 1 },
];
const dim = 14;
const space = spaceFor({ dim, players, blocks }, new Float64Array(0));
const bare = spaceFor({ dim, players }, new Float64Array(0));
const point = normal(new Float64Array(dim), { seed: 1, purpose: 'point' });
const gradient = (call: number, size = 1): Vector =>
  normal(new Float64Array(dim), { seed: 1, purpose: 'gradient', call }, 0, size);

/** What a transform makes of g, and what it counted. */
function applied(transform: Transform, g: Vector, lent: Space = space, player?: number, at: Vector = point) {
  const state = transform.init(lent);
  const out = transform.begin(lent)(state, g.slice(), player, at);
  return { out, figures: transform.figures?.(state) ?? {} };
}
const range = (start: number, end: number, stride = 1): readonly number[] =>
  Array.from({ length: Math.ceil((end - start) / stride) }, (_, i) => start + i * stride);
const only = (v: Vector, entries: readonly number[]): Vector => Float64Array.from(entries, (i) => v[i]!);

/** The entries that are clipped together, and to what norm, by each transform with threshold 0.5. */
const pieces: readonly (readonly [
  name: string,
  Transform,
  readonly (readonly number[])[],
  (w: Vector) => number,
])[] = [
  ['clip-by-norm', clipByNorm({ threshold: 0.5 }), [range(0, 8), range(8, 14)], () => 0.5],
  ['clip-by-global-norm', clipByGlobalNorm({ threshold: 0.5 }), [range(0, 14)], () => 0.5],
  ['clip-by-block', clipByBlock({ threshold: 0.5 }), [range(0, 6), range(6, 8), range(8, 14)], () => 0.5],
  [
    'adaptive-clip',
    adaptiveClip({ clipping: 0.3, epsilon: 0.5 }),
    [range(0, 6, 2), range(1, 6, 2), range(6, 8), ...[8, 9, 10].map((first) => range(first, 14, 3))],
    (w) => 0.3 * Math.max(norm(w), 0.5),
  ],
];

describe.each(pieces)('%s', (name, transform, parts, limitOf) => {
  const sizes = [1e-3, 0.1, 0.3, 1, 30, 1e200];
  it.each(sizes)(
    'no part is longer than its limit, and each keeps its direction; gradients of size %d',
    (size) => {
      for (let call = 0; call < 20; call++) {
        const g = gradient(call, size);
        const { out, figures } = applied(transform, g);
        let engaged = 0;
        for (const part of parts) {
          const [before, after, limit] = [only(g, part), only(out, part), limitOf(only(point, part))];
          // a norm and a product of some 14 entries each: 20 roundings
          expect(norm(after)).toBeLessThanOrEqual(limit * (1 + 20 * 2 ** -52));
          if (norm(before) <= limit) expect(after).toEqual(before);
          else {
            engaged++;
            expect(norm(after)).toBeGreaterThan(limit * (1 - 20 * 2 ** -52));
            const scaled = before.map((x) => x / size);
            expect(dot(after, scaled) / (norm(after) * norm(scaled))).toBeGreaterThan(1 - 2 ** -48);
          }
        }
        const count = (what: string): number =>
          Object.entries(figures).reduce((sum, [key, x]) => (key.includes(what) ? sum + x : sum), 0);
        expect(count('engaged')).toBe(engaged);
        expect(count('norms seen')).toBe(parts.length);
        const largest = Math.max(...parts.map((part) => norm(only(g, part))));
        const before = Math.max(
          ...Object.entries(figures).flatMap(([key, x]) => (/: norm before/.test(key) ? [x] : [])),
        );
        expect(Math.abs(before / largest - 1)).toBeLessThan(20 * 2 ** -52);
      }
    },
  );
  it('twice is once, but for rounding', () => {
    for (let call = 0; call < 20; call++) {
      const { out: once } = applied(transform, gradient(call));
      const { out: twice } = applied(transform, once);
      once.forEach((x, i) => expect(Math.abs(twice[i]! - x)).toBeLessThan(20 * 2 ** -52));
    }
  });
  it('a player asked alone is not changed by what lies beside it', () => {
    if (name === 'clip-by-global-norm') return; // of one player, its own norm: below
    for (const [p, { start, end }] of players.entries()) {
      const g = gradient(p, 3);
      const { out } = applied(transform, g, space, p);
      const whole = applied(transform, g).out;
      range(0, dim).forEach((i) => expect(out[i]).toBe(i >= start && i < end ? whole[i] : g[i]));
    }
  });
});

describe('clipping', () => {
  it('is bit for bit the same in another unit, a power of 2', () => {
    const g = gradient(3, 5);
    const pairs = [
      [clipByNorm({ threshold: 0.5 }), clipByNorm({ threshold: 4 })],
      [clipByGlobalNorm({ threshold: 0.5 }), clipByGlobalNorm({ threshold: 4 })],
      [clipByBlock({ threshold: 0.5 }), clipByBlock({ threshold: 4 })],
      [adaptiveClip({ clipping: 0.25 }), adaptiveClip({ clipping: 2 })],
      [quantileClip(), quantileClip()],
    ] as const;
    for (const [unit, eighth] of pairs)
      expect(
        applied(
          eighth,
          g.map((x) => 8 * x),
        ).out,
      ).toEqual(applied(unit, g).out.map((x) => 8 * x));
  });
  it('shortens each player’s own gradient, asked together or alone; all together by one norm', () => {
    const two = spaceFor(
      {
        dim: 3,
        players: [
          { name: 'a', start: 0, end: 2 },
          { name: 'b', start: 2, end: 3 },
        ],
      },
      new Float64Array(0),
    );
    const near = (...of: number[]): unknown[] => of.map((x) => expect.closeTo(x, 15));
    expect(Array.from(applied(clipByNorm(), Float64Array.of(3, 4, 0.5), two).out)).toEqual(
      near(0.6, 0.8, 0.5),
    );
    expect(Array.from(applied(clipByNorm(), Float64Array.of(3, 4, -2), two, 1).out)).toEqual([3, 4, -1]);
    const global = clipByGlobalNorm({ threshold: 1.5 });
    expect(Array.from(applied(global, Float64Array.of(1, 2, -2), two).out)).toEqual(near(0.5, 1, -1));
    expect(Array.from(applied(global, Float64Array.of(1, 2, -2), two, 1).out)).toEqual(near(1, 2, -1.5));
  });
  it('by blocks is by players where the problem names no tensors', () => {
    const g = gradient(5, 4);
    expect(applied(clipByBlock(), g, bare)).toMatchObject({ out: applied(clipByNorm(), g, bare).out });
    const w = point.subarray(0, 8);
    const { out } = applied(adaptiveClip({ clipping: 0.1 }), g, bare, 0);
    expect(norm(out, 0, 8)).toBeCloseTo(0.1 * norm(w), 14);
  });
  it('of units as in the authors’ code: norms over all axes but the last', () => {
    // numpy: G·minimum(1, 0.01·maximum(‖W‖, 1e-3)/‖G‖), norms over axis 0
    const one = spaceFor(
      {
        dim: 4,
        players: [{ name: 'x', start: 0, end: 4 }],
        blocks: [{ name: 'k', offset: 0, shape: [2, 2], player: 0 }],
      },
      new Float64Array(0),
    );
    const [W, G] = [Float64Array.of(3, 0, 4, 0), Float64Array.of(0.3, 3e-6, 0.4, 4e-6)];
    const { out, figures } = applied(adaptiveClip(), G, one, undefined, W);
    expect(Array.from(out)).toEqual([0.03, 3e-6, 0.04, 4e-6].map((x) => expect.closeTo(x, 16)));
    expect(figures).toEqual({
      'adaptive-clip: engaged': 1,
      'adaptive-clip: norms seen': 2,
      'adaptive-clip: norm before': expect.closeTo(0.5, 15),
      'adaptive-clip: largest norm before': expect.closeTo(0.5, 15),
    });
  });
  it('blocks that leave an entry out are refused', () => {
    const holed = { ...space, blocks: blocks.filter(({ name }) => name !== 'D.bias') };
    for (const transform of [clipByBlock(), adaptiveClip()])
      expect(() => transform.begin(holed)).toThrow('block G.kernel begins at entry 8; expected 6');
    expect(() => clipByBlock().begin({ ...space, blocks: blocks.slice(0, 2) })).toThrow(
      'blocks hold 8 entries; expected all 14',
    );
  });
});

describe('quantile-clip', () => {
  const alone = spaceFor({ dim: 1, players: [{ name: 'x', start: 0, end: 1 }] }, new Float64Array(0));
  const outputs = (transform: Transform, norms: readonly number[]): number[] => {
    const state = transform.init(alone);
    const direct = transform.begin(alone);
    return norms.map((x) => direct(state, Float64Array.of(x))[0]!);
  };
  it('is AutoClip: numpy.percentile of all norms so far, this one included', () => {
    // [numpy.percentile(n[: i + 1], 30) for i in range(6)] of n = [4, 2, 8, 1, 16, 3]
    const thresholds = [4, 2.6, 3.2, 1.9, 2.4, 2.5];
    const n = [4, 2, 8, 1, 16, 3];
    const wanted = thresholds.map((c, i) => expect.closeTo(Math.min(c, n[i]!), 15));
    expect(outputs(quantileClip({ quantile: 0.3 }), n)).toEqual(wanted);
  });
  it('forgets what lies outside its window', () => {
    expect(outputs(quantileClip({ quantile: 1, window: 2 }), [5, 1, 2, 3])).toEqual([5, 1, 2, 3]);
    expect(outputs(quantileClip({ quantile: 0, window: 2 }), [1, 5, 6, 7, 2])).toEqual([1, 1, 5, 6, 2]);
  });
  it('does not keep a norm that is not finite, and leaves it visible', () => {
    const found = outputs(quantileClip({ quantile: 0 }), [2, NaN, Infinity, 3]);
    expect(found.map((x) => Number.isFinite(x))).toEqual([true, false, false, true]);
    expect(found[3]).toBe(2);
    expect(outputs(quantileClip(), [NaN])).toEqual([NaN]);
  });
});

/** Every transform, made of others where it takes them. */
const all = transforms.map(({ name }) =>
  name === 'chain'
    ? 'chain(clip-by-norm, quantile-clip, momentum)'
    : name === 'by-player'
      ? 'by-player(momentum, clip-by-block)'
      : name,
);

describe.each(all)('a gradient that is not finite passes %s visibly', (spec) => {
  it.each([NaN, Infinity, -Infinity])('%d at any entry', (bad) => {
    for (let i = 0; i < dim; i++) {
      const g = gradient(i);
      g[i] = bad;
      const { out } = applied(transformFrom(spec), g);
      expect(out.every(Number.isFinite), `entry ${i}`).toBe(false);
      const own = players.findIndex(({ start, end }) => i >= start && i < end);
      const { out: single } = applied(transformFrom(spec), g, space, own);
      expect(single.subarray(players[own]!.start, players[own]!.end).every(Number.isFinite)).toBe(false);
    }
  });
  it.each([NaN, Infinity])('a run on it ends as non-finite: %d from the fourth call on', (bad) => {
    let calls = 0;
    const game: Game = {
      name: 'breaks',
      dim,
      players,
      blocks,
      start: Array.from(point),
      operator(z, out) {
        out.set(z);
        if (++calls > 4) out[3] = bad; // the first is the driver's
      },
    };
    const { status, message } = solve(game, methodFrom(`transform(gda(stepSize=0.1), ${spec})`), {
      steps: 30,
    });
    expect(status).toBe('non-finite');
    expect(message).toContain('D.kernel[3]');
  });
});

describe('figures of a run', () => {
  const game: Game = {
    name: 'bowl',
    dim,
    players,
    blocks,
    start: Array.from(point),
    operator(z, out) {
      out.set(z);
    },
  };
  const direction =
    'chain(clip-by-norm(threshold=2), clip-by-block, adaptive-clip(clipping=0.5), quantile-clip(quantile=0.5, window=7))';
  it('are those of its transforms, through every wrapper', () => {
    const { figures } = solve(game, methodFrom('transform(gda(stepSize=0.1), clip-by-global-norm)'), {
      steps: 5,
    });
    const length = norm(point);
    expect(length).toBeGreaterThan(1.5);
    expect(figures).toEqual({
      'clip-by-global-norm: engaged': 5,
      'clip-by-global-norm: norms seen': 5,
      'clip-by-global-norm: norm before': expect.closeTo(length - 0.4, 13),
      'clip-by-global-norm: largest norm before': expect.closeTo(length, 13),
    });
    for (const wrap of ['lookahead', 'average', 'ema'])
      expect(
        solve(game, methodFrom(`${wrap}(transform(gda(stepSize=0.1), clip-by-global-norm))`), { steps: 3 })
          .figures,
      ).toMatchObject({ 'clip-by-global-norm: norms seen': 3 });
    expect(solve(game, methodFrom('gda(stepSize=0.1)'), { steps: 5 })).not.toHaveProperty('figures');
  });
  it('name the players, and number transforms that are alike', () => {
    const twice = 'chain(clip-by-norm(threshold=9), clip-by-norm(threshold=0.1))';
    const { figures } = solve(game, methodFrom(`transform(gda(stepSize=0.1), ${twice})`), { steps: 4 });
    expect(figures).toMatchObject({
      '1. clip-by-norm: engaged, D': 0,
      '1. clip-by-norm: norms seen, G': 4,
      '2. clip-by-norm: engaged, D': 4,
      '2. clip-by-norm: engaged, G': 4,
    });
  });
  it.each(['gda(stepSize=0.3)', 'alternating-adam(stepSize=0.1)', 'extragradient(stepSize=0.3)'])(
    'go on from a checkpoint, and need nothing outside the state: around %s',
    (inner) => {
      const method = methodFrom(`transform(${inner}, ${direction})`);
      const whole = solve(game, method, { steps: 20 });
      const half = solve(game, method, { steps: 9 });
      const rest = solve(game, method, { steps: 20, from: half.checkpoint });
      const sealed = solve(game, strict(method), { steps: 20 });
      for (const other of [rest, sealed]) {
        expect(other.figures).toEqual(whole.figures);
        expect(firstDifference(other.checkpoint.state, whole.checkpoint.state, players)).toBeUndefined();
      }
      expect(Object.keys(whole.figures ?? {})).toHaveLength(2 * (4 * 4 + 1));
    },
  );
});
