/**
 * The folder of a training run, for Node only: configuration, metrics, notes, pictures, TensorBoard's events
 * and checkpoints. A process killed at any moment, or a disk that is full, leaves a run that goes on from its
 * last checkpoint.
 * @module run
 */
export { createRun, openRun, readRun, type CreateOptions } from './run/open.js';
export type { RunDirectory } from './run/directory.js';
export { hasLock, takeLock, type Lock } from './run/lock.js';
export type { Beginning, RunPicture, RunRecord } from './run/record.js';
export { noteKinds } from './run/rows.js';
export type { At, MetricsRow, NoteKind, RunNote, Values } from './run/rows.js';
export type { CheckpointAt } from './run/entry.js';
export type { Best, CheckpointEntry, CheckpointStore, FoundCheckpoint } from './run/store.js';
