// What a comparison leaves behind: plain data, written as results.json and read by the report.
export * from './results/run.js';
export * from './results/section.js';
export * from './results/judge.js';
export * from './results/read.js';
