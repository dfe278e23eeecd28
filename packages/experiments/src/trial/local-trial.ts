import type { EngineName } from '@stillpoint/engine';
import { decodeCheckpoint, encodeCheckpoint, type Problem } from '@stillpoint/operators';
import { localSteps, pricing } from '@stillpoint/optimizers';
import { playedFrom, type GameSource } from './game-source.js';
import { buildOf } from './method-source.js';
import { ownIn } from './own-problem.js';
import type { Given } from './run.js';
import type { LocalTrial, PackedVector, TrialEvent } from './trial.js';

/** A problem and what frees it. */
export interface Opened {
  readonly problem: Problem;
  /** What computes it, if it is computed by an engine. */
  readonly engine?: EngineName;
  readonly dispose: () => Promise<void>;
}

/** Opens the problem that a source names: that of its samples, if it is sampled. */
export async function openProblem(source: GameSource): Promise<Opened> {
  if ('spec' in source) {
    const { game, sampled = game } = playedFrom(source.spec);
    return { problem: sampled, dispose: async () => {} };
  }
  const own = await ownIn(source);
  return 'problem' in own
    ? {
        problem: own.problem,
        engine: own.problem.engine.name,
        dispose: async () => own.problem.dispose(),
      }
    : { problem: own.game, dispose: async () => {} };
}

/** The problem of a source, opened once by each process. */
function opened(source: GameSource, open: Map<string, Promise<Opened>>): Promise<Opened> {
  const key = JSON.stringify(source);
  const found = open.get(key) ?? openProblem(source);
  open.set(key, found);
  return found;
}

/** A vector as text, which goes through any queue, with all its bits. */
export function packed(z: Float32Array | Float64Array): PackedVector {
  const bytes = Buffer.from(z.buffer, z.byteOffset, z.byteLength);
  return { bits: z instanceof Float32Array ? 32 : 64, base64: bytes.toString('base64') };
}

function unpacked({ bits, base64 }: PackedVector): Float32Array | Float64Array {
  const { buffer } = Uint8Array.from(Buffer.from(base64, 'base64'));
  return bits === 32 ? new Float32Array(buffer) : new Float64Array(buffer);
}

/** Makes the local steps of one worker of a federation, and reports where it is then. */
export async function runLocalTrial(
  { game, method, seed, worker, steps, start, from }: LocalTrial,
  report: (event: TrialEvent) => void,
  given: Given = {},
): Promise<void> {
  const begun = performance.now();
  const { problem } = await opened(game, given.opened ?? new Map());
  const built = (await buildOf(method))(problem.facts ?? {}, problem);
  const { status, message, checkpoint } = await localSteps(problem, built, {
    worker,
    steps,
    seed,
    start: unpacked(start),
    ...(from === null ? {} : { from: decodeCheckpoint(Buffer.from(from, 'base64')) }),
  });
  const { ledger } = checkpoint;
  report({ kind: 'local', checkpoint: Buffer.from(encodeCheckpoint(checkpoint)).toString('base64') });
  const seconds = (performance.now() - begun) / 1000;
  report({ kind: 'end', status, message, ledger, calls: pricing(problem)(ledger), seconds });
}
