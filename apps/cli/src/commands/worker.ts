import { serveQueue, type ServingEvent } from '@stillpoint/experiments/queue';
import { InputError } from '@stillpoint/operators';
import { quiet, type Command } from '../command.js';
import { say } from '../say.js';
import { interrupt } from '../signals.js';

/** The seconds without a sign of life after which a worker counts as dead. */
const LOCK = { least: 1, default: 30 };

const words: { readonly [kind in Exclude<ServingEvent['kind'], 'connection'>]: string } = {
  ready: 'Waiting for runs of the queue',
  began: 'began',
  'went on': 'went on from its checkpoint',
  done: 'done',
  stopped: 'stopped, as the program that asked for it wants',
  failed: 'failed',
  returned: 'given back to the queue with its checkpoint',
  lost: 'lost: another worker has it now',
  unkept: 'a checkpoint could not be kept, and it goes on without',
};

/** What happened, in a line. */
function lineOf({ kind, name, message }: ServingEvent): string {
  if (kind === 'connection') return message;
  if (kind === 'ready') return `${words[kind]} ${message}; Ctrl-C ends the work.`;
  return `${name}: ${words[kind]}${message === '' ? '' : `: ${message}`}`;
}

export const command: Command = {
  name: 'worker',
  about:
    'Makes the runs that compare, sweep and tune put on a queue with --queue, here or from other machines, until Ctrl-C. A worker that is killed is replaced by any other: its runs go on from their last checkpoints, none is lost and none is made twice.',
  usage: '--queue redis://host',
  flags: {
    queue: {
      value: 'redis://host',
      about:
        'the Redis of the queue, version 5 or later: redis://[user:password@]host[:6379][/database], or rediss://… by TLS',
    },
    'queue-name': { value: 'name', about: 'which queue of that Redis; default stillpoint' },
    processes: { value: 'n', about: 'runs at once, each in a process; default: one for each processor' },
    'lock-seconds': {
      value: 's',
      about: `seconds without a sign of life after which a worker counts as dead; default ${LOCK.default}`,
    },
    quiet,
  },
  examples: [
    'redis-server --port 6379',
    'stillpoint worker --queue redis://127.0.0.1:6379',
    "stillpoint sweep ring --vary stepSize=1e-4,1e-3 --methods 'adam; extra-adam' --queue redis://127.0.0.1:6379",
  ],
  async run(args) {
    const [extra] = args.positionals;
    if (extra !== undefined)
      throw new InputError(`worker takes only flags; found "${extra}", did you mean --queue ${extra}?`);
    const url = args.text('queue');
    if (url === undefined)
      throw new InputError('worker needs the address of a queue: --queue redis://127.0.0.1:6379');
    const [name, processes] = [args.text('queue-name'), args.whole('processes', 1)];
    const lockSeconds = args.amount('lock-seconds');
    if (lockSeconds !== undefined && lockSeconds < LOCK.least)
      throw new InputError(`--lock-seconds is ${lockSeconds}; expected at least ${LOCK.least}`);
    const stop = interrupt('running trials write a checkpoint and go back to the queue');
    stop.listen();
    await serveQueue({
      url,
      ...(name === undefined ? {} : { name }),
      ...(processes === undefined ? {} : { processes }),
      ...(lockSeconds === undefined ? {} : { lockSeconds }),
      signal: stop.signal,
      onEvent(event) {
        if (!args.has('quiet') || event.kind === 'failed' || event.kind === 'unkept')
          say(`${lineOf(event)}\n`);
      },
    });
    stop.release();
    return stop.status() ?? 0;
  },
};
