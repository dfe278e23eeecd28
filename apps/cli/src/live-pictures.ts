import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TrialRecord } from '@stillpoint/experiments';
import { writeWhole } from './files.js';

/** Writes each running trial's latest samples as a PNG, over the one before, so that one can watch it in a viewer. */
export function livePictures(folder: string): { show(preset: string, records: readonly TrialRecord[]): void } {
  const written = new Map<TrialRecord, number>();
  return {
    show(preset, records) {
      for (const [i, record] of records.entries()) {
        const { picture, trial } = record;
        if (picture === undefined || written.get(record) === picture.calls) continue;
        if (written.size === 0) {
          mkdirSync(folder, { recursive: true });
          process.stderr.write(`${process.stderr.isTTY ? '\r\x1b[2K' : ''}Samples, renewed every few seconds: ${folder}\n`);
        }
        written.set(record, picture.calls);
        // the spec's first word alone would not tell two options of one method apart
        const method = records.some((other, j) => j !== i && other.trial.seed === trial.seed && nameOf(other) === nameOf(record)) ? `${nameOf(record)}-${i + 1}` : nameOf(record);
        writeWhole({ [join(folder, `${preset}-${method}-seed-${trial.seed}.png`)]: Buffer.from(picture.png, 'base64') });
      }
    },
  };
}

/** `lookahead(alternating-adam(…), steps=5)` as `lookahead-alternating-adam`. */
const nameOf = ({ trial }: TrialRecord): string => trial.method.replace(/\w+=(\[[^\]]*\]|[^,()]*)/g, '').replace(/[^a-z0-9-]+/gi, '-').replace(/^-+|-+$/g, '');
