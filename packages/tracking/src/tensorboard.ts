/**
 * TensorBoard's event files as bytes, in plain TypeScript. {@link versionRecord} followed by any number of
 * {@link summaryRecord} is the content of a file; `openEvents` of `@stillpoint/tracking/files` writes it.
 * @module tensorboard
 */
export { restartRecord, summaryRecord, versionRecord } from './tensorboard/event.js';
export type { EventValue, SummaryEvent } from './tensorboard/event.js';
export { histogramOf, type Histogram } from './tensorboard/histogram.js';
