import type { Plot, Section } from '../results/section.js';
import { boundsPlot } from './plots/bounds.js';
import { endsPlot } from './plots/ends.js';
import { linesPlot } from './plots/lines.js';
import { planePlot } from './plots/plane.js';
import { scatterPlot } from './plots/scatter.js';
import { samplePlot } from './plots/samples.js';

/** A picture of a section as SVG that takes its colours from the page; empty if there is nothing to draw. */
export function drawPlot(section: Section, plot: Plot): string {
  switch (plot.draw) {
    case 'lines':
      return linesPlot(section, plot);
    case 'ends':
      return endsPlot(section, plot);
    case 'plane':
      return planePlot(section, plot);
    case 'bounds':
      return boundsPlot(section, plot);
    case 'samples':
      return samplePlot(section, plot);
    case 'scatter':
      return scatterPlot(section, plot);
  }
}

/** The picture of that name as SVG; empty if the section has none, or if there is nothing to draw. */
export function drawNamed(section: Section, name: string): string {
  const plot = section.plots.find((one) => one.name === name);
  return plot === undefined ? '' : drawPlot(section, plot);
}
