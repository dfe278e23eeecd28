/** Writes to stderr. If that fails, the run goes on. */
export function say(text: string): void {
  try {
    process.stderr.write(text);
  } catch {
    // as with a full disk; the error cannot be reported anywhere else
  }
}

/** Ignores errors of stderr that come later, as from a reader that closed the pipe. */
export function ignoreStderrErrors(): void {
  process.stderr.on('error', () => {});
}
