import { describe, expect, it } from 'vitest';
import { copy, mix, waxpy, type State, type Vector } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { firstDifference } from '../src/drivers/first-difference.js';
import {
  extragradient,
  moveTo,
  solve,
  startAt,
  strict,
  type PointState,
  type Rebuild,
} from '../src/index.js';

/** One deliberate mutant for each thing that strict promises to catch. */
function caught<S extends State>(build: Rebuild<S>): () => void {
  return () => {
    solve(
      gameFrom('forsaken'),
      strict(
        build((m) => m),
        build,
      ),
      { steps: 5 },
    );
  };
}
const named = { name: 'mutant', options: {}, restart: moveTo };
const base = { ...named, init: startAt };
describe('strict finds', () => {
  it('a stale answer, used after the next question', () => {
    expect(
      caught<PointState>(() => ({
        ...base,
        begin: (space) => {
          const w = space.vector();
          return function* (s) {
            const F = yield s.z;
            copy(w, s.z);
            const G = yield w;
            waxpy(s.z, s.z, -0.1, F);
            waxpy(s.z, s.z, -0.1, G);
          };
        },
      })),
    ).toThrow('a stale answer');
  });
  it('an answer yielded as the next point: driver and method would write the same memory', () => {
    expect(
      caught<PointState>(() => ({
        ...base,
        begin: () =>
          function* (s) {
            const g = yield s.z;
            waxpy(g, s.z, -0.1, g);
            waxpy(s.z, s.z, -0.1, yield g);
          },
      })),
    ).toThrow('asks at the vector of the previous answer');
  });
  it('a restart that keeps the caller’s vector', () => {
    const build: Rebuild<{ z: Vector }> = () => ({
      ...base,
      restart: (s, z) => {
        s.z = z;
      },
      begin: () =>
        function* (s) {
          waxpy(s.z, s.z, -0.1, yield s.z);
        },
    });
    const sealed = strict(
      build((m) => m),
      build,
    );
    expect(() => sealed.restart({ z: Float64Array.of(1, 1) }, Float64Array.of(2, 2))).toThrow(
      'state.z shares memory',
    );
  });
  it('an answer kept in the state', () => {
    expect(
      caught<{ readonly z: Vector; g: Vector }>(() => ({
        ...named,
        init: (space, z0) => ({ z: space.copy(z0), g: space.vector() }),
        begin: () =>
          function* (s) {
            waxpy(s.z, s.z, -0.1, s.g);
            s.g = yield s.z;
          },
      })),
    ).toThrow('outside the state');
  });
  it('scratch used as state', () => {
    expect(
      caught<PointState>(() => ({
        ...base,
        begin: (space) => {
          const v = space.vector();
          return function* (s) {
            mix(v, 0.5, yield s.z);
            waxpy(s.z, s.z, -0.1, v);
          };
        },
      })),
    ).toThrow('outside the state');
  });
  it('aliasing of z0', () => {
    expect(
      caught<PointState>(() => ({
        ...base,
        init: (_, z0) => ({ z: z0, k: 0 }),
        begin: () =>
          function* (s) {
            waxpy(s.z, s.z, -0.1, yield s.z);
          },
      })),
    ).toThrow('state.z shares memory with another vector');
  });
  it('aliasing of one state vector to another during a step', () => {
    expect(
      caught<{ readonly z: Vector; old: Vector }>(() => ({
        ...named,
        init: (space, z0) => ({ z: space.copy(z0), old: space.vector() }),
        begin: () =>
          function* (s) {
            s.old = s.z;
            waxpy(s.z, s.z, -0.1, yield s.z);
          },
      })),
    ).toThrow('shares memory');
  });
  it('a z0 that is written to', () => {
    expect(
      caught<PointState>(() => ({
        ...base,
        init: (space, z0) => {
          z0[0] = 0;
          return startAt(space, z0);
        },
        begin: () =>
          function* (s) {
            waxpy(s.z, s.z, -0.1, yield s.z);
          },
      })),
    ).toThrow('init changes z0');
  });
  it('a counter hidden in the method', () => {
    expect(
      caught<PointState>(() => {
        let k = 0;
        return {
          ...base,
          begin: () =>
            function* (s) {
              waxpy(s.z, s.z, -0.1 / ++k, yield s.z);
            },
        };
      }),
    ).toThrow('a counter hidden in the method');
  });
  it('a counter hidden in begin’s closure', () => {
    expect(
      caught<PointState>(() => ({
        ...base,
        begin: () => {
          let k = 0;
          return function* (s) {
            waxpy(s.z, s.z, -0.1 / ++k, yield s.z);
          };
        },
      })),
    ).toThrow('a counter hidden in the method');
  });
  it('a function put into the state', () => {
    const smuggle = (s: object): void => {
      Reflect.set(s, 'f', () => 0);
    };
    expect(
      caught<PointState>(() => ({
        ...base,
        begin: () =>
          function* (s) {
            smuggle(s);
            waxpy(s.z, s.z, -0.1, yield s.z);
          },
      })),
    ).toThrow('state.f is of type function');
  });
  it('a missing yield*', () => {
    const inner = extragradient({ stepSize: 0.1 });
    expect(
      caught<PointState>((watch) => {
        const method = watch(inner);
        return {
          ...base,
          begin: (space) => {
            const step = method.begin(space);
            return function* (s) {
              step(s);
            };
          },
        };
      }),
    ).toThrow('is a yield* missing?');
  });
  it('a missing yield* beside other questions', () => {
    const inner = extragradient({ stepSize: 0.1 });
    expect(
      caught<PointState>((watch) => {
        const method = watch(inner);
        return {
          ...base,
          begin: (space) => {
            const step = method.begin(space);
            return function* (s) {
              waxpy(s.z, s.z, -0.1, yield s.z);
              step(s);
            };
          },
        };
      }),
    ).toThrow('a step of extragradient was begun but not run to its end');
  });
});

describe('an error names the entry, and the player whose slice it is in', () => {
  const message = (build: Rebuild<PointState>): string => {
    try {
      caught(build)();
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
    return '';
  };
  it('of a question: the unchanged copy asks at another point', () => {
    const text = message(() => ({
      ...base,
      begin: (space) => {
        const v = space.vector();
        return function* (s) {
          waxpy(v, s.z, 1, v, 1, 2);
          copy(s.z, s.z);
          v[0] = s.z[0] ?? 0;
          yield v;
        };
      },
    }));
    expect(text).toMatch(
      /^mutant: question 1 of a step depends on something outside the state: .*\. question\.at\[1\] \(y\[0\]\): NaN against /,
    );
    expect(text).not.toContain('\n');
    expect(text.length).toBeLessThan(300);
  });
  it('of the state: the first of the entries that differ', () => {
    const text = message(() => ({
      ...base,
      begin: (space) => {
        const v = space.vector();
        return function* (s) {
          mix(v, 0.5, yield s.z);
          waxpy(s.z, s.z, -0.1, v);
        };
      },
    }));
    expect(text).toMatch(
      /state\.z\[0\] \(x\[0\]\): NaN against [\d.-]+, the first of 2 entries that differ$/,
    );
  });
  it('numbers that only look equal differ: −0 and 0, and precisions', () => {
    const players = [
      { name: 'x', start: 0, end: 1 },
      { name: 'y', start: 1, end: 3 },
    ];
    expect(
      firstDifference({ z: Float64Array.of(1, 0, 2) }, { z: Float64Array.of(1, 0, 2) }, players),
    ).toBeUndefined();
    expect(
      firstDifference({ z: Float64Array.of(NaN) }, { z: Float64Array.of(NaN) }, players),
    ).toBeUndefined();
    expect(firstDifference({ z: Float64Array.of(1, 0, -0) }, { z: Float64Array.of(1, 0, 0) }, players)).toBe(
      'state.z[2] (y[1]): −0 against 0',
    );
    expect(firstDifference({ z: Float64Array.of(1) }, { z: Float32Array.of(1) }, players)).toBe(
      'state.z: Float64Array of 1 against Float32Array of 1',
    );
    expect(firstDifference({ k: 3, m: { t: [1, 2] } }, { k: 3, m: { t: [1, 3] } }, players)).toBe(
      'state.m.t.1: 2 against 3',
    );
    expect(firstDifference({ k: 3 }, {}, players)).toBe('state.k: 3 against nothing');
  });
});
