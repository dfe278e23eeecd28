// Puts reproductions of papers into the docs: `node apps/docs/generate/papers.mjs <folder>`, a folder that
// `stillpoint reproduce --out <folder>` wrote. Each paper's claims go to apps/docs/papers/<paper>.json, its
// pictures to pages/public/papers/<paper>, with coordinates of two decimals. Figures that the folder lacks
// are left as they are. Not a part of the docs' build, since some figures take half an hour.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const place = (path) => fileURLToPath(new URL(path, import.meta.url));
const [from] = process.argv.slice(2);
if (from === undefined) throw new Error('expected the folder that stillpoint reproduce wrote');

/** A picture's file with coordinates of two decimals, which halves it. */
const rounded = (svg) =>
  svg.replace(/ (?:d|transform|c?[xy][12]?)="[^"]*"/g, (part) =>
    part.replace(/\d+\.\d{3,}/g, (x) => String(Number(Number(x).toFixed(2)))),
  );
/** Pictures of more bytes, of the samples of many runs, are in the report alone. */
const LARGEST = 500_000;
/** Whether a page shows a picture. Those of tuning and of the players' course are in the report alone. */
const isShown = (name) =>
  name.endsWith('.svg') && !name.startsWith('tuning') && !/-(gradients|losses|turning)\.svg$/.test(name);
/** A file's name of plain letters: a path in a URL. */
const named = (name) =>
  name
    .normalize('NFKD')
    .replace(/[^\w.-]+/g, '-')
    .replace(/-+/g, '-')
    .replace(/^-/, '');

for (const name of readdirSync(from)) {
  const file = join(from, name, 'claims.json');
  if (!existsSync(file)) continue;
  const made = JSON.parse(readFileSync(file, 'utf8'));
  if (made.quick) continue; // the docs show the whole
  const kept = place(`../papers/${made.paper}.json`);
  const before = existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')).figures : [];
  const figures = made.figures.map(({ sections, ...figure }) => {
    const to = place(`../pages/public/papers/${made.paper}/${figure.name}`);
    rmSync(to, { recursive: true, force: true });
    const folder = join(from, name, figure.name);
    const drawn = (existsSync(folder) ? readdirSync(folder) : []).filter(
      (one) => isShown(one) && statSync(join(folder, one)).size < LARGEST,
    );
    if (drawn.length > 0) mkdirSync(to, { recursive: true });
    const pictures = drawn.map((one) => {
      writeFileSync(join(to, named(one)), rounded(readFileSync(join(folder, one), 'utf8')));
      return named(one);
    });
    return { ...figure, pictures, titles: sections.map(({ title }) => title) };
  });
  // each figure keeps its place
  const names = new Set([...before, ...figures].map((one) => one.name));
  const all = [...names].map((name) => [...figures, ...before].find((one) => one.name === name));
  const { interrupted: _, incomplete: __, command: ___, quick: ____, ...frame } = made;
  writeFileSync(kept, `${JSON.stringify({ ...frame, figures: all }, null, 1)}\n`);
  process.stdout.write(`${made.paper}: ${figures.map((figure) => figure.name).join(', ')}\n`);
}
