/** Writes to stderr. That nobody reads it, or that it cannot be written, never ends a run. */
export function say(text: string): void {
  try {
    process.stderr.write(text);
  } catch {
    // a full disk under stderr throws; there is nowhere left to say so
  }
}

/** Ignores errors of stderr that come later, as those of a reader that left. */
export function ignoreStderrErrors(): void {
  process.stderr.on('error', () => {});
}
