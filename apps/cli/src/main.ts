import { createRequire } from 'node:module';
import { InputError, messageOf, unknownName } from '@stillpoint/operators';
import { helpOf, readArguments, type Command } from './command.js';
import { ignoreStderrErrors, say } from './say.js';

/** Each command's file is imported only when it is called: `solve` must not wait for what `compare` needs. */
const commands: { readonly [name: string]: { readonly about: string; load(): Promise<{ readonly command: Command }> } } = {
  compare: { about: 'run methods against each other and write a report', load: () => import('./commands/compare.js') },
  solve: { about: 'run one method on one game', load: () => import('./commands/solve.js') },
  list: { about: 'list games, methods, presets, datasets, metrics, projections or engines', load: () => import('./commands/list.js') },
  doctor: { about: 'say which engines are found and what is missing', load: () => import('./commands/doctor.js') },
};

function help(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  return ['Training that will not stand still, stilled.', '', ...Object.entries(commands).map(([name, { about }]) => `  stillpoint ${name.padEnd(width)}  ${about}`), '', '  stillpoint <command> --help'].join('\n');
}

/** Runs the command line; answers the exit status: 0 done, 1 the run failed, 2 wrong usage, 128 + n ended by signal n. */
export async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  ignoreStderrErrors();
  try {
    if (name === undefined) throw new InputError(`expected a command: ${Object.keys(commands).join(', ')}; stillpoint --help says more`);
    if (name === '--help' || name === '-h' || name === 'help') {
      process.stdout.write(`${help()}\n`);
      return 0;
    }
    if (name === '--version') {
      const { version } = createRequire(import.meta.url)('../package.json');
      process.stdout.write(`${version}\n`);
      return 0;
    }
    const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (entry === undefined) throw unknownName('command', name, Object.keys(commands));
    const { command } = await entry.load();
    if (rest.includes('--help') || rest.includes('-h')) {
      process.stdout.write(`${helpOf(command)}\n`);
      return 0;
    }
    return await command.run(readArguments(command, rest));
  } catch (error) {
    const usage = error instanceof Error && error.name === 'InputError'; // by name: a command outside the bundle has a class of its own
    say(`stillpoint: ${messageOf(error).slice(0, 600)}\n`);
    if (!usage && process.env['STILLPOINT_DEBUG']) say(`${error instanceof Error ? (error.stack ?? '') : ''}\n`);
    return usage ? 2 : 1;
  }
}
