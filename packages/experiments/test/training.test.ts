import { describe, expect, test } from 'vitest';
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
