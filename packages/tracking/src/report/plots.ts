export * from './game-plots.js';
export * from './gan-plots.js';
