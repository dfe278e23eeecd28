// The results of a comparison as plain data, which results.json holds and the report reads.
export * from './results/run.js';
export * from './results/section.js';
export * from './results/judge.js';
export * from './results/paper.js';
export * from './results/read.js';
