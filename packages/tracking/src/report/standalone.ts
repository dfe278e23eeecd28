import { colour } from './colours.js';
import { dashOf, signOf } from './draw.js';
import { escape } from './html.js';

/** What a picture's marks mean: labels by colour, seeds by dashes and marks; a sentence below them. */
export interface Key {
  readonly labels: readonly string[];
  /** Absent if the picture does not distinguish seeds. */
  readonly seeds?: readonly number[];
  readonly note?: string;
}

/** Text in lines of at most `most` characters, broken at spaces. */
export function wrapped(text: string, most: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1] ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= most) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Pixels: an average character of a 12 px sans serif font is narrower than this. */
const CHARACTER = 6.6;
const MARGIN = 16;
const LINE = 20;

/** Values of the page's style sheet, which a picture on its own lacks. */
const page = [
  ['var(--plot-background)', '#ffffff'],
  ['var(--bad)', '#a63d1d'],
] as const;

/**
 * A picture as a file of its own: on white, with its title and legend above it. `svg` has a width and a
 * height. It has no references to other files.
 */
export function standalone(svg: string, title: string, { labels, seeds = [], note = '' }: Key): string {
  const [width, height] = (['width', 'height'] as const).map((side) =>
    Number(new RegExp(`^<svg [^>]*?\\b${side}="([\\d.]+)"`).exec(svg)?.[1]),
  );
  if (!(width !== undefined && height !== undefined && width > 0 && height > 0))
    throw new Error('a picture without width and height');
  const characters = Math.floor(width / CHARACTER);
  const titles = wrapped(title, Math.floor(width / (CHARACTER * 1.35)));
  const notes = note === '' ? [] : wrapped(note, characters);
  let y = MARGIN + 14;
  const parts = titles.map(
    (line, i) => `<text x="0" y="${y + i * LINE}" font-size="16" font-weight="600">${escape(line)}</text>`,
  );
  y += titles.length * LINE;
  for (const entries of [
    labels.map((label, i) => ({
      words: label,
      mark: 14,
      drawn: `<circle cx="5" cy="-4" r="5" fill="${colour(i)}"/>`,
    })),
    seeds.map((seed, i) => ({
      words: `${signOf(i)} seed ${seed}`,
      mark: 42,
      drawn: `<path d="M0 -4H36" stroke="currentColor" stroke-width="2" stroke-dasharray="${dashOf(i)}"/>`,
    })),
  ]) {
    let x = 0;
    for (const { words, mark, drawn } of entries) {
      const long = mark + CHARACTER * words.length + 18;
      if (x > 0 && x + long > width) [x, y] = [0, y + LINE];
      parts.push(
        `<g transform="translate(${x.toFixed(0)},${y})">${drawn}<text x="${mark}">${escape(words)}</text></g>`,
      );
      x += long;
    }
    if (entries.length > 0) y += LINE;
  }
  parts.push(
    ...notes.map((line, i) => `<text x="0" y="${y + i * 16}" fill-opacity=".75">${escape(line)}</text>`),
  );
  y += notes.length * 16 - 4;
  const [whole, high] = [width + 2 * MARGIN, y + height + MARGIN];
  const inner = page
    .reduce((text, [name, value]) => text.replaceAll(name, value), svg)
    .replace('<svg ', `<svg x="0" y="${y}" `);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${whole} ${high}" width="${whole}" height="${high}" color="#1c2126" fill="currentColor" font-family="system-ui, sans-serif" font-size="12" role="img">
<title>${escape(title)}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
<g transform="translate(${MARGIN},0)">
${parts.join('\n')}
${inner}
</g>
</svg>
`;
}
