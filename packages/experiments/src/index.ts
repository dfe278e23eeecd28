/**
 * Comparisons of methods, and training runs.
 * @module main
 */
export * from './presets/game-preset.js';
export * from './presets/preset.js';
export * from './presets/registry.js';
export * from './trial/trial.js';
export * from './trial/game-source.js';
export * from './trial/method-source.js';
export type { ModuleSource } from './trial/module-source.js';
export * from './trial/run.js';
export * from './trial/gan-trial.js';
export * from './trial/worker.js';
export * from './trial/process-worker.js';
export * from './trial/record.js';
export * from './trial/pool.js';
export * from './measurer.js';
export { picturesOf, sideBySide, type Pictures } from './pictures.js';
export { extractorFor, extractorRegistry } from './extractors.js';
export * from './verdict/claims.js';
export * from './verdict/sentences.js';
export * from './labels.js';
export * from './groups.js';
export * from './game-comparison.js';
export * from './methods-for.js';
export * from './gan-comparison.js';
export * from './tuning/spaces.js';
export * from './tuning/grid.js';
export * from './tuning/tune.js';
export * from './tuning/tuned-comparison.js';
export { targetFrom, targetWords } from './target.js';
export * from './problem-comparison.js';
export * from './federation.js';
export { ownFrom, type OwnProblem } from './trial/own-problem.js';
export { engineSpeed, speedWords } from './engine-speed.js';
export * from './training/config.js';
export { beginningOf, type Beginning } from './training/initialisation.js';
export * from './training/problem.js';
export * from './training/sink.js';
export { type Row, type Warning } from './training/monitors.js';
export * from './training/train-run.js';
export { runOf, sectionOfRun, sectionsWith, type RunRemains } from './training/run-section.js';
export { columnOf } from './measures.js';
export { measurerFor } from './measurer.js';
export type { Data } from './references.js';
export * from './training/evaluate.js';
export * from './training/verify.js';
export { methodInWords, type BuildMethod } from './training/method.js';
