import { describe, expect, it } from 'vitest';
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
      // much as it is large where the data are two-dimensional).
      if (name === 'highQuality')
        expect(Math.abs(value - best)).toBeLessThan(
          5 * 100 * Math.sqrt((0.98889 * 0.01111) / preset.samples),
        );
      else if (name === 'modes') expect(value).toBe(best);
      else if (better === 'lower' && Number.isFinite(best)) expect(value).toBeLessThan(2 * best);
      else expect(value).toBeLessThan(0.01);
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
