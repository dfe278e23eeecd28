/**
 * Papers as data, made again and judged.
 * @module papers
 */
export type { Claimed, Figure, FigureOptions, Finding, Paper } from './papers/paper.js';
export { figuresNamed, papers, withChosen, type Chosen } from './papers/registry.js';
export { reproduce, type KeptSections, type Reproduction } from './papers/reproduce.js';
