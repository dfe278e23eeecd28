// Makes the figures of the guide page “Does clipping help me?” again: `node apps/docs/generate/clipping.mjs`,
// about four minutes. Reproduces clipping/language-model and writes its figures to pages/public/clipping. Not
// a part of the docs' build, since the runs are of one machine and the page quotes their numbers.
// `node apps/docs/generate/clipping.mjs <folder>` keeps the reproduction, or takes one that is there.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const place = (path) => fileURLToPath(new URL(path, import.meta.url));
const to = place('../pages/public/clipping');
const [kept] = process.argv.slice(2);
const out = kept ?? mkdtempSync(join(tmpdir(), 'stillpoint-clipping-'));
try {
  const cli = place('../../cli/bin/stillpoint.mjs');
  const args = [cli, 'reproduce', 'clipping/language-model', '--out', out];
  execFileSync(process.execPath, args, { stdio: 'inherit' });
  mkdirSync(to, { recursive: true });
  for (const name of ['smoothness', 'training-loss'])
    copyFileSync(
      join(out, 'clipping', 'language-model', `a-character-lstm-on-genesis-and-exodus-${name}.svg`),
      join(to, `${name}.svg`),
    );
} finally {
  if (kept === undefined) rmSync(out, { recursive: true });
}
