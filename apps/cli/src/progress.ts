import { ended, type Trial, type TrialRecord } from '@stillpoint/experiments';
import { say } from './say.js';
import { LIVE_MS, QUICK_MS, clock, statusLine } from './status-line.js';

/**
 * Shows progress on stderr: on a terminal one line that is rewritten in place, elsewhere a line for each
 * finished run and one every ten seconds.
 */
export interface Display {
  /**
   * Shows a comparison's runs. Runs that end within two seconds, as on games, are shown only on a terminal.
   */
  trials<T extends Trial>(
    title: string,
    labels: (record: TrialRecord<T>) => string,
  ): (records: readonly TrialRecord<T>[]) => void;
  /** Removes the line and ends the display. */
  clear(): void;
}

/** A new display. @param quiet whether nothing is shown. Default false. */
export function display(quiet = false): Display {
  let timer: NodeJS.Timeout | undefined;
  let line = statusLine(quiet);
  const clear = (): void => {
    clearInterval(timer);
    line.clear();
  };
  return {
    trials(title, labels) {
      clear();
      line = statusLine(quiet);
      const begun = performance.now();
      const reported = new Set<object>();
      let engine = '';
      let draw = (): void => {};
      timer = setInterval(() => draw(), LIVE_MS).unref();
      return (records) => {
        const { about = '' } = records.find((record) => record.about !== '') ?? {};
        if (engine === '' && about !== '') {
          engine = about;
          line.clear();
          if (!quiet) say(`${title}: ${engine}\n`);
        }
        if (!quiet && !process.stderr.isTTY && (engine !== '' || performance.now() - begun > QUICK_MS)) {
          for (const record of records.filter((candidate) => ended(candidate) && !reported.has(candidate))) {
            reported.add(record);
            say(
              `${title}: ${labels(record)} ${record.status === 'budget' ? 'done' : record.status} (${reported.size} of ${records.length}, ${clock(performance.now() - begun)})\n`,
            );
          }
        }
        draw = () => line.show(() => `${title} ${summary(records, labels, performance.now() - begun)}`);
        draw();
      };
    },
    clear,
  };
}

function summary<T extends Trial>(
  records: readonly TrialRecord<T>[],
  labels: (record: TrialRecord<T>) => string,
  spent: number,
): string {
  const share =
    records.reduce(
      (sum, { fraction, status }) => sum + (status === 'waiting' ? 0 : Math.min(1, fraction)),
      0,
    ) / records.length;
  const left = spent > 5000 && share > 0.02 ? `about ${clock((spent * (1 - share)) / share)} left, ` : '';
  const now = records
    .filter(({ status }) => status === 'running')
    .map((record) => `${labels(record)} ${Math.round(100 * record.fraction)} %`);
  const bar = '█'.repeat(Math.round(16 * share)).padEnd(16, '░');
  return `${bar} ${records.filter(ended).length}/${records.length}, ${left}${now.join(', ')}`;
}
