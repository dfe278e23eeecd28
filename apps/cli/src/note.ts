/** Where progress goes. */
export interface Stream {
  readonly isTTY: boolean;
  readonly columns: number;
  write(text: string): boolean;
}

/** Writes to a stream. That nobody reads it, or that it cannot be written, never ends a run. */
export function noteTo(out: Pick<Stream, 'write'>, text: string): void {
  try {
    out.write(text);
  } catch {
    // a full disk under stderr throws; there is nowhere left to say so
  }
}

/** Writes to stderr, as {@link noteTo}. */
export const note = (text: string): void => noteTo(process.stderr, text);

/** Ignores errors of stderr that come later, as those of a reader that left. */
export function ignoreStderrErrors(): void {
  process.stderr.on('error', () => {});
}
