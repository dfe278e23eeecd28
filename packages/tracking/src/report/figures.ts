import { labelsIn, seedsIn } from '../results/judge.js';
import type { Results } from '../results/section.js';
import { renumbered } from './draw.js';
import { drawPlot } from './plots.js';
import { standalone } from './standalone.js';

/** A picture of a report as a file: `the-8-gaussian-ring-losses` and its SVG. */
export interface Figure {
  readonly name: string;
  readonly svg: string;
}

/** A title as a file's name: letters and digits, with a hyphen for anything between them. */
const slug = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'section';

/**
 * Every picture of the report as an SVG of its own: with its title and legend, on white, without references
 * to other files. A pure function.
 */
export function figures({ sections }: Results): Figure[] {
  const slugs = sections.map(({ title }) => slug(title));
  return sections.flatMap((section, i) => {
    const first = slugs[i]!;
    const name = slugs.indexOf(first) === i ? first : `${first}-${i + 1}`;
    const seeds = seedsIn(section);
    return section.plots.flatMap((plot) => {
      const svg = drawPlot(section, plot);
      if (svg === '') return [];
      const named = plot.draw === 'samples'; // each row says whose it is
      const key = {
        labels: named ? [] : labelsIn(section),
        ...(seeds.length > 1 && !named ? { seeds } : {}),
        ...(plot.note === undefined ? {} : { note: plot.note }),
      };
      const title = `${section.title}: ${plot.title}`;
      return [{ name: `${name}-${plot.name}`, svg: renumbered(standalone(svg, title, key)) }];
    });
  });
}
