/**
 * Methods, wrappers, transforms, and what runs them.
 * @module main
 */
export * from './methods.js';
export * from './transforms.js';
export * from './method.js';
export { fits, type Need, type SpaceWith } from './needs.js';
export * from './transforms/transform.js';
export { adamDirections, adamState, type AdamState } from './transforms/adam.js';
export { amsgradDirections, amsgradState, type AmsgradState } from './transforms/amsgrad.js';
export * from './move.js';
export * from './point.js';
export * from './inner/resolvent.js';
export * from './inner/least-squares.js';
export * from './drivers.js';
export * from './probes/local-equilibrium.js';
export * from './drivers/strict.js';
export * from './limits/modes.js';
