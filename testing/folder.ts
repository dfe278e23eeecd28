import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

// Each test file loads this module anew: all of its folders lie in one, which is removed when the file ends.
const place = mkdtempSync(join(tmpdir(), 'stillpoint-'));
afterAll(() => rmSync(place, { recursive: true, force: true, maxRetries: 3 }));

/** Makes an empty folder, which is removed when the test file ends. */
export const folder = (): string => mkdtempSync(join(place, 'test-'));
