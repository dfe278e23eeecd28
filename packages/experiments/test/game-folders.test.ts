import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeCheckpoint, type Game } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { readRun } from '@stillpoint/tracking/run';
import { folder } from '../../../testing/folder.js';
import {
  compareOnGame,
  playedFrom,
  type GameComparison,
  type Played,
  type TrialRecord,
} from '../src/index.js';
import { unneeded, withoutSeconds } from './small-ring.js';

/** Of four numbers: a picture of a plane would be one more trial. */
const spec = 'quadratic(coupling=[[2,1],[1,3]])';
const options: GameComparison = {
  title: 'mine',
  methods: ['extragradient', 'gda', 'adam(stepSize=0.01)'],
  calls: 300,
};
const compared = (played: Game | Played, trials: string, more: Partial<GameComparison> = {}) =>
  compareOnGame(played, { ...options, folder: trials, ...more });

describe('run directories of a comparison on a game', () => {
  it('hold what the report shows; what has ended is read, and nothing is run again', async () => {
    const [game, trials] = [gameFrom(spec), join(folder(), 'trials')];
    const whole = await compared(game, trials);
    expect(await compareOnGame(game, options).then(withoutSeconds)).toEqual(withoutSeconds(whole));
    expect(readdirSync(trials)).toEqual([
      expect.stringMatching(/^mine-adam-[0-9a-f]{12}$/),
      expect.stringMatching(/^mine-extragradient-[0-9a-f]{12}$/),
      expect.stringMatching(/^mine-gda-[0-9a-f]{12}$/),
    ]);
    const kept = (label: string) =>
      readRun(
        join(
          trials,
          readdirSync(trials).find((n) => n.includes(`-${label}-`))!,
        ),
      );
    for (const { method, series, status, ledger } of whole.runs) {
      const run = kept(/^[\w-]+/.exec(method)![0]);
      const rows = run.metrics();
      expect(rows.map(({ calls }) => calls)).toEqual(series['residual']!.x);
      expect(rows.map(({ values }) => values['residual'])).toEqual(series['residual']!.y);
      expect(rows.map(({ values }) => values['distance'])).toEqual(series['distance']!.y);
      expect(run.notes().at(-1)).toMatchObject({ kind: 'ended', step: ledger.steps, data: { status } });
      expect(decodeCheckpoint(run.checkpoints.latest().bytes).ledger).toEqual(ledger);
    }
    expect(await compared(game, trials, { worker: unneeded })).toEqual(whole);
  });

  it('a comparison that was stopped runs what had not ended from its start, and is as one that was not', async () => {
    const [game, trials] = [gameFrom(spec), join(folder(), 'trials')];
    const stop = new AbortController();
    const part = await compared(game, trials, {
      calls: 200_000,
      signal: stop.signal,
      onProgress(records) {
        const third = records[2]!;
        if (third.status === 'running' && third.ledger.steps > 0) stop.abort();
      },
    });
    expect(part.runs.map(({ status }) => status)).toEqual(['converged', 'diverged', 'stopped']);
    const states: string[] = [];
    const note = (records: readonly TrialRecord[]): void => {
      states.push(records.map(({ status }) => status).join());
    };
    const on = await compared(game, trials, { calls: 200_000, onProgress: note });
    expect(states[0]).toBe('converged,diverged,running');
    expect(withoutSeconds(on)).toEqual(
      withoutSeconds(await compareOnGame(game, { ...options, calls: 200_000 })),
    );
    expect(readdirSync(trials)).toHaveLength(3);
  });

  it.each<[string, string, Partial<GameComparison>]>([
    ['another matrix', 'quadratic(coupling=[[2,1],[1,4]])', {}],
    ['another start', spec, { start: Float64Array.of(1, 2, 3, 4) }],
    ['another budget', spec, { calls: 301 }],
    ['a budget of steps', spec, { steps: 300 }],
    ['another tolerance', spec, { tolerance: 1e-9 }],
  ])('%s is another run', async (_, other, more) => {
    const trials = join(folder(), 'trials');
    const methods = ['gda'];
    await compared(gameFrom(spec), trials, { methods });
    await compared(gameFrom(other), trials, { methods, ...more });
    expect(readdirSync(trials)).toHaveLength(2);
  });

  it('numbers that JSON does not have tell games apart, and the title does not', async () => {
    const trials = join(folder(), 'trials');
    const games = [Infinity, -Infinity, NaN, null, -0, 0].map((bound): Game => ({
      ...gameFrom(spec),
      identity: { game: 'mine', bound },
    }));
    for (const game of games) await compared(game, trials, { methods: ['gda'] });
    expect(readdirSync(trials)).toHaveLength(games.length);
    for (const game of games)
      await compared(game, trials, { methods: ['gda'], title: 'otherwise', worker: unneeded });
  });

  it('what lies in the place of a run is replaced: half removed, a file, folders where files should be', async () => {
    const [game, trials] = [gameFrom(spec), join(folder(), 'trials')];
    const methods = ['gda'];
    const whole = withoutSeconds(await compared(game, trials, { methods }));
    const run = join(trials, readdirSync(trials)[0]!);
    const damages: readonly (() => void)[] = [
      () => rmSync(join(run, 'run.json')),
      () => {
        rmSync(join(run, 'trial.json'));
        mkdirSync(join(run, 'trial.json'));
      },
      () => {
        rmSync(join(run, 'checkpoints'), { recursive: true });
        writeFileSync(join(run, 'checkpoints'), '');
      },
      () => {
        rmSync(run, { recursive: true });
        writeFileSync(run, 'mine');
      },
    ];
    for (const damage of damages) {
      damage();
      expect(withoutSeconds(await compared(game, trials, { methods }))).toEqual(whole);
      expect(readdirSync(trials)).toEqual([basename(run)]);
      expect(withoutSeconds(await compared(game, trials, { methods, worker: unneeded }))).toEqual(whole);
    }
  });

  it('a folder that cannot be made ends no run, which says that nothing is kept', async () => {
    const parent = folder();
    writeFileSync(join(parent, 'trials'), '');
    const { runs } = await compared(gameFrom(spec), join(parent, 'trials'), { methods: ['extragradient'] });
    expect(runs[0]).toMatchObject({
      status: 'converged',
      message: expect.stringContaining('its folder could not be written'),
    });
  });

  it('each seed of a sampled game has its own', async () => {
    const trials = join(folder(), 'trials');
    const played = playedFrom('batch-bilinear(dimension=4, batch=2)');
    const whole = await compared(played, trials, { methods: ['gda(stepSize=0.01)'], seeds: 2 });
    expect(readdirSync(trials).map((name) => name.slice(0, -13))).toEqual([
      'mine-gda-seed-1',
      'mine-gda-seed-2',
    ]);
    const again = { methods: ['gda(stepSize=0.01)'], seeds: 2, worker: unneeded };
    expect(await compared(played, trials, again)).toEqual(whole);
  });

  it('a game that cannot be known again is refused, in words', async () => {
    const { identity: _, ...anonymous } = gameFrom(spec);
    await expect(compared(anonymous, join(folder(), 'trials'))).rejects.toThrow(
      'has no identity, by which its runs could be told from another game’s; expected one, as identity:',
    );
  });

  it('the curve of a run that began again with half its step size is of the last beginning', async () => {
    const steep: Game = {
      // flat in y near the start, of slope 400 beyond |y| = 0.1, where no probe looks
      name: 'steep',
      dim: 2,
      players: [
        { name: 'x', start: 0, end: 1 },
        { name: 'y', start: 1, end: 2 },
      ],
      operator(z, out) {
        const [x, y] = [z[0]!, z[1]!];
        out[0] = x;
        out[1] = x * (x - 3) + 400 * Math.sign(y) * Math.max(Math.abs(y) - 0.1, 0);
      },
    };
    const start = Float64Array.of(3, 0);
    const section = await compareOnGame(steep, { ...options, methods: ['gda'], start });
    expect(section.runs[0]!.message).toContain('halved');
    const { x } = section.runs[0]!.series['residual']!;
    expect(x.every((calls, i) => i === 0 || calls > x[i - 1]!)).toBe(true);
  });
});
