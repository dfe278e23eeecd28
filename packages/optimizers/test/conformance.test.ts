import { describe, expect, it } from 'vitest';
import { difference, normal, unpack, pack, type Game, type Problem } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { firstDifference } from '../src/drivers/first-difference.js';
import { fits, methodFrom, methods, type MethodRow } from '../src/registry.js';
import { conforming, rowOf } from './conforming.js';
import { exactRows, quickGame, withSomeLipschitz } from './helpers.js';
import { solve, spaceFor, strict, train } from '../src/index.js';

// The conformance matrix: every row of the registry on every exact problem, of new kinds too. A new row is
// tested here without a line being added.

/** What needs more than games have, or one player, is tested in conformance-needs.test.ts. */
const playsGames = ({ needs, players }: MethodRow): boolean =>
  players !== 1 && needs.every((need) => need === 'products' || need === 'losses');

const inner = ['gda', 'alternating-adam', 'lookahead(rapp, steps=3)'];
const direction = 'chain(clip-by-norm(threshold=2), by-player(momentum(decay=0.5), adam))';
/**
 * Lookahead around the methods of the GAN tables of arXiv 2310.13459, besides gda and Adam: EG, EG+,
 * ExtraAdam and ExtraAdam+.
 */
const around = ['extragradient', 'eg-plus', 'adam', 'extra-adam', 'extra-adam(relaxation=0.5)'].map(
  (method) => `lookahead(${method}, steps=4)`,
);
const rows = methods
  .filter(playsGames)
  .flatMap((row) =>
    row.wraps
      ? inner.map(
          (method) => `${row.name}(${method}${row.takes.includes('transform') ? `, ${direction}` : ''})`,
        )
      : 'order' in row.options
        ? [row.name, `${row.name}(order=[0,0,1])`]
        : [row.name],
  );
const specs = [...rows, ...around];
const zoo = exactRows.map((row) => withSomeLipschitz(quickGame(row)));
/**
 * A finite sum of shifted bilinear games with noise: the smallest sampled game. `wait` makes its oracle a
 * promise.
 */
function noisy(wait: boolean): Problem<readonly number[]> {
  return {
    name: 'noisy',
    dim: 2,
    players: [
      { name: 'x', start: 0, end: 1 },
      { name: 'y', start: 1, end: 2 },
    ],
    draw: (call, player) =>
      Array.from(normal(new Float64Array(2), { seed: 7, purpose: 'noise', call, player: 0 }, 0, 0.1)).map(
        (x, p) => (player === undefined || player === p ? x : NaN),
      ),
    operator(z, out, { sample, player }) {
      if (player !== 1) out[0] = 0.2 * (z[0] ?? 0) + (z[1] ?? 0) + sample![0]!;
      if (player !== 0) out[1] = 0.2 * (z[1] ?? 0) - (z[0] ?? 0) + sample![1]!;
      return wait ? Promise.resolve() : undefined;
    },
    losses(z, out, { sample }) {
      out[0] = 0.1 * z[0]! ** 2 + z[0]! * (z[1]! + sample![0]!);
      out[1] = 0.1 * z[1]! ** 2 - z[1]! * (z[0]! - sample![1]!);
      return wait ? Promise.resolve() : undefined;
    },
    jacobianVector(_, v, out, transposed) {
      const turn = transposed ? -1 : 1;
      out[0] = 0.2 * v[0]! + turn * v[1]!;
      out[1] = 0.2 * v[1]! - turn * v[0]!;
    },
  };
}
/**
 * The games a method can play: `order=[0,0,1]` and by-player need two players, as do some rows; some need
 * losses.
 */
const fitting = (spec: string): Game[] =>
  zoo.filter(
    (game) =>
      fits(rowOf(spec)!, spaceFor(game, new Float64Array(0))) &&
      (game.players.length === 2 || (rowOf(spec)?.players === undefined && !/order=|by-player/.test(spec))),
  );

describe.each(specs)('%s', (spec) => {
  describe.each(fitting(spec))('on $name', (game) => conforming(spec, game));

  it('sampled: save and continue, waiting or not, and strict agree bit for bit', async () => {
    const method = methodFrom(spec, { lipschitz: 2 });
    const start = Float64Array.of(1, 1);
    const full = await train(noisy(false), method, { start, steps: 30 });
    const half = await train(noisy(true), method, { start, steps: 13 });
    const rest = await train(noisy(false), method, { start, steps: 30, from: half.checkpoint });
    const sealed = await train(noisy(true), strict(method), { start, steps: 30 });
    for (const other of [rest, sealed]) {
      expect(
        firstDifference(other.checkpoint.state, full.checkpoint.state, noisy(true).players),
      ).toBeUndefined();
      expect(other.checkpoint.ledger).toEqual(full.checkpoint.ledger);
    }
    expect(full.z.every(Number.isFinite)).toBe(true);
  });

  it('restart moves every live point and nothing else', () => {
    const game = gameFrom('forsaken');
    const method = methodFrom(spec, game.facts);
    const { state } = solve(game, method, { steps: 7 }).checkpoint;
    const before = pack(state);
    method.restart(state, Float64Array.of(0.25, -0.5));
    expect(Array.from(state.z)).toEqual([0.25, -0.5]);
    for (const point of Object.values(method.points?.(state) ?? {}))
      expect(Array.from(point)).toEqual([0.25, -0.5]);
    expect(pack(state).text).toBe(before.text);
    expect(difference(state, unpack(before, state))).toBeUndefined();
  });

  it('names each option in its built options, and refuses an unknown one', () => {
    const name = spec.split('(')[0] ?? '';
    const row = methods.find((candidate) => candidate.name === name);
    const built = methodFrom(spec, { lipschitz: 1 });
    expect(built.name).toBe(name);
    const { method: _, transform: __, ...own } = Object.fromEntries(Object.entries(built.options ?? {}));
    expect(Object.keys(own).sort()).toEqual(Object.keys(row?.options ?? {}).sort());
    const text = spec.endsWith(')') ? `${spec.slice(0, -1)}, stepsize=1)` : `${spec}(stepsize=1)`;
    expect(() => methodFrom(text, { lipschitz: 1 })).toThrow(/unknown option of method .* "stepsize"/);
  });

  it.runIf(rowOf(spec)?.elementwise)('stacked starts equal a loop of single ones, bit for bit', () => {
    const n = 4;
    const single = gameFrom('forsaken');
    const z1 = new Float64Array(2);
    const F1 = new Float64Array(2);
    const stacked: Game = {
      name: 'stacked',
      dim: 2 * n,
      players: [
        { name: 'x', start: 0, end: n },
        { name: 'y', start: n, end: 2 * n },
      ],
      operator(z, out) {
        for (let i = 0; i < n; i++) {
          z1[0] = z[i] ?? 0;
          z1[1] = z[n + i] ?? 0;
          single.operator(z1, F1);
          out[i] = F1[0] ?? 0;
          out[n + i] = F1[1] ?? 0;
        }
      },
      constraint: {
        prox: (z, _, player) => {
          for (let i = player === 1 ? n : 0; i < (player === 0 ? n : 2 * n); i++)
            z[i] = Math.min(1.5, Math.max(-1.5, z[i] ?? 0));
        },
      },
    };
    const method = methodFrom(spec, single.facts);
    const points = Array.from({ length: n }, (_, call) =>
      normal(new Float64Array(2), { seed: 9, purpose: 'starts', call }),
    );
    const all = solve(stacked, method, {
      steps: 60,
      start: Float64Array.from([...points.map((p) => p[0] ?? 0), ...points.map((p) => p[1] ?? 0)]),
    }).z;
    points.forEach((start, i) =>
      expect([all[i], all[n + i]]).toEqual(Array.from(solve(single, method, { steps: 60, start }).z)),
    );
  });
});

describe('the registry', () => {
  it('has rows with every text, each name once, kebab-case', () => {
    expect(new Set(methods.map((row) => row.name)).size).toBe(methods.length);
    for (const row of methods) {
      expect(row.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      for (const text of [row.about, row.assumptions, row.when, String(row.memory), row.reference])
        expect(text.length).toBeGreaterThan(0);
      for (const option of Object.values(row.options))
        expect([option.about.length > 0, option.expected.length > 0]).toEqual([true, true]);
    }
  });
});
