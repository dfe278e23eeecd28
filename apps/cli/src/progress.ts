import type { TrialRecord } from '@stillpoint/experiments';

/** One line on a terminal, rewritten in place; elsewhere a line per finished run. All on stderr. */
export interface Display {
  trials(title: string, labels: (record: TrialRecord) => string): (records: readonly TrialRecord[]) => void;
  game(title: string): (label: string, fraction: number) => void;
  clear(): void;
}

export function display(out: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> & { write(text: string): boolean } = process.stderr): Display {
  const live = out.isTTY;
  const begun = performance.now();
  let drawn = 0;
  const clock = (): string => {
    const s = Math.floor((performance.now() - begun) / 1000);
    return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
  };
  const line = (text: string): void => { out.write(`\r\x1b[2K${text.slice(0, (out.columns ?? 80) - 1)}`); };
  return {
    trials(title, labels) {
      const told = new Set<TrialRecord>();
      let engine = '';
      return (records) => {
        const { about = '' } = records.find((record) => record.about !== '') ?? {};
        if (engine === '' && about !== '') {
          engine = about;
          out.write(`${live ? '\r\x1b[2K' : ''}${title}: ${engine}\n`);
        }
        const ended = records.filter(({ status }) => status !== 'waiting' && status !== 'running');
        if (live && performance.now() - drawn > 100) {
          drawn = performance.now();
          const total = records.reduce((sum, { fraction, status }) => sum + (status === 'waiting' ? 0 : Math.min(1, fraction)), 0) / records.length;
          const bar = '█'.repeat(Math.round(16 * total)).padEnd(16, '░');
          const now = records.filter(({ status }) => status === 'running').map((record) => `${labels(record)} ${Math.round(100 * record.fraction)} %`);
          line(`${title} ${bar} ${ended.length}/${records.length} ${clock()}  ${now.join(', ')}`);
        }
        if (!live) for (const record of ended.filter((candidate) => !told.has(candidate))) {
          told.add(record);
          out.write(`${title}: ${labels(record)} ${record.status === 'budget' ? 'done' : record.status} (${told.size} of ${records.length}, ${clock()})\n`);
        }
      };
    },
    game: (title) => (label, fraction) => { if (live) line(`${title} ${Math.round(100 * fraction)} % ${label}`); },
    clear() { if (live) out.write('\r\x1b[2K'); },
  };
}
