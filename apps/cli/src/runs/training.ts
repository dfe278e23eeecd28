import {
  methodInWords,
  trainRun,
  type TrainConfig,
  type Trained,
  type TrainEvent,
} from '@stillpoint/experiments';
import { type Checkpoint, type State, shortNumber } from '@stillpoint/operators';
import type { RunStatus } from '@stillpoint/tracking';
import type { RunDirectory } from '@stillpoint/tracking/run';
import { print } from '../command.js';
import { say } from '../say.js';
import { interrupt } from '../signals.js';
import { clock, statusLine } from '../status-line.js';
import { machine } from '../environment.js';
import { writeRunReport } from './report.js';
import { sinkOf } from './sink.js';

/** Options of {@link trainIn}. */
export interface TrainingOptions {
  readonly from?: Checkpoint<State>;
  readonly command: string;
  readonly quiet: boolean;
  readonly json: boolean;
}

/** Versions, machine and engine, by name. */
export const environment = ({ problem }: Trained): { readonly [name: string]: string } => ({
  engine: problem.about.replace(/^engine /, ''),
  ...machine(),
});

type Values = Extract<TrainEvent, { kind: 'measured' }>['values'];
const inWords = (values: Values): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${value === null ? '–' : shortNumber(value)}`)
    .join(', ');

const heading = { scaled: '', warning: 'Warning: ', incident: 'Incident: ' };

/** What a run shows on stderr while it goes on. */
function display(
  title: string,
  budget: number,
  begun: number,
  quiet: boolean,
): { on(event: TrainEvent): void; clear(): void } {
  const line = statusLine(quiet);
  const from = performance.now();
  let values: Values = {};
  const left = (calls: number): string => {
    const [spent, done] = [performance.now() - from, calls - begun];
    if (spent < 3000 || done <= 0) return '';
    const rate = done / spent;
    return `, ${shortNumber(1000 * rate)} calls/s, about ${clock((budget - calls) / rate)} left`;
  };
  return {
    on(event) {
      if (event.kind === 'measured') values = event.values;
      else if (event.kind === 'progress') {
        const { step, calls } = event;
        const share = Math.floor((100 * Math.min(calls, budget)) / budget);
        line.show(
          () =>
            `${title}: ${share} %, step ${step}${left(calls)}${Object.keys(values).length > 0 ? `, ${inWords(values)}` : ''}`,
        );
      } else {
        line.clear();
        if (!quiet) say(`${heading[event.kind]}${event.message}\n`);
      }
    },
    clear: () => line.clear(),
  };
}

/** What can be done with a run that ended so. */
function nextOf(path: string, status: RunStatus, config: TrainConfig, { gan }: Trained): string {
  const { calls, onNonFinite, tries } = config;
  if (status === 'stopped') return `stillpoint resume ${path} goes on from here.`;
  if (status === 'non-finite')
    return onNonFinite === 'stop'
      ? `stillpoint resume ${path} --set onNonFinite=halve goes on with half the step size; skip and back are other choices.`
      : `stillpoint resume ${path} --set tries=${2 * Math.max(1, tries)} allows more tries.`;
  return gan === undefined
    ? `stillpoint resume ${path} --oracle-calls ${2 * (calls ?? 0)} goes on.`
    : `Next: stillpoint sample ${path}, stillpoint evaluate ${path} or stillpoint export ${path}.`;
}

/**
 * Trains in a run directory until the budget is used or a signal comes, and writes the report; returns the
 * exit status: 0 at the end of the budget, 1 if a value is not finite, 128 + n after signal n.
 */
export async function trainIn(
  directory: RunDirectory,
  config: TrainConfig,
  trained: Trained,
  { from, command, quiet, json }: TrainingOptions,
): Promise<number> {
  const { path } = directory;
  const budget = config.calls ?? 0;
  const title = config.preset ?? config.file ?? config.data ?? 'training';
  if (!quiet)
    say(
      `${title}: ${trained.problem.about}; ${methodInWords(trained.method(0))}\nRun directory: ${path}${trained.gan === undefined ? '' : ` (samples/latest.png is renewed every few seconds)`}\n`,
    );
  const lastEntry = directory.checkpoints.list().at(-1);
  const shown = display(title, budget, lastEntry?.calls ?? 0, quiet);
  const stop = interrupt('a checkpoint will be written');
  stop.listen();
  let latest: Values = {};
  try {
    const result = await trainRun(config, trained, sinkOf(directory), {
      ...(from === undefined ? {} : { from }),
      signal: stop.signal,
      report(event) {
        if (event.kind === 'measured') latest = event.values;
        shown.on(event);
      },
    });
    shown.clear();
    const { status, steps, calls, warnings } = result;
    const message = [result.message, ...warnings.map((warning) => `Note: ${warning}.`)].join(' ');
    directory.note({
      step: steps,
      kind: status === 'stopped' ? 'stopped' : 'ended',
      message,
      time: new Date().toISOString(),
      data: { status },
    });
    const report = await writeRunReport(directory, command);
    const given = directory.notes().flatMap((note) => (note.kind === 'warning' ? [note.message] : []));
    if (json)
      print(
        JSON.stringify({
          run: path,
          status,
          message,
          steps,
          calls,
          values: latest,
          warnings: given,
          incidents: result.handled.map(({ incident, action, at }) => ({ ...incident, action, at })),
          report,
        }),
      );
    else
      print(
        [
          message,
          ...(Object.keys(latest).length > 0 ? [`Measured: ${inWords(latest)}.`] : []),
          ...given.map((warning) => `Warning: ${warning}`),
          `The report: ${report}`,
          nextOf(path, status, config, trained),
        ].join('\n'),
      );
    return stop.status() ?? (status === 'non-finite' ? 1 : 0);
  } catch (error) {
    shown.clear();
    const kept = directory.checkpoints.list().at(-1);
    if (kept !== undefined)
      say(`The checkpoint of step ${kept.step} is kept; stillpoint resume ${path} goes on from it.\n`);
    throw error;
  } finally {
    stop.release();
  }
}
