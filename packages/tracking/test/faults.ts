import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** The calls that change what is on the disk, or open a file for that. */
const CHANGING = [
  'openSync',
  'writeSync',
  'writeFileSync',
  'fsyncSync',
  'ftruncateSync',
  'truncateSync',
  'renameSync',
  'rmSync',
  'unlinkSync',
  'rmdirSync',
  'mkdirSync',
] as const;
type Changing = (typeof CHANGING)[number];

/** What a call to the file system meets: an error, or none. */
export type Fault = Error | undefined;

const half = (content: unknown): unknown => {
  if (typeof content === 'string') return content.slice(0, content.length >> 1);
  return content instanceof Uint8Array ? content.subarray(0, content.length >> 1) : content;
};

/**
 * Does something while each changing call to the file system is first shown to `fault`, with its number from
 * 1. A call that gets an error writes half of its content, if it is one that writes, and throws it. Files
 * that stayed open, as those of a process that is killed, are closed at the end. Nothing waits for the disk,
 * since a process that dies takes nothing with it that was written.
 */
export function withFaults<T>(
  fault: (call: number, name: Changing, args: readonly unknown[]) => Fault,
  act: () => T,
): T {
  const close = fs.closeSync;
  const real = Object.fromEntries(CHANGING.map((name) => [name, fs[name]]));
  const { writeSync, writeFileSync } = fs;
  const open = new Set<number>();
  let call = 0;
  const faulty = CHANGING.map((name) => {
    const original = fs[name];
    const act = (...args: readonly unknown[]): unknown => {
      const error = fault(++call, name, args);
      if (error !== undefined) {
        if (name === 'writeSync') {
          const [file, content, from = 0] = args;
          const rest = content instanceof Uint8Array ? content.subarray(Number(from)) : content;
          Reflect.apply(writeSync, fs, [file, half(rest)]);
        }
        if (name === 'writeFileSync') Reflect.apply(writeFileSync, fs, [args[0], half(args[1])]);
        throw error;
      }
      if (name === 'fsyncSync') return undefined;
      const result: unknown = Reflect.apply(original, fs, args);
      if (name === 'openSync') open.add(Number(result));
      return result;
    };
    return [name, act];
  });
  Object.assign(fs, Object.fromEntries(faulty), {
    closeSync: (file: number) => {
      open.delete(file);
      close(file);
    },
  });
  syncBuiltinESMExports();
  try {
    return act();
  } finally {
    Object.assign(fs, real, { closeSync: close });
    syncBuiltinESMExports();
    for (const file of open) close(file);
  }
}
