import { gzipSync } from 'node:zlib';
import { InputError } from '@stillpoint/operators';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { datasetFrom, fashionMnist, readIdx } from '../src/index.js';
import { idxBytes, kinds } from './idx-bytes.js';

const small = idxBytes(kinds[0], [2, 3], [1, 2, 3, 4, 5, 255]);
const packed = gzipSync(small);

afterEach(() => {
  vi.unstubAllGlobals();
});

// apps/docs/test bundles this package for a page, and runs it there
describe.each([
  ['no process', undefined],
  ['a bundler’s substitute for process', { env: {} }],
])('in a page, with %s', (_, process) => {
  it('point sets work, and plain bytes are read', async () => {
    vi.stubGlobal('process', process);
    const { train } = await datasetFrom('ring');
    expect(train.batch(3, { seed: 1, call: 0 })).toHaveLength(6);
    expect([...(await readIdx(small)).data]).toEqual([1, 2, 3, 4, 5, 255]);
  });

  it('what reads files or unpacks says that it needs Node, and what to do instead', async () => {
    vi.stubGlobal('process', process);
    const outcomes = await Promise.allSettled([
      fashionMnist(),
      fashionMnist({ source: 'full' }),
      fashionMnist({ source: 'mine' }),
      readIdx(packed, 'a.gz'),
    ]);
    vi.unstubAllGlobals();
    const why =
      'found no Node here; expected Node 20.19 or later, whose modules read and unpack files. In a page, fetch the bytes, unpack them with DecompressionStream, and give them to parseIdx and imageSet';
    expect(outcomes).toEqual(
      ['fashion-mnist', '/usr/share/datasets/fashion-mnist', 'mine', 'a.gz'].map((what) => ({
        status: 'rejected',
        reason: new InputError(`${what}: ${why}`),
      })),
    );
  });
});
