import type { Section } from '@stillpoint/tracking';
import { compareOnGan, type GanComparison } from '../../gan-comparison.js';
import type { GanPreset } from '../../presets/preset.js';
import type { FigureOptions } from '../paper.js';
import { sharesOf } from '../runs.js';

/** Runs methods on a preset; its trials keep run directories in the figure's folder. */
export async function onGan(
  preset: GanPreset,
  comparison: Pick<GanComparison, 'methods' | 'seeds' | 'firstSeed' | 'steps' | 'loss' | 'stepSizes'>,
  { signal, onProgress, processes, engine, worker, folder }: FigureOptions,
): Promise<Section> {
  return compareOnGan(preset, {
    ...comparison,
    engine,
    processes,
    ...(worker ? { worker } : {}),
    ...(folder === undefined ? {} : { folder }),
    ...(signal ? { signal } : {}),
    onProgress: (records) => onProgress?.(sharesOf(records), preset.title),
  });
}
