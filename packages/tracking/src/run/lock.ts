import { closeSync, fstatSync, fsyncSync, lstatSync, readFileSync, readdirSync } from 'node:fs';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { InputError, messageOf, parseJson, shown } from '@stillpoint/operators';
import { openPartial, partialOf, wholeName } from '../files/whole.js';
import { isObject } from './json.js';

/** What a lock says about the process that writes the run. */
interface Holder {
  readonly process: number;
  readonly host: string;
  /** When the process started, as the system counts it; null where that is not known. */
  readonly started: string | null;
  /** The file's own number: a copy of the folder has locks too, but with other numbers. */
  readonly file: string;
}

const PREFIX = 'lock.';
const lockName = (pid: number): string => `${PREFIX}${hostname().replace(/[^\w.-]/g, '-')}.${pid}`;
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
  const { process: pid, host, started, file } = json;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1) return undefined;
  if (typeof host !== 'string' || typeof file !== 'string') return undefined;
  return started === null || typeof started === 'string' ? { process: pid, host, started, file } : undefined;
}

/** Why a lock holds, in words; undefined if its process has ended, or the folder is a copy. */
function holding(path: string): string | undefined {
  const found = holder(path);
  if (found === undefined)
    return `${path} should name the process that writes it, but is damaged; if no process does, delete it`;
  const { process: pid, host, started, file } = found;
  if (file !== String(lstatSync(path, { bigint: true }).ino)) return undefined;
  if (host !== hostname())
    return `process ${pid} on the machine ${shown(host)} writes it, which cannot be checked from here; if it has ended, delete ${path}`;
  const now = startedAt(pid);
  if (now === undefined || (now !== null && started !== null && now !== started)) return undefined;
  return pid === process.pid
    ? 'this process writes it already; expected one writer: close it first'
    : `process ${pid} writes it; expected one writer: stop that process, or wait until it ends`;
}

/** Whether a name is of a lock that a process on this machine did not come to finish. */
function isLeft(name: string): boolean {
  const pid = /\.partial-(\d+)$/.exec(name)?.[1];
  return (
    pid !== undefined && wholeName(name) === lockName(Number(pid)) && startedAt(Number(pid)) === undefined
  );
}

/**
 * Makes this process the writer of a run until the function that is returned is called. Each process has a
 * lock of its own, and looks for others only after its own is there: of two that begin at once, at least one
 * sees the other. Locks of processes that have ended are removed.
 * @throws InputError if another process writes the run, or this one by another call.
 */
export function takeLock(root: string): () => void {
  const own = lockName(process.pid);
  const path = join(root, own);
  const check = (name: string): void => {
    let why: string | undefined;
    try {
      why = holding(join(root, name));
    } catch (cause) {
      // its process has just removed it
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
    }
    if (why !== undefined) throw new InputError(`${root}: ${why}`);
  };
  if (lstatSync(path, { throwIfNoEntry: false })) check(own);
  try {
    const file = openPartial(path);
    try {
      const mine: Holder = {
        process: process.pid,
        host: hostname(),
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
  const release = (): void => rmSync(path, { force: true });
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
  return release;
}
