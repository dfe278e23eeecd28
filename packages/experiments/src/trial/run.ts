import type { EngineProblem } from '@stillpoint/networks';
import type { Played } from './game-source.js';
import type { Opened } from './local-trial.js';
import type { OwnMethod } from './method-source.js';
import { checkModules } from './module-source.js';
import type { Trial, TrialEvent } from './trial.js';

/** Objects for a worker in this process, which cannot be sent to another process. */
export interface Given {
  /** Replaces the game that a trial names. */
  readonly game?: Played;
  /** Replaces the compiled problem that a trial names. */
  readonly problem?: EngineProblem;
  /** Methods of your own, which a trial names by their index. */
  readonly methods?: readonly OwnMethod[];
  /** The problems of local steps that this process has opened, by their sources; filled by them. */
  readonly opened?: Map<string, Promise<Opened>>;
  /** Which files trials have imported in this process: their hashes, by module; filled by them. */
  readonly loaded?: Map<string, string>;
}

/**
 * Runs one trial in this process and reports its events. The modules of a kind of trial are loaded when
 * needed.
 */
export async function runTrial(
  trial: Trial,
  report: (event: TrialEvent) => void,
  signal?: AbortSignal,
  given: Given = {},
): Promise<void> {
  await checkModules(trial, given.loaded ?? new Map());
  if (trial.kind === 'gan') return (await import('./gan-trial.js')).runGanTrial(trial, report, signal, given);
  if (trial.kind === 'problem')
    return (await import('./problem-trial.js')).runProblemTrial(trial, report, signal, given);
  if (trial.kind === 'local') return (await import('./local-trial.js')).runLocalTrial(trial, report, given);
  const { runFieldTrial, runGameTrial } = await import('./game-trial.js');
  return trial.kind === 'game'
    ? runGameTrial(trial, report, signal, given)
    : runFieldTrial(trial, report, signal, given);
}
