import type { Builder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Attributes } from './attributes.js';

/** One call of a tfjs kernel while tracing. */
export interface Call {
  readonly build: Builder;
  /** All operands, in the order tfjs passed them. */
  readonly inputs: readonly Value[];
  /** The operand tfjs passed under this name. */
  readonly input: (name: string) => Value;
  /** Whether tfjs passed an operand under this name: some are optional. */
  readonly has: (name: string) => boolean;
  readonly attributes: Attributes;
}

/** Translates a tfjs kernel into operations of the graph. Computes no data. */
export type Kernel = (call: Call) => Value | readonly Value[];

/** Kernels by tfjs's kernel name. */
export type Kernels = { readonly [kernelName: string]: Kernel };
