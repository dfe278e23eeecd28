import { describe, expect, it } from 'vitest';
import { emptyLedger } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { FORMAT, readResults, report, type Results } from '@stillpoint/tracking';
import { compareOnGame } from '../src/index.js';
import { readFromTrial } from '../src/trial/messages.js';

describe('what a method counts', () => {
  it('is kept with its run, in results and in the report', async () => {
    const section = await compareOnGame(gameFrom('bilinear'), {
      title: 'clipped',
      methods: ['gda(stepSize=0.1)', 'transform(gda(stepSize=0.1), clip-by-global-norm(threshold=1e-3))'],
      steps: 7,
    });
    const [plain, clipped] = section.runs;
    expect(plain).not.toHaveProperty('figures');
    expect(clipped?.figures).toEqual({
      'clip-by-global-norm: engaged': 7,
      'clip-by-global-norm: norms seen': 7,
      'clip-by-global-norm: norm before': expect.any(Number),
      'clip-by-global-norm: largest norm before': expect.any(Number),
    });
    const whole: Results = {
      format: FORMAT,
      title: 'clipped',
      command: '',
      interrupted: false,
      notBegun: [],
      sections: [section],
      environment: {},
    };
    expect(readResults(JSON.stringify(whole)).sections[0]?.runs[1]?.figures).toEqual(clipped?.figures);
    expect(report(whole)).toContain('clip-by-global-norm: norms seen');
  });
  it('comes from a process of its own, and nothing but numbers does', () => {
    const made = { ledger: emptyLedger(1), calls: 3, seconds: 1 };
    const end = { kind: 'end', status: 'budget', message: '', ...made } as const;
    const sent = (figures: unknown): unknown => readFromTrial({ kind: 'event', event: { ...end, figures } });
    expect(sent({ engaged: 2, norm: null })).toEqual({
      kind: 'event',
      event: { ...end, figures: { engaged: 2, norm: null } },
    });
    expect(() => sent({ engaged: 'often' })).toThrow('engaged');
  });
});
