import { spawnSync } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { needs } from '../src/commands/doctor.js';
import { folder, stillpoint } from './run.js';

describe('doctor', () => {
  /** Bytes of a folder's files. */
  const bytes = (path: string): number =>
    readdirSync(path, { recursive: true, withFileTypes: true }).reduce(
      (sum, entry) => sum + (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 0),
      0,
    );
  it.each(['native', 'wasm'] as const)('states the size of what engine %s needs, to a tenth', (engine) => {
    const {
      packages: [name = ''],
      megabytes = NaN,
    } = needs[engine];
    const require = createRequire(import.meta.url);
    const root = require.resolve(name).replace(new RegExp(`(.*[/\\\\]${name})[/\\\\].*`), '$1');
    const size = bytes(root) / 2 ** 20;
    expect(Math.abs(megabytes - size)).toBeLessThan(0.1 * size);
  });
});

describe('help, lists and completion', () => {
  it('help has groups, and help <command> is the command’s --help', () => {
    expect(stillpoint(['help']).stdout).toMatch(
      /\nRun\n {2}stillpoint compare[\s\S]*\nLook up\n[\s\S]*\nThis machine\n/,
    );
    for (const name of ['compare', 'solve', 'list', 'help', 'doctor', 'completion'])
      expect(stillpoint(['help', name]).stdout).toBe(stillpoint([name, '--help']).stdout);
  });
  it('list shows one row by name, all in their groups', () => {
    const rapp = stillpoint(['list', 'methods', 'rapp']).stdout;
    expect(rapp).toMatch(/^rapp\n {4}relaxed/);
    expect(rapp).toContain('    assumptions: ');
    const polar = stillpoint(['list', 'games', 'polar']).stdout;
    expect(polar).toContain('    reference: Pethick');
    expect(polar).toContain('taken by: solve, compare, sweep, diagnose');
    expect(stillpoint(['list', 'polar']).stderr).toContain('stillpoint list games polar');
    expect(JSON.parse(stillpoint(['list', 'games', 'polar', '--json']).stdout)).toMatchObject({
      name: 'polar',
      options: [{ name: 'a' }],
    });
    expect(stillpoint(['list', 'methods']).stdout).toMatch(
      /^── baseline ──\nalternating-gda\n[\s\S]*\ngda\n[\s\S]*── weak Minty ──\n/,
    );
    expect(stillpoint(['list', 'methods', 'rapp', 'gda']).stderr).toContain(
      'list methods takes one name; found rapp gda',
    );
  });
  it.skipIf(process.platform === 'win32')('bash completes commands, flags, games and methods', () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'c.sh'), stillpoint(['completion', 'bash']).stdout);
    const complete = (...words: readonly string[]): readonly string[] => {
      const line = `source c.sh; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${
        words.length - 1
      }; _stillpoint; echo "\${COMPREPLY[@]}"`;
      return spawnSync('bash', ['-c', line], { cwd, encoding: 'utf8' }).stdout.trim().split(' ');
    };
    expect(complete('stillpoint', 'co')).toEqual(['compare', 'completion']);
    expect(complete('stillpoint', 'solve', 'bil')).toEqual(['bilinear']);
    expect(complete('stillpoint', 'solve', 'bilinear', '--method', 'ex')).toEqual([
      'extragradient',
      'extra-adam',
    ]);
    expect(complete('stillpoint', 'solve', 'bilinear', '--tr')).toEqual(['--trace']);
    expect(complete('stillpoint', 'diagnose', 'bilinear', '--probe', 'hess')).toEqual(['hessian-trace']);
    expect(complete('stillpoint', 'cite', 'hessian-t')).toEqual(['hessian-trace']);
    for (const command of ['solve', 'diagnose', 'compare'])
      expect(complete('stillpoint', command, 'xy-b'), command).toContain('xy-box');
    expect(complete('stillpoint', 'list', 'metr')).toEqual(['metrics']);
  });
  it('zsh and fish get scripts of their own', () => {
    expect(stillpoint(['completion', 'zsh']).stdout).toMatch(
      /^autoload -U \+X bashcompinit && bashcompinit\n_stillpoint\(\)/,
    );
    expect(stillpoint(['completion', 'fish']).stdout).toContain(
      "complete -c stillpoint -n '__fish_seen_subcommand_from solve' -l trace -r",
    );
  });
});
