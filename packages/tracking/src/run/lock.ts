import { createHash, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fstatSync, fsyncSync, lstatSync, readFileSync, readdirSync } from 'node:fs';
import { openSync, readlinkSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { InputError, messageOf, parseJson, shown } from '@stillpoint/operators';
import { openPartial, partialOf, wholeName } from '../files/whole.js';
import { isObject } from './json.js';

/**
 * Where a number means the same process. Two containers may have the same host name and processes of the same
 * numbers. Null is what is not known, as on other systems than Linux.
 */
interface Place {
  /** The kernel since its start. */
  readonly boot: string | null;
  /** The namespace of the processes, which each container has of its own. */
  readonly processes: string | null;
  /** The installation of the system. */
  readonly system: string | null;
}

/** What a lock says about the process that writes the run. */
interface Holder extends Place {
  readonly process: number;
  readonly host: string;
  /** When the process started, as the system counts it; null where that is not known. */
  readonly started: string | null;
  /** The file's own number: a copy of the folder has locks too, but with other numbers. */
  readonly file: string;
}

const attempt = (read: () => string): string | null => {
  try {
    return read().trim() || null;
  } catch {
    return null; // not Linux, or hidden
  }
};

/** Where this process is. */
export const placeHere = (): Place => ({
  boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
  processes: attempt(() => readlinkSync('/proc/self/ns/pid')),
  system: attempt(() => readFileSync('/etc/machine-id', 'utf8')),
});

/**
 * A process that writes a run gives a sign of life so often, in milliseconds: by a timer, and where no timer
 * fires, as in a loop that never waits, with what it writes.
 */
const SIGN = 10_000;
/**
 * A lock of a process that cannot be seen from here no longer holds after this many minutes without a sign of
 * life: a container that was ended and started again goes on by itself.
 */
const SILENT = 10;

/** The processes that are seen outside of all containers: in Linux their number never changes. */
const ALL = 'pid:[4026531836]';

/** What is known from here about the processes of a lock's place. */
function seen(lock: Holder): 'here' | 'restarted' | 'elsewhere' {
  const here = placeHere();
  if (lock.boot === here.boot && lock.processes === here.processes)
    return here.boot !== null || lock.host === hostname() ? 'here' : 'elsewhere';
  // a machine that was started again has none of its processes of before; in a container, a container of
  // another machine could say the same
  const same = lock.host === hostname() && lock.system !== null && lock.system === here.system;
  return same && lock.processes === ALL && here.processes === ALL ? 'restarted' : 'elsewhere';
}

const PREFIX = 'lock.';
const place = (): string => {
  const { boot, processes } = placeHere();
  return createHash('sha256')
    .update(JSON.stringify([hostname(), boot, processes]))
    .digest('hex')
    .slice(0, 8);
};
/** The beginning of the names of the locks that are made here; those of other places have others. */
const lockHere = (): string => `${PREFIX}${hostname().replace(/[^\w.-]/g, '-')}.${place()}.`;
const isLock = (name: string): boolean => name.startsWith(PREFIX) && wholeName(name) === name;

/** Whether a folder's names include a lock, or one that is not whole yet. */
export const hasLock = (names: readonly string[]): boolean => names.some((name) => isLock(wholeName(name)));

/**
 * When a process started, which tells it from a later one with the same number: null if that is not known,
 * undefined if the process has ended.
 */
function startedAt(pid: number): string | null | undefined {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ESRCH') return undefined;
  }
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1'); // Linux: proc_pid_stat(5)
  } catch {
    return null;
  }
  const [state = '', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return /[ZX]/.test(state) ? undefined : (rest[18] ?? null);
}

const isKnown = (value: unknown): value is string | null => value === null || typeof value === 'string';

/** Who wrote a lock; undefined if it says nothing, although a process writes its lock as a whole. */
function holder(path: string): Holder | undefined {
  const found = lstatSync(path);
  if (!found.isFile() || found.size > 4096) return undefined;
  let json: unknown;
  try {
    json = parseJson(readFileSync(path, 'utf8'), path);
  } catch (cause) {
    if (cause instanceof InputError) return undefined;
    throw cause;
  }
  if (!isObject(json)) return undefined;
  const { process: pid, host, started, file, boot, processes, system } = json;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1) return undefined;
  if (typeof host !== 'string' || typeof file !== 'string') return undefined;
  if (!isKnown(started) || !isKnown(boot) || !isKnown(processes) || !isKnown(system)) return undefined;
  return { process: pid, host, started, file, boot, processes, system };
}

/**
 * Why a lock holds, in words; undefined if its process has ended or gave no sign of life for too long, or the
 * folder is a copy.
 * @param now milliseconds by the clock of the folder's files, which may be another machine's.
 */
function holding(path: string, now: number): string | undefined {
  const found = holder(path);
  const silent = (now - lstatSync(path).mtimeMs) / 60_000;
  const expires = `without a sign of life for ${SILENT} minutes it no longer holds, and the last was ${silent < 1 ? 'less than a minute' : `${Math.floor(silent)} minutes`} ago`;
  if (found === undefined)
    return silent >= SILENT
      ? undefined
      : `${path} should name the process that writes it, but is damaged; if no process does, delete it (${expires})`;
  const { process: pid, host, started, file } = found;
  if (file !== String(lstatSync(path, { bigint: true }).ino)) return undefined;
  const where = seen(found);
  if (where === 'restarted') return undefined;
  if (where === 'elsewhere' && silent >= SILENT) return undefined;
  if (where === 'elsewhere')
    return `process ${pid} on the machine ${shown(host)}${host === hostname() ? ', or in a container of that name,' : ''} writes it, which cannot be checked from here; if it has ended, delete ${path} (${expires})`;
  const began = startedAt(pid);
  if (began === undefined || (began !== null && started !== null && began !== started)) return undefined;
  // where it is not known when processes started, another may have its number by now
  if ((began === null || started === null) && silent >= SILENT) return undefined;
  return pid === process.pid
    ? 'this process writes it already; expected one writer: close it first'
    : `process ${pid} writes it; expected one writer: stop that process, or wait until it ends`;
}

/** Whether a name is of a lock that a process here did not come to finish. */
function isLeft(name: string): boolean {
  const pid = /\.partial-(\d+)$/.exec(name)?.[1];
  return pid !== undefined && name.startsWith(lockHere()) && startedAt(Number(pid)) === undefined;
}

/** A lock that this process has. */
export interface Lock {
  /**
   * Whether it is still there; to be asked before each write, which is a sign of life. Another process
   * removes it if this one gave none for too long, as while it was stopped. It counts as there if the whole
   * folder is gone.
   */
  held(): boolean;
  /** Gives it back. */
  release(): void;
}

/**
 * Makes this process the writer of a run, or of another folder, until the lock is released. Each call has a
 * lock of its own, and looks for others only after its own is there: of two that begin at once, at least one
 * sees the other. Locks of processes that have ended are removed; one of a process that cannot be seen from
 * here, as in another container, holds as long as it gives signs of life.
 * @throws InputError if another process writes the run, or this one by another call.
 */
export function takeLock(root: string): Lock {
  const own = `${lockHere()}${randomBytes(4).toString('hex')}.${process.pid}`;
  const path = join(root, own);
  const check = (name: string): void => {
    let why: string | undefined;
    try {
      why = holding(join(root, name), lstatSync(path).mtimeMs);
    } catch (cause) {
      // its process has just removed it
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
    }
    if (why !== undefined) throw new InputError(`${root}: ${why}`);
  };
  try {
    const file = openPartial(path);
    try {
      const mine: Holder = {
        process: process.pid,
        host: hostname(),
        ...placeHere(),
        started: startedAt(process.pid) ?? null,
        file: String(fstatSync(file, { bigint: true }).ino),
      };
      writeFileSync(file, `${JSON.stringify(mine)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(partialOf(path), path);
  } catch (cause) {
    rmSync(partialOf(path), { force: true });
    throw new Error(`${path} cannot be written: ${messageOf(cause)}`, { cause });
  }
  let signed = performance.now();
  const sign = (): void => {
    signed = performance.now();
    try {
      const file = openSync(path, 'r+');
      // the byte that is there: the time is that of the folder's own clock
      writeSync(file, '{', 0);
      closeSync(file);
    } catch {
      // gone: the next write says so
    }
  };
  const signs = setInterval(sign, SIGN).unref();
  const release = (): void => {
    clearInterval(signs);
    rmSync(path, { force: true });
  };
  try {
    for (const name of readdirSync(root)) {
      if (name === own) continue;
      if (isLock(name)) check(name);
      else if (!isLeft(name)) continue;
      rmSync(join(root, name), { force: true });
    }
  } catch (error) {
    release();
    throw error;
  }
  return {
    held() {
      if (performance.now() - signed > SIGN) sign();
      return existsSync(path) || !existsSync(root);
    },
    release,
  };
}
