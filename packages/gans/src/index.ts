export { type Model, modelFrom, modelRegistry, type ModelEntry, type ModelRow, models } from './models.js';
export * from './losses/loss.js';
export * from './losses/non-saturating.js';
export * from './losses/saddle.js';
export * from './losses/hinge.js';
export * from './losses/wasserstein.js';
export * from './losses/least-squares.js';
export { lossFrom, lossRegistry, type LossEntry, type LossRow, losses } from './losses/registry.js';
export * from './gan.js';
