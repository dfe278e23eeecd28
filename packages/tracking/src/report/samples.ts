import type { GanSection, Snapshot } from '../results.js';
import { escape, figure } from './html.js';

/** Points in the square |x|, |y| ≤ reach as one path of round dots: light, and in the page's own colour. */
function scatter(points: readonly (readonly [number, number])[], centres: readonly (readonly [number, number])[], within: number, reach: number): string {
  const at = (t: number): string => (50 + (48 * t) / reach).toFixed(1);
  const inside = points.filter(([x, y]) => Math.abs(x) <= reach && Math.abs(y) <= reach);
  const isGood = ([x, y]: readonly [number, number]): boolean => centres.length === 0 || centres.some(([cx, cy]) => Math.hypot(x - cx, y - cy) < within);
  const dots = (list: typeof inside, colour: string): string => `<path d="${list.map(([x, y]) => `M${at(x)} ${at(-y)}h0`).join('')}" stroke="${colour}" stroke-width="1.3" stroke-linecap="round" stroke-opacity=".6" fill="none"/>`;
  const rings = centres.map(([x, y]) => `<circle cx="${at(x)}" cy="${at(-y)}" r="4" fill="none" stroke="currentColor" stroke-opacity=".18" stroke-width=".5"/>`).join('');
  return `<svg viewBox="0 0 100 100" role="img" aria-label="${points.length} samples">${rings}${dots(inside.filter((p) => !isGood(p)), 'var(--bad)')}${dots(inside.filter(isGood), 'currentColor')}</svg>`;
}

function panel(snapshot: Snapshot | undefined, centres: readonly (readonly [number, number])[], within: number, reach: number): string {
  if (snapshot === undefined) return '<span class="soft">not reached</span>';
  if ('png' in snapshot) return `<img alt="generated examples after ${snapshot.calls} oracle calls" width="${snapshot.width}" height="${snapshot.height}" src="data:image/png;base64,${snapshot.png}">`;
  return scatter(snapshot.points, centres, within, reach);
}

/** Rows of runs, columns of times. */
export function samplePanels({ runs, centres = [], within = 0, seeds }: GanSection): string {
  const times = [...new Set(runs.flatMap(({ snapshots }) => snapshots.map(({ calls }) => calls)))].sort((a, b) => a - b);
  const shown = times.length > 5 ? [0, 1, 2, 3, 4].map((i) => times[Math.round((i * (times.length - 1)) / 4)] ?? 0) : times;
  if (shown.length === 0) return '';
  const reach = 1.6 * Math.max(1e-9, ...centres.map(([x, y]) => Math.hypot(x, y)));
  const head = `<span></span>${shown.map((calls) => `<b>${figure(calls, 6)} calls</b>`).join('')}`;
  const rows = runs.map(({ label, seed, snapshots }) => {
    const nearest = (time: number): Snapshot | undefined => snapshots.find(({ calls }) => calls === time);
    return `<span>${escape(label)}${seeds > 1 ? `<br><span class="soft">seed ${seed}</span>` : ''}</span>${shown.map((time) => panel(nearest(time), centres, within, reach)).join('')}`;
  });
  return `<div class="scroll"><div class="panels" style="grid-template-columns:9.5rem repeat(${shown.length},minmax(0,1fr))">${head}${rows.join('\n')}</div></div>`;
}
