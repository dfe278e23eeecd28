// Checks that all lanes train the same networks: compares our engine's losses and gradients at one point and
// on one batch with PyTorch's.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tidy } from './lanes.mjs';
import { begin } from './process.mjs';

const path = (file) => fileURLToPath(new URL(file, import.meta.url));
/** A small batch suffices, since the networks are the same at any batch. */
const BATCH = 8;
/**
 * Float32 sums in another order differ by about 1e-6 relative; a wrong axis or layout makes a difference of
 * order 1.
 */
export const LARGEST = 1e-3;

/** Returns relative L2 errors `{ workload, D: { gradient, loss }, G: … }`, or `{ workload, missing }`. */
export async function agreement(workload, { engine, python, limit = 120 }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-gan-'));
  try {
    const ours = await begin(
      {
        command: process.execPath,
        args: [path('agreement-stillpoint.mjs'), workload, engine, String(BATCH), folder],
      },
      limit,
    );
    if (ours.missing !== undefined) return { workload, missing: `${engine}: ${ours.missing}` };
    const theirs = await begin({ command: python, args: [path('agreement.py'), folder], env: tidy }, limit);
    await Promise.all([ours, theirs].map((lane) => lane.stop?.()));
    return theirs.missing !== undefined
      ? { workload, missing: theirs.missing }
      : { workload, engine, ...theirs.version };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
