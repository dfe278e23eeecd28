import type { Problem } from '@stillpoint/operators';

/** Whether there is an operator to judge by: F itself, all terms, or the mean. */
export const hasFullOperator = (problem: Problem): boolean =>
  problem.draw === undefined || problem.terms !== undefined || problem.mean !== undefined;

/** The problem by which a run is judged: the mean of a sampled problem, if it states one. */
export const fullProblem = (problem: Problem): Problem => (problem.draw && problem.mean) || problem;
