import { describe, expect, test } from 'vitest';
import type { Problem, State } from '@stillpoint/operators';
import { train, trainGuarded, type Guard, type Handled } from '../src/index.js';
import { methodFrom } from '../src/registry.js';

/** What a draw does to the gradient: its number, and where it puts which value. */
interface Bad {
  readonly call: number;
  readonly entry: number;
  readonly value: number;
  readonly loss?: number;
}

/** A sampled game of two players with two tensors each; draw k adds a small number that depends on k. */
function sampledGame(bad: readonly Bad[], leaveOut: readonly number[] = []): Problem<number> {
  const number = (call: number): number => {
    let at = call;
    for (const out of leaveOut) if (at >= out) at++;
    return at;
  };
  return {
    name: 'sampled',
    dim: 6,
    players: [
      { name: 'D', start: 0, end: 3 },
      { name: 'G', start: 3, end: 6 },
    ],
    blocks: [
      { name: 'D.kernel', offset: 0, shape: [2], player: 0 },
      { name: 'D.bias', offset: 2, shape: [1], player: 0 },
      { name: 'G.kernel', offset: 3, shape: [2], player: 1 },
      { name: 'G.bias', offset: 5, shape: [1], player: 1 },
    ],
    start: Float32Array.from([1, -1, 0.5, 0.25, -0.75, 1.5]),
    draw: (call) => number(call),
    operator(z, out, { sample, losses }) {
      const draw = sample ?? 0;
      for (let i = 0; i < 6; i++) out[i] = z[i]! * 0.1 + 0.01 * Math.sin(draw + i);
      if (losses) losses.set([0.5, 0.25]);
      for (const { call, entry, value, loss } of bad)
        if (call === draw) {
          out[entry] = value;
          if (losses && loss !== undefined) losses[entry < 3 ? 0 : 1] = loss;
        }
    },
  };
}

const built = (times: number) => methodFrom(`lookahead(adam(stepSize=${0.01 / 2 ** times}), steps=3)`);
const method = built(0);
const run = async (problem: Problem, options: { readonly steps: number }, guard: Guard<State>, by = method) =>
  trainGuarded<State>(problem, by, options, guard);

describe('a value that is not finite is named at its step', () => {
  test.each([1, 2, 100, 128, 129, 150])('in step %i', async (step) => {
    const seen: number[] = [];
    const { status, checkpoint, handled, message } = await trainGuarded<State>(
      sampledGame([{ call: step - 1, entry: 4, value: NaN }]),
      method,
      { steps: 200, observe: ({ ledger }) => void seen.push(ledger.steps) },
    );
    expect(status).toBe('non-finite');
    expect(handled.map(({ incident }) => incident)).toMatchObject([
      {
        step,
        what: 'gradient',
        player: 'G',
        place: 'G.kernel[1]',
        nonFinite: ['G.kernel'],
        clean: ['D.kernel', 'D.bias', 'G.bias'],
      },
    ]);
    expect(message).toContain(`Not finite in step ${step}: in the gradient of G, G.kernel[1] is NaN`);
    expect(message).toContain('Still finite: D.kernel, D.bias, G.bias.');
    // nothing after the last finite step was observed, and its state is what the run returns
    expect(seen.at(-1)).toBe(step - 1);
    const whole = await train(sampledGame([]), method, { steps: step - 1 });
    expect(checkpoint).toEqual(whole.checkpoint);
  });

  test('a loss comes before its gradient', async () => {
    const { handled } = await run(
      sampledGame([{ call: 7, entry: 1, value: Infinity, loss: NaN }]),
      { steps: 20 },
      {},
    );
    expect(handled[0]?.incident).toMatchObject({
      step: 8,
      what: 'loss',
      player: 'D',
      nonFinite: ['D.kernel'],
    });
  });

  test('a loss alone', async () => {
    const { handled } = await run(
      sampledGame([{ call: 7, entry: 1, value: 0.5, loss: Infinity }]),
      { steps: 20 },
      {},
    );
    expect(handled[0]?.incident).toMatchObject({
      step: 8,
      what: 'loss',
      player: 'D',
      nonFinite: [],
      clean: [],
    });
    expect(handled[0]?.message).toContain('the loss of D is Infinity, while the gradient is finite');
  });

  test('a moment that overflows, which no parameter shows', async () => {
    // 1e25² is beyond float32, so that Adam's v is Infinity and this entry never moves again
    const { handled } = await run(
      sampledGame([{ call: 9, entry: 2, value: 1e25 }]),
      { steps: 20 },
      {},
      methodFrom('adam(stepSize=0.01)'),
    );
    expect(handled[0]?.incident).toMatchObject({
      step: 10,
      what: 'memory',
      player: 'D',
      nonFinite: ['D.bias'],
    });
    expect(handled[0]?.incident.place).toMatch(/^state\..*v\[2\]$/);
  });

  test('a step size that is too large', async () => {
    // z ← (1 − 3e37)z: the first step is finite, the gradient of the second is not
    const game: Problem = {
      ...sampledGame([]),
      operator(z, out) {
        for (let i = 0; i < 6; i++) out[i] = z[i]! * 100;
      },
    };
    const { handled } = await run(game, { steps: 20 }, {}, methodFrom('gda(stepSize=1e36)'));
    expect(handled[0]?.incident).toMatchObject({ step: 2, what: 'gradient', player: 'D' });
    expect(handled[0]?.message).toContain('the largest parameter was 1.5e+38, in G.bias');
  });
});

describe('what follows', () => {
  const bad = [{ call: 70, entry: 4, value: NaN }];

  test('skip: as if the draw did not exist, but for the count of gradients', async () => {
    const { status, handled, checkpoint } = await run(sampledGame(bad), { steps: 100 }, { action: 'skip' });
    const without = await train(sampledGame([], [70]), method, { steps: 100 });
    expect(status).toBe('budget');
    expect(handled).toHaveLength(1);
    expect(checkpoint.state).toEqual(without.checkpoint.state);
    expect(checkpoint.ledger.gradients).toEqual(without.ledger.gradients.map((n) => n + 1));
  });

  test('halve: from the last good checkpoint with half the step size, which stays', async () => {
    // the draw is bad the first two times that it is asked: in the run and when it is repeated
    let once = true;
    let asked = 0;
    const game = sampledGame([]);
    const flaky: Problem<number> = {
      ...game,
      operator(z, out, rest) {
        const wait = game.operator(z, out, rest);
        if (rest.sample === 70 && once) {
          out[4] = NaN;
          once = ++asked < 2;
        }
        return wait;
      },
    };
    const { handled, checkpoint } = await run(flaky, { steps: 100 }, { action: 'halve', rebuild: built });
    const first = await train(game, method, { steps: 0 }); // a copy is kept every 128 steps
    const rest = await train(game, built(1), {
      from: { ...first.checkpoint, options: built(1).options },
      steps: 100,
    });
    expect(handled.map(({ at }) => at)).toEqual([0]);
    expect(checkpoint.state).toEqual(rest.checkpoint.state);
    expect(checkpoint.options).toEqual(built(1).options);
  });

  test('back: to the last good checkpoint, with draws that were not used', async () => {
    const good = (await train(sampledGame([]), method, { steps: 40 })).checkpoint;
    const { handled, checkpoint } = await run(
      sampledGame(bad),
      { steps: 100 },
      { action: 'back', back: () => good },
    );
    const on = await train(sampledGame([]), method, {
      from: { ...good, draws: [71, 71] },
      steps: 100,
    });
    expect(handled.map(({ at }) => at)).toEqual([40]);
    expect(checkpoint.state).toEqual(on.checkpoint.state);
  });

  test('a cap on tries, each reported; those before a resume count', async () => {
    const often = Array.from({ length: 50 }, (_, i) => ({ call: 10 + i, entry: 0, value: Infinity }));
    const reported: Handled[] = [];
    const { status, handled, message } = await run(
      sampledGame(often),
      { steps: 100 },
      { action: 'skip', tries: 5, tried: 2, onIncident: (one) => void reported.push(one) },
    );
    expect(status).toBe('non-finite');
    expect(handled.map(({ action }) => action)).toEqual(['skip', 'skip', 'skip', 'stop']);
    expect(reported).toEqual(handled);
    expect(handled.map(({ message: words }) => /Try (\d) of 5/.exec(words)?.[1])).toEqual([
      '3',
      '4',
      '5',
      undefined,
    ]);
    expect(message).toContain('5 of 5 tries were used');
  });

  test('nothing changes where all is finite', async () => {
    const guarded = await run(sampledGame([]), { steps: 130 }, { action: 'skip' });
    const plain = await train(sampledGame([]), method, { steps: 130 });
    expect(guarded).toEqual({ ...plain, handled: [] });
  });

  test('an action that cannot help is refused', async () => {
    const exact: Problem = {
      name: 'exact',
      dim: 1,
      players: [{ name: 'x', start: 0, end: 1 }],
      operator() {},
    };
    const by = methodFrom('gda(stepSize=1)');
    await expect(
      trainGuarded<State>(exact, by, { start: new Float64Array(1), steps: 1 }, { action: 'skip' }),
    ).rejects.toThrow('exact draws no samples');
    await expect(
      trainGuarded<State>(exact, by, { start: new Float64Array(1), steps: 1 }, { action: 'halve' }),
    ).rejects.toThrow('expected rebuild');
  });
});

test('a method that replaces its vectors is noticed late and named at the right step', async () => {
  const plain = methodFrom('gda(stepSize=0.01)');
  const replacing: typeof plain = {
    ...plain,
    begin(space) {
      const step = plain.begin(space);
      return function* replaced(state) {
        yield* step(state);
        Reflect.set(state, 'z', state.z.slice());
      };
    },
  };
  const { handled, checkpoint } = await run(
    sampledGame([{ call: 20, entry: 4, value: Infinity }]),
    { steps: 200 },
    {},
    replacing,
  );
  expect(handled[0]?.incident).toMatchObject({ step: 21, what: 'gradient', place: 'G.kernel[1]' });
  expect(checkpoint.ledger.steps).toBe(20);
});
