import { gridOf, presets, withGrid } from '@stillpoint/experiments';
import { InputError } from '@stillpoint/operators';
import { commandLine, type Command } from '../command.js';
import { readMethods } from '../compare-arguments.js';
import { flags } from '../compare-flags.js';
import { runComparison } from '../run-comparison.js';
import { readValues } from '../tune-ranges.js';

/** The most methods: each is one more run for each seed. */
const MOST_METHODS = 1000;

const { methods, tune: _, ...shared } = flags;

export const command: Command = {
  name: 'sweep',
  about:
    'Compares methods with every combination of values of their options, and writes a report as compare does. With --queue the workers of other machines make the runs.',
  usage: '<preset|game|file.mjs> --vary option=value,value',
  flags: {
    methods: {
      ...methods,
      value: "'spec;spec'",
      about: 'which methods; the values of --vary replace what a spec states; default: the preset’s',
    },
    vary: {
      value: 'option=a,b,…',
      repeats: true,
      about:
        'the values of an option, wherever a method has it, as stepSize=1e-4,1e-3; may be repeated, for every combination',
    },
    ...shared,
  },
  examples: [
    "stillpoint sweep ring --methods 'adam; extra-adam' --vary stepSize=1e-4,1e-3 --vary beta1=0,0.5 --seeds 3",
    "stillpoint sweep forsaken --methods 'lookahead(gda(stepSize=0.1))' --vary steps=5,20,40",
    'stillpoint sweep grid --vary stepSize=1e-4,5e-4 --queue redis://127.0.0.1:6379 --out sweep --continue',
  ],
  async run(args) {
    const vary = readValues(args.all('vary'));
    const given = args.text('methods');
    const [target] = args.positionals;
    const preset = args.positionals.length === 1 ? presets.find(({ name }) => name === target) : undefined;
    if (given === undefined && preset === undefined)
      throw new InputError(
        "sweep needs --methods, as --methods 'adam; extra-adam', unless it is of one preset of GANs, which has its own",
      );
    const specs = (given === undefined ? preset!.methods : await readMethods(given)).map((method) => {
      if (typeof method === 'string') return method;
      throw new InputError(
        `${'name' in method ? method.name : 'a method'} is a file, whose options have no names here; expected specs`,
      );
    });
    const grid = gridOf(specs, vary);
    if (grid.length > MOST_METHODS)
      throw new InputError(`--vary makes ${grid.length} methods; expected at most ${MOST_METHODS}`);
    const text = grid.join('; ');
    return runComparison(
      { ...args, text: (flag) => (flag === 'methods' ? text : args.text(flag)) },
      commandLine(command, args),
      (section) => withGrid(section, vary),
    );
  },
};
