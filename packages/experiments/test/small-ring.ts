import type { Section } from '@stillpoint/tracking';
import { presets, type GanComparison, type GanPreset, type OpenWorker } from '../src/index.js';

/** The preset ring with networks and batches so small that a run takes a second. */
export const ring: GanPreset = {
  ...presets.find(({ name }) => name === 'ring')!,
  model: 'mlp(latent=2, generator=[8], discriminator=[8])',
  batch: 8,
  samples: 64,
};
/** Two methods with much state, and a budget that ends within a step of lookahead. */
export const onRing: GanComparison = {
  methods: [
    'lookahead(ema(alternating-adam(stepSize=0.002, beta1=0.5), decay=0.9), steps=7)',
    'extra-adam(stepSize=0.002)',
  ],
  seeds: 1,
  calls: 301,
};

/** A section without seconds, which no two runs share. */
export function withoutSeconds(section: Section): Section {
  return {
    ...section,
    runs: section.runs.map(({ series, ...run }) => ({
      ...run,
      seconds: null,
      series: Object.fromEntries(
        Object.entries(series).map(([name, { x, y }]) => [
          name,
          name === 'seconds' ? { x, y: [] } : { x, y },
        ]),
      ),
    })),
  };
}

/** A worker that must not be asked for anything. */
export const unneeded: OpenWorker = () => {
  throw new Error('a trial was run');
};
