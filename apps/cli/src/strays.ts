import { messageOf, printable } from '@stillpoint/operators';

/** Whether a word of the command line names a JavaScript file of the user's. */
const isScript = (word: string): boolean => !word.startsWith('-') && /^[^(]*\.[mc]?js$/.test(word);

/**
 * Reports what a user's file does outside the program's calls: a rejected promise that nothing handles, a
 * timer that throws (the first of these), process.exit. It names the file in one line. The command goes on,
 * since its result does not depend on it, and ends with status 1. An error that comes from none of the user's
 * files is the program's own and ends it.
 */
export function watchStrays(argv: readonly string[]): { ended(status: number): number } {
  const files = argv.filter(isScript);
  let [strays, over] = [0, false];
  const say = (text: string): void => {
    process.stderr.write(`stillpoint: ${printable(text).slice(0, 600)}\n`);
  };
  const sourceOf = (error: unknown): string | undefined => {
    const stack = error instanceof Error && typeof error.stack === 'string' ? error.stack : undefined;
    // the program itself throws only Errors
    if (stack === undefined) return files.length === 1 ? files[0] : undefined;
    return files.find((file) => stack.includes(encodeURI(file.replace(/^(\.*[/\\])+/, ''))));
  };
  const stray = (what: string, error: unknown): void => {
    const file = sourceOf(error);
    if (file !== undefined && strays++ > 0) return;
    say(`${file === undefined ? '' : `${file}: `}${what}: ${messageOf(error)}`);
    if (file !== undefined) return;
    over = true;
    process.exit(1);
  };
  process.on('uncaughtException', (error) =>
    stray('an error is thrown outside any call of the program', error),
  );
  process.on('unhandledRejection', (error) => stray('a promise is rejected and nothing handles it', error));
  process.on('exit', (code) => {
    if (over || code >= 128 || process.stdout.errored) return; // ended by a signal, or by a reader that left
    say(
      `${
        files.join(', ') || 'something'
      } ends the program (process.exit), or never finishes: the command had not ended`,
    );
    process.exitCode = files.length > 0 ? 2 : 1;
  });
  return {
    ended(status) {
      over = true;
      return strays > 0 ? Math.max(1, status) : status;
    },
  };
}
