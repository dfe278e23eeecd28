import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSpec } from '@stillpoint/operators';
import { readResults, type Results } from '@stillpoint/tracking';
import { readRanges } from '../src/tune-ranges.js';
import { folder, stillpoint } from './run.js';

const small = ['--model', 'mlp(generator=[16], discriminator=[16])', '--quiet'];
const resultsIn = (path: string): Results => readResults(readFileSync(join(path, 'results.json'), 'utf8'));

describe('tune', () => {
  const args = (out: string): string[] =>
    [
      ['tune', 'ring', '--methods', 'adam(beta1=0.5); gda', '--trials', '3', '--oracle-calls', '40'],
      ['--range', 'stepSize=1e-3..1e-2', ...small, '--out', out],
    ].flat();
  it('prints every trial, the choice and a command that runs; goes on where it was', () => {
    const cwd = folder();
    const { status, stdout } = stillpoint([...args('tuned'), '--json'], cwd);
    expect(status).toBe(0);
    const { methods, compare, budget } = JSON.parse(stdout);
    expect(budget).toEqual({ trials: 3, seeds: 1, firstSeed: 1001, calls: 40 });
    expect(methods.map(({ method }: { method: string }) => method)).toEqual(['adam(beta1=0.5)', 'gda']);
    for (const { trials, chosen } of methods) {
      expect(trials).toHaveLength(3);
      expect(trials.map(({ method }: { method: string }) => method)).toContain(chosen);
      for (const { method, statuses } of trials) {
        expect(statuses).toEqual(['budget']);
        const { stepSize } = parseSpec(method).options;
        expect(Number(stepSize)).toBeGreaterThanOrEqual(0.001);
        expect(Number(stepSize)).toBeLessThanOrEqual(0.01);
      }
    }
    const [section] = resultsIn(join(cwd, 'tuned')).sections;
    expect(new Set(section!.runs.map(({ seed }) => seed))).toEqual(new Set([1001]));
    expect(readdirSync(join(cwd, 'tuned', 'trials'))).toHaveLength(6);
    // what was chosen is what the command compares
    const words = /--methods '([^']*)'/.exec(compare)?.[1];
    expect(words).toBe(methods.map(({ chosen }: { chosen: string }) => chosen).join('; '));
    expect(compare).toContain("--model 'mlp(generator=[16], discriminator=[16])'");
    const again = stillpoint([...args('tuned'), '--continue', '--json'], cwd);
    expect(JSON.parse(again.stdout).methods).toEqual(methods);
    const text = stillpoint([...args('tuned'), '--continue'], cwd).stdout;
    for (const { trials } of methods) for (const { method } of trials) expect(text).toContain(method);
    expect(text).toContain('To compare them:');
  });
  it('fails where no trial has a value, and says so', () => {
    const { status, stdout } = stillpoint(
      [
        ['tune', 'ring', '--methods', 'gda', '--trials', '2', '--oracle-calls', '40', ...small],
        ['--range', 'stepSize=1e30..1e35', '--out', 'out'],
      ].flat(),
      folder(),
    );
    expect(status).toBe(1);
    expect(stdout).toContain('Nothing was chosen for gda.');
    expect(stdout).toContain('non-finite');
  });
  it.each([
    [['tune'], 'tune takes one preset'],
    [['tune', 'rign'], 'did you mean ring?'],
    [['tune', 'ring', '--methods', 'adam(stepSize=1, beta1=0)'], 'states everything that would be searched'],
    [['tune', 'ring', '--range', 'stepSiz=1..2'], 'unknown option with a range "stepSiz"'],
    [['tune', 'ring', '--range', 'stepSize=0..2'], '0 < from <= to'],
    [['tune', 'ring', '--range', 'stepSize'], 'expected an option with its least'],
    [['tune', 'ring', '--range', 'beta1=1,2', '--methods', 'adam'], 'beta1'],
    [['compare', 'spiral', '--tune', '3'], '--tune is for presets of GANs'],
    [['compare', 'ring', '--tune', '0'], 'expected a whole number >= 1'],
  ])('%j is refused with a reason', (given, reason) => {
    const cwd = folder();
    const { status, stderr } = stillpoint(given, cwd);
    expect([status, stderr]).toEqual([2, expect.stringContaining(reason)]);
    expect(existsSync(join(cwd, 'stillpoint-report'))).toBe(false);
  });
  it('methods of a file cannot be tuned', () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'mine.mjs'), 'export default ({ gda }) => gda({ stepSize: 0.1 });');
    const { status, stderr } = stillpoint(['compare', 'ring', '--methods', './mine.mjs', '--tune', '2'], cwd);
    expect([status, stderr]).toEqual([2, expect.stringContaining('mine.mjs cannot be tuned')]);
  });
});

it('compare --tune compares what its own trials chose, and says so', () => {
  const cwd = folder();
  const args = [
    ['compare', 'ring', '--methods', 'extra-adam', '--tune', '3', '--seeds', '2', ...small],
    ['--oracle-calls', '80', '--out', 'out'],
  ].flat();
  expect(stillpoint(args, cwd).status).toBe(0);
  const { sections, command, notBegun } = resultsIn(join(cwd, 'out'));
  expect(command).toContain('--tune 3');
  expect(notBegun).toEqual([]);
  const [compared, tuning] = sections;
  expect(tuning!.runs.map(({ seed, calls }) => [seed, calls])).toEqual(Array(3).fill([1001, 20]));
  expect(compared!.runs.map(({ seed, calls }) => [seed, calls])).toEqual([
    [1, 80],
    [2, 80],
  ]);
  const [claim] = tuning!.claims;
  if (claim?.claim !== 'tuned') throw new Error('no choice');
  const { stepSize, beta1 } = parseSpec(claim.methods[0]!.chosen!).options;
  for (const { method } of compared!.runs)
    expect(parseSpec(method).options).toMatchObject({ stepSize, beta1 });
  expect(compared!.settings['step sizes']).toBe(
    'tuned: the best of 3 trials of each method on seed 1001, each with 25 % of the budget (“Tuning on The 8-Gaussian ring”)',
  );
});

describe('ranges', () => {
  it('are two bounds, or values as specs write them', () => {
    expect(readRanges(['stepSize=1e-4..1e-2', 'beta1=0, 0.5', 'stepRule=a,"b c"'])).toEqual({
      stepSize: { from: 1e-4, to: 1e-2 },
      beta1: { among: [0, 0.5] },
      stepRule: { among: ['a', 'b c'] },
    });
  });
  it.each(['=1..2', 'x=', 'x=1..', 'x=2..1', 'x=1..2..3', 'x=a..b', 'x=,'])('%j is refused', (text) => {
    expect(() => readRanges([text])).toThrow('--range');
    expect(() => readRanges(['x=1..2', 'x=1..2'])).toThrow('gives x twice');
  });
});
