import {
  encodeCheckpoint,
  isFiniteVector,
  type Checkpoint,
  type Data,
  type Method,
  type Problem,
  type State,
  type Vector,
} from '@stillpoint/operators';
import {
  pricing,
  train,
  trainGuarded,
  type GuardedTraining,
  type Handled,
  type Progress,
} from '@stillpoint/optimizers';
import type { Measure } from '@stillpoint/tracking';
import { columnOf } from '../measures.js';
import { SAMPLE_SEED, finiteValues } from '../finite-values.js';
import { playerRecord, savedRecord } from '../player-record.js';
import { stopwatch } from '../stopwatch.js';
import { messagesIn } from '../trial/messages-in.js';
import type { TrainConfig } from './config.js';
import { beginningOf } from './initialisation.js';
import { stillBlocks, warningsOf, type Row } from './monitors.js';
import { spreadOf, type Trained } from './problem.js';
import type { RunSink } from './sink.js';

type Values = { readonly [name: string]: Measure };

/** What a training run reports while it goes on. */
export type TrainEvent =
  | { readonly kind: 'progress'; readonly step: number; readonly calls: number; readonly seconds: number }
  | { readonly kind: 'measured'; readonly step: number; readonly values: Values }
  | { readonly kind: 'scaled' | 'warning' | 'incident'; readonly message: string };

/** Options of {@link trainRun}. */
export interface TrainRunOptions {
  /** Continue from this checkpoint, which `trainRun` wrote. */
  readonly from?: Checkpoint<State>;
  /** Ends the run after the step under way; its state is saved. */
  readonly signal?: AbortSignal;
  /** Called with what happens, as it happens. */
  readonly report?: (event: TrainEvent) => void;
}

/** How many finite steps after it make a checkpoint good; fewer, if the next one comes before. */
const GOOD_AFTER = 64;
/** Milliseconds between two live pictures; more where one takes over a 20th of that. */
const PICTURE_MS = 3000;
/** Milliseconds between two reports of progress. */
const REPORT_MS = 150;

/** What a run stores in its checkpoints beside the driver's part. */
interface Kept {
  readonly seconds: number;
  readonly tried: number;
  readonly halved: number;
  readonly record: Data;
}

function keptIn(checkpoint: Checkpoint<State> | undefined): Kept {
  const { seconds, tried, halved, record }: { readonly [key: string]: unknown } = Object(checkpoint?.run);
  const count = (x: unknown): number => (typeof x === 'number' && Number.isSafeInteger(x) && x >= 0 ? x : 0);
  return {
    seconds: typeof seconds === 'number' && seconds >= 0 ? seconds : 0,
    tried: count(tried),
    halved: count(halved),
    record: dataOf(record),
  };
}
/** A part of a decoded checkpoint is data; what is no object is as good as nothing. */
function dataOf(value: unknown): Data;
function dataOf(value: unknown): unknown {
  return value !== null && typeof value === 'object' ? value : null;
}

/**
 * Trains what a config names until its budget is used, and writes rows, pictures, checkpoints and notes to
 * `sink`. With a checkpoint of the same run it continues bit for bit: the rows, too, are those of a run that
 * was not interrupted, but for their seconds.
 */
export async function trainRun(
  config: TrainConfig,
  trained: Trained,
  sink: RunSink,
  { from: continued, signal, report = () => {} }: TrainRunOptions = {},
): Promise<GuardedTraining<State>> {
  const { problem, gan, measurer, columns } = trained;
  const { recordEvery, measureEvery, pictureEvery, checkpointSeconds, seed } = config;
  const budget = config.calls ?? 0;
  const clock = stopwatch();
  const kept = keptIn(continued);
  let { tried, halved } = kept;
  const method = (times: number): Method<State> => clock.time(trained.method(times));
  const isNew = continued === undefined;
  const asking = performance.now();
  const { start, ledger, words } = await beginningOf(
    isNew ? config : { ...config, initialisation: null },
    problem,
  );
  const scaling = words === undefined ? 0 : (performance.now() - asking) / 1000;
  // what the scales took is in the ledger, and so in the budget, of the run that begins with them
  const from: Checkpoint<State> | undefined =
    continued ??
    (words === undefined
      ? undefined
      : { ...(await train(problem, method(0), { start, steps: 0, seed })).checkpoint, ledger });
  const { players, dim } = problem;
  const without = (work: () => void): void => clock.without(work);
  const recordAt = (at: Checkpoint<State> | undefined): ReturnType<typeof playerRecord> =>
    playerRecord(
      players,
      Float32Array.from(at?.state.z ?? start),
      without,
      savedRecord(keptIn(at).record, players, dim),
    );
  let recorder = recordAt(from);
  const watched: Problem = {
    ...problem,
    operator: (z, out, asked) => recorder.watch<unknown>(problem).operator(z, out, asked),
  };
  const price = pricing(problem);
  const seconds = (): number => kept.seconds + scaling + clock.seconds();
  const rows: Row[] = [...sink.rows()];
  const said = new Set(sink.warned());
  const bestColumn = config.best === null ? columns[0]?.name : columnOf(config.best);
  const better = columns.find(({ name }) => name === bestColumn)?.better ?? 'lower';
  /** The metric by which the best checkpoint is kept comes first: monitors watch it. */
  const monitored = columns.toSorted((a, b) => Number(b.name === bestColumn) - Number(a.name === bestColumn));
  const signed = (value: Measure | undefined): number =>
    value === null || value === undefined ? Infinity : better === 'lower' ? value : -value;
  let best = rows.reduce((least, { values }) => Math.min(least, signed(values[bestColumn ?? ''])), Infinity);

  const counted = (calls: number, every: number | null): number => Math.floor(calls / (every ?? 1) + 1e-9);
  const begun = from === undefined ? 0 : price(from.ledger);
  let recorded = counted(begun, recordEvery);
  let measured = isNew ? -1 : counted(begun, measureEvery);
  let pictured = isNew ? -1 : counted(begun, pictureEvery);
  let [saved, cost, shown, shownCost, reported] = [performance.now(), 0, performance.now(), 0, 0];
  let pending = -1;
  let blocks = stillBlocks(problem, from?.state.z ?? start, from?.ledger.steps ?? 0);

  const warn = (step: number, name: string, message: string): void => {
    if (said.has(name)) return;
    said.add(name);
    sink.note({ step, kind: 'warning', message, time: new Date().toISOString(), data: { name } });
    report({ kind: 'warning', message });
  };

  const save = (checkpoint: Checkpoint<State>, values: Values): void => {
    const at = performance.now();
    const { steps } = checkpoint.ledger;
    // where steps are slow, a checkpoint would be rotated away before it had 64 of them behind it
    if (pending >= 0 && steps > pending) sink.good(pending);
    const bytes = encodeCheckpoint({
      ...checkpoint,
      run: { seconds: seconds(), tried, halved, record: recorder.save() },
    });
    sink.checkpoint(bytes, { step: steps, calls: price(checkpoint.ledger), values });
    saved = performance.now();
    cost = saved - at;
    pending = steps;
  };

  /** Measures z, draws it if `picture`, and returns the values. */
  const evaluate = async (
    z: Vector,
    buffers: Progress<State>['buffers'],
    at: { readonly step: number; readonly calls: number },
    what: { readonly measure: boolean; readonly picture: boolean },
  ): Promise<Values> => {
    if (!isFiniteVector(z)) return {};
    if (gan === undefined || measurer === undefined)
      return what.measure ? finiteValues(await trained.measure(z.slice(), buffers)) : {};
    const wanted = what.measure ? (config.samples ?? 1000) : measurer.pictured;
    const examples = await gan.sample(z, wanted, SAMPLE_SEED);
    if (!isFiniteVector(examples)) return {};
    if (what.picture) {
      const shownOnes = examples.subarray(0, measurer.pictured * (examples.length / wanted));
      const { png, width, height } = measurer.picture(shownOnes);
      sink.picture(at, png, { width, height });
      const tensors = gan.blocks.map(({ name, offset, shape }) => {
        const size = shape.reduce((n, side) => n * side, 1);
        return [name, z.subarray(offset, offset + size)] as const;
      });
      sink.histograms(at.step, Object.fromEntries(tensors));
    }
    if (!what.measure) return {};
    const size = examples.length / wanted;
    const diversity = measurer.spread > 0 ? spreadOf(examples, size) / measurer.spread : null;
    return finiteValues({ ...(await measurer.measure(examples)), diversity });
  };

  const live = async (z: Vector): Promise<void> => {
    const at = performance.now();
    if (gan === undefined || measurer === undefined || !isFiniteVector(z)) return;
    const examples = await gan.sample(z, measurer.pictured, SAMPLE_SEED);
    if (isFiniteVector(examples)) sink.live(measurer.picture(examples).png);
    shown = performance.now();
    shownCost = shown - at;
  };

  const enter = (row: Row): void => {
    sink.record(row);
    rows.push(row);
    for (const { name, message } of warningsOf(rows, {
      players,
      columns: monitored,
      budget,
      constrained: problem.constraint !== undefined,
    }))
      warn(row.step, name, message);
  };

  /** All work that is due after a step. */
  const work = async (
    progress: Progress<State>,
    due: { readonly record: boolean; readonly measure: boolean; readonly picture: boolean },
  ): Promise<void> => {
    const { state, ledger, calls, buffers } = progress;
    const at = { step: ledger.steps, calls };
    let values: Values = due.record ? finiteValues(recorder.take()) : {};
    let isBest = false;
    if (due.measure || due.picture) {
      const found = await evaluate(state.z, buffers, at, due);
      values = { ...values, ...found };
      if (due.measure) {
        report({ kind: 'measured', step: at.step, values: found });
        const now = signed(found[bestColumn ?? '']);
        isBest = now < best;
        best = Math.min(best, now);
        const moved = blocks(state.z, at.step);
        if (moved !== undefined) warn(at.step, moved.name, moved.message);
      }
    }
    if (Object.keys(values).length > 0) enter({ ...at, seconds: seconds(), values });
    const now = performance.now();
    if (isBest || at.step === 0 || now - saved >= Math.max(1000 * checkpointSeconds, 100 * cost))
      save(progress.checkpoint(), values);
    if (performance.now() - shown > Math.max(PICTURE_MS, 20 * shownCost)) await live(state.z);
    if (performance.now() - reported > REPORT_MS) {
      reported = performance.now();
      report({ kind: 'progress', ...at, seconds: seconds() });
      await messagesIn(); // the engines wasm and cpu never wait, so that no signal would arrive
    }
  };

  const observe = (progress: Progress<State>): void | Promise<void> => {
    const { state, ledger, calls, losses } = progress;
    recorder.moved(state.z, losses);
    if (pending >= 0 && ledger.steps >= pending + GOOD_AFTER) {
      sink.good(pending);
      pending = -1;
    }
    const [rowsDue, measuresDue, picturesDue] = [
      counted(calls, recordEvery),
      counted(calls, measureEvery),
      counted(calls, pictureEvery),
    ];
    const due = {
      record: rowsDue > recorded,
      measure: measuresDue > measured,
      picture: picturesDue > pictured,
    };
    [recorded, measured, pictured] = [rowsDue, measuresDue, picturesDue];
    const now = performance.now();
    const timely =
      now - reported > REPORT_MS ||
      now - saved >= 1000 * checkpointSeconds ||
      now - shown > PICTURE_MS ||
      ledger.steps === 0;
    if (due.record || due.measure || due.picture || timely) return work(progress, due);
  };

  const onIncident = ({ incident, action, at, message }: Handled): void => {
    const { step, what, player, place, nonFinite, clean } = incident;
    if (action !== 'stop') tried++;
    if (action === 'halve') halved++;
    sink.note({
      step,
      kind: 'incident',
      message,
      time: new Date().toISOString(),
      data: { action, at, what, player, place, nonFinite, clean },
    });
    report({ kind: 'incident', message });
    if (action !== 'back' && action !== 'halve') return;
    sink.rewind(at);
    rows.splice(rows.findLastIndex(({ step: made }) => made <= at) + 1);
    const good = sink.lastGood();
    recorder = recordAt(good);
    blocks = stillBlocks(problem, good?.state.z ?? start, at);
    pending = -1;
  };

  const bounded = isNew ? await gan?.boundedScores(start) : undefined;
  if (bounded !== undefined) warn(0, 'bounded-scores', `${bounded}.`);
  if (words !== undefined) {
    sink.note({ step: 0, kind: 'scaled', message: words, time: new Date().toISOString() });
    report({ kind: 'scaled', message: words });
  }
  if (isNew)
    for (const missing of trained.warnings)
      warn(0, missing, `${missing[0]?.toUpperCase()}${missing.slice(1)}.`);
  const result = await trainGuarded<State>(
    watched,
    method(0),
    {
      start,
      calls: budget,
      seed,
      observe,
      ...(from === undefined ? {} : { from }),
      ...(signal === undefined ? {} : { signal }),
    },
    {
      action: config.onNonFinite,
      tries: config.tries,
      tried,
      halved,
      rebuild: method,
      back: () => sink.lastGood(),
      again: problem,
      onIncident,
    },
  );
  const at = { step: result.steps, calls: result.calls };
  const last = rows.at(-1);
  const isDone = result.status === 'budget' || result.status === 'ended';
  let values: Values = {};
  if (isDone && !(last?.step === at.step && (columns[0]?.name ?? '') in last.values)) {
    values = await evaluate(result.z, result.checkpoint.buffers, at, { measure: true, picture: true });
    report({ kind: 'measured', step: at.step, values });
    if (last?.step !== at.step) enter({ ...at, seconds: seconds(), values });
  }
  if (isDone) await live(result.z);
  save(result.checkpoint, values);
  if (isDone) sink.good(at.step);
  report({ kind: 'progress', ...at, seconds: seconds() });
  return result;
}
