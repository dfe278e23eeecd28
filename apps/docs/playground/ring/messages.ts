import type { RingState } from './state.js';
import type { Frame } from './train.js';

/** What the page tells its worker. */
export type ToWorker =
  | { readonly kind: 'start'; readonly state: RingState }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' };

/** What the worker tells the page. */
export type FromWorker =
  | { readonly kind: 'begun'; readonly engine: string }
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'failed'; readonly message: string };
