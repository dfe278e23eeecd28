/**
 * The copy of tfjs-core that networks and engine use, for code that is given tf instead of importing it.
 */
export * from '@tensorflow/tfjs-core';
