// Every probe that a spec names, one line each. A new probe's file needs only its line here to be listed.
export { contractionRow } from './probes/contraction.js';
export { gradCosineRow } from './probes/grad-cosine.js';
export { hessianTraceRow } from './probes/hessian-trace.js';
export { lipschitzRow } from './probes/lipschitz-row.js';
export { localEquilibriumRow } from './probes/local-equilibrium.js';
export { localJacobianRow } from './probes/local-jacobian.js';
