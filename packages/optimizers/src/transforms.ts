// Every transform, one line each. A new transform's file needs only its line here to be listed.
export { identity } from './transforms/identity.js';
export { clipByNorm } from './transforms/clip-by-norm.js';
export { clipByGlobalNorm } from './transforms/clip-by-global-norm.js';
export { clipByBlock } from './transforms/clip-by-block.js';
export { adaptiveClip } from './transforms/adaptive-clip.js';
export { quantileClip } from './transforms/quantile-clip.js';
export { momentum } from './transforms/momentum.js';
export { adamTransform } from './transforms/adam.js';
export { amsgradTransform } from './transforms/amsgrad.js';
export { chain } from './transforms/chain.js';
export { byPlayer } from './transforms/by-player.js';
