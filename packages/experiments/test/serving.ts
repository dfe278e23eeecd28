import { inlineWorker } from '../src/index.js';
import { serveQueue, type Serving, type ServingEvent } from '../src/queue.js';

/** A worker that runs beside the test until `stop`, with what it said. */
export function serving(options: Serving): { readonly said: ServingEvent[]; stop(): Promise<void> } {
  const end = new AbortController();
  const said: ServingEvent[] = [];
  const { onEvent } = options;
  const done = serveQueue({
    processes: 2,
    worker: inlineWorker(),
    ...options,
    signal: end.signal,
    onEvent(event) {
      said.push(event);
      onEvent?.(event);
    },
  });
  return {
    said,
    async stop() {
      end.abort();
      await done;
    },
  };
}
