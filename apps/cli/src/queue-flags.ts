import type { TrialQueue } from '@stillpoint/experiments';
import { openQueue } from '@stillpoint/experiments/queue';
import { InputError } from '@stillpoint/operators';
import type { Arguments, Command } from './command.js';
import { say } from './say.js';

/** The flags of commands whose runs may be made by workers elsewhere. They change no result. */
export const queueFlags: Command['flags'] = {
  queue: {
    output: true,
    value: 'redis://host',
    about:
      'let the workers of this queue make the runs, as `stillpoint worker --queue redis://host` starts them; default: processes here',
  },
  'queue-name': { output: true, value: 'name', about: 'which queue of that Redis; default stillpoint' },
};

/** Opens the queue that the flags name, if they name one, for the time of `use`. */
export async function withQueue<T>(
  args: Arguments,
  use: (queue: { readonly queue?: TrialQueue }) => Promise<T>,
): Promise<T> {
  const [url, name, checkpointSeconds] = [
    args.text('queue'),
    args.text('queue-name'),
    args.amount('checkpoint-seconds'),
  ];
  if (url === undefined) {
    if (name !== undefined) throw new InputError('--queue-name needs --queue, the address of its Redis');
    return use({});
  }
  const queue = await openQueue({
    url,
    ...(name === undefined ? {} : { name }),
    ...(checkpointSeconds === undefined ? {} : { checkpointSeconds }),
    onIdle: (message) => say(`${message}\n`),
  });
  try {
    return await use({ queue });
  } finally {
    await queue.close();
  }
}
