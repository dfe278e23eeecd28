import { describe, expect, it } from 'vitest';
import { hasRedis, startRedis } from '../../../testing/redis.js';
import { openQueue, serveQueue } from '../src/queue.js';
import { serving } from './serving.js';

describe('a queue’s address', () => {
  const of = (url: string, name = 'x'): Promise<unknown> => openQueue({ url, name });
  it.each([
    ['nonsense', 'is "nonsense"; expected redis://host:6379'],
    ['http://127.0.0.1:6379', 'begins with http:; expected redis://host:6379'],
    ['redis:///0', 'names no host'],
    ['redis://:secret@127.0.0.1:1', 'no Redis can be used at redis://:***@127.0.0.1:1'],
  ])('%s is refused in words', async (url, words) => {
    const error: unknown = await of(url).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'InputError' });
    expect(String(error)).toContain(words);
    expect(String(error)).not.toContain('secret');
  });

  it('has a name of plain letters', async () => {
    await expect(of('redis://127.0.0.1:1', 'a b')).rejects.toThrow(
      'the queue’s name is "a b"; expected letters',
    );
  });

  it.skipIf(!hasRedis)('whose Redis is gone is left in seconds', async () => {
    const gone = await startRedis();
    const said: string[] = [];
    const queue = await openQueue({ url: gone.url, name: 'gone', onIdle: (message) => said.push(message) });
    await gone.stop();
    await expect
      .poll(() => said)
      .toEqual([`The connection to the queue at ${gone.url} is lost; it is tried again.`]);
    const begun = performance.now();
    await queue.close();
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  it.each([
    [{ processes: 0 }, 'processes is 0; expected a whole number >= 1'],
    [{ processes: NaN }, 'processes is NaN'],
    [{ lockSeconds: 0 }, 'lockSeconds is 0; expected a number > 0'],
  ])('is not served with %o', async (wrong, words) => {
    await expect(serveQueue({ url: 'redis://127.0.0.1:1', ...wrong })).rejects.toThrow(words);
  });

  it.skipIf(!hasRedis)('needs the right password', async () => {
    const guarded = await startRedis('secret');
    const worker = serving({ url: guarded.url, name: 'guarded' });
    await expect.poll(() => worker.said.length).toBe(1);
    await worker.stop();
    await expect(of(guarded.url.replace('secret', 'guess'))).rejects.toThrow(/WRONGPASS/);
    await expect(of(guarded.url.replace(':secret@', ''))).rejects.toThrow(/NOAUTH/);
    await guarded.stop();
  });
});
