/**
 * Runs on workers of any machine, for Node only.
 * @module queue
 */
export { openQueue, type QueueOptions } from './queue/client.js';
export { serveQueue, type Serving, type ServingEvent } from './queue/serve.js';
export type { QueueAddress } from './queue/connect.js';
