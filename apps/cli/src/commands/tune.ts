import { join, resolve } from 'node:path';
import { engineNames } from '@stillpoint/engine';
import { losses, models } from '@stillpoint/gans';
import {
  TUNING_SEED,
  anyGan,
  buildOf,
  candidatesOf,
  presets,
  shareOf,
  specsToTune,
  tuneOnGan,
  type GanTrial,
  type TrialRecord,
} from '@stillpoint/experiments';
import { InputError, findRow } from '@stillpoint/operators';
import type { Results, Section } from '@stillpoint/tracking';
import { commandLine, print, quiet, type Arguments, type Command } from '../command.js';
import { MOST_TRIALS } from '../compare-flags.js';
import { command as compare } from './compare.js';
import { readEngine, readMethods } from '../compare-arguments.js';
import { resultsOf, writeResults } from '../comparison-files.js';
import { loadDrawing } from '../drawing.js';
import { inFewWords } from '../method-words.js';
import { tuningInWords } from '../tuning-words.js';
import { display } from '../progress.js';
import { queueFlags, withQueue } from '../queue-flags.js';
import { resultsFolder } from '../results-folder.js';
import { saver } from '../saver.js';
import { say } from '../say.js';
import { interrupt } from '../signals.js';
import { readRanges } from '../tune-ranges.js';

/** Trials of each method unless `--trials` is given. */
const TRIALS = 8;
/** The most seeds of each trial. */
const MOST_SEEDS = 100;

/** The flags that name what is trained, the same in the comparison of what was chosen. */
const SHARED = ['model', 'data', 'loss', 'engine'] as const;

/** The command that compares what was chosen. */
function compareLine(preset: string, chosen: readonly string[], args: Arguments): string {
  const flags = SHARED.flatMap((flag) => {
    const value = args.text(flag);
    return value === undefined ? [] : [[flag, value] as const];
  });
  return commandLine(compare, {
    ...args,
    positionals: [preset],
    given: [['methods', chosen.join('; ')], ...flags],
  });
}

export const command: Command = {
  name: 'tune',
  about:
    'Chooses the options of methods on a preset: the same number of trials for each, on seeds that no comparison uses.',
  usage: '<preset>',
  flags: {
    methods: {
      value: "'spec;spec'",
      about:
        'which methods; options that a spec states are not searched; default: the preset’s methods, with the options that are searched left out',
    },
    trials: { value: 'n', about: `trials of each method; default ${TRIALS}` },
    seeds: { value: 'n', about: `seeds of each trial, from ${TUNING_SEED} on; default 1` },
    seed: { value: 'n', about: 'of the choice of trials; default 0' },
    'oracle-calls': { value: 'n', about: 'budget of each trial; default a quarter of the preset’s' },
    range: {
      value: 'option=from..to',
      repeats: true,
      about:
        'search an option within this range, evenly in its logarithm, as stepSize=1e-4..1e-2; or among values: beta1=0,0.5,0.9; may be repeated',
    },
    model: {
      value: 'spec',
      about: `networks instead of the preset’s: ${models.map((row) => row.name).join(', ')}, as 'dcgan(channels=16)'`,
    },
    data: { value: 'spec|path', about: 'data instead of the preset’s, as compare takes them' },
    loss: {
      value: 'spec',
      about: `loss instead of the preset’s: ${losses.map((row) => row.name).join(', ')}`,
    },
    engine: { value: 'name', about: `auto, ${engineNames.join(', ')}` },
    out: {
      output: true,
      value: 'folder',
      about:
        'where to write report.html, results.json, measures.csv and trials/, a run directory for each trial; default: stillpoint-report, or stillpoint-report-2 and so on where that exists',
    },
    ...queueFlags,
    continue: { output: true, about: 'go on with the tuning in --out where it was interrupted' },
    overwrite: { output: true, about: 'replace an earlier report in the folder' },
    json: { output: true, about: 'print every trial and the choice as JSON' },
    quiet,
  },
  examples: [
    "stillpoint tune ring --methods 'adam; extra-adam' --trials 8 --oracle-calls 4500",
    "stillpoint tune ring --methods 'extra-adam(beta1=0.5)' --range stepSize=1e-4..1e-2",
    'stillpoint tune swiss-roll --out tuned --continue',
  ],
  async run(args) {
    const [name, ...more] = args.positionals;
    if (name === undefined || more.length > 0)
      throw new InputError(
        `tune takes one preset: ${presets.map((preset) => preset.name).join(', ')}; found ${name === undefined ? 'none' : args.positionals.join(' ')}`,
      );
    const preset = findRow('preset', presets, name);
    const given = args.text('methods');
    const methods = given === undefined ? undefined : specsToTune(await readMethods(given));
    const trials = args.whole('trials', 1, MOST_TRIALS) ?? TRIALS;
    const seeds = args.whole('seeds', 1, MOST_SEEDS) ?? 1;
    const seed = args.whole('seed', 0, 2 ** 32 - 1) ?? 0;
    const calls = args.whole('oracle-calls', 1) ?? shareOf(preset.calls);
    const choice = { trials, seed, ranges: readRanges(args.all('range')), ...(methods && { methods }) };
    for (const { trials: specs } of candidatesOf(preset, choice))
      for (const spec of specs) (await buildOf(spec))({}, anyGan);
    const engine = await readEngine(args.text('engine'));
    const draws = await loadDrawing();
    const folder = resultsFolder(args.text('out'), {
      overwrite: args.has('overwrite'),
      goOn: args.has('continue'),
    });
    const stop = interrupt('what was done will be written');
    const shown = display(args.has('quiet'));
    const line = commandLine(command, args);
    const files = (section: Section, interrupted: boolean): Results =>
      resultsOf([section], { command: line, interrupted, notBegun: [] });
    const saved = saver((section: () => Section) => writeResults(folder.path, files(section(), true), draws));
    const draw = shown.trials(preset.name, inFewWords);
    stop.listen();
    folder.clear();
    const [model, data, loss] = [args.text('model'), args.text('data'), args.text('loss')];
    try {
      const tuning = {
        ...choice,
        ...(model === undefined ? {} : { model }),
        ...(data === undefined ? {} : { data }),
        ...(loss === undefined ? {} : { loss }),
        seeds,
        calls,
        engine,
        folder: resolve(folder.trials),
        signal: stop.signal,
        onProgress(records: readonly TrialRecord<GanTrial>[], section: () => Section) {
          draw(records);
          saved.now(records, section);
        },
      };
      const result = await withQueue(args, (queue) => tuneOnGan(preset, { ...tuning, ...queue }));
      saved.end();
      shown.clear();
      const results = files(result.section, stop.signal.aborted);
      writeResults(folder.path, results, draws);
      if (stop.signal.aborted) say(`${line} --out ${folder.path} --continue goes on from here.\n`);
      const { methods: tuned } = result;
      const chosen = tuned.flatMap((one) => (one.chosen === null ? [] : [one.chosen]));
      const next = chosen.length < tuned.length ? null : compareLine(preset.name, chosen, args);
      const report = join(folder.path, 'report.html');
      const budget = { trials, seeds, firstSeed: TUNING_SEED, calls };
      const { interrupted } = results;
      if (args.has('json'))
        print(JSON.stringify({ command: line, interrupted, budget, methods: tuned, compare: next, report }));
      else print(tuningInWords(result, next, report));
      return stop.status() ?? (chosen.length === tuned.length ? 0 : 1);
    } catch (error) {
      folder.discard();
      throw error;
    } finally {
      folder.close();
      saved.end();
      shown.clear();
      stop.release();
    }
  },
};
