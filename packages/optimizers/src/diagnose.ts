/**
 * What kind of problem it is, which methods suit it, and why, by asking.
 * @module diagnose
 */
export { diagnose, type DiagnoseOptions } from './diagnose/diagnose.js';
export type { Advice, Diagnosis, Estimate, Judged, Kind, Says, Spectrum } from './diagnose/diagnosis.js';
export { adamStepSize, diagnoseTraining, type DiagnoseTrainingOptions } from './diagnose/training.js';
export { stabilityOn, type Plane } from './diagnose/region.js';
export {
  verifiedInWords,
  verifyAdvice,
  type Verified,
  type VerifyingRun,
  type VerifyOptions,
} from './diagnose/verify.js';
export { localJacobian, type LocalJacobian, type LocalJacobianOptions } from './probes/local-jacobian.js';
