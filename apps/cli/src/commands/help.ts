import { InputError } from '@stillpoint/operators';
import { helpOf, print, type Command } from '../command.js';
import { commandOf, overview } from '../entries.js';

export const command: Command = {
  name: 'help',
  about: 'Prints what a command does, what it takes, and examples; without a name, all commands.',
  usage: '[command]',
  flags: {},
  examples: ['stillpoint help', 'stillpoint help compare'],
  async run({ positionals: [name, ...more] }) {
    if (more.length > 0) throw new InputError(`help takes one command; found ${[name, ...more].join(' ')}`);
    print(name === undefined ? overview() : helpOf(await commandOf(name)));
    return 0;
  },
};
