export * from './networks/network.js';
export * from './networks/mlp.js';
export * from './losses/loss.js';
export * from './losses/non-saturating.js';
export * from './gan.js';
