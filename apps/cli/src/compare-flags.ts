import { engineNames } from '@stillpoint/engine';
import { losses, models } from '@stillpoint/gans';
import { quiet, type Command } from './command.js';
import { queueFlags } from './queue-flags.js';

/** The most seeds: each is one more trial of every method. */
export const MOST_SEEDS = 1000;

/** The most trials of each method in tuning. */
export const MOST_TRIALS = 1000;

/** The flags of `compare`. */
export const flags: Command['flags'] = {
  methods: {
    value: "'spec;spec;file.mjs'",
    about: 'which methods, and files that export your own; default: the preset’s, or a selection for games',
  },
  model: {
    value: 'spec',
    about: `networks instead of the preset’s: ${models.map(({ name }) => name).join(', ')}, as 'dcgan(channels=16)' (presets only)`,
  },
  data: {
    value: 'spec|path',
    about:
      'data instead of the preset’s: a data set, as \'csv(path="points.csv", label=class)\', or the path of a folder of images or a file of points (presets only)',
  },
  loss: {
    value: 'spec',
    about: `loss instead of the preset’s: ${losses.map(({ name }) => name).join(', ')} (presets only)`,
  },
  'oracle-calls': { value: 'n', about: 'budget of each method, in gradients of all players' },
  steps: { value: 'n', about: 'budget of method steps instead' },
  start: { value: 'a,b,…', about: 'where every method starts; default: the game’s own start (games only)' },
  tolerance: {
    value: 'e',
    about: 'residual at which a method has converged; default 1e-8 (exact games only)',
  },
  target: {
    value: "'metric<=value'",
    about:
      "also report each run’s calls and seconds to this value of a metric, as 'high-quality>=80; reverse-kl<=0.1'; default: the preset’s goal (presets only)",
  },
  tune: {
    value: 'n',
    about:
      'first choose each method’s options by n trials on another seed, each with a quarter of the budget; what a spec of --methods states is not searched (presets only)',
  },
  seeds: {
    value: 'n',
    about: `how many seeds, at most ${MOST_SEEDS} (presets of GANs, sampled games, and methods that draw random numbers)`,
  },
  engine: { value: 'name', about: `auto, ${engineNames.join(', ')} (presets only)` },
  out: {
    output: true,
    value: 'folder',
    about:
      'where to write report.html, results.json, measures.csv, trials/, a run directory for each run, and for presets samples/*.png; default: stillpoint-report, or stillpoint-report-2 and so on where that exists',
  },
  continue: {
    output: true,
    about:
      'go on with the comparison in --out where it was interrupted: runs that have ended are read, others go on from their checkpoints, or on games from their start',
  },
  'checkpoint-seconds': {
    output: true,
    value: 's',
    about:
      'seconds between two checkpoints of a run, more where writing takes over 1 %; default 30 (presets, and files with networks)',
  },
  ...queueFlags,
  overwrite: { output: true, about: 'replace an earlier report in the folder' },
  figures: {
    output: true,
    value: 'svg',
    about: 'write each picture of the report to figures/*.svg as well, with its title and legend',
  },
  json: { output: true, about: 'print the results as JSON' },
  quiet,
};
