import { InputError } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import { antialiasedBicubic, prepareImages, tf1Bilinear, type Preparation } from '../src/index.js';

const plain: Preparation = { quantised: true, resize: 'none', black: 0, white: 1, mean: [], deviation: [] };
const grey = { height: 1, width: 2, channels: 1, layout: 'nchw' } as const;

describe('images for a network that was trained elsewhere', () => {
  it('go from [−1, 1] to black and white, by way of 256 levels or not', () => {
    const x = Float32Array.of(-1, 0.0001, 1, 9);
    const prepared = (options: Partial<Preparation>): number[] => [
      ...prepareImages('t', x, [1, 2, 1], { ...plain, ...options }, grey),
    ];
    // 127.51 is rounded to 128; 9 is white
    expect(prepared({ white: 255 })).toEqual([0, 128, 255, 255]);
    expect(prepared({ white: 255, quantised: false })[1]).toBeCloseTo(127.5 * 1.0001, 3);
    // the original FID’s (byte − 128)/128
    expect(prepared({ black: -1, white: 127 / 128 })).toEqual([-1, 0, 127 / 128, 127 / 128]);
  });
  it('are repeated for three channels, normalised by channel, and put before or after the pixels', () => {
    const options = { ...plain, mean: [0, 0.5, 1], deviation: [1, 2, 4] };
    const wanted = { height: 1, width: 2, channels: 3 };
    const x = Float32Array.of(-1, 1);
    expect([...prepareImages('t', x, [1, 2, 1], options, { ...wanted, layout: 'nchw' })]).toEqual([
      0, 1, -0.25, 0.25, -0.25, 0,
    ]);
    expect([...prepareImages('t', x, [1, 2, 1], options, { ...wanted, layout: 'nhwc' })]).toEqual([
      0, -0.25, -0.25, 1, 0.25, 0,
    ]);
  });
  it('are resized in 0 … 255 by either rule; bicubic values outside of it are brought back', () => {
    const x = Float32Array.of(-1, 1, -1, 1);
    const image = { height: 1, width: 4, channels: 1, values: Float32Array.of(0, 255, 0, 255) };
    const wanted = { height: 1, width: 9, channels: 1, layout: 'nchw' } as const;
    const prepared = (resize: Preparation['resize']): number[] => [
      ...prepareImages('t', x, [1, 4, 1], { ...plain, white: 255, resize }, wanted),
    ];
    expect(prepared('tf1-bilinear')).toEqual([...tf1Bilinear(image, 1, 9).values]);
    const bicubic = [...antialiasedBicubic(image, 1, 9).values];
    expect(Math.min(...bicubic)).toBeLessThan(0);
    prepared('bicubic').forEach((v, i) => expect(v).toBeCloseTo(Math.max(0, Math.min(255, bicubic[i]!)), 4));
  });
  it('are refused if they do not fit, with the option that is needed', () => {
    const refused =
      (shape: readonly number[], channels = 3): (() => unknown) =>
      () =>
        prepareImages('t', new Float32Array(8), shape, plain, { ...grey, channels });
    expect(refused([2])).toThrow(InputError);
    expect(refused([1, 2, 2])).toThrow('extractor t takes images of 3 channels; found 2');
    expect(refused([2, 2, 1])).toThrow(
      'extractor t takes images of 1×2 pixels; found 2×2: set resize to tf1-bilinear or bicubic',
    );
  });
});
