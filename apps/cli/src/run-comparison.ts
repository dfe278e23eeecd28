import { join, resolve } from 'node:path';
import { dataSpec } from '@stillpoint/datasets';
import {
  anyGan,
  buildOf,
  candidatesOf,
  columnOf,
  drawsRandomly,
  compareOnGame,
  compareOnGan,
  compareOnProblem,
  compareTuned,
  methodsFor,
  gamePresets,
  presets,
  runMeasurerOf,
  specsToTune,
  targetFrom,
  type GanTrial,
  type TrialQueue,
  type TrialRecord,
} from '@stillpoint/experiments';
import { lossFrom, modelFrom } from '@stillpoint/gans';
import {
  InputError,
  formatSpec,
  lazyFacts,
  messageOf,
  parseSpec,
  withFacts,
  type Problem,
} from '@stillpoint/operators';
import { problems } from '@stillpoint/problems';
import type { Results, Section } from '@stillpoint/tracking';
import { makeFolders, writeWhole } from '@stillpoint/tracking/files';
import { print, type Arguments } from './command.js';
import { MOST_SEEDS, MOST_TRIALS } from './compare-flags.js';
import { resultsOf, writeResults } from './comparison-files.js';
import { loadDrawing, type Drawing } from './drawing.js';
import {
  readEngine,
  readFigures,
  readMethods,
  readTarget,
  sourceOf,
  type Target,
} from './compare-arguments.js';
import { readStart } from './game-argument.js';
import { livePictures } from './live-pictures.js';
import { display } from './progress.js';
import { withQueue } from './queue-flags.js';
import { resultsFolder } from './results-folder.js';
import { saver } from './saver.js';
import { say } from './say.js';
import { wordsFor } from './method-words.js';
import { inWords } from './section-words.js';
import { interrupt } from './signals.js';

function writeFigures(folder: string, results: Results, { figures }: Drawing): void {
  const files = figures(results).map(({ name, svg }) => [join(folder, `${name}.svg`), svg] as const);
  if (files.length === 0) return;
  makeFolders(folder);
  writeWhole(Object.fromEntries(files));
}

/** The flags that only presets of GANs have. */
const ofPresets = ['engine', 'model', 'data', 'loss', 'target', 'tune'] as const;

/** What methods are checked against before a run. */
const shapeOf = (target: Target): Problem => {
  if ('preset' in target) return anyGan;
  return 'played' in target ? (target.played.sampled ?? target.played.game) : target.problem;
};

/**
 * Compares what the arguments name, and writes the report. Returns the exit status.
 * @param line the command that makes the same results again. @param drawn what is added to each section.
 */
export const runComparison = (
  args: Arguments,
  line: string,
  drawn: (section: Section) => Section = (section) => section,
): Promise<number> =>
  withQueue(args, async (queue) => {
    const atEnd: (() => void)[] = [];
    try {
      return await compared(args, line, drawn, queue, (act) => atEnd.push(act));
    } finally {
      for (const act of atEnd) act();
    }
  });

async function compared(
  args: Arguments,
  line: string,
  drawn: (section: Section) => Section,
  queue: { readonly queue?: TrialQueue },
  finish: (act: () => void) => void,
): Promise<number> {
  const names = args.positionals;
  if (names.length === 0)
    throw new InputError(
      `expected a preset, a game or a file: ${[...presets, ...gamePresets, ...problems].map(({ name }) => name).join(', ')}`,
    );
  const [calls, steps, seeds] = [
    args.whole('oracle-calls', 1),
    args.whole('steps', 1),
    args.whole('seeds', 1, MOST_SEEDS),
  ];
  if (calls !== undefined && steps !== undefined)
    throw new InputError('--oracle-calls and --steps exclude each other');
  const [tolerance, startText] = [args.amount('tolerance'), args.text('start')];
  const given = args.text('methods');
  const methods = given === undefined ? undefined : await readMethods(given);
  const words = wordsFor(methods);
  const trials = args.whole('tune', 1, MOST_TRIALS);
  const specs = trials === undefined ? undefined : specsToTune(methods);
  const tunable = { ...(trials === undefined ? {} : { trials }), ...(specs && { methods: specs }) };
  const targets = await Promise.all(names.map(readTarget));
  const drawing = new Set<Target>(); // with methods that draw random numbers
  for (const target of targets) {
    // only validates: if the game states no L, it is estimated later, and 1 replaces it here
    const shape = shapeOf(target);
    const facts = withFacts(shape.facts ?? {}, 'preset' in target ? {} : lazyFacts({ lipschitz: () => 1 }));
    for (const method of (trials === undefined || !('preset' in target)
      ? methods
      : candidatesOf(target.preset, tunable).flatMap((one) => one.trials)) ??
      ('preset' in target
        ? target.preset.methods
        : (('shown' in target ? target.shown?.methods : undefined) ??
          methodsFor('played' in target ? target.played.game : target.problem))))
      if (drawsRandomly((await buildOf(method))(facts, shape), shape)) drawing.add(target);
    if (!('played' in target)) continue;
    const { game } = target.played;
    if (startText !== undefined) readStart(startText, game);
    else if (game.start === undefined)
      throw new InputError(
        `${target.argument} states no start; add start: [${game.players.flatMap(({ start, end }) => Array<string>(end - start).fill('0')).join(', ')}] to its default export, or give --start`,
      );
  }
  if (!targets.some((target) => 'preset' in target))
    for (const flag of ofPresets)
      if (args.has(flag))
        throw new InputError(
          targets.some((target) => 'problem' in target)
            ? `--${flag} is for presets of GANs; a file chooses its own, as problemFromLosses({ engine: 'wasm', … })`
            : `--${flag} is for presets of GANs; ${['engine', 'model', 'data', 'loss'].includes(flag) ? `a game needs no ${flag}` : 'found games only'}`,
        );
  if (args.has('checkpoint-seconds') && targets.every((target) => 'played' in target))
    throw new InputError(
      '--checkpoint-seconds is for presets of GANs and files with networks; a run on a game is kept when it ends',
    );
  const isExact = (target: Target): boolean => 'played' in target && target.played.sampled === undefined;
  if (args.has('seeds') && targets.every((target) => isExact(target) && !drawing.has(target)))
    throw new InputError(
      '--seeds is for presets of GANs, sampled games and methods that draw random numbers; an exact game needs no seed',
    );
  if (!targets.some((target) => 'played' in target) && args.has('start'))
    throw new InputError(
      targets.some((target) => 'problem' in target)
        ? '--start is for games of plain functions; a file with losses says how each tensor starts, as { shape: [2], fill: (values) => values.set([1, -0.5]) }'
        : '--start is for games; found presets only',
    );
  if (!targets.some(isExact) && args.has('tolerance'))
    throw new InputError('--tolerance is for games whose gradients are exact; found none');
  const [model, loss, data] = [args.text('model'), args.text('loss'), args.text('data')];
  if (loss !== undefined) lossFrom(loss);
  const aim = args.text('target');
  for (const each of targets)
    if (aim !== undefined && 'preset' in each)
      targetFrom(
        aim,
        each.preset.metrics.map((spec) => ({ name: columnOf(parseSpec(spec).name) })),
      );
  if (model !== undefined || data !== undefined)
    for (const target of targets)
      if ('preset' in target) {
        const { preset } = target;
        const dataset = data === undefined ? preset.dataset : formatSpec(await dataSpec(data));
        const { train, dispose } = await runMeasurerOf({ ...preset, dataset });
        await dispose();
        modelFrom(model ?? preset.model, train.shape);
      }
  const engine = await readEngine(args.text('engine'));
  const figured = readFigures(args.text('figures'));
  const checkpointSeconds = args.amount('checkpoint-seconds');
  const draws = await loadDrawing();
  const folder = resultsFolder(args.text('out'), {
    overwrite: args.has('overwrite'),
    goOn: args.has('continue'),
  });
  finish(() => folder.close());
  const out = folder.path;

  const stop = interrupt('what was done will be written');
  const shown = display(args.has('quiet'));
  const live = livePictures(join(out, 'samples'));
  const budget = {
    ...(calls === undefined ? {} : { calls }),
    ...(steps === undefined ? {} : { steps }),
    signal: stop.signal,
    ...queue,
  };
  const sections: Section[] = [];
  let [compared, before] = [0, 0]; // targets, and their sections
  const made = (all: readonly Section[], interrupted: boolean): Results => {
    const notBegun = names.slice(all.length > before ? compared + 1 : compared);
    return resultsOf(all.map(drawn), { command: line, interrupted, notBegun });
  };
  const write = (results: Results): void => writeResults(out, results, draws);
  let failure: unknown;
  stop.listen();
  folder.clear();
  for (const target of targets) {
    if (stop.signal.aborted) break;
    const saved = saver((all: () => readonly Section[]) => write(made(all(), true)));
    if (sections.length > 0) saved.now([], () => sections);
    try {
      if ('preset' in target) {
        const { preset } = target;
        let shows: readonly TrialRecord<GanTrial>[] | undefined; // tuning has records of its own
        let draw = shown.trials(preset.name, words);
        const onProgress = (
          records: readonly TrialRecord<GanTrial>[],
          now: () => readonly Section[],
        ): void => {
          if (shows !== undefined && shows !== records) draw = shown.trials(preset.name, words);
          shows = records;
          draw(records);
          live.show(preset.name, records);
          saved.now(records, () => [...sections, ...now()]);
        };
        const options = {
          ...budget,
          engine,
          folder: resolve(folder.trials),
          ...(checkpointSeconds === undefined ? {} : { checkpointSeconds }),
          ...(methods ? { methods } : {}),
          ...(seeds === undefined ? {} : { seeds }),
          ...(model === undefined ? {} : { model }),
          ...(data === undefined ? {} : { data }),
          ...(loss === undefined ? {} : { loss }),
          ...(aim === undefined ? {} : { target: aim }),
        };
        sections.push(
          ...(trials === undefined
            ? [
                await compareOnGan(preset, {
                  ...options,
                  onProgress: (records, section) => onProgress(records, () => [section()]),
                }),
              ]
            : await compareTuned(preset, { ...options, trials, onProgress })),
        );
      } else if ('problem' in target) {
        const draw = shown.trials(target.argument, words);
        const module = sourceOf(target.argument);
        sections.push(
          await compareOnProblem(target.problem, {
            title: target.argument,
            ...budget,
            ...(seeds === undefined ? {} : { seeds }),
            ...(methods ? { methods } : {}),
            ...('module' in module ? { source: module } : {}),
            folder: resolve(folder.trials),
            ...(checkpointSeconds === undefined ? {} : { checkpointSeconds }),
            onProgress(records, section) {
              draw(records);
              saved.now(records, () => [...sections, section()]);
            },
          }),
        );
      } else {
        const draw = shown.trials(target.argument, words);
        sections.push(
          await compareOnGame(target.played, {
            ...(startText === undefined ? {} : { start: readStart(startText, target.played.game) }),
            ...(seeds === undefined ? {} : { seeds }),
            ...(tolerance === undefined ? {} : { tolerance }),
            title: target.argument,
            methods: methodsFor(target.played.game),
            stepSizes: 'each method’s default (stillpoint list methods)',
            ...target.shown,
            ...budget,
            source: sourceOf(target.shown?.game ?? target.argument),
            folder: resolve(folder.trials),
            ...(methods
              ? {
                  methods,
                  stepSizes: 'as given; where none is given, each method’s default (stillpoint list methods)',
                }
              : {}),
            onProgress(records, section) {
              draw(records);
              saved.now(records, () => [...sections, section()]);
            },
          }),
        );
      }
    } catch (error) {
      failure = error;
      break;
    } finally {
      saved.end();
      shown.clear();
    }
    const now = sections.slice(before);
    if (!args.has('json')) print(now.map((section) => inWords(section, 'shown' in target)).join(''));
    [compared, before] = [compared + 1, sections.length];
  }
  if (failure !== undefined && sections.length === 0) {
    folder.discard();
    throw failure;
  }
  const results = made(sections, stop.signal.aborted);
  let written = true;
  try {
    write(results);
    if (figured) writeFigures(join(out, 'figures'), results, draws);
  } catch (error) {
    written = false;
    failure ??= error;
  }
  if (failure !== undefined) say(`stillpoint: ${messageOf(failure)}\n`); // the results so far are kept
  stop.release();
  for (const target of targets) if ('problem' in target) await target.problem.dispose();
  const { notBegun } = results;
  if (results.interrupted)
    say(
      `${results.command} --out ${out} --continue${args.has('queue') ? ', with --queue as here,' : ''} goes on from here.\n`,
    );
  const last = [
    ...(notBegun.length > 0 ? [`Never begun: ${notBegun.join(', ')}.`] : []),
    ...(written ? [`The report: ${join(out, 'report.html')}`] : []),
  ];
  if (args.has('json')) print(JSON.stringify(summary(results, out)));
  else if (last.length > 0) print(last.join('\n\n'));
  const failed =
    failure !== undefined || sections.some(({ runs }) => runs.some(({ status }) => status === 'failed'));
  return stop.status() ?? (failed ? 1 : 0);
}

/** The results without pictures and curves, for scripts. */
function summary(
  { format, command: line, interrupted, notBegun, sections, environment }: Results,
  out: string,
): object {
  return {
    format,
    command: line,
    interrupted,
    notBegun,
    report: join(out, 'report.html'),
    environment,
    sections: sections.map(({ title, problem, verdict, claims, players, prices, terms, settings, runs }) => ({
      title,
      problem,
      verdict,
      claims,
      players,
      prices,
      terms,
      settings,
      runs: runs.map(({ series: _, pictures: __, ...run }) => run),
    })),
  };
}
