import { uniform } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import { imageSet, type ImageSet } from '../src/index.js';

/** `count` images of one pixel, which is their index (below 256). */
const counted = (count: number): ImageSet =>
  imageSet({
    name: 'counted',
    describe: '',
    shape: [1, 1, 1],
    bytes: Uint8Array.from({ length: count }, (_, i) => i),
    labels: Uint8Array.from({ length: count }, (_, i) => i % 7),
  });

const sorted = (values: Iterable<number>): number[] => [...values].sort((a, b) => a - b);

describe('the order of a finite set', () => {
  it('returns each example once per epoch, whatever the batch size', () => {
    for (const [count, size] of [
      [10, 3],
      [10, 10],
      [7, 20],
      [1, 4],
      [64, 16],
      [5, 1],
    ] as const) {
      const set = counted(count);
      const epochs = 5;
      const calls = Math.ceil((epochs * count) / size);
      const all = Array.from({ length: calls }, (_, call) => [
        ...set.indices(size, { seed: 3, call }),
      ]).flat();
      for (let epoch = 0; epoch < epochs; epoch++)
        expect(sorted(all.slice(epoch * count, (epoch + 1) * count))).toEqual(sorted(Array(count).keys()));
    }
  });

  it('needs no history: calls in any order, on a new set, return the same', () => {
    const [count, size, calls] = [50, 8, 200];
    const inOrder = counted(count);
    const answers = Array.from({ length: calls }, (_, call) =>
      inOrder.indices(size, { seed: 9, call, player: 1 }),
    );
    const jumps = counted(count);
    for (const u of uniform(new Float64Array(300), { seed: 4, purpose: 'jumps' })) {
      const call = Math.floor(u * calls);
      // fills and overflows the cache
      jumps.indices(size, { seed: 9, call, player: call % 3, worker: call % 5 });
      expect(jumps.indices(size, { seed: 9, call, player: 1 })).toEqual(answers[call]);
    }
    expect(counted(count).indices(size, { seed: 9, call: calls - 1, player: 1 })).toEqual(answers[calls - 1]);
  });

  it('has an order of its own for each player, worker, seed and epoch', () => {
    const set = counted(100);
    const orders = [
      { seed: 1, call: 0 },
      { seed: 1, call: 1 },
      { seed: 2, call: 0 },
      { seed: 1, call: 0, player: 1 },
      { seed: 1, call: 0, worker: 1 },
    ].map((stream) => set.indices(100, stream).join());
    expect(new Set(orders).size).toBe(orders.length);
  });

  it('puts each example at each place equally often', () => {
    // 6 places of example 0 over n epochs; χ² with 5 degrees of freedom has mean 5 and variance 10; the bound
    // is 5 standard deviations above the mean.
    const [count, n] = [6, 6000];
    const set = counted(count);
    const places = Array.from({ length: count }, () => 0);
    for (let call = 0; call < n; call++) {
      const place = set.indices(count, { seed: 11, call }).indexOf(0);
      places[place] = places[place]! + 1;
    }
    const chiSquare = places.reduce((sum, seen) => sum + (seen - n / count) ** 2 / (n / count), 0);
    expect(chiSquare).toBeLessThan(5 + 5 * Math.sqrt(10));
  });

  it('returns the images of its indices, scaled to [−1, 1], and writes to the array given', () => {
    const set = counted(256);
    const stream = { seed: 1, call: 3 };
    const batch = set.batch(100, stream);
    expect([...batch]).toEqual(Array.from(set.indices(100, stream), (i) => Math.fround(i / 127.5 - 1)));
    const values = set.values();
    expect([values[0], values[255], values.length]).toEqual([-1, 1, 256]);
    expect(set.values(10, 12)).toEqual(values.slice(10, 12));
    const out = new Float32Array(100);
    expect(set.batch(100, stream, out)).toBe(out);
    expect(out).toEqual(batch);
  });

  it('refuses what does not fit', () => {
    const set = counted(4);
    expect(() => set.values(0, 5)).toThrow(
      'counted: images 0 to 5; expected whole numbers with 0 <= start <= end <= 4',
    );
    expect(() => set.batch(2, { seed: 1, call: 0 }, new Float32Array(3))).toThrow(
      'out holds 3 numbers; expected 2',
    );
    expect(() => set.batch(2, { seed: 1, call: -1 })).toThrow('counted: call is -1');
    expect(() => set.indices(0, { seed: 1, call: 0 })).toThrow('batch size is 0');
    expect(() =>
      imageSet({ name: 'x', describe: '', shape: [2], bytes: new Uint8Array(3), labels: new Uint8Array(2) }),
    ).toThrow('x: 3 bytes and 2 labels');
    expect(() =>
      imageSet({ name: 'x', describe: '', shape: [2], bytes: new Uint8Array(0), labels: new Uint8Array(0) }),
    ).toThrow('at least one image');
  });
});
