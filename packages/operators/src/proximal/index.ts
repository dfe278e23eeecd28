export {
  projection,
  proximalFunction,
  type Predicates,
  type Projection,
  type ProximalFunction,
  type ProximalParts,
  type Section,
} from './contract.js';
export { affineSet, halfSpace, hyperplane } from './affine.js';
export { atomicBall, groupL1Ball } from './atomic-ball.js';
export { l1Ball, l2Ball, linfBall } from './balls.js';
export { box, nonnegativeOrthant, type PerEntry } from './box.js';
export { conjugate, scaling, separableSum, translation } from './calculus.js';
export { psdCone, secondOrderCone } from './cones.js';
export { dykstra, intersection, type Dykstra, type DykstraOptions } from './intersection.js';
export { monotoneCone, type Monotone } from './monotone.js';
export { groupL1Norm, l1Norm } from './norms.js';
export { concaveGauge, type ConcaveGauge, type Majorant } from './concave-gauge.js';
export { conicNorm, polyhedralCone } from './polyhedral-cone.js';
export { boxSection, cappedSimplex } from './section.js';
export { squaredGauge } from './squared-gauge.js';
export { maxEntry, simplex } from './simplex.js';
export { huber, pseudoHuber, squaredL2 } from './smooth.js';
export { nuclearBall, nuclearNorm, spectralBall, type MatrixShape } from './spectral.js';
export { constraintOf, type PerPlayer } from './players.js';
export { constraintPrint } from './print.js';
export type { FunctionEntry } from './calculus-rows.js';
export { functionRegistry, proxes, proxFrom, type ProxRow } from './registry.js';
