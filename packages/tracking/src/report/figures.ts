import type { GameSection, GanSection, Results } from '../results.js';
import { renumbered } from './draw.js';
import { fieldPlot, residualPlot, theoryPlot } from './game-plots.js';
import { dotPlot, metricPlot, playerPlot, seedsOf } from './gan-plots.js';
import { samplePlot } from './samples.js';
import { standalone, type Key } from './standalone.js';

/** A picture of a report as a file: `the-8-gaussian-ring-losses` and its SVG. */
export interface Figure {
  readonly name: string;
  readonly svg: string;
}

interface Drawn {
  readonly what: string;
  readonly title: string;
  readonly svg: string;
  readonly key: Key;
}

function ofGame(section: GameSection): Drawn[] {
  const labels = section.runs.map(({ label }) => label);
  return [
    {
      what: 'paths',
      title: 'where they went',
      svg: fieldPlot(section),
      key: { labels, note: 'Arrows: −F. ○ start, ★ solution, ● where each method recommends to stop.' },
    },
    { what: 'residual', title: 'residual against oracle calls', svg: residualPlot(section), key: { labels } },
    {
      what: 'theory',
      title: 'what theory promises',
      svg: theoryPlot(section),
      key: {
        labels,
        note: 'Dashed: the theorem’s bound with this game’s constants and start. Solid: what was measured.',
      },
    },
  ];
}

function ofGan(section: GanSection): Drawn[] {
  const labels = [...new Set(section.runs.map(({ label }) => label))];
  const seeds = section.seeds > 1 ? { seeds: seedsOf(section) } : {};
  const samples = section.within
    ? {
        note: 'Dark dots are of high quality, red ones are not. The faint rings only mark where the modes are.',
      }
    : {};
  const headline = section.metrics.find(({ name }) => name === section.headline)?.label ?? section.headline;
  return [
    {
      what: 'samples',
      title: 'what they generate',
      svg: samplePlot(section),
      key: { labels: [], ...samples },
    },
    {
      what: 'metric',
      title: `${headline} against oracle calls`,
      svg: metricPlot(section, labels),
      key: { labels, ...seeds },
    },
    {
      what: 'results',
      title: `${headline} at the end of each run`,
      svg: section.seeds > 1 ? dotPlot(section, labels) : '',
      key: { labels, ...seeds },
    },
    {
      what: 'losses',
      title: 'each player’s loss',
      svg: playerPlot(section, labels, 'losses'),
      key: { labels, ...seeds },
    },
    {
      what: 'gradients',
      title: 'each player’s gradient',
      svg: playerPlot(section, labels, 'gradientNorms'),
      key: { labels, ...seeds },
    },
    {
      what: 'turning',
      title: 'how each player turns',
      svg: playerPlot(section, labels, 'rotations'),
      key: { labels, ...seeds },
    },
  ];
}

/** A title as a file's name: letters and digits, the rest one hyphen. */
const slug = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'section';

/**
 * Every picture of the report as an SVG of its own: with its title and legend, on white, referring to nothing
 * outside itself. A pure function.
 */
export function figures({ sections }: Results): Figure[] {
  const slugs = sections.map(({ title }) => slug(title));
  return sections.flatMap((section, i) => {
    const first = slugs[i] ?? 'section';
    const name = slugs.indexOf(first) === i ? first : `${first}-${i + 1}`;
    return (section.kind === 'game' ? ofGame(section) : ofGan(section))
      .filter(({ svg }) => svg !== '')
      .map(({ what, title, svg, key }) => ({
        name: `${name}-${what}`,
        svg: renumbered(standalone(svg, `${section.title}: ${title}`, key)),
      }));
  });
}
