import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeCheckpoint } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import { folder, stillpoint } from './run.js';

const json = (...args: string[]): Record<string, unknown> => {
  const { status, stdout, stderr } = stillpoint(['solve', ...args, '--json']);
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
};

describe('solve --seed', () => {
  it('is of the method’s random numbers: the same gives the same run, another one another', () => {
    const run = (...args: string[]): unknown =>
      json('double-well', '--method', 'langevin(stepSize=0.1)', '--steps', '20', ...args)['z'];
    expect(run('--seed', '0')).toEqual(run());
    expect(run('--seed', '1')).not.toEqual(run());
  });
});

describe('solve --save and --from', () => {
  const run = (cwd: string, ...args: string[]) => stillpoint(['solve', ...args, '--quiet', '--json'], cwd);
  const parsed = (cwd: string, ...args: string[]): Record<string, unknown> =>
    JSON.parse(run(cwd, ...args).stdout);
  const method = ['--method', 'lookahead(extragradient(stepSize=0.3), steps=4)'];
  it('goes on bit for bit', () => {
    const cwd = folder();
    const whole = parsed(cwd, 'forsaken', ...method, '--steps', '30');
    parsed(cwd, 'forsaken', ...method, '--steps', '13', '--save', 'a.safetensors');
    const on = parsed(cwd, 'forsaken', ...method, '--steps', '30', '--from', 'a.safetensors');
    for (const part of ['z', 'residual', 'ledger', 'steps']) expect(on[part]).toEqual(whole[part]);
    expect(on['certificates']).toMatchObject({ theorem: { reason: expect.stringContaining('the start') } });
  });
  it('refuses another game, method, edited file and what is no checkpoint; --accept-identity records it', () => {
    const cwd = folder();
    const text = (a: number): string =>
      `const a = ${a};\nexport default { players: { x: 1, y: 1 }, start: [1, 1], operator(z, out) { out[0] = a * z[1]; out[1] = -z[0]; } };`;
    writeFileSync(join(cwd, 'mine.mjs'), text(1));
    const mine = ['mine.mjs', '--method', 'gda(stepSize=0.1)'];
    run(cwd, ...mine, '--steps', '3', '--save', 'mine.st');
    const on = ['--steps', '5', '--from', 'mine.st'];
    expect(run(cwd, ...mine, ...on).stderr).toBe('');
    writeFileSync(join(cwd, 'mine.mjs'), text(2));
    for (const [args, words] of [
      [[...mine, ...on], 'another mine.mjs: its identity differs in files.itself: '],
      [['bilinear', '--method', 'gda(stepSize=0.1)', ...on], 'of game mine.mjs; expected bilinear'],
      [
        ['mine.mjs', '--method', 'extragradient(stepSize=0.1)', ...on, '--start', '1,1'],
        '--start is for a new',
      ],
      [[...mine, '--from', 'none.st'], 'there is no such file'],
      [[...mine, '--from', 'mine.mjs'], 'mine.mjs: '],
      [[...mine, '--accept-identity'], '--accept-identity is for --from'],
    ] as const) {
      const { status, stderr } = run(cwd, ...args);
      expect([status, stderr]).toEqual([2, expect.stringContaining(words)]);
    }
    const { warnings } = parsed(cwd, ...mine, ...on, '--accept-identity', '--save', 'on.st');
    expect(warnings).toEqual([
      expect.stringMatching(/^the checkpoint differs in files\.itself: .*, which was accepted$/),
    ]);
    expect(decodeCheckpoint(readFileSync(join(cwd, 'on.st'))).acceptedIdentity).toEqual([
      expect.stringMatching(/^files\.itself: /),
    ]);
  });
});
