import type { DiagnosisPage, Figure, PaperResults, Results } from '@stillpoint/tracking';

/** What makes pictures of results. */
export interface Drawing {
  readonly report: (results: Results) => string;
  readonly diagnosisReport: (page: DiagnosisPage) => string;
  readonly paperReport: (results: PaperResults) => string;
  readonly figures: (results: Results) => readonly Figure[];
}

/** Loads it, which takes a quarter of a second: only when something is drawn, or is about to be run. */
export const loadDrawing = (): Promise<Drawing> => import('@stillpoint/tracking');
