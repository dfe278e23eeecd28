import { expect, it } from 'vitest';
import { emptyLedger } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import {
  compareOnGame,
  compareOnGan,
  inlineWorker,
  presets,
  runTrials,
  type GameTrial,
  type Made,
  type OpenWorker,
  type Trial,
  type WorkerReport,
} from '../src/index.js';
import { readFromTrial, readToTrial } from '../src/trial/messages.js';

const trial = (method: string, steps = 5): GameTrial => ({
  kind: 'game',
  game: { spec: 'bilinear' },
  method,
  seed: null,
  start: [1, 1],
  steps,
  tolerance: 0,
});
const statuses = (records: readonly { readonly status: string }[]): string[] =>
  records.map(({ status }) => status);

/** A worker that does with each trial what `act` says. */
const scripted =
  (act: (trial: Trial, on: (report: WorkerReport) => void) => void, killed = 'was ended'): OpenWorker =>
  (on) => {
    queueMicrotask(() => on({ kind: 'ready' }));
    return {
      start: (given) => queueMicrotask(() => act(given, on)),
      stop: () => undefined,
      leave: () => on({ kind: 'exit', reason: 'left' }),
      kill: () => on({ kind: 'exit', reason: killed }),
    };
  };
const made = (steps: number): Made => ({
  ledger: { ...emptyLedger(2), steps, gradients: [steps, steps] },
  calls: steps,
  seconds: 1,
});
const end = { kind: 'end', status: 'budget', message: 'm', ...made(1) } as const;

it('inline: every trial is run, one that cannot run fails alone, with its message', async () => {
  const records = await runTrials(
    [trial('gda(stepSize=0.1)'), trial('nonsense'), trial('extragradient(stepSize=0.1)')],
    { processes: 2, worker: inlineWorker() },
  );
  expect(statuses(records)).toEqual(['budget', 'failed', 'budget']);
  expect(records[1]?.message).toContain('unknown method "nonsense"');
  expect(records.map(({ ledger, calls }) => [ledger.steps, calls])).toEqual([
    [5, 5],
    [0, 0],
    [5, 10],
  ]);
  expect(records[0]?.whole['path']?.x).toHaveLength(6);
});

it('a worker that dies fails the trial it had; the next worker takes the next', async () => {
  const records = await runTrials([trial('a'), trial('b'), trial('c')], {
    processes: 1,
    worker: scripted((given, on) => {
      if (given.kind === 'game' && given.method === 'b')
        return on({ kind: 'exit', reason: 'Its process ended with SIGSEGV.' });
      on({ kind: 'event', event: end });
      on({ kind: 'ready' });
    }),
  });
  expect(records.map(({ status, message }) => [status, message])).toEqual([
    ['budget', 'm'],
    ['failed', 'Its process ended with SIGSEGV.'],
    ['budget', 'm'],
  ]);
});

it('a trial that ends without saying how has failed, and what comes after its end is not entered', async () => {
  const records = await runTrials([trial('a'), trial('b')], {
    processes: 1,
    worker: scripted((given, on) => {
      if (given.kind === 'game' && given.method === 'b') on({ kind: 'event', event: end });
      on({ kind: 'ready' });
    }),
  });
  expect(records.map(({ status, message }) => [status, message])).toEqual([
    ['failed', 'It ended without saying how.'],
    ['budget', 'm'],
  ]);
});

it('after the signal a worker that does not stop is ended; what it reported is kept, what never began is left waiting', async () => {
  const abort = new AbortController();
  const records = await runTrials([trial('a'), trial('b')], {
    processes: 1,
    signal: abort.signal,
    worker: scripted((_, on) => {
      on({ kind: 'event', event: { kind: 'progress', fraction: 0.5, ...made(7) } });
      abort.abort();
    }),
  });
  expect(records.map(({ status, message, ledger }) => [status, message, ledger.steps])).toEqual([
    ['stopped', 'Stopped after 7 steps, during one that was not waited for.', 7],
    ['waiting', '', 0],
  ]);
});

it('inline: the signal ends a run after its step, and the section says so', async () => {
  const abort = new AbortController();
  const section = await compareOnGame(gameFrom('bilinear'), {
    title: 'xy',
    methods: ['gda(stepSize=1e-9)', 'extragradient(stepSize=1e-9)'],
    steps: 1e9,
    signal: abort.signal,
    onProgress: (records) => {
      if ((records[0]?.ledger.steps ?? 0) > 0) abort.abort();
    },
  });
  expect(section.runs.map(({ status }) => status)).toEqual(['stopped']);
  expect(section.runs[0]?.message).toMatch(
    /^Stopped after \d+ steps: the residual went from 1\.41 to 1\.41\.$/,
  );
  expect(section.runs[0]?.series['residual']?.x.length).toBeGreaterThan(0);
  expect(section.verdict).toEqual([
    'No run finished.',
    'One run was stopped before the end: gda.',
    'One run was never begun: extragradient.',
  ]);
});

it('sections on the way are whole: what runs is shown as stopped', async () => {
  const seen: string[] = [];
  await compareOnGame(gameFrom('bilinear'), {
    title: 'xy',
    methods: ['gda(stepSize=0.1)', 'extragradient(stepSize=0.1)'],
    steps: 3,
    onProgress: (_, section) =>
      seen.push(
        section()
          .runs.map(({ status }) => status)
          .join(' '),
      ),
  });
  expect(seen).toContain('budget stopped');
  expect(seen[seen.length - 1]).toBe('budget budget');
});

it('an error of whoever listens is passed on, and ends the trials', async () => {
  const run = runTrials([trial('gda(stepSize=0.1)')], {
    processes: 1,
    worker: inlineWorker(),
    onProgress: () => {
      throw new Error('full');
    },
  });
  await expect(run).rejects.toThrow('full');
});

it.each<readonly [message: unknown, words: string]>([
  [
    'hello',
    'its process sent a message of another shape: Invalid type: Expected Object but received "hello"',
  ],
  [{ kind: 'evnt' }, 'its process sent a message of another shape: kind: '],
  [
    { kind: 'event', event: { kind: 'progress', fraction: 1, ...made(3), calls: '3' } },
    'event.calls: Invalid type: Expected number but received "3"',
  ],
  [{ kind: 'event', event: { ...end, ledger: { ...end.ledger, steps: -1 } } }, 'event.ledger.steps: '],
])('a message of another shape is refused: %j', (message, words) =>
  expect(() => readFromTrial(message)).toThrow(words),
);

it('messages of the right shape come through as they are, both ways', () => {
  const message = { kind: 'trial', trial: trial('gda') };
  expect(readToTrial(message)).toEqual(message);
  expect(readFromTrial({ kind: 'event', event: end })).toEqual({ kind: 'event', event: end });
  expect(() => readToTrial({ kind: 'trial', trial: { ...trial('gda'), start: ['1'] } })).toThrow(
    'the program sent a message of another shape: trial.start.0: ',
  );
});

it('a GAN too can be compared in this process; a method that cannot run on it fails alone', async () => {
  const [ring] = presets;
  if (ring === undefined) throw new Error('there is no preset');
  const { runs, verdict } = await compareOnGan(
    { ...ring, samples: 100, evaluations: 1, snapshots: 1, tail: 1 },
    {
      methods: ['saga(stepSize=0.001)', 'adam(stepSize=0.001)'],
      seeds: 1,
      calls: 6,
      processes: 1,
      worker: inlineWorker(),
    },
  );
  expect(runs.map(({ status, calls }) => [status, calls])).toEqual([
    ['failed', 0],
    ['budget', 6],
  ]);
  expect(verdict.join(' ')).toContain('One run did not finish: saga, seed 1 (');
});
