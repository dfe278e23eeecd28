import { join } from 'node:path';
import type { GanTrial, TrialRecord } from '@stillpoint/experiments';
import { messageOf } from '@stillpoint/operators';
import { makeFolders, writeWhole } from '@stillpoint/tracking/files';
import { namesIn } from './method-words.js';
import { say } from './say.js';

type Records = readonly TrialRecord<GanTrial>[];

/**
 * Writes each running trial's latest samples as a PNG, which replaces the one before and can be watched in a
 * viewer. If one cannot be written, that is reported once.
 */
export function livePictures(folder: string): { show(preset: string, records: Records): void } {
  const written = new Map<object, number>();
  let failed = false;
  const line = (text: string): void => say(`${process.stderr.isTTY ? '\r\x1b[2K' : ''}${text}\n`);
  const write = (name: string, png: string): void => {
    try {
      makeFolders(folder);
      writeWhole({ [join(folder, name)]: Buffer.from(png, 'base64') });
    } catch (error) {
      if (!failed)
        line(`Samples cannot be written; the comparison goes on without them: ${messageOf(error)}`);
      failed = true;
    }
  };
  return {
    show(preset, records) {
      for (const [i, record] of records.entries()) {
        const { picture, trial } = record;
        if (picture === undefined || written.get(record) === picture.calls) continue;
        if (written.size === 0) line(`Samples, renewed every few seconds: ${folder}`);
        written.set(record, picture.calls);
        // names alone do not distinguish two specs of one method
        const method = records.some(
          (other, j) => j !== i && other.trial.seed === trial.seed && nameOf(other) === nameOf(record),
        )
          ? `${nameOf(record)}-${i + 1}`
          : nameOf(record);
        write(`${preset}-${method}-seed-${trial.seed}.png`, picture.png);
      }
    },
  };
}

/** `lookahead(alternating-adam(…), steps=5)` as `lookahead-alternating-adam`. */
const nameOf = ({ trial }: TrialRecord<GanTrial>): string => namesIn(trial.method).join('-');
