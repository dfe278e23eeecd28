import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** Makes an empty folder and returns its path. It is removed when the test file ends. */
export function folder(): string {
  const place = mkdtempSync(join(tmpdir(), 'stillpoint-'));
  made.push(place);
  return place;
}

/** Removes the folders that were made since it was last called. */
export function removeFolders(): void {
  for (const place of made.splice(0)) rmSync(place, { recursive: true, force: true, maxRetries: 3 });
}
