import { describe, expect, it } from 'vitest';
import { densityCoverage, kernelDistance, precisionRecall } from '@stillpoint/metrics';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { familyOf } from '@stillpoint/optimizers/registry';
import { measurerOf, presets, runGanTrial, type TrialEvent } from '../src/index.js';

describe.each(presets)('preset $name', (preset) => {
  it('names methods that exist, each spec complete; where gda is left out it says why', () => {
    const names = preset.methods.map((spec) => methodFrom(spec).name);
    const gda = names.includes('gda');
    expect(names).toEqual([
      ...(gda ? ['gda'] : []),
      'adam',
      'alternating-adam',
      'extra-adam',
      'lookahead',
      'rapp-adam',
    ]);
    expect(new Set(preset.methods.map((spec) => familyOf(spec)))).toEqual(
      new Set(gda ? ['gradient', 'adam'] : ['adam']),
    );
    expect(gda || /gda is left out: /.test(preset.about)).toBe(true);
  });
  it('has a budget that its inner loops divide, so that every method uses all of it', () =>
    expect(preset.calls % 6).toBe(0));
  it('is measured as it says, with the best value beside it', async () => {
    const measurer = await measurerOf(preset);
    const { columns, headline, train } = measurer;
    expect(columns.map(({ name }) => name)).toContain(headline);
    const size = train.shape.reduce((a, b) => a * b, 1);
    const real = train.batch(preset.samples, { seed: 1, call: 0 });
    expect(real).toHaveLength(preset.samples * size);
    const values = measurer.measure(real);
    for (const { name, best = NaN, better } of columns) {
      const value = values[name] ?? NaN;
      // Real examples measure like the best: within 5 binomial standard errors for shares of 2,500, within a
      // factor of two for distances (between two samples of one law the squared distance spreads about as
      // much as it is large where the data are two-dimensional), within three standard deviations of its mean
      // for the KL, of which 2·samples·quality times the value follows χ² of modes − 1 degrees.
      if (name === 'highQuality')
        expect(Math.abs(value - best)).toBeLessThan(
          5 * 100 * Math.sqrt((0.98889 * 0.01111) / preset.samples),
        );
      else if (name === 'modes') expect(value).toBe(best);
      else if (name === 'reverseKl') {
        const modes = columns.find((column) => column.name === 'modes')?.best ?? NaN;
        const deviation = Math.sqrt(2 * (modes - 1)) / (2 * preset.samples * 0.98889);
        expect(Math.abs(value - best)).toBeLessThan(3 * deviation);
      } else {
        expect(better).toBe('lower');
        expect(value).toBeLessThan(2 * best);
      }
    }
  });
  it('runs: measures, samples, losses of both players, an end; the same twice', async () => {
    // progress and pictures are left out: how many there are depends on the clock
    const told = async (): Promise<TrialEvent[]> => {
      const events: TrialEvent[] = [];
      await runGanTrial(
        {
          kind: 'gan',
          preset: { ...preset, samples: 300, evaluations: 2, snapshots: 2 },
          method: preset.methods.at(-1) ?? '',
          seed: 1,
          calls: 12,
          engine: 'auto',
        },
        (event) => {
          if (event.kind !== 'progress' && event.kind !== 'picture') events.push(event);
        },
      );
      return events;
    };
    const events = await told();
    const kinds = events.map(({ kind }) => kind);
    expect(kinds[0]).toBe('begin');
    expect(kinds[kinds.length - 1]).toBe('end');
    const measured = events.flatMap((event) =>
      event.kind === 'points' && !('loss D' in event.values) ? [event] : [],
    );
    expect(measured).toHaveLength(2);
    expect(events.flatMap((event) => (event.kind === 'snapshot' ? [event.snapshot.calls] : []))).toEqual([
      6, 12,
    ]);
    for (const event of events)
      if (event.kind === 'points' && 'loss D' in event.values)
        for (const name of ['loss D', 'loss G', 'gradient norm D', 'gradient norm G'])
          expect(event.values[name] ?? -1).toBeGreaterThan(0);
    const timeless = (list: readonly TrialEvent[]): unknown =>
      list.map((event) => ({ ...event, seconds: 0 }));
    expect(timeless(await told())).toEqual(timeless(events));
  });
});

describe('the metrics of a preset', () => {
  const ring = presets.find(({ name }) => name === 'ring')!;
  const roll = presets.find(({ name }) => name === 'swiss-roll')!;
  const samples = 200;
  it('are any of @stillpoint/metrics, by spec: shares in per cent, each with its best beside it', async () => {
    const metrics = ['precision(k=5)', 'density', 'kernel-distance(block=50)', 'modes(sigmas=2)'];
    const preset = { ...ring, samples, metrics, headline: 'precision' };
    const { columns, headline, centres, within, settings, measure, train } = await measurerOf(preset);
    const real = train.batch(samples, { seed: 0, call: 0xf0000000 });
    const fake = train.batch(samples, { seed: 5, call: 0 });
    const sets = { real, fake };
    const { precision } = precisionRecall(sets, { dim: 2, k: 5 });
    expect(precision).toBeGreaterThan(0);
    expect(measure(fake)).toEqual({
      precision: 100 * precision,
      density: densityCoverage(sets, { dim: 2 }).density,
      kernelDistance: kernelDistance(sets, { dim: 2, block: 50 }).distance,
      modes: 8,
    });
    const other = train.batch(samples, { seed: 0, call: 0 });
    const best = 100 * precisionRecall({ real, fake: other }, { dim: 2, k: 5 }).precision;
    expect(
      columns.map(({ name, unit, better, best: most, bestLabel }) => [name, unit, better, most, bestLabel]),
    ).toEqual([
      ['precision', '%', 'higher', best, `real against real: ${best.toFixed(3)} %`],
      ['density', 'ratio', 'higher', 1, 'a perfect sampler: 1.00'],
      ['kernelDistance', 'MMD squared', 'lower', 0, 'a perfect sampler: 0.00'],
      ['modes', undefined, 'higher', 8, 'of 8'],
    ]);
    expect(headline).toBe('precision');
    expect([centres?.length, within]).toEqual([8, 2 * 0.01]);
    expect(settings['precision']).toMatch(
      /^precision\(k=5\): .*; 200 generated against 200 other real points/,
    );
  });
  it('need what the data set has, differ, and hold the headline', async () => {
    await expect(measurerOf({ ...roll, metrics: ['modes'], headline: 'modes' })).rejects.toThrow(
      'metric modes needs a known mixture; data set swiss-roll is none',
    );
    await expect(measurerOf({ ...roll, metrics: ['recal'], headline: 'recall' })).rejects.toThrow(
      'unknown metric "recal"; did you mean recall?',
    );
    for (const [metrics, headline] of [
      [['recall', 'recall(k=5)'], 'recall'],
      [['recall'], 'precision'],
      [[], 'recall'],
    ] as const)
      await expect(measurerOf({ ...roll, samples, metrics, headline })).rejects.toThrow(
        `with the headline ${headline}; expected different metrics, the headline among them`,
      );
  });
});
