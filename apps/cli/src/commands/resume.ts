import { InputError, decodeCheckpoint } from '@stillpoint/operators';
import { trainConfig } from '@stillpoint/experiments';
import { openRun } from '@stillpoint/tracking/run';
import { commandLine, quiet, type Command } from '../command.js';
import { settingsIn } from '../runs/arguments.js';
import { runPath, trainedIn } from '../runs/open.js';
import { configOf } from '../runs/report.js';
import { trainIn } from '../runs/training.js';

/** The settings that may change when a run goes on: all others are part of what it is. */
const FREE = ['calls', 'data', 'engine', 'threads', 'checkpointSeconds', 'onNonFinite', 'tries'];

export const command: Command = {
  name: 'resume',
  about:
    'Goes on with a run of train from its newest checkpoint that is whole, bit for bit as if it had not been interrupted. The folder may have been moved or copied.',
  usage: '<run>',
  flags: {
    'oracle-calls': { value: 'n', about: 'another budget, in all; default: that with which the run began' },
    data: { value: 'spec|path', about: 'where the data are now, if they were moved' },
    engine: { value: 'name', about: 'another engine; the run then does not go on bit for bit' },
    set: {
      value: 'key=value',
      repeats: true,
      about: `another value of a setting that does not change what is trained: ${FREE.join(', ')}`,
    },
    json: { output: true, about: 'print the result as JSON' },
    quiet,
  },
  examples: [
    'stillpoint resume run',
    'stillpoint resume run --oracle-calls 20000',
    'stillpoint resume run --set onNonFinite=halve',
  ],
  async run(args) {
    const path = runPath('resume', args.positionals);
    const changes = settingsIn(args);
    const fixed = Object.keys(changes).find((key) => !FREE.includes(key));
    if (fixed !== undefined)
      throw new InputError(
        `--set ${fixed}=… is fixed when a run begins; expected one of ${FREE.join(', ')}, or another run of train`,
      );
    const directory = openRun(path);
    try {
      const before = configOf(directory);
      const config = trainConfig(`${path}/config.json`, { ...before, ...changes });
      const trained = await trainedIn(directory, config);
      try {
        const found = directory.checkpoints.isEmpty() ? undefined : directory.checkpoints.latest();
        for (const damaged of found?.damaged ?? [])
          directory.note({
            step: found?.entry.step ?? 0,
            kind: 'checkpoint-damaged',
            message: damaged,
            time: new Date().toISOString(),
          });
        const from = found && decodeCheckpoint(found.bytes);
        const step = from?.ledger.steps ?? 0;
        // a run that was killed between its last step and its end has an end to come
        const isEnded = directory.notes().findLast(({ kind }) => kind !== 'warning')?.kind === 'ended';
        const { calls: made } = found?.entry ?? { calls: -1 };
        if ((isEnded || 'calls' in changes) && (config.calls ?? 0) <= made)
          throw new InputError(
            `${path} has used its budget: ${made} oracle calls were made, and the budget is ${config.calls ?? 0}; expected a larger one: --oracle-calls ${2 * made}`,
          );
        // killed before its first checkpoint, it makes the row and the picture of step 0 again
        directory.rewind(from === undefined ? 'start' : step);
        directory.note({
          step,
          kind: 'resumed',
          message: commandLine(command, args),
          time: new Date().toISOString(),
          ...(Object.keys(changes).length > 0 && { data: changes }),
        });
        return await trainIn(directory, config, trained, {
          ...(from ? { from } : {}),
          command: commandLine(command, args),
          quiet: args.has('quiet'),
          json: args.has('json'),
        });
      } finally {
        await trained.dispose();
      }
    } finally {
      directory.close();
    }
  },
};
