import { colour } from './colours.js';
import { dashOf, signOf } from './draw.js';

/** Text made safe inside HTML elements and quoted attributes. */
export function escape(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

export function chip(index: number): string {
  return `<span class="chip" style="background:${colour(index)}"></span>`;
}

const style = `
:root{color-scheme:light dark;--paper:#fdfdfb;--ink:#1c2126;--soft:#5c6670;--line:#d9dcd6;--card:#f3f4ef;--good:#0b7a4b;--bad:#a63d1d;--plot-background:transparent}
@media(prefers-color-scheme:dark){:root{--paper:#15181b;--ink:#e6e8e6;--soft:#9aa4ad;--line:#31373c;--card:#1d2226;--good:#54c995;--bad:#f08a63}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1160px;margin:0 auto;padding:1.5rem 1rem 4rem}h1{font-size:1.7rem;margin:.2em 0}h2{font-size:1.35rem;margin:2.6rem 0 .2rem;border-top:1px solid var(--line);padding-top:1.6rem}h3{font-size:1rem;margin:1.8rem 0 .4rem}h4{font-size:.9rem;font-weight:500;margin:.9rem 0 .2rem}
p{margin:.4rem 0;max-width:75ch}.soft{color:var(--soft)}.verdict{background:var(--card);border-left:4px solid #0a7fc2;padding:.8rem 1rem;border-radius:4px;margin:1rem 0}.verdict p:first-child{font-size:1.1rem;font-weight:600}
.warning{border-left-color:var(--bad)}.scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:.35rem .55rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap;vertical-align:top}thead th{white-space:normal}td:last-child{white-space:normal}th:first-child,td:first-child,.told :is(th,td):last-child{text-align:left}.told td:last-child{min-width:16rem}thead th{color:var(--soft);font-weight:500}
.chip{display:inline-block;width:.75em;height:.75em;border-radius:50%;margin-right:.45em}.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;font-size:.9rem;margin:.4rem 0}
.yes{color:var(--good);font-weight:600}.no{color:var(--bad)}svg{max-width:100%;height:auto;color:var(--ink)}figure{margin:0}
.panels{display:grid;grid-template-columns:var(--name) repeat(var(--times),minmax(0,1fr));--name:9.5rem;gap:.5rem;align-items:center;font-size:.8rem;min-width:640px}.panels>.name{overflow-wrap:anywhere}.panels>*{grid-row:var(--row);grid-column:calc(var(--time) + 1)}.panels svg,.panels img{width:100%;height:auto;display:block;border:1px solid var(--line);border-radius:3px;background:var(--card)}.panels img{image-rendering:pixelated}
code{font:.85em/1.5 ui-monospace,SFMono-Regular,Consolas,monospace;background:var(--card);padding:.1em .3em;border-radius:3px;overflow-wrap:anywhere}pre{background:var(--card);padding:.8rem 1rem;border-radius:4px;overflow-x:auto;margin:.5rem 0}pre code{padding:0;overflow-wrap:normal}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;font-size:.9rem;margin:.5rem 0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere;min-width:0}footer{margin-top:3rem;color:var(--soft);font-size:.85rem}
@media(max-width:600px){dl{grid-template-columns:1fr}dd{margin-bottom:.4rem}.panels{--name:6.5rem;min-width:calc(var(--name) + var(--times)*8.5rem)}.panels>*{grid-column:calc(var(--times) + 2 - var(--time))}.panels>.name{grid-column:1}}
@media print{:root{--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--card:#f3f4ef;--good:#0b7a4b;--bad:#a63d1d}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}body{font-size:11pt}main{max-width:none;padding:0}.scroll{overflow:visible}table{font-size:7.5pt}th,td{padding:.2rem .35rem;white-space:normal}.panels{min-width:0;--name:6.5rem}figure,tr,.verdict,.legend{break-inside:avoid}h2,h3,h3+p{break-after:avoid}pre{white-space:pre-wrap;overflow-wrap:anywhere}}
`;

/** A whole page that makes no request; its Content-Security-Policy makes browsers enforce this. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escape(title)}</title><link rel="icon" href="data:,"><style>${style}</style></head>
<body><main>
${body}
</main></body></html>
`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]): string =>
    `<tr>${row.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return `<div class="scroll"><table><thead>${cells('th', head)}</thead><tbody>${rows.map((row) => cells('td', row)).join('\n')}</tbody></table></div>`;
}

export function definitions(entries: { readonly [name: string]: string }): string {
  return `<dl>${Object.entries(entries)
    .map(([name, value]) => `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`)
    .join('')}</dl>`;
}

export function verdictBox(sentences: readonly string[]): string {
  return `<div class="verdict">${sentences.map((sentence) => `<p>${escape(sentence)}</p>`).join('')}</div>`;
}

export function legend(labels: readonly string[]): string {
  return `<div class="legend">${labels.map((label, i) => `<span>${chip(i)}${escape(label)}</span>`).join('')}</div>`;
}

/** The legend of seeds: dashes of lines, marks of points. */
export function seedLegend(seeds: readonly number[]): string {
  const line = (i: number): string =>
    `<svg width="34" height="10" aria-hidden="true"><line x1="0" x2="34" y1="5" y2="5" stroke="currentColor" stroke-width="2" stroke-dasharray="${dashOf(i)}"/></svg>`;
  return `<div class="legend soft">${seeds.map((seed, i) => `<span>${line(i)} ${signOf(i)} seed ${seed}</span>`).join('')}</div>`;
}

/** A number as text, with `digits` significant digits and thousands separated; – if it is missing. */
export function figure(x: number | null | undefined, digits = 3): string {
  if (x === null || x === undefined || !Number.isFinite(x)) return '–';
  const rounded = Number(x.toPrecision(digits));
  return Math.abs(rounded) >= 1e6 || (rounded !== 0 && Math.abs(rounded) < 1e-3)
    ? rounded.toExponential(digits - 1)
    : Math.abs(x) >= 1000
      ? Math.round(x).toLocaleString('en')
      : String(rounded);
}
