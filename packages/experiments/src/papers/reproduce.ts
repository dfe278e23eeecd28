import { availableParallelism } from 'node:os';
import type { PaperClaim, PaperFigure, Section } from '@stillpoint/tracking';
import type { Claimed, Figure, FigureOptions } from './paper.js';

/** Sections that were made earlier, by a figure's name. */
export interface KeptSections {
  /** The sections of a figure that is complete; undefined if there are none. */
  read(figure: Figure): readonly Section[] | undefined;
  /** Called once all runs of a figure have ended. */
  write(figure: Figure, sections: readonly Section[]): void;
  /** The folder in which trials of the figure's GANs keep run directories. */
  folder(figure: Figure): string;
}

/** Options of {@link reproduce}. */
export interface Reproduction extends Partial<Omit<FigureOptions, 'folder' | 'onProgress'>> {
  /** What was made earlier is read there, and what is made is kept. Default: nothing is kept. */
  readonly kept?: KeptSections;
  /** Called with the figure, the share of its runs that is done and what is running. */
  readonly onProgress?: (figure: Figure, share: number, now: string) => void;
  /** Called once a figure is made. */
  readonly onFigure?: (figure: PaperFigure) => void;
}

/** A claim with its verdict on what was measured. */
export function judged(claim: Claimed, sections: readonly Section[], quick: boolean): PaperClaim {
  const { name, statement, source, expected, published = null, needs = null } = claim;
  const found = sections.length === 0 ? undefined : claim.judge?.(sections, quick);
  const stated = { name, statement, source, published, needs, expected };
  const scaled = found?.scaled ?? claim.scaled ?? null;
  if (found === undefined)
    return {
      ...stated,
      measured: null,
      scaled: null,
      verdict: 'not tried here',
      needs: needs ?? (quick ? 'the whole form, without --quick' : 'runs that have ended'),
    };
  const verdict = !found.holds ? 'not reproduced' : scaled === null ? 'reproduced' : 'scaled down';
  return { ...stated, measured: found.measured, scaled, verdict };
}

/** @throws Error for a run that failed: a claim judged without it would be one of other runs. */
function refuseFailed({ name }: Figure, sections: readonly Section[]): void {
  for (const { title, runs } of sections)
    for (const { label, status, message } of runs)
      if (status === 'failed') throw new Error(`figure ${name}, “${title}”, ${label} failed: ${message}`);
}

/**
 * Makes figures of a paper, one after the other, and judges their claims. Stopped by the signal, it returns
 * those that are complete.
 */
export async function reproduce(
  figures: readonly Figure[],
  options: Reproduction = {},
): Promise<readonly PaperFigure[]> {
  const {
    quick = false,
    engine = 'auto',
    processes = availableParallelism(),
    signal,
    worker,
    data,
    kept,
  } = options;
  const made: PaperFigure[] = [];
  for (const figure of figures) {
    const isTried = figure.run !== undefined && (figure.data === undefined || data !== undefined);
    let sections = isTried ? kept?.read(figure) : [];
    if (sections === undefined && figure.run) {
      sections = await figure.run({
        quick,
        engine,
        processes,
        ...(worker ? { worker } : {}),
        ...(figure.data === undefined || data === undefined ? {} : { data }),
        ...(kept ? { folder: kept.folder(figure) } : {}),
        ...(signal ? { signal } : {}),
        onProgress: (share, now) => options.onProgress?.(figure, share, now),
      });
      if (signal?.aborted) break;
      refuseFailed(figure, sections);
      kept?.write(figure, sections);
    }
    const { name, title, shows } = figure;
    const settings = (quick ? figure.quickSettings : undefined) ?? figure.settings;
    const claims = figure.claims.map((claim) => judged(claim, sections ?? [], quick));
    const result = { name, title, shows, settings, claims, sections: sections ?? [] };
    made.push(result);
    options.onFigure?.(result);
    if (signal?.aborted) break;
  }
  return made;
}
