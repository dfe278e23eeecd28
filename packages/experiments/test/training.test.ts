import { describe, expect, test } from 'vitest';
import { decodeCheckpoint } from '@stillpoint/operators';
import { optimiseInitialisation } from '@stillpoint/optimizers';
import { trainConfig, trainRun, trainedBy, type TrainConfig } from '../src/index.js';
import { memorySink, type MemorySink } from './memory-sink.js';

const small = {
  data: 'ring',
  model: 'mlp(generator=[8], discriminator=[8])',
  batch: 16,
  calls: 60,
  metrics: ['modes', 'high-quality'],
  samples: 200,
  engine: 'auto',
};

async function run(config: TrainConfig, sink: MemorySink, stopAt = Infinity) {
  const trained = await trainedBy(config);
  const stop = new AbortController();
  const from = sink.kept.checkpoints.length > 0 ? sink.latest() : undefined;
  try {
    return await trainRun(
      config,
      {
        ...trained,
        problem: {
          ...trained.problem,
          async operator(z, out, asked) {
            await trained.problem.operator(z, out, asked);
            if (++made >= stopAt) stop.abort();
          },
        },
      },
      sink,
      { signal: stop.signal, ...(from ? { from } : {}) },
    );
  } finally {
    await trained.dispose();
  }
}
let made = 0;

const withoutSeconds = (sink: MemorySink) => sink.kept.rows.map(({ seconds: _, ...row }) => row);

describe('a run that was stopped and continued is the run that was not', () => {
  test.each([
    'alternating-adam(stepSize=0.002, beta1=0.5)',
    'lookahead(ema(extra-adam(stepSize=0.001), decay=0.9), steps=7)',
    'average(rapp-adam(stepSize=0.003, innerSteps=3))',
  ])('%s: state, draws, averages, rows and pictures', async (method) => {
    const config = trainConfig('test', { ...small, method });
    const whole = memorySink();
    made = -Infinity;
    const straight = await run(config, whole);
    expect(straight.status).toBe('budget');
    let sink = memorySink();
    for (const stopAt of [5, 13, 21]) {
      made = 0;
      const { status } = await run(config, sink, stopAt);
      expect(status).toBe('stopped');
      sink = memorySink(sink);
    }
    made = -Infinity;
    const continued = await run(config, sink);
    expect(continued.checkpoint).toEqual(straight.checkpoint);
    expect(withoutSeconds(sink)).toEqual(withoutSeconds(whole));
    expect(sink.kept.pictures).toEqual(whole.kept.pictures);
    expect(whole.kept.rows.length).toBeGreaterThanOrEqual(20);
  });
});

describe('a start that is scaled before training', () => {
  const initialisation = 'gradcosine(weight=1, iterations=3)';
  const method = 'alternating-adam(stepSize=0.002, beta1=0.5)';
  const scaled = trainConfig('test', { ...small, calls: 150, method, initialisation });

  test('is that of optimiseInitialisation, whose calls are in the ledger, the rows and the budget', async () => {
    const trained = await trainedBy(scaled);
    const { problem } = trained;
    const start = problem.initialise(scaled.seed);
    const found = await optimiseInitialisation(problem, {
      start,
      seed: scaled.seed,
      weight: 1,
      iterations: 3,
    });
    const sink = memorySink();
    const { calls, ledger } = await trainRun(scaled, trained, sink);
    const first = decodeCheckpoint(sink.kept.checkpoints[0]!.bytes);
    expect(first.state.z).toEqual(found.z);
    expect(first.state.z).not.toEqual(start);
    expect(first.ledger).toEqual({ ...found.ledger, steps: 0 });
    expect(sink.kept.rows[0]).toMatchObject({ step: 0, calls: found.calls });
    expect(calls).toBeGreaterThan(149);
    expect(calls).toBeLessThanOrEqual(150);
    expect(ledger.products).toBe(found.ledger.products);
    expect(sink.kept.notes[0]).toMatchObject({
      kind: 'scaled',
      message: expect.stringMatching(
        /^The start was scaled by gradcosine\(.*\) with \d+ of the oracle calls: GradCosine D .*, G .* → /,
      ),
    });
    await trained.dispose();
  });

  test('goes on bit for bit when the run was stopped', async () => {
    const whole = memorySink();
    made = -Infinity;
    const straight = await run(scaled, whole);
    const first = memorySink();
    made = 0;
    // past the gradients of the scales
    expect((await run(scaled, first, 90)).status).toBe('stopped');
    const then = memorySink(first);
    expect(first.kept.checkpoints.at(-1)!.step).toBeGreaterThan(0);
    made = -Infinity;
    const rest = await run(scaled, then);
    expect(rest.checkpoint).toEqual(straight.checkpoint);
    expect(withoutSeconds(then)).toEqual(withoutSeconds(whole));
    expect(then.kept.notes.filter(({ kind }) => kind === 'scaled')).toHaveLength(1);
  });

  test('that takes the whole budget leaves no step', async () => {
    const { steps, calls, status } = await run({ ...scaled, calls: 5 }, memorySink());
    expect([steps, status]).toEqual([0, 'budget']);
    expect(calls).toBeGreaterThan(5);
  });

  test('is refused where tensors may leave a set', async () => {
    await expect(trainedBy({ ...scaled, constrainD: 'box(lower=-0.01, upper=0.01)' })).rejects.toThrow(
      `initialisation is ${initialisation}, but`,
    );
  });
});

test('what a loss lacks is a warning from the start', async () => {
  const sink = memorySink();
  const method = 'gda(stepSize=0.01)';
  await run(trainConfig('test', { ...small, loss: 'wasserstein', method, calls: 2 }), sink);
  expect(sink.kept.notes[0]).toMatchObject({
    step: 0,
    kind: 'warning',
    message: expect.stringMatching(/^The loss wasserstein has no lower bound for D .*\.$/),
  });
});

describe('a batch with a value that is not finite', () => {
  /** The config’s problem with NaN in the real examples of some draws. */
  async function spoiled(config: TrainConfig, calls: readonly number[]) {
    const trained = await trainedBy(config);
    const { problem } = trained;
    return {
      ...trained,
      problem: {
        ...problem,
        draw(call: number, player?: number, worker?: number) {
          const sample = problem.draw?.(call, player, worker);
          const { D }: { readonly D?: { readonly real?: Float32Array } } = Object(sample);
          if (calls.includes(call)) D?.real?.fill(NaN);
          return sample;
        },
      },
    };
  }
  const config = (more: object) =>
    trainConfig('test', { ...small, method: 'adam(stepSize=0.002)', calls: 300, ...more });

  test('stop: the run ends before it, and its last checkpoint is whole', async () => {
    const settings = config({});
    const trained = await spoiled(settings, [120]);
    const sink = memorySink();
    const { status, steps } = await trainRun(settings, trained, sink);
    await trained.dispose();
    expect([status, steps]).toEqual(['non-finite', 120]);
    expect(sink.kept.notes.filter(({ kind }) => kind === 'incident')).toMatchObject([
      { step: 121, data: { action: 'stop', what: 'loss', player: 'D' } },
    ]);
    expect(sink.latest().ledger.steps).toBe(120);
    expect(sink.kept.rows.every(({ step }) => step <= 120)).toBe(true);
  });

  test('skip: the rest of the run has rows to the end; a resume before or after it is the same', async () => {
    const settings = config({ onNonFinite: 'skip' });
    const whole = memorySink();
    const trained = await spoiled(settings, [120, 200]);
    const straight = await trainRun(settings, trained, whole);
    expect(straight.status).toBe('budget');
    expect(whole.kept.notes.filter(({ kind }) => kind === 'incident')).toHaveLength(2);
    // the skipped batches were asked for: 300 gradients, 298 steps
    expect([straight.calls, straight.steps]).toEqual([300, 298]);
    for (const until of [100, 150]) {
      const first = memorySink();
      const stop = new AbortController();
      await trainRun(
        settings,
        trained,
        { ...first, record: (row) => (first.record(row), row.step >= until && stop.abort()) },
        { signal: stop.signal },
      );
      const then = memorySink(first);
      const rest = await trainRun(settings, trained, then, { from: first.latest() });
      expect(rest.checkpoint).toEqual(straight.checkpoint);
      expect(withoutSeconds(then)).toEqual(withoutSeconds(whole));
    }
    await trained.dispose();
  });

  test('back: to the last good checkpoint, whose later rows are dropped', async () => {
    const settings = config({ onNonFinite: 'back' });
    const sink = memorySink();
    const trained = await spoiled(settings, [250]);
    const { status, handled, calls } = await trainRun(settings, trained, sink);
    await trained.dispose();
    expect(status).toBe('budget');
    const at = handled[0]?.at ?? NaN;
    expect(sink.kept.checkpoints.some(({ step, good }) => good && step === at)).toBe(true);
    expect(at).toBeLessThan(250);
    const steps = sink.kept.rows.map(({ step }) => step);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(new Set(steps).size).toBe(steps.length);
    expect(calls).toBe(300);
  });

  test('back: a checkpoint is good once another follows it, also where that is soon', async () => {
    // each measurement is better than those before it, so that there is a checkpoint every 5 steps
    const settings = config({
      onNonFinite: 'back',
      metrics: ['sliced-wasserstein'],
      calls: 60,
      measureEvery: 5,
      checkpointSeconds: 3600,
    });
    const sink = memorySink();
    const trained = await spoiled(settings, [50]);
    let distance = 100;
    const measurer = {
      ...trained.measurer!,
      measure: () => Promise.resolve({ slicedWasserstein: distance-- }),
    };
    const { handled } = await trainRun(settings, { ...trained, measurer }, sink);
    await trained.dispose();
    const saved = sink.kept.checkpoints.map(({ step }) => step).filter((step) => step < 50);
    expect(saved.slice(0, 10)).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45]);
    expect(handled[0]?.at).toBe(45);
  });
});
