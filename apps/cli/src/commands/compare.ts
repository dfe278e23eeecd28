import { commandLine, type Command } from '../command.js';
import { flags } from '../compare-flags.js';
import { runComparison } from '../run-comparison.js';

export const command: Command = {
  name: 'compare',
  about:
    'Runs methods against each other from the same start, with the same data and budget, and writes a report.',
  usage: '<preset|game|file.mjs> …',
  flags,
  examples: [
    'stillpoint compare spiral --figures svg',
    'stillpoint compare ring',
    "stillpoint compare fashion-mnist --model 'dcgan(channels=16)'",
    'stillpoint compare swiss-roll --data points.csv',
    "stillpoint compare forsaken --methods 'gda; extragradient; lookahead(gda, steps=20)'",
    "stillpoint compare bilinear --methods 'extragradient; ./mymethod.mjs'",
    'stillpoint compare sampled-bilinear --seeds 5',
    'stillpoint compare mygame.mjs --oracle-calls 5000',
    'stillpoint compare grid --seeds 5 --out grid-5 --continue',
    "stillpoint compare ring --tune 8 --seeds 5 --methods 'adam; extra-adam'",
  ],
  run: (args) => runComparison(args, commandLine(command, args)),
};
