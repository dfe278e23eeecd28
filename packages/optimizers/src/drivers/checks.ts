import { isRecord, isVector, type State } from '@stillpoint/operators';
import type { SolveOptions } from './solve.js';
import type { TrainOptions } from './train.js';

/** Whether the value of an option, given by a caller without types, is of its kind; and what is, in words. */
export type Check = readonly [is: (value: unknown) => boolean, expected: string];
/** The checks of all options. An option that is in the type but not here does not compile. */
export type Checks<O> = { readonly [K in keyof Required<O>]: Check };

export const isWhole = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

const budget: Check = [(value) => isWhole(value) || value === Infinity, 'a whole number >= 0'];

// One check each, so that a page has those of the drivers that it imports.

export const start: Check = [isVector, 'a Float64Array or a Float32Array'];
export const steps = budget;
export const calls = budget;
export const seed: Check = [
  (value) => isWhole(value) && value < 2 ** 32,
  'a whole number from 0 to 4294967295',
];
export const tolerance: Check = [(value) => typeof value === 'number' && value >= 0, 'a number >= 0'];
export const observe: Check = [(value) => typeof value === 'function', 'a function'];
export const flag: Check = [(value) => typeof value === 'boolean', 'true or false'];
/** What a later check refuses. */
export const anything: Check = [() => true, ''];
const moves: Check = [
  (value) => isRecord(value) && typeof Reflect.get(value, 'to') === 'function',
  'a record, as { every: 100, to: (z) => moved }',
];
export const stepSize: Check = [
  (value) => typeof value === 'string',
  'a text as a spec has it, as 0.001 or [0.001,0.004]',
];
const signal: Check = [(value) => isRecord(value) && 'aborted' in value, 'an AbortSignal'];
const from: Check = [
  (value) =>
    isRecord(value) &&
    ['game', 'method', 'options', 'seed', 'state', 'ledger', 'draws', 'last', 'buffers'].every(
      (key) => key in value,
    ) &&
    isRecord(Reflect.get(value, 'state')) &&
    isRecord(Reflect.get(value, 'ledger')),
  'a checkpoint, as a run returns it',
];

/** Those of `solve`. */
export const ofSolve: Checks<SolveOptions<State>> = {
  start,
  seed,
  steps,
  calls,
  tolerance,
  observe,
  from,
  acceptIdentity: flag,
};
/** Those of `train`. */
export const ofTrain: Checks<TrainOptions<State>> = {
  start,
  seed,
  tolerance,
  steps,
  calls,
  observe,
  signal,
  moves,
  from,
  acceptIdentity: flag,
};
