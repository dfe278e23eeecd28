import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatSpec, parseSpec, type Data } from '@stillpoint/operators';
import { methodFrom, methods, specOf, transforms } from '@stillpoint/optimizers/registry';
import { readResults, type Column } from '@stillpoint/tracking';
import { folder } from '../../../testing/folder.js';
import {
  candidate,
  candidatesOf,
  chosenOf,
  inlineWorker,
  presets,
  searched,
  searchesOf,
  spaceOf,
  tuneOnGan,
  valueAt,
  type GanPreset,
  type Search,
  type TunedTrial,
} from '../src/index.js';
import { bare, radicalInverse, spacesOf } from '../src/tuning/spaces.js';

const ring: GanPreset = {
  ...presets.find(({ name }) => name === 'ring')!,
  model: 'mlp(latent=2, generator=[8], discriminator=[8])',
  batch: 8,
  samples: 64,
  tail: 1,
};
/** The ends of a search. */
const endsOf = (search: Search): readonly Data[] =>
  'among' in search ? search.among : [search.from, search.to];

describe('a search space', () => {
  it('names methods and options that exist, with values that they accept', () => {
    for (const name of Object.keys(searched)) expect(methods.map((row) => row.name)).toContain(name);
    const rows = [
      ...methods.map((row) => ({ row, kind: 'method' as const })),
      ...transforms.map((row) => ({ row, kind: 'transform' as const })),
    ];
    let options = 0;
    for (const { row, kind } of rows)
      for (const [option, search] of Object.entries(searchesOf(row.name, kind))) {
        const { [option]: known } = row.options;
        for (const value of endsOf(search))
          expect(known?.accepts(value), `${row.name} ${option} ${JSON.stringify(value)}`).toBe(true);
        options++;
      }
    expect(options).toBeGreaterThan(60);
  });
  it('holds the options that a spec leaves out, of each of its parts; default steps are its middle', () => {
    const named = (text: string): readonly string[] =>
      spaceOf(parseSpec(text)).map(({ at, option }) => [...at, option].join('.'));
    expect(named('lookahead(alternating-adam(beta1=0.5), steps=5)')).toEqual(['weight', '0.stepSize']);
    expect(named('adam')).toEqual(['stepSize', 'beta1']);
    expect(named('adam(stepSize=0.1, beta1=0)')).toEqual([]);
    // adam is a transform too, which has no step size
    expect(named('transform(gda(stepSize=0.1), adam)')).toEqual(['1.beta1']);
    const { from, to } = { from: 0, to: 0, ...searchesOf('adam')['stepSize'] };
    expect(Math.sqrt(from * to)).toBeCloseTo(0.001, 12);
  });
  it('takes ranges in place of the table’s, and adds an option that the table does not search', () => {
    const ranges = { stepSize: { from: 1, to: 2 }, beta2: { among: [0.9, 0.99] as const } };
    expect(spaceOf(parseSpec('adam(beta1=0)'), ranges).map(({ option, search }) => [option, search])).toEqual(
      [
        ['stepSize', ranges.stepSize],
        ['beta2', ranges.beta2],
      ],
    );
    expect(() => spacesOf(['gda'], ranges)).toThrow('beta2');
    expect(() => spacesOf(['adam(stepSize=1, beta1=0)'])).toThrow('leave stepSize or beta1 out of it');
    expect(() => spacesOf(['graal(stepSize=1)'])).toThrow('states everything that would be searched');
  });
  it('of a preset’s method is that of its structure', () => {
    const spec = parseSpec('lookahead(alternating-adam(stepSize=0.002, beta1=0.5, beta2=0.9), steps=200)');
    expect(formatSpec(bare(spec))).toBe('lookahead(alternating-adam(beta2=0.9))');
  });
});

describe('trial i', () => {
  const spec = parseSpec('extra-adam');
  const space = spaceOf(spec);
  it('is a pure function of space, seed and i', () => {
    const later = candidate(spec, space, 3, 17);
    candidate(spec, space, 4, 0);
    expect(candidate(spec, space, 3, 17)).toEqual(later);
    expect(candidate(spec, space, 4, 17)).not.toEqual(later);
    expect(candidate(spec, space, 3, 16)).not.toEqual(later);
  });
  it('is a point of Halton’s sequence', () => {
    expect([1, 2, 3, 4, 5].map((i) => radicalInverse(2, i))).toEqual([0.5, 0.25, 0.75, 0.125, 0.625]);
    expect([1, 2, 3, 4].map((i) => 9 * radicalInverse(3, i))).toEqual(
      [3, 6, 1, 4].map((x) => expect.closeTo(x, 12)),
    );
  });
  it('fills the space evenly: of 16 first trials, two in each eighth of the step sizes, and all values of β₁', () => {
    const made = Array.from({ length: 16 }, (_, i) => candidate(spec, space, 1, i).options);
    const eighths = made.map(({ stepSize }) => Math.floor(4 * (Math.log10(Number(stepSize)) + 4)));
    for (let e = 0; e < 8; e++) {
      const count = eighths.filter((at) => at === e).length;
      // shifted, 16 points of a base of 2 are still one in each 16th, but for one at either end
      expect(count).toBeGreaterThanOrEqual(1);
      expect(count).toBeLessThanOrEqual(3);
    }
    expect(new Set(made.map(({ beta1 }) => beta1))).toEqual(new Set([0, 0.5, 0.9]));
  });
  it('lies within its search, ends included', () => {
    expect(valueAt({ from: 0.001, to: 0.1 }, 0)).toBe(0.001);
    expect(valueAt({ from: 0.001, to: 0.1 }, 0.5)).toBe(0.01);
    expect(valueAt({ among: ['a', 'b', 'c'] }, 0.999_999)).toBe('c');
    for (const { trials } of candidatesOf(ring, { trials: 20 }))
      for (const trial of trials) expect(methodFrom(trial).name).toBe(parseSpec(trial).name);
  });
});

describe('the choice', () => {
  const trial = (method: string, quality: number | null, reached = 0): TunedTrial => ({
    method,
    statuses: ['budget'],
    reached,
    values: { quality },
  });
  const by = (better: Column['better']): { columns: Column[]; headline: string } => ({
    columns: [{ name: 'quality', label: 'quality', better, digits: 3 }],
    headline: 'quality',
  });
  it('is by the goal first, then by the headline, the first of equal ones', () => {
    const trials = [trial('a', null), trial('b', 3), trial('c', 5), trial('d', 5), trial('e', 1, 1)];
    expect(chosenOf(trials, by('higher'))).toBe('e');
    expect(chosenOf(trials.slice(0, 4), by('higher'))).toBe('c');
    expect(chosenOf(trials.slice(0, 4), by('lower'))).toBe('b');
    expect(chosenOf([trial('a', null), trial('b', null)], by('higher'))).toBeNull();
    expect(chosenOf([], by('higher'))).toBeNull();
  });
});

describe('tuning on a GAN', () => {
  const options = {
    methods: ['extra-adam(beta1=0.5)', 'gda'],
    trials: 3,
    calls: 60,
    processes: 1,
    worker: inlineWorker(),
  };
  it('runs each trial on seeds of its own, with the same budget, and chooses the best by hand', async () => {
    const { section, methods: tuned } = await tuneOnGan(ring, options);
    expect(tuned.map(({ method }) => method)).toEqual(['extra-adam(beta1=0.5)', 'gda']);
    expect(section.runs.map(({ seed, ledger: { gradients } }) => [seed, gradients])).toEqual(
      Array.from({ length: 6 }, () => [1001, [60, 60]]),
    );
    for (const { trials, chosen } of tuned) {
      const values = trials.map((one) => one.values['highQuality']!);
      expect(values.every((x) => typeof x === 'number')).toBe(true);
      expect(chosen).toBe(trials[values.indexOf(Math.max(...values))]!.method);
      // what is in the table is what the runs say
      for (const [i, { method }] of trials.entries())
        expect(
          section.runs.filter((run) => run.values['highQuality'] === values[i]).map((run) => run.method),
        ).toContain(fullOf(method));
    }
    const chosen = tuned.map((one) => one.chosen).join('; ');
    expect(section.verdict[0]).toBe(`Chosen by three trials each: ${chosen}.`);
    expect(section.settings['tuning']).toContain('3 trials of each method');
    const whole = { format: 1, title: '', command: '', interrupted: false, notBegun: [], environment: {} };
    const text = JSON.stringify({ ...whole, sections: [section] });
    expect(readResults(text).sections[0]!.claims).toEqual(section.claims);
  });
  it('counts a trial that overflows, and chooses nothing where all do', async () => {
    const ranges = { stepSize: { from: 1e30, to: 1e35 } };
    const { section, methods: tuned } = await tuneOnGan(ring, { ...options, methods: ['gda'], ranges });
    expect(section.runs.map(({ status }) => status)).toEqual(['non-finite', 'non-finite', 'non-finite']);
    expect(tuned.map(({ chosen }) => chosen)).toEqual([null]);
    expect(section.verdict[0]).toBe('Nothing was chosen for gda.');
  });
  it('goes on after a stop: the same trials, the same choice', async () => {
    const stop = new AbortController();
    const trials = join(folder(), 'trials');
    const stopped = await tuneOnGan(ring, {
      ...options,
      folder: trials,
      signal: stop.signal,
      onProgress(records) {
        if (records.filter(({ status }) => status === 'budget').length === 2) stop.abort();
      },
    });
    expect(stopped.methods.map(({ chosen }) => chosen)).toEqual([null, null]);
    const before = readdirSync(trials);
    const on = await tuneOnGan(ring, { ...options, folder: trials });
    const whole = await tuneOnGan(ring, options);
    const choices = ({ methods: all }: typeof on): unknown => all.map(({ chosen }) => chosen);
    expect(choices(on)).toEqual(choices(whole));
    expect(before.length).toBeLessThan(6);
    expect(readdirSync(trials)).toHaveLength(6);
  });
});

/** A spec with every default. */
const fullOf = (spec: string): string => formatSpec(specOf(methodFrom(spec)));
