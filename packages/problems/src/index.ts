export * from './linear.js';
export * from './forsaken.js';
export * from './polar.js';
export * from './registry.js';
export * from './user-game.js';
