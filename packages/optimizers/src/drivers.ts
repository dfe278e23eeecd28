export * from './drivers/space.js';
export * from './drivers/budget.js';
export * from './drivers/start.js';
export { fullProblem, hasFullOperator } from './drivers/full-problem.js';
export { hasConverged, type Ended, type Progress, type RunOptions, type Status } from './drivers/run.js';
export { iterate, solve, type Solution, type SolveOptions } from './drivers/solve.js';
export * from './drivers/solve-async.js';
export * from './drivers/train.js';
export * from './drivers/guarded.js';
export type { Incident } from './drivers/incident.js';
export * from './drivers/solve-with.js';
export * from './drivers/federate.js';
export {
  newOracleRecord,
  oracleFor,
  type OracleRecord,
  type Oracle,
  type OracleOptions,
} from './drivers/oracle.js';
export * from './probes/lipschitz.js';
export * from './probes/generalised-smoothness.js';
export * from './probes/smoothness-fit.js';
export * from './probes/minty.js';
export * from './probes/probed.js';
export * from './probes/empirical-kernel.js';
export * from './probes/hessian-trace.js';
export * from './probes/pl-star.js';
export { gradCosine, type PlayerCosine, type SubBatchOptions } from './probes/grad-cosine.js';
export * from './drivers/optimise-initialisation.js';
export { contraction, type ContractionOptions, type StepNorms } from './probes/contraction.js';
export type { BatchOptions } from './probes/batches.js';
export * from './probes/contraction-along.js';
