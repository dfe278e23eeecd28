/**
 * Results as plain data, and the report, figures and tables made of them.
 * @module main
 */
export * from './results.js';
export * from './report.js';
export { paperReport } from './report/paper.js';
export { diagnosisReport } from './report/diagnosis.js';
export type { DiagnosisPage } from './results/diagnosis.js';
export { figures, type Figure } from './report/figures.js';
export * from './csv.js';
export * from './png.js';
