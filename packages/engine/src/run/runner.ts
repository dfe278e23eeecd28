import type { Shape } from '../graph.js';

/** Arrays by tensor name, row-major. */
export type Arrays = { readonly [name: string]: Float32Array };

/** Something that answers feeds with outputs; what `compile` wraps with checks. Every output array is given. */
export interface Runner {
  readonly version: string;
  readonly outputs: { readonly [name: string]: Shape };
  run(feeds: Arrays, out: Arrays): Promise<void>;
  dispose(): Promise<void>;
}
