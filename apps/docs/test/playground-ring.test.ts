import { presets } from '@stillpoint/experiments';
import { randomFrom } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import { ringChoices, ringRefusal, tuned, turnLookahead } from '../playground/ring/methods.js';
import { MOST_SEED, MOST_STEPS, readRing, writeRing } from '../playground/ring/state.js';
import { trainRing, type Frame } from '../playground/ring/train.js';

describe('the methods of the ring GAN', () => {
  it('are those of the preset, with its step sizes, where it has them', () => {
    const preset = presets.find(({ name }) => name === 'ring');
    expect(preset?.methods.filter((spec) => !Object.values<string>(tuned).includes(spec))).toEqual([]);
    for (const spec of Object.values(tuned)) expect(ringRefusal(spec), spec).toBeUndefined();
  });

  it('can be wrapped in Lookahead, and unwrapped', () => {
    expect(turnLookahead(tuned.adam)).toBe(`lookahead(${tuned.adam}, steps=200)`);
    expect(turnLookahead(turnLookahead(tuned.adam))).toBe(tuned.adam);
  });

  it('say why they cannot train it', () => {
    const reasons = Object.fromEntries(ringChoices().map(({ name, reason }) => [name, reason]));
    expect(reasons['sag']).toBe('sag needs a problem with terms, a finite sum; this one has none');
    expect(reasons['langevin']).toMatch('one player');
    expect(reasons['consensus']).toBeUndefined();
  });
});

describe('a link to the ring GAN', () => {
  it('reads back as the state that it was made of', () => {
    const draw = randomFrom({ seed: 4, purpose: 'links', worker: 0 });
    const specs = ringChoices().flatMap(({ spec }) => spec ?? []);
    for (let k = 0; k < 100; k++) {
      const random = draw(k);
      const state = {
        method: specs[random.below(specs.length)]!,
        seed: [0, MOST_SEED, random.below(1000)][random.below(3)]!,
        steps: [1, MOST_STEPS, 1 + random.below(1000)][random.below(3)]!,
      };
      expect(readRing(writeRing(state))).toEqual({ state, messages: [] });
    }
  });

  it('that is not valid says so, and shows the nearest valid choice', () => {
    expect(readRing('?method=extra-adm(stepSize=0.01)&seed=-1&steps=1.5')).toEqual({
      state: { method: 'extra-adam(stepSize=0.01)', seed: 0, steps: 2 },
      messages: [
        'unknown method "extra-adm"; did you mean extra-adam? This is extra-adam(stepSize=0.01).',
        'seed is -1; expected a whole number from 0 to 4294967295. This is 0.',
        'steps is 1.5; expected a whole number from 1 to 1000000. This is 2.',
      ],
    });
    const { state, messages } = readRing('?method=sag');
    expect(messages).toEqual([
      'sag needs a problem with terms, a finite sum; this one has none. It is left out.',
      `This is ${tuned.lookahead}.`,
    ]);
    expect(state.method).toBe(tuned.lookahead);
  });
});

describe('training', () => {
  it('shows its first and its last step, and counts two calls for each of extra-adam', async () => {
    const frames: Frame[] = [];
    const engines: string[] = [];
    await trainRing(
      { method: tuned['extra-adam'], seed: 3, steps: 5 },
      {
        begun: (engine) => engines.push(engine),
        due: () => false,
        frame: (frame) => frames.push(frame),
        turn: () => undefined,
      },
    );
    expect(engines).toEqual([expect.stringMatching(/^wasm /)]);
    expect(frames.map(({ steps, calls }) => [steps, calls])).toEqual([
      [0, 0],
      [5, 10],
    ]);
    expect(frames.map(({ points }) => points.length)).toEqual([2000, 2000]);
    expect(frames.map(({ ended }) => ended !== undefined)).toEqual([false, true]);
  });

  it('that overflows ends, and says so', async () => {
    const frames: Frame[] = [];
    const onlooker = { begun() {}, due: () => false, turn: () => undefined };
    await trainRing(
      { method: 'gda(stepSize=1e30)', seed: 3, steps: 50 },
      { ...onlooker, frame: (frame) => frames.push(frame) },
    );
    expect(frames.at(-1)).toMatchObject({ ended: expect.stringMatching('finite'), quality: { modes: 0 } });
    expect(frames.at(-1)!.steps).toBeLessThan(50);
  });
});
