// The place of a traced operation in the user's code: the innermost stack frame that is neither tfjs nor this
// package.

const own = new URL('..', import.meta.url).href;
const ownPath = decodeURI(own.replace(/^file:\/\//, ''));
const foreign = [
  /@tensorflow[\\/]/,
  /[\\/]tfjs-core[\\/]/,
  /tf-(core|layers|backend)[.-]/,
  /\(?node:/,
  /<anonymous>\)?$/,
  /[\\/](vitest|@vitest)[\\/]/,
];

/** `file.js:12:7`, or undefined if the stack does not reach the user's code. */
export function placeOf(error: Error): string | undefined {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s*at /.test(line) || /@/.test(line));
  const frame = frames.find(
    (line) =>
      !line.includes(own) && !line.includes(ownPath) && !foreign.some((pattern) => pattern.test(line)),
  );
  const found = frame?.match(/\(?((?:file:\/\/)?[^()\s][^()]*:\d+:\d+)\)?\s*$/)?.[1];
  return found
    ?.replace(/^.*\bat /, '')
    .replace(/^file:\/\//, '')
    .trim();
}

/** ` (at file.js:12:7)`, or nothing. */
export function atPlace(error: Error): string {
  const place = placeOf(error);
  return place === undefined ? '' : ` (at ${place})`;
}

/**
 * Runs `body` with stacks long enough to reach from a tfjs kernel, through gradients, back to the user's
 * line.
 */
export function withLongStacks<T>(body: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 60;
  try {
    return body();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
