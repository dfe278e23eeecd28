import type { Played } from './game-source.js';
import type { OwnMethod } from './method-source.js';
import type { Trial, TrialEvent } from './trial.js';

/** What a worker in this process may be handed, because it cannot be sent. */
export interface Given {
  /** In place of the game that a trial names. */
  readonly game?: Played;
  /** Methods of one's own, which a trial names by their index. */
  readonly methods?: readonly OwnMethod[];
}

/** Runs one trial in this process. What a kind of trial needs is loaded when the first one begins. */
export async function runTrial(
  trial: Trial,
  tell: (event: TrialEvent) => void,
  signal?: AbortSignal,
  given: Given = {},
): Promise<void> {
  if (trial.kind === 'gan') return (await import('./gan-trial.js')).runGanTrial(trial, tell, signal, given);
  const { runFieldTrial, runGameTrial } = await import('./game-trial.js');
  return trial.kind === 'game'
    ? runGameTrial(trial, tell, signal, given)
    : runFieldTrial(trial, tell, signal, given);
}
