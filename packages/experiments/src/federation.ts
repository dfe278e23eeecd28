import { decodeCheckpoint, encodeCheckpoint, type State, type Vector } from '@stillpoint/operators';
import { federate, startOf, type Federation } from '@stillpoint/optimizers';
import type { GameSource } from './trial/game-source.js';
import { openProblem, packed } from './trial/local-trial.js';
import { buildOf, type MethodSource } from './trial/method-source.js';
import { methodWithFiles, withFiles } from './trial/module-source.js';
import { runTrials } from './trial/pool.js';
import { processWorker } from './trial/process-worker.js';
import type { LocalTrial } from './trial/trial.js';
import { placesFor, reused, type Places } from './trial/worker.js';

/** Options of {@link federateTrials}. */
export interface FederatedTrials extends Places {
  /** What is solved: a spec, or a file that every worker finds under its path. */
  readonly problem: GameSource;
  readonly method: MethodSource;
  /** K, I and the number of rounds, as of `federate`. */
  readonly workers: number;
  readonly every: number;
  readonly rounds: number;
  /** Default: the problem's own start, which a problem of networks does not have. */
  readonly start?: Vector;
  /** Default 0. */
  readonly seed?: number;
  /** Called after each average with its number, from 1, and the mean, which is only lent. */
  readonly onRound?: (round: number, mean: Vector) => void;
  /** Ends it: the steps under way are not waited for. */
  readonly signal?: AbortSignal;
}

/**
 * `federate` with each worker's local steps in a process of its own, or on the workers of a queue: in each
 * round K trials are run, and their points averaged here. The result is that of `federate`, bit for bit on
 * machines that compute alike. A round costs a message with the worker's state each way; processes remain
 * from round to round.
 * @throws Error if the steps of a worker fail, and after the signal.
 */
export async function federateTrials(options: FederatedTrials): Promise<Federation<State>> {
  const { workers, every, rounds, seed = 0, onRound, signal } = options;
  const [asked, method] = [await withFiles(options.problem), await methodWithFiles(options.method)];
  const { problem, engine, dispose } = await openProblem(asked);
  const source = engine === undefined ? asked : { ...asked, engine };
  const places = placesFor({ processes: workers, ...options });
  const worker = reused(places.worker ?? processWorker);
  try {
    const built = (await buildOf(method))(problem.facts ?? {}, problem);
    const start = options.start ?? startOf(problem);
    return await federate(problem, built, {
      workers,
      every,
      rounds,
      start,
      seed,
      ...(onRound && { onRound }),
      async local({ worker: k, steps, from }) {
        const trial: LocalTrial = {
          kind: 'local',
          game: source,
          method,
          seed,
          worker: k,
          steps,
          start: packed(start),
          from: from === undefined ? null : Buffer.from(encodeCheckpoint(from)).toString('base64'),
        };
        const [record] = await runTrials([trial], {
          processes: 1,
          worker: worker.open,
          ...(signal && { signal }),
        });
        const { local, status, message } = record!;
        if (local === undefined || (status !== 'budget' && status !== 'non-finite'))
          throw new Error(`worker ${k}, up to its step ${steps}: ${message || 'stopped'}`);
        return { status, message, checkpoint: decodeCheckpoint(Buffer.from(local, 'base64')) };
      },
    });
  } finally {
    worker.close();
    await dispose();
  }
}
