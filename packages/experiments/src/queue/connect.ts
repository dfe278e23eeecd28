import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { InputError, messageOf } from '@stillpoint/operators';
import { versions } from '../trial/identity.js';

/** Where a queue is. */
export interface QueueAddress {
  /** Of a Redis of version 5 or later: `redis://[user:password@]host[:6379][/database]`; `rediss:` by TLS. */
  readonly url: string;
  /**
   * Which of its queues. Default `stillpoint`. The versions of the packages are added to it, so that a trial
   * is run by the code that it was made for.
   */
  readonly name?: string;
}

/** The libraries by which queues work. They are loaded when a queue is opened. */
export type Libraries = Pick<typeof import('bullmq'), 'Queue' | 'QueueEvents' | 'Worker' | 'WaitingError'> &
  Pick<typeof import('ioredis'), 'Redis'>;

/** Loads bullmq and ioredis. @throws InputError where they are not installed. */
export async function libraries(): Promise<Libraries> {
  try {
    const [{ Queue, QueueEvents, Worker, WaitingError }, { Redis: Client }] = await Promise.all([
      import('bullmq'),
      import('ioredis'),
    ]);
    return { Queue, QueueEvents, Worker, WaitingError, Redis: Client };
  } catch (cause) {
    throw new InputError(
      `a queue needs the packages bullmq and ioredis: npm install bullmq ioredis (${messageOf(cause)})`,
      { cause },
    );
  }
}

/** The address in messages: without its password. */
export function withoutPassword(url: string): string {
  const shown = new URL(url);
  if (shown.password !== '') shown.password = '***';
  return shown.href;
}

function checkUrl(url: string): void {
  const wrong = (why: string): InputError =>
    new InputError(`the queue’s address ${why}; expected redis://host:6379, or rediss://… by TLS`);
  if (!URL.canParse(url)) throw wrong(`is "${url}"`);
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'redis:' && protocol !== 'rediss:') throw wrong(`begins with ${protocol}`);
  if (hostname === '') throw wrong('names no host');
}

/** Waits for a promise, but no longer than `milliseconds`; returns whether it was resolved. */
export async function within(milliseconds: number, wait: Promise<unknown>): Promise<boolean> {
  const end = new AbortController();
  const late = setTimeout(milliseconds, false, { signal: end.signal }).catch(() => false);
  return Promise.race([wait.then(() => true), late]).finally(() => end.abort());
}

/** Milliseconds after which an address from which nothing comes is given up. */
const PATIENCE = 10_000;

/** The versions of the packages, as a part of a queue’s name. */
function versionName(): string {
  const all = versions();
  const hash = createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 6);
  return `${all['experiments']}-${hash}`;
}

/** A connection, and the full name of the queue. */
export interface Connected {
  readonly redis: Redis;
  /** Another connection to the same, as each that waits for messages needs. */
  readonly another: () => Redis;
  /** Ends all of them. */
  readonly disconnect: () => void;
  readonly name: string;
  /** Names of what is kept beside the queue’s own entries. */
  readonly keys: {
    /** The last checkpoint of a job. */
    checkpoint(job: string): string;
    /** The channel of what a running job reports, and that of requests to it. */
    reports(job: string): string;
    requests: string;
  };
}

/**
 * Connects to a Redis. @param onConnection called with a sentence when the connection is lost, and when it is
 * made again. @throws InputError if there is none, or it lets nobody in without a password.
 */
export async function connect(
  { Redis: Client }: Pick<Libraries, 'Redis'>,
  { url, name = 'stillpoint' }: QueueAddress,
  onConnection: (message: string) => void,
): Promise<Connected> {
  checkUrl(url);
  if (!/^[\w.-]+$/.test(name))
    throw new InputError(`the queue’s name is "${name}"; expected letters, digits, "-", "_" and "."`);
  // without an answer at first there is no Redis; later a connection that breaks is made again
  const first = new Client(url, {
    lazyConnect: true,
    connectTimeout: PATIENCE,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  const heard: { error?: unknown } = {}; // says more than that with which `connect` rejects
  first.on('error', (error) => (heard.error ??= error));
  try {
    await first.connect();
    await first.ping();
  } catch (cause) {
    throw new InputError(
      `no Redis can be used at ${withoutPassword(url)}: ${messageOf(heard.error ?? cause)}. Start one, as redis-server, or correct the address`,
      { cause },
    );
  } finally {
    first.disconnect();
  }
  const clients: Redis[] = [];
  const another = (): Redis => {
    const client = new Client(url, { maxRetriesPerRequest: null });
    clients.push(client);
    client.on('error', () => {}); // it connects again; until then questions wait
    return client;
  };
  const full = `${name}-${versionName()}`;
  const redis = another();
  let [lost, ending] = [false, false];
  redis.on('close', () => {
    if (lost || ending) return;
    lost = true;
    onConnection(`The connection to the queue at ${withoutPassword(url)} is lost; it is tried again.`);
  });
  redis.on('ready', () => {
    if (lost) onConnection(`The queue at ${withoutPassword(url)} is there again.`);
    lost = false;
  });
  return {
    redis,
    another,
    disconnect() {
      ending = true;
      for (const client of clients) client.disconnect();
    },
    name: full,
    keys: {
      checkpoint: (job) => `${full}:checkpoint:${job}`,
      reports: (job) => `${full}:reports:${job}`,
      requests: `${full}:requests`,
    },
  };
}
