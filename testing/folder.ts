import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

// Each test file loads this module again. All folders of a test file are in one folder, which is removed when
// the file ends.
const place = mkdtempSync(join(tmpdir(), 'stillpoint-'));
afterAll(() => rmSync(place, { recursive: true, force: true, maxRetries: 3 }));

/** Makes an empty folder and returns its path. It is removed when the test file ends. */
export const folder = (): string => mkdtempSync(join(place, 'test-'));
