import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// All folders of a test file are in one folder. Test files that share a process share this module too.
let place: string | undefined;

/** Makes an empty folder and returns its path. It is removed when the test file ends. */
export function folder(): string {
  place ??= mkdtempSync(join(tmpdir(), 'stillpoint-'));
  return mkdtempSync(join(place, 'test-'));
}

/** Removes all folders that were made so far. `remove-folders.ts` calls it at the end of each test file. */
export function removeFolders(): void {
  if (place !== undefined) rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  place = undefined;
}
