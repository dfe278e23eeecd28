// How long `stillpoint solve` takes from the shell, against node alone: processes in turn, so that a busy
// moment hits all.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { median } from './median.mjs';

export const about = '`stillpoint solve` of a 2-D game from the shell, against a bare `node -e 0`';

const ROUNDS = 30;
const WARM = 3;

export function run() {
  const bin = join(
    dirname(createRequire(import.meta.url).resolve('stillpoint/package.json')),
    'bin',
    'stillpoint.mjs',
  );
  const cases = [
    { name: 'node -e 0', args: ['-e', '0'] },
    { name: 'node, one empty module', args: ['--input-type=module', '-e', ''] },
    { name: 'stillpoint --version', args: [bin, '--version'] },
    {
      name: 'stillpoint solve bilinear, extragradient',
      args: [bin, 'solve', 'bilinear', '--method', 'extragradient(stepSize=0.5)', '--json'],
    },
  ];
  const times = cases.map(() => []);
  for (let round = 0; round < WARM + ROUNDS; round++)
    for (const [i, { name, args }] of cases.entries()) {
      const begun = performance.now();
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      if (status !== 0) throw new Error(`${name} ended with status ${status}: ${stderr}`);
      if (round >= WARM) times[i].push(performance.now() - begun);
    }
  const [bare] = times;
  return cases.map(({ name }, i) => ({
    case: name,
    figure: `${median(times[i]).toFixed(1)} ms`,
    ...(i === 0 ? {} : { ratio: median(times[i]) / median(bare), versus: 'node -e 0' }),
    ...(i === cases.length - 1 ? { bar: { atMost: 2 } } : {}),
  }));
}
