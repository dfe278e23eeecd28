export * from './results.js';
export * from './report.js';
export * from './csv.js';
export * from './png.js';
