// What theory guarantees, as functions: bounds with their conditions checked, spectral multipliers on linear
// games, the restricted gap.
export { bound, boundOn, certified } from './certificates/bound.js';
export { averagedness, alignment } from './certificates/descent.js';
export { forwardBackward, measureFor, resolventAt, type ForwardBackward } from './certificates/measure.js';
export { conicity, innerStepsFor, resolventError } from './certificates/resolvent-theory.js';
export type { Described } from './described.js';
export type { Bound, KnownFacts, KnownSum, Measured, NoBound, Quantity, When } from './certificates/types.js';
export { lowerBound, multiplier, type Multiplier } from './certificates/multiplier.js';
export type { Complex } from './certificates/complex.js';
export { restrictedGap } from './certificates/gap.js';
export { errorBound, type ErrorBound } from './certificates/error-bound.js';
export { theoremName, theorems, type Theorem, type TheoremKey } from './certificates/theorems.js';
export { langevinGap, type LangevinForm } from './certificates/spectral-gap.js';
export { keptAtoms, type Screened } from './certificates/screening.js';
