// Makes the figures of the guide page “What curves to expect” again: `node apps/docs/generate/curves.mjs`,
// about a minute. Runs each command of the page whose fence says `draws=losses,samples`, and writes these
// figures of its report to pages/public/curves. Not a part of the docs' build, since the runs are of one
// machine and the page quotes their numbers. `node apps/docs/generate/curves.mjs <folder>` keeps the runs.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const place = (path) => fileURLToPath(new URL(path, import.meta.url));
const cli = place('../../cli/bin/stillpoint.mjs');
const page = readFileSync(place('../pages/guide/what-curves.md'), 'utf8');
const to = place('../pages/public/curves');
const [kept] = process.argv.slice(2);
const cwd = kept ?? mkdtempSync(join(tmpdir(), 'stillpoint-curves-'));
const stillpoint = (...args) => execFileSync(process.execPath, [cli, ...args], { cwd, encoding: 'utf8' });

mkdirSync(cwd, { recursive: true });
mkdirSync(to, { recursive: true });
try {
  for (const [, language, info, text] of page.matchAll(/^```(\w+)([^\n]*)\n(.*?)^```$/gms)) {
    const file = / file=(\S+)/.exec(info)?.[1];
    if (file !== undefined) writeFileSync(join(cwd, file), text);
    const draws = / draws=(\S+)/.exec(info)?.[1];
    if (language !== 'sh' || draws === undefined) continue;
    const line = text.trim();
    const out = /--out (\S+)/.exec(line)[1];
    // the page's commands have no quotes but those around whole words
    const args = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word).slice(2);
    process.stdout.write(`${line}\n${stillpoint(...args, '--quiet')}`);
    stillpoint('report', out, '--figures', 'svg', '--out', `${out}-report`);
    for (const name of draws.split(','))
      copyFileSync(
        join(cwd, `${out}-report`, 'figures', `${out}-${name}.svg`),
        join(to, `${out}-${name}.svg`),
      );
  }
} finally {
  if (kept === undefined) rmSync(cwd, { recursive: true });
}
