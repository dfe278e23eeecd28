import { mkdirSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { datasetFrom } from '@stillpoint/datasets';
import { engineNames, findEngines, type EngineName } from '@stillpoint/engine';
import { compareOnGame, compareOnGan, gameMethods, gamePresets, gameStepSizes, presets, type GamePreset, type GanPreset, type TrialRecord } from '@stillpoint/experiments';
import { losses, lossFrom, modelFrom, models } from '@stillpoint/gans';
import { InputError, findRow, unknownName, type Game } from '@stillpoint/operators';
import { spaceFor } from '@stillpoint/optimizers/drivers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { gameFrom, games } from '@stillpoint/problems';
import { figures, measuresCsv, report, type Results, type Section } from '@stillpoint/tracking';
import type { Arguments, Command } from '../command.js';
import { makeFolder, writeWhole } from '../files.js';
import { isFile, readGame } from '../game-argument.js';
import { livePictures } from '../live-pictures.js';
import { display } from '../progress.js';
import { inWords } from '../section-words.js';

/** A trial in a few words: `lookahead(alternating-adam) #2`. */
const inShort = ({ trial }: TrialRecord): string => `${trial.method.replace(/\([^()]*\)/g, '').replace(/,[^()]*\)/g, ')')} #${trial.seed}`;

type OnProgress = (records: readonly TrialRecord[]) => void;
const both = (first: OnProgress, second: OnProgress): OnProgress => (records) => {
  first(records);
  second(records);
};

type Target = { readonly argument: string; readonly preset: GanPreset } | { readonly argument: string; readonly game: Game; readonly shown?: GamePreset };

async function readTarget(argument: string): Promise<Target> {
  const preset = presets.find(({ name }) => name === argument);
  if (preset !== undefined) return { argument, preset };
  const shown = gamePresets.find(({ name }) => name === argument);
  if (shown !== undefined) return { argument, game: gameFrom(shown.game), shown };
  const known = games.some(({ name }) => argument.split('(')[0]?.trim() === name);
  if (!known && !isFile(argument)) throw unknownName('preset or game', argument, [...presets, ...gamePresets, ...games].map(({ name }) => name));
  return { argument, game: await readGame(argument) };
}

/** `a; b(c=1)` as separate specs. */
function readMethods(text: string): string[] {
  const specs = text.split(';').map((spec) => spec.trim()).filter(Boolean);
  if (/\)\s*,\s*[a-z]/.test(text.replace(/\([^()]*(\([^()]*\)[^()]*)*\)/g, '()'))) throw new InputError(`--methods "${text}": separate methods with semicolons, as 'gda; rapp(stepSize=0.1)'`);
  if (specs.length === 0) throw new InputError(`--methods is "${text}"; expected specs as 'gda; extragradient(stepSize=0.1)'`);
  return specs;
}

async function readEngine(text: string | undefined): Promise<EngineName | 'auto'> {
  if (text === undefined || text === 'auto') return 'auto';
  const { name } = findRow('engine', engineNames.map((engine) => ({ name: engine })), text);
  const { found, reason } = (await findEngines([name])).find(({ engine }) => engine === name) ?? { found: false };
  if (!found) throw new InputError(`engine ${name} cannot run here: ${reason ?? 'not found'}`);
  return name;
}

/** Whether pictures are wanted as files; SVG is the one format that needs no converter. */
function readFigures(text: string | undefined): boolean {
  if (text !== undefined && text !== 'svg') throw new InputError(`--figures "${text}": expected svg; for PDF, open an SVG or the report in a browser and print it`);
  return text === 'svg';
}

function writeFigures(folder: string, results: Results): void {
  const files = figures(results).map(({ name, svg }) => [join(folder, `${name}.svg`), svg] as const);
  if (files.length === 0) return;
  mkdirSync(folder, { recursive: true });
  writeWhole(Object.fromEntries(files));
}

const quoted = (word: string): string => (/^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`);

/** The command that makes the same results: what was given, without where it is written. */
function commandLine(targets: readonly string[], args: Arguments): string {
  const flags = ['methods', 'model', 'loss', 'oracle-calls', 'steps', 'seeds', 'engine'].flatMap((flag) => {
    const value = args.text(flag);
    return value === undefined ? [] : [`--${flag}`, quoted(value)];
  });
  return ['npx stillpoint compare', ...targets.map(quoted), ...flags].join(' ');
}

export const command: Command = {
  name: 'compare',
  about: 'Runs methods against each other from the same start, with the same data and budget, and writes a report.',
  usage: '<preset|game|file.mjs> …',
  flags: {
    methods: { value: "'spec;spec'", about: 'which methods; default: the preset’s, or a choice of the registry on a game' },
    model: { value: 'spec', about: `networks instead of the preset’s: ${models.map(({ name }) => name).join(', ')}, as 'dcgan(channels=16)' (presets only)` },
    loss: { value: 'spec', about: `loss instead of the preset’s: ${losses.map(({ name }) => name).join(', ')} (presets only)` },
    'oracle-calls': { value: 'n', about: 'budget of gradients per player for each method' },
    steps: { value: 'n', about: 'budget of method steps instead' },
    seeds: { value: 'n', about: 'how many seeds (presets only)' },
    engine: { value: 'name', about: `auto, ${engineNames.join(', ')} (presets only)` },
    out: { value: 'folder', about: 'where to write report.html, results.json, measures.csv and, while presets run, samples/*.png; default: stillpoint-report' },
    figures: { value: 'svg', about: 'write each picture of the report to figures/*.svg as well, with its title and legend' },
    json: { about: 'print the results as JSON' },
  },
  examples: ['stillpoint compare spiral --figures svg', 'stillpoint compare ring', "stillpoint compare fashion-mnist --model 'dcgan(channels=16)'", "stillpoint compare forsaken --methods 'gda; extragradient; lookahead(gda, steps=20)'", 'stillpoint compare mygame.mjs --oracle-calls 5000'],
  async run(args) {
    const names = args.positionals;
    if (names.length === 0) throw new InputError(`compare needs a preset, a game or a file: ${[...presets, ...gamePresets, ...games].map(({ name }) => name).join(', ')}`);
    const [calls, steps, seeds] = [args.whole('oracle-calls', 1), args.whole('steps', 1), args.whole('seeds', 1)];
    if (calls !== undefined && steps !== undefined) throw new InputError('--oracle-calls and --steps exclude each other');
    const given = args.text('methods');
    const methods = given === undefined ? undefined : readMethods(given);
    const targets = await Promise.all(names.map(readTarget));
    for (const target of targets) {
      const facts = 'game' in target ? target.game.facts : {};
      const shape = 'game' in target ? target.game : { name: target.argument, dim: 2, players: [{ name: 'D', start: 0, end: 1 }, { name: 'G', start: 1, end: 2 }] };
      for (const spec of methods ?? ('preset' in target ? target.preset.methods : target.shown?.methods ?? gameMethods(facts))) methodFrom(spec, facts).begin(spaceFor(shape, new Float64Array(0)));
      if ('game' in target && target.game.start === undefined) throw new InputError(`${target.argument} states no start; add start: [${target.game.players.flatMap(({ start, end }) => Array<string>(end - start).fill('0')).join(', ')}] to its default export`);
    }
    if (!targets.some((target) => 'preset' in target)) for (const flag of ['seeds', 'engine', 'model', 'loss']) if (args.has(flag)) throw new InputError(`--${flag} is for presets; a game is deterministic and needs no ${flag === 'seeds' ? 'seed' : flag}`);
    const [model, loss] = [args.text('model'), args.text('loss')];
    if (loss !== undefined) lossFrom(loss);
    for (const target of targets) if (model !== undefined && 'preset' in target) modelFrom(model, (await datasetFrom(target.preset.dataset)).train.shape);
    const engine = await readEngine(args.text('engine'));
    const drawn = readFigures(args.text('figures'));
    const out = args.text('out') ?? 'stillpoint-report';
    const folder = makeFolder('--out', out, ['results.json', 'measures.csv', 'report.html']);

    const interrupt = new AbortController();
    const onInterrupt = (): void => {
      if (interrupt.signal.aborted) process.exit(130);
      process.stderr.write('\nStopping; what was done will be written. Ctrl-C again to quit at once.\n');
      interrupt.abort();
    };
    process.on('SIGINT', onInterrupt);
    process.on('SIGTERM', onInterrupt);
    const shown = display();
    const live = livePictures(join(out, 'samples'));
    const budget = { ...(calls === undefined ? {} : { calls }), ...(steps === undefined ? {} : { steps }), signal: interrupt.signal };
    const sections: Section[] = [];
    try {
      for (const target of targets) {
        if (interrupt.signal.aborted) break;
        sections.push('preset' in target
          ? await compareOnGan(target.preset, {
            ...budget, engine, processes: availableParallelism(), ...(methods ? { methods } : {}), ...(seeds === undefined ? {} : { seeds }), ...(model === undefined ? {} : { model }), ...(loss === undefined ? {} : { loss }),
            onProgress: both(shown.trials(target.preset.name, inShort), (records) => live.show(target.preset.name, records)),
          })
          : await compareOnGame(target.game, {
            title: target.argument, methods: gameMethods(target.game.facts), stepSizes: gameStepSizes, ...target.shown, ...budget,
            ...(methods ? { methods, stepSizes: 'as given; where none is given, 1/L' } : {}), onProgress: shown.game(target.argument),
          }));
        shown.clear();
        if (!args.has('json')) process.stdout.write(`${sections.slice(-1).map((section) => inWords(section, 'shown' in target)).join('')}\n`);
      }
    } catch (error) {
      folder.discard();
      throw error;
    } finally {
      shown.clear();
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onInterrupt);
    }
    const results: Results = {
      title: `${sections.map(({ title }) => title).join(' · ') || 'Nothing was run'}`, command: commandLine(names, args), interrupted: interrupt.signal.aborted, sections,
      environment: { node: process.version, platform: `${process.platform} ${process.arch}`, processor: cpus()[0]?.model ?? 'unknown' },
    };
    writeWhole({ [join(out, 'results.json')]: `${JSON.stringify(results)}\n`, [join(out, 'measures.csv')]: measuresCsv(results), [join(out, 'report.html')]: report(results) });
    if (drawn) writeFigures(join(out, 'figures'), results);
    process.stdout.write(args.has('json') ? `${JSON.stringify(summary(results, out))}\n` : `The report: ${join(out, 'report.html')}\n`);
    if (interrupt.signal.aborted) return 130;
    return sections.some(({ runs }) => runs.some(({ status }) => status === 'failed')) ? 1 : 0;
  },
};

/** The results without pictures and curves, for scripts. */
function summary({ command: line, interrupted, sections, environment }: Results, out: string): object {
  return {
    command: line, interrupted, report: join(out, 'report.html'), environment,
    sections: sections.map((section) => ({
      kind: section.kind, title: section.title, verdict: section.verdict, settings: section.settings,
      runs: section.kind === 'game'
        ? section.runs.map(({ path: _, curve: __, ...run }) => run)
        : section.runs.map((run) => ({ method: run.method, label: run.label, family: run.family, seed: run.seed, status: run.status, message: run.message, steps: run.steps, oracleCalls: run.oracleCalls, seconds: run.seconds, measures: run.result })),
    })),
  };
}
