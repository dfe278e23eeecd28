import { seedsIn } from '../../results/judge.js';
import type { Snapshot } from '../../results/run.js';
import type { SamplesPlot, Section } from '../../results/section.js';
import { escape, figure } from '../html.js';
import { wrapped } from '../standalone.js';

/** Points in the square |x|, |y| ≤ reach as round dots, one path for each kind, in the page's own colour. */
function scatter(
  points: readonly (readonly [number, number])[],
  centres: readonly (readonly [number, number])[],
  within: number,
  reach: number,
): string {
  const at = (t: number): string => (50 + (48 * t) / reach).toFixed(1);
  const inside = points.filter(([x, y]) => Math.abs(x) <= reach && Math.abs(y) <= reach);
  const isGood = ([x, y]: readonly [number, number]): boolean =>
    centres.length === 0 || centres.some(([cx, cy]) => Math.hypot(x - cx, y - cy) < within);
  const dots = (list: typeof inside, colour: string): string =>
    `<path d="${list.map(([x, y]) => `M${at(x)} ${at(-y)}h0`).join('')}" stroke="${colour}" stroke-width="1.3" stroke-linecap="round" stroke-opacity=".6" fill="none"/>`;
  const rings = centres
    .map(
      ([x, y]) =>
        `<circle cx="${at(x)}" cy="${at(-y)}" r="4" fill="none" stroke="currentColor" stroke-opacity=".18" stroke-width=".5"/>`,
    )
    .join('');
  return `<svg viewBox="0 0 100 100" role="img" aria-label="${points.length} samples">${rings}${dots(
    inside.filter((p) => !isGood(p)),
    'var(--bad)',
  )}${dots(inside.filter(isGood), 'currentColor')}</svg>`;
}

function panel(
  snapshot: Snapshot | undefined,
  centres: readonly (readonly [number, number])[],
  within: number,
  reach: number,
): string {
  if (snapshot === undefined) return '<span class="soft">not reached</span>';
  if ('png' in snapshot)
    return `<img alt="generated examples after ${snapshot.calls} oracle calls" width="${snapshot.width}" height="${snapshot.height}" src="data:image/png;base64,${snapshot.png}">`;
  return scatter(snapshot.points, centres, within, reach);
}

/** The calls after which samples are shown: at most five, the first and the last among them. */
function timesOf({ runs }: Section): number[] {
  const times = [...new Set(runs.flatMap(({ pictures }) => pictures.map(({ calls }) => calls)))].sort(
    (a, b) => a - b,
  );
  return times.length > 5
    ? [0, 1, 2, 3, 4].map((i) => times[Math.round((i * (times.length - 1)) / 4)]!)
    : times;
}

/** Half the width of the pictures. */
function reachOf({ runs }: Section, { centres = [], reach }: SamplesPlot): number {
  if (reach !== undefined) return reach;
  const farthest = (points: readonly (readonly [number, number])[]): number =>
    points.reduce((far, [x, y]) => Math.max(far, Math.hypot(x, y)), 0);
  if (centres.length > 0) return 1.6 * farthest(centres);
  const shown = runs.flatMap(({ pictures }) => pictures);
  return Math.max(1e-9, ...shown.map((snapshot) => ('points' in snapshot ? farthest(snapshot.points) : 0)));
}

/** The samples as HTML: a row for each run, a column for each time. On a phone the last time comes first. */
export function samplePanels(section: Section, plot: SamplesPlot): string {
  const { centres = [], within = 0 } = plot;
  const { runs } = section;
  const seeds = seedsIn(section).length;
  const shown = timesOf(section);
  if (shown.length === 0) return '';
  const reach = reachOf(section, plot);
  const at = (row: number, time: number): string => `style="--row:${row};--time:${time}"`;
  const head = shown.map((calls, i) => `<b ${at(1, i + 1)}>${figure(calls, 6)} calls</b>`).join('');
  const rows = runs.map(({ label, seed, pictures }, j) =>
    [
      `<span class="name" ${at(j + 2, 0)}>${escape(label)}${seeds > 1 ? `<br><span class="soft">seed ${seed}</span>` : ''}</span>`,
      ...shown.map(
        (time, i) =>
          `<div ${at(j + 2, i + 1)}>${panel(
            pictures.find(({ calls }) => calls === time),
            centres,
            within,
            reach,
          )}</div>`,
      ),
    ].join(''),
  );
  return `<div class="scroll"><div class="panels" style="--times:${shown.length}">${head}${rows.join('\n')}</div></div>`;
}

const CELL = 120;
const GAP = 8;
const NAME = 190;

/** The samples as one SVG, with the same rows and columns. */
export function samplePlot(section: Section, plot: SamplesPlot): string {
  const { centres = [], within = 0 } = plot;
  const { runs } = section;
  const seeds = seedsIn(section).length;
  const shown = timesOf(section);
  if (shown.length === 0) return '';
  const reach = reachOf(section, plot);
  const [width, height] = [NAME + shown.length * (CELL + GAP), 20 + runs.length * (CELL + GAP)];
  const heads = shown.map(
    (calls, i) =>
      `<text x="${NAME + i * (CELL + GAP) + CELL / 2}" y="12" text-anchor="middle">${figure(calls, 6)} calls</text>`,
  );
  const rows = runs.map(({ label, seed, pictures }, j) => {
    const top = 20 + j * (CELL + GAP);
    const words = [...wrapped(label, 26), ...(seeds > 1 ? [`seed ${seed}`] : [])];
    return [
      ...words.map(
        (line, k) =>
          `<text x="0" y="${top + CELL / 2 + 15 * (k - (words.length - 1) / 2)}">${escape(line)}</text>`,
      ),
      ...shown.map((time, i) =>
        cell(
          pictures.find(({ calls }) => calls === time),
          centres,
          within,
          reach,
          NAME + i * (CELL + GAP),
          top,
        ),
      ),
    ].join('');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" fill="currentColor" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="What each run generates">${heads.join('')}${rows.join('')}</svg>`;
}

function cell(
  snapshot: Snapshot | undefined,
  centres: readonly (readonly [number, number])[],
  within: number,
  reach: number,
  x: number,
  y: number,
): string {
  if (snapshot === undefined)
    return `<text x="${x + CELL / 2}" y="${y + CELL / 2}" text-anchor="middle" fill-opacity=".6">not reached</text>`;
  const frame = `<rect x="${x}" y="${y}" width="${CELL}" height="${CELL}" fill="none" stroke="currentColor" stroke-opacity=".3"/>`;
  if ('png' in snapshot)
    return `<image x="${x}" y="${y}" width="${CELL}" height="${CELL}" style="image-rendering:pixelated" href="data:image/png;base64,${snapshot.png}"/>${frame}`;
  return (
    scatter(snapshot.points, centres, within, reach).replace(
      '<svg ',
      `<svg x="${x}" y="${y}" width="${CELL}" height="${CELL}" `,
    ) + frame
  );
}
