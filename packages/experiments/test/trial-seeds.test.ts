import { describe, expect, it } from 'vitest';
import { gda } from '@stillpoint/optimizers';
import type { EngineProblem } from '@stillpoint/networks';
import type { Method, State, Vector } from '@stillpoint/operators';
import { runTrial, type GameTrial, type Trial, type TrialEvent } from '../src/index.js';
import type { Given } from '../src/trial/run.js';
import { ring } from './small-ring.js';

/** What a method saw of a trial: its start, its random numbers, and the losses at its first gradient. */
interface Seen {
  readonly start: Vector;
  readonly random: Vector;
  readonly losses: readonly unknown[];
}
type OfSeed = (seed: number) => Trial;

/**
 * Runs a trial with gda that notes what it is given. @param from where it begins in place of the trial's
 * start, so that what it meets does not depend on that.
 */
async function seenBy(trial: Trial, given: Given = {}, from?: number): Promise<Seen> {
  const inner: Method<State> = gda({ stepSize: 0.01 });
  let [start, random]: Vector[] = [];
  const noting: Method<State> = {
    ...inner,
    name: 'noting',
    init(space, z) {
      start = z.slice();
      return inner.init(space, from === undefined ? z : z.slice().fill(from));
    },
    begin(space) {
      random = space.random('test')(0).normals(new Float64Array(3));
      return inner.begin(space);
    },
  };
  const events: TrialEvent[] = [];
  await runTrial(trial, (event) => events.push(event), undefined, { ...given, methods: [noting] });
  if (start === undefined || random === undefined) throw new Error('the method did not run');
  const losses = events.flatMap((event) =>
    event.kind === 'points' && 'loss D' in event.values ? [event.values['loss D']] : [],
  );
  return { start, random, losses };
}

const method = { given: 0 } as const;
const ofGan: OfSeed = (seed) => ({ kind: 'gan', preset: ring, method, seed, steps: 1, engine: 'cpu' });

describe('two seeds of a trial on a GAN', () => {
  it('begin at different points', async () => {
    const [one, two, again] = [await seenBy(ofGan(1)), await seenBy(ofGan(2)), await seenBy(ofGan(1))];
    expect(one.start).not.toEqual(two.start);
    expect(one).toEqual(again);
  });
  it('draw different batches: at one and the same point the losses differ', async () => {
    const [one, two, again] = [
      await seenBy(ofGan(1), {}, 0.3),
      await seenBy(ofGan(2), {}, 0.3),
      await seenBy(ofGan(1), {}, 0.3),
    ];
    expect(one.losses.length).toBeGreaterThan(0);
    expect(one.losses).not.toEqual(two.losses);
    expect(one.losses).toEqual(again.losses);
  });
  it('give the method different random numbers', async () => {
    const [one, two] = [await seenBy(ofGan(1)), await seenBy(ofGan(2))];
    expect(one.random).not.toEqual(two.random);
  });
});

const ofProblem: OfSeed = (seed) => ({
  kind: 'problem',
  problem: null,
  method,
  seed,
  lipschitz: 1,
  steps: 2,
});
/** ½‖z‖² as a problem that notes the seeds of its starts and the workers whose draws were asked for. */
function noted(): { readonly problem: EngineProblem; readonly starts: number[]; readonly workers: number[] } {
  const [starts, workers]: [number[], number[]] = [[], []];
  const half = {
    name: 'half',
    dim: 2,
    players: [{ name: 'x', start: 0, end: 2 }],
    operator: (z: Vector, out: Vector) => out.set(z),
  };
  const problem: EngineProblem = {
    ...half,
    mean: half,
    about: 'plain numbers',
    engine: { name: 'cpu', version: 'none', threads: 1 },
    initialise(seed) {
      starts.push(seed);
      return Float32Array.of(seed + 1, seed + 2);
    },
    draw(_, __, worker = 0) {
      workers.push(worker);
      return worker;
    },
    dispose: async () => {},
  };
  return { problem, starts, workers };
}

describe('a trial on a problem that an engine computes', () => {
  it.each([1, 2, 5])('with seed %i has the start and the draws of that seed', async (seed) => {
    const { problem, starts, workers } = noted();
    const { start } = await seenBy(ofProblem(seed), { problem });
    expect(starts).toEqual([seed - 1]);
    expect(Array.from(start)).toEqual([seed, seed + 1]);
    expect(workers.length).toBeGreaterThan(0);
    expect(new Set(workers)).toEqual(new Set([seed - 1]));
  });
  it('gives the method other random numbers for another seed, and the same again', async () => {
    const [one, two, again] = await Promise.all(
      [1, 2, 1].map(async (seed) => (await seenBy(ofProblem(seed), { problem: noted().problem })).random),
    );
    expect(one).not.toEqual(two);
    expect(one).toEqual(again);
  });
});

describe('a trial on a game', () => {
  const ofGame = (game: string, seed: number, by: GameTrial['method']): GameTrial => ({
    kind: 'game',
    game: { spec: game },
    method: by,
    seed,
    start: [1, 1],
    steps: 5,
    tolerance: 1e-9,
  });
  it.each(['double-well', 'sampled-bilinear'])(
    'gives the method other random numbers for another seed, on %s',
    async (game) => {
      const [one, two, again] = await Promise.all(
        [1, 2, 1].map(async (seed) => (await seenBy(ofGame(game, seed, method))).random),
      );
      expect(one).not.toEqual(two);
      expect(one).toEqual(again);
    },
  );
  it('draws other samples for another seed, where F is sampled', async () => {
    const course = async (seed: number): Promise<unknown> => {
      const events: TrialEvent[] = [];
      await runTrial(ofGame('sampled-bilinear', seed, 'gda(stepSize=0.1)'), (event) => events.push(event));
      return events.findLast((event) => event.kind === 'course')?.course.series['residual'];
    };
    const [one, two, again] = await Promise.all([1, 2, 1].map(course));
    expect(one).toBeDefined();
    expect(one).not.toEqual(two);
    expect(one).toEqual(again);
  });
});
