export * from './drivers/space.js';
export * from './drivers/counts.js';
export * from './drivers/solve.js';
export * from './drivers/solve-async.js';
export * from './drivers/train.js';
export * from './drivers/solve-with.js';
export * from './probes/lipschitz.js';
