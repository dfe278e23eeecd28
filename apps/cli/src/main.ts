import { InputError, messageOf, printable } from '@stillpoint/operators';
import { helpOf, print, readArguments } from './command.js';
import { commandOf, commands, overview } from './entries.js';
import { ignoreStderrErrors, say } from './say.js';
import { watchStrays } from './strays.js';
import { version } from './version.js';

async function run(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined)
    throw new InputError(
      `expected a command: ${Object.keys(commands).join(', ')}; stillpoint --help says more`,
    );
  if (name === '--help' || name === '-h') {
    print(overview());
    return 0;
  }
  if (name === '--version') {
    print(version());
    return 0;
  }
  const command = await commandOf(name);
  if (rest.includes('--help') || rest.includes('-h')) {
    print(helpOf(command));
    return 0;
  }
  return command.run(readArguments(command, rest));
}

/**
 * Runs the command line; returns the exit status: 0 done, 1 the run failed, 2 wrong usage, 128 + n ended by
 * signal n.
 */
export async function main(argv: readonly string[]): Promise<number> {
  ignoreStderrErrors();
  const strays = watchStrays(argv);
  try {
    return strays.ended(await run(argv));
  } catch (error) {
    // compared by name: a command outside the bundle has an InputError class of its own
    const usage = error instanceof Error && error.name === 'InputError';
    say(`stillpoint: ${printable(messageOf(error).slice(0, 600))}\n`);
    if (!usage && process.env['STILLPOINT_DEBUG'])
      say(`${error instanceof Error ? (error.stack ?? '') : ''}\n`);
    return strays.ended(usage ? 2 : 1);
  }
}
