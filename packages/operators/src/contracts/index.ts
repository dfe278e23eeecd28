export * from './data.js';
export * from './facts.js';
export * from './problem.js';
export * from './question.js';
export * from './method.js';
export * from './ledger.js';
