import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  memoryUse,
  normal,
  pack,
  unpack,
  type Question,
  type Checkpoint,
  type Game,
  type Method,
  type State,
  type Problem,
  type Vector,
} from '@stillpoint/operators';
import {
  alternatingAdam,
  gda,
  iterate,
  lookahead,
  moveTo,
  solve,
  spaceFor,
  startAt,
  strict,
  train,
  type PointState,
  type SolveOptions,
} from '../src/index.js';
import { fits, methodFrom, methods, type MethodRow } from '../src/registry.js';
import { rowOf } from './conforming.js';

// Runs of a game large enough for its space to lend WebAssembly memory.

// neither slice is a whole number of SIMD vectors, nor does the second begin on one
const [half, dim] = [1001, 2049];

/** min over x, max over y of 0.1‖x‖² − 0.1‖y‖² + Σ x_i y_j, i = j mod 1001: strongly monotone, Lipschitz. */
const game: Game = {
  name: 'large',
  dim,
  players: [
    { name: 'x', start: 0, end: half },
    { name: 'y', start: half, end: dim },
  ],
  buffers: [
    { name: 'long', length: 500 },
    { name: 'short', length: 3 },
  ],
  operator(z, out, { player } = {}) {
    if (player !== 1) for (let i = 0; i < half; i++) out[i] = 0.2 * z[i]! + z[half + i]!;
    if (player !== 0) for (let i = half; i < dim; i++) out[i] = 0.2 * z[i]! - z[(i - half) % half]!;
    if (player !== 1) for (let i = half; i < dim - half; i++) out[i - half]! += z[half + i]!;
  },
  losses(_, out) {
    out.set([1, -1]);
  },
  terms: { count: 3, sample: (indices) => indices }, // all alike
  facts: { lipschitz: 2.3, termLipschitz: 2.3, convexTerms: true, zeroSum: true },
};
/** min ½·0.2‖z‖² + Σ cos(z_i): for methods of one player. */
const alone: Game = {
  ...game,
  players: [{ name: 'z', start: 0, end: dim }],
  operator(z, out) {
    for (let i = 0; i < dim; i++) out[i] = 0.2 * z[i]! - Math.sin(z[i]!);
  },
  losses(z, out) {
    out[0] = Array.from(z).reduce((sum, x) => sum + 0.1 * x * x + Math.cos(x), 0);
  },
  facts: { lipschitz: 1.2 },
};
const sampled: Problem = {
  ...game,
  draw: () => null,
  operator: (z, out, asked) => game.operator(z, out, asked),
  losses: (z, out) => game.losses?.(z, out),
};
const starts = [
  normal(new Float32Array(dim), { seed: 3, purpose: 'start' }),
  normal(new Float64Array(dim), { seed: 3, purpose: 'start' }),
];
const playedBy = ({ players }: Pick<MethodRow, 'players'>): Game => (players === 1 ? alone : game);
const rows = methods.filter((row) => fits(row, spaceFor(playedBy(row), new Float64Array(0))));
const specs = rows.map(({ name, takes }) =>
  takes.length > 0
    ? `${name}(alternating-adam(stepSize=0.01)${takes.includes('transform') ? ', chain(clip-by-norm, momentum)' : ''})`
    : name,
);
const bits = (state: State): unknown => ({
  text: pack(state).text,
  bytes: Object.values(pack(state).vectors).map((v) => Buffer.from(v.buffer).toString('base64')),
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe.each(specs)('%s', (spec) => {
  const played = playedBy(rowOf(spec)!);
  const method: Method<State> = methodFrom(spec, played.facts);
  const run = (start: Vector, options: Partial<SolveOptions<State>>): Checkpoint<State> =>
    solve(played, method, { start, ...options }).checkpoint;
  it.each(starts)(
    'with SIMD, without, in part and after a restart from a file has the same bits (%#)',
    (start) => {
      const full = run(start, { steps: 12 });
      const lent: boolean[] = [];
      const half = run(start, { steps: 5 });
      const from = unpackLike(encodeCheckpoint(half), played, method, start);
      const rest = run(start, {
        steps: 12,
        from,
        observe: ({ state }) =>
          lent.push(vectorsIn(state).every((z) => memoryUse(z) !== undefined || z.length < 256)),
      });
      expect(lent).toEqual(Array<boolean>(8).fill(true));
      expect(bits(rest.state)).toEqual(bits(full.state));
      // The strict driver hands answers over in ordinary memory, and uses up what is lent: then kernels meet
      // both kinds.
      expect(bits(solve(played, strict(method), { start, steps: 12 }).checkpoint.state)).toEqual(
        bits(full.state),
      );
      vi.stubGlobal('WebAssembly', undefined);
      const ordinary = run(start, {
        steps: 12,
        observe: ({ state }) => lent.push(vectorsIn(state).some((z) => memoryUse(z) !== undefined)),
      });
      expect(lent.slice(8)).toEqual(Array<boolean>(13).fill(false));
      expect(bits(ordinary.state)).toEqual(bits(full.state));
    },
  );
  it('uses no more memory after its second step', () => {
    const used = (steps: number): number | undefined => {
      let last: number | undefined;
      solve(played, method, {
        start: starts[0] ?? new Float32Array(dim),
        steps,
        observe: ({ state: { z } }) => {
          last = memoryUse(z)?.used;
        },
      });
      return last;
    };
    expect(used(2)).toBeGreaterThan(0);
    expect(used(50)).toBe(used(2));
  });
});

/** A checkpoint from its bytes, typed by a fresh state. */
function unpackLike(
  bytes: Uint8Array,
  problem: Game,
  method: Method<State>,
  start: Vector,
): Checkpoint<State> {
  const saved = decodeCheckpoint(bytes);
  return { ...saved, state: unpack(pack(saved.state), method.init(spaceFor(problem, start), start)) };
}

function vectorsIn(data: unknown): Vector[] {
  if (data instanceof Float32Array || data instanceof Float64Array) return [data];
  return data !== null && typeof data === 'object' ? Object.values(data).flatMap(vectorsIn) : [];
}

describe('a run', () => {
  const start = starts[0] ?? new Float32Array(dim);
  it('of 10,000 steps of alternating-adam uses no more memory than its first step', async () => {
    const used: (number | undefined)[] = [];
    await train(sampled, alternatingAdam({ stepSize: 1e-3 }), {
      start,
      steps: 10_000,
      observe: ({ state }) => {
        used.push(memoryUse(state.z)?.used);
      },
    });
    expect(used.length).toBe(10_001);
    expect(used[1]).toBeLessThanOrEqual(32 * (4 * dim + 12));
    expect(new Set(used.slice(1))).toEqual(new Set([used[1]]));
  });
  it('uses no more memory for questions of losses and products than the first of them did', async () => {
    const asks = (z: Vector): readonly Question[] => [
      { want: 'losses', at: z },
      { want: 'product', at: z, along: z },
    ];
    const asker = (questions: (z: Vector) => readonly Question[]): Method<PointState> => ({
      name: 'asker',
      options: {},
      init: startAt,
      restart: moveTo,
      begin: () =>
        function* (s) {
          for (const ask of questions(s.z)) yield ask;
        },
    });
    const used: (number | undefined)[] = [];
    await train(sampled, asker(asks), {
      start,
      steps: 100,
      observe: ({ state }) => {
        used.push(memoryUse(state.z)?.used);
      },
    });
    solve(
      game,
      asker((z) => [...asks(z), { want: 'product', at: z, along: z, transposed: true }]),
      {
        start,
        steps: 100,
        observe: ({ state: { z } }) => {
          used.push(memoryUse(z)?.used);
        },
      },
    );
    expect([new Set(used.slice(1, 101)).size, new Set(used.slice(102)).size]).toEqual([1, 1]);
  });
  it('returns and saves vectors that keep no larger memory alive', async () => {
    const method = lookahead(alternatingAdam({ stepSize: 1e-3 }), { steps: 2 });
    const saved: Checkpoint<State>[] = [];
    const trained = await train(sampled, method, {
      start,
      steps: 3,
      observe: (progress) => {
        saved.push(progress.checkpoint());
      },
    });
    const solved = solve(game, method, { start, steps: 3 });
    const answered = [saved, trained.z, trained.checkpoint, solved.z, solved.checkpoint].flatMap(vectorsIn);
    // z, the inner z, m, v and two buffers; four times saved, twice answered beside z
    expect(answered.length).toBe(4 * 6 + 2 * 7);
    for (const z of answered) expect([z.byteOffset, z.buffer.byteLength]).toEqual([0, z.byteLength]);
    expect(structuredClone(saved[2])).toEqual(saved[2]);
  });
  it('keeps its own memory: a step after an observer saved does not change what it saved', async () => {
    const saved: number[] = [];
    const kept: Checkpoint<PointState>[] = [];
    await train(sampled, gda({ stepSize: 0.1 }), {
      start,
      steps: 2,
      observe: (progress) => {
        kept.push(progress.checkpoint());
        saved.push(progress.state.z[0] ?? NaN);
      },
    });
    expect(kept.map(({ state }) => state.z[0])).toEqual(saved);
    expect(new Set(saved).size).toBe(3);
  });
  it('undone by a budget of calls leaves the state of the step before', () => {
    const method = methodFrom('rapp(stepSize=0.1, innerSteps=5)');
    expect(bits(solve(game, method, { start, calls: 13 }).checkpoint.state)).toEqual(
      bits(solve(game, method, { start, steps: 2 }).checkpoint.state),
    );
  });
  it('of fewer than 1024 parameters has ordinary memory', () => {
    const small: Game = {
      name: 'small',
      dim: 1023,
      players: [{ name: 'x', start: 0, end: 1023 }],
      operator: (z, out) => {
        out.set(z);
      },
    };
    const { value } = iterate(small, gda({ stepSize: 0.5 }), new Float32Array(1023).fill(1)).next();
    expect([memoryUse(value.z), value.z[0]]).toEqual([undefined, 0.5]);
    expect(memoryUse(iterate(game, gda({ stepSize: 0.5 }), start).next().value.z)).toBeDefined();
  });
});

describe('strict in one memory', () => {
  const space = spaceFor(game, new Float32Array(0));
  const z0 = new Float32Array(dim);
  const given = (state: State): Method<State> =>
    strict({
      name: 'gda',
      options: { stepSize: 1 },
      init: () => state,
      restart: () => {},
      begin: () =>
        function* (s) {
          yield s.z;
        },
    });
  it('neighbours are not aliases', () => {
    const state = { z: space.vector(), other: space.vector() };
    expect(state.z.buffer).toBe(state.other.buffer);
    expect(given(state).init(space, z0)).toBe(state);
  });
  it('overlapping vectors are', () => {
    const long = space.vector(3000);
    expect(() => given({ z: long.subarray(0, dim), other: long.subarray(dim - 1) }).init(space, z0)).toThrow(
      'gda: state.other shares memory with another vector',
    );
    expect(given({ z: long.subarray(0, dim), other: long.subarray(dim) }).init(space, z0)).toBeDefined();
  });
});
