import {
  emptyLedger,
  isFiniteVector,
  type Buffers,
  type Ledger,
  type Method,
  type Problem,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { pricesOf, pricing, train } from '@stillpoint/optimizers';
import type { RunStatus } from '@stillpoint/tracking';
import { playerRecord, savedRecord } from '../player-record.js';
import { stopwatch } from '../stopwatch.js';
import { messagesIn } from './messages-in.js';
import { priceReports } from './prices.js';
import { reporting, type At, type TrialFolder } from './trial-folder.js';
import type { Made, TrialEvent } from './trial.js';
import { figuresOf, withWarnings } from './warnings.js';

/** How often a run reports its players' series, evenly spread. */
export const PLAYER_POINTS = 60;
/** Milliseconds between live pictures, and between reports of progress. */
const [PICTURE_MS, REPORT_MS] = [3000, 150];

/** A point at which a run is measured. */
export interface Measured {
  readonly z: Vector;
  /** What the problem remembers there. */
  readonly buffers: Buffers;
  readonly at: At;
  /** Whether it is to be drawn, and the calls that the picture stands for. */
  readonly picture: boolean;
  readonly nominal: number;
}

/** What a trial trains, and how it is measured. */
export interface Trained {
  readonly problem: Problem;
  readonly method: Method<State>;
  readonly start: Float32Array;
  readonly seed: number;
  /** The budget, in calls or in steps. */
  readonly budget: { readonly calls: number } | { readonly steps: number };
  /** Reported when the trial begins. */
  readonly begin: Omit<Extract<TrialEvent, { readonly kind: 'begin' }>, 'kind' | 'terms'>;
  /** Measurements, evenly spread, with the one of the end; pictures likewise. */
  readonly measures: number;
  readonly pictures: number;
  /** Whether the start is measured, too. */
  readonly fromStart: boolean;
  readonly warnings: readonly string[];
  /** Measures a point and reports what it found. */
  measure(point: Measured, report: (event: TrialEvent) => void): Promise<void>;
  /** A picture of what is generated at a point, a PNG in base64; undefined if there is none. */
  show?(z: Vector): Promise<string | undefined>;
}

/**
 * Trains, and reports losses, gradients, measurements and pictures meanwhile. What is measured is `z`, the
 * point that the method recommends. A trial that keeps a folder goes on from what it holds, and then reports
 * what it would have reported without the interruption.
 * @param folder what keeps the trial; undefined if nothing does.
 */
export async function trainTrial(
  trained: Trained,
  pass: (event: TrialEvent) => void,
  folder: TrialFolder | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { problem, start, budget } = trained;
  const clock = stopwatch();
  const method = clock.time(trained.method);
  const before = folder?.before;
  const price = pricing(problem);
  let ledger: Ledger = before?.from.ledger ?? emptyLedger(problem.players.length);
  const seconds = (): number => (before?.seconds ?? 0) + clock.seconds();
  const made = (): Made => ({ ledger, calls: price(ledger), seconds: seconds() });
  const at = (): At => ({ step: ledger.steps, calls: price(ledger), seconds: seconds() });
  const kept = reporting(folder, pass, at);
  const { report } = kept;
  if (before === undefined) report({ kind: 'begin', ...trained.begin, terms: problem.terms?.count ?? 1 });
  const prices = priceReports(pricesOf(problem), report);
  const players = playerRecord(
    problem.players,
    before === undefined ? start : Float32Array.from(before.from.state.z),
    (work) => clock.without(work),
    savedRecord(before?.record, problem.players, problem.dim),
  );
  const whole = 'calls' in budget ? budget.calls : budget.steps;
  const share = (): number => ('calls' in budget ? price(ledger) : ledger.steps) / whole;
  let used = share();
  const passed = (times: number): number => Math.floor(used * times + 1e-9);
  let measured = before === undefined && trained.fromStart ? -1 : passed(trained.measures);
  let [pictured, recorded] = [passed(trained.pictures), passed(PLAYER_POINTS)];
  let [reported, shown] = [0, performance.now()];

  const measure = async (z: Vector, buffers: Buffers, nominal: number, picture: boolean): Promise<void> => {
    if (isFiniteVector(z)) await trained.measure({ z, buffers, at: at(), picture, nominal }, report);
  };
  /** Reports a picture while the trial goes on. */
  const show = async (z: Vector): Promise<void> => {
    const png = isFiniteVector(z) ? await trained.show?.(z) : undefined;
    if (png !== undefined) report({ kind: 'picture', calls: price(ledger), png });
    shown = performance.now();
  };

  const result = await train(players.watch(problem), method, {
    start,
    ...budget,
    ...(signal ? { signal } : {}),
    ...(before && { from: before.from }),
    seed: trained.seed,
    async observe(progress) {
      const { state, buffers } = progress;
      ledger = structuredClone(progress.ledger); // the run changes it later
      players.moved(state.z, progress.losses);
      used = share();
      if (passed(PLAYER_POINTS) > recorded) {
        recorded = passed(PLAYER_POINTS);
        report({ kind: 'points', calls: price(ledger), values: players.take() });
      }
      const [due, picture] = [passed(trained.measures), passed(trained.pictures)];
      if ((due > measured || picture > pictured) && used < 1) {
        const nominal = Math.round((picture * whole) / trained.pictures);
        await measure(state.z, buffers, nominal, picture > pictured);
        [measured, pictured] = [due, picture];
      }
      if (folder?.due()) {
        prices(ledger);
        folder.save(progress.checkpoint(), at(), players.save());
      }
      if (performance.now() - shown > PICTURE_MS) await show(state.z);
      if (performance.now() - reported > REPORT_MS) {
        reported = performance.now();
        prices(ledger);
        report({ kind: 'progress', fraction: Math.min(1, used), ...made() });
        await messagesIn(); // the engines wasm and cpu never wait, so that no message would arrive
      }
    },
  });
  const status: RunStatus = result.status;
  ({ ledger } = result);
  const end = made();
  prices(ledger);
  if (status === 'stopped') {
    folder?.save(result.checkpoint, at(), players.save());
    kept.release();
  }
  report({ kind: 'progress', fraction: Math.min(1, used), ...end });
  const isWhole = status === 'budget' || status === 'ended'; // not after a stop: the user waits for the end
  if (isWhole) await show(result.z);
  if (status !== 'non-finite') await measure(result.z, result.checkpoint.buffers, whole, isWhole);
  const warnings = [...trained.warnings, ...result.warnings, ...kept.lost()];
  const message = withWarnings({ message: result.message, warnings });
  report({ kind: 'end', status, message, ...figuresOf(result), ...end });
  kept.end(result.checkpoint, players.save());
}
