import type { Game } from '@stillpoint/operators';
import type { Trial, TrialEvent } from './trial.js';

/** What a worker in this process may be handed, because it cannot be sent. */
export interface Given {
  /** In place of the game that a trial names. */
  readonly game?: Game;
}

/** Runs one trial in this process. What a kind of trial needs is loaded when the first one begins. */
export async function runTrial(
  trial: Trial,
  tell: (event: TrialEvent) => void,
  signal?: AbortSignal,
  { game }: Given = {},
): Promise<void> {
  if (trial.kind === 'gan') return (await import('./gan-trial.js')).runGanTrial(trial, tell, signal);
  const { runFieldTrial, runGameTrial } = await import('./game-trial.js');
  return trial.kind === 'game'
    ? runGameTrial(trial, tell, signal, game)
    : runFieldTrial(trial, tell, signal, game);
}
