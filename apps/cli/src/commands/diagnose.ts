import { join, resolve } from 'node:path';
import { InputError, type Problem, type Vector } from '@stillpoint/operators';
import { hasFullOperator, startOf } from '@stillpoint/optimizers/drivers';
import { diagnose, verifiedInWords, verifyAdvice } from '@stillpoint/optimizers/diagnose';
import { problems } from '@stillpoint/problems';
import { checkWritable, fileAt, makeFolders, writeWhole } from '@stillpoint/tracking/files';
import { commandLine, print, quiet, type Arguments, type Command } from '../command.js';
import type { Diagnosed, Training } from '../diagnose-training.js';
import { inWords, pageOf } from '../diagnosis-words.js';
import { loadDrawing } from '../drawing.js';
import { isFile, readProblem, readStart } from '../game-argument.js';
import { say } from '../say.js';
import { environment } from '../environment.js';
import { probedAt, probedInWords } from '../probed.js';
import { version } from '../version.js';

/** A problem on which runs can be judged. */
interface Posed {
  readonly problem: Problem;
  readonly start: Vector;
  readonly about: string;
  readonly free: () => Promise<void>;
}

const isRun = (argument: string): boolean => fileAt(argument, resolve(argument))?.isDirectory() === true;

/** Loads what trains networks, which takes a while: only when it is needed. */
const loadTraining = (): Promise<typeof import('../diagnose-training.js')> =>
  import('../diagnose-training.js');

/** The problem that an argument names, or what is found of the training that it names. */
async function targetOf(args: Arguments, argument: string): Promise<Posed | Training> {
  if (isRun(argument)) {
    if (args.text('start') !== undefined)
      throw new InputError('--start is for a problem; of a run directory, --at says where to look');
    return (await loadTraining()).ofRun(args);
  }
  if (args.text('at') !== undefined && args.text('at') !== 'start')
    throw new InputError(`--at is for a run directory, and ${argument} is none`);
  const name = /^[^(]*/.exec(argument)?.[0].trim() ?? '';
  if (!isFile(argument) && !problems.some((one) => one.name === name))
    return (await loadTraining()).ofPreset(args, name);
  const { problem, dispose = async (): Promise<void> => {} } = await readProblem(argument);
  if (!hasFullOperator(problem)) {
    await dispose();
    return (await loadTraining()).ofFile(args, argument);
  }
  const text = args.text('start');
  return {
    problem,
    start: text === undefined ? startOf(problem) : readStart(text, problem),
    about: `${problem.name}, from ${text === undefined ? 'its own start' : 'the start that was given'}`,
    free: dispose,
  };
}

async function ofPosed({ problem, start }: Posed, args: Arguments): Promise<Diagnosed> {
  const tolerance = args.amount('tolerance');
  const calls = args.whole('budget', 100);
  const how = { start, ...(tolerance === undefined ? {} : { tolerance }) };
  const found = await diagnose(problem, {
    ...how,
    ...(calls === undefined ? {} : { calls }),
    estimated: args.has('estimated'),
  });
  if (!args.has('verify') || found.advice === null) return { found, verified: [] };
  const runs = await verifyAdvice(problem, found, how);
  return { found, verified: verifiedInWords(runs), right: runs.every((run) => run.right) };
}

/** The flags that go with probes. */
const ofProbes = ['probe', 'start', 'json', 'quiet'];

export const command: Command = {
  name: 'diagnose',
  about:
    'Says what kind of problem it is, and which method to take with which step size, by asking its gradients: constants, the spectrum of the Jacobian, noise, and trials of methods. Of the training of networks it looks at a short run, and the advice is from experience.',
  usage: '<problem|preset|file.mjs|run directory>',
  flags: {
    start: { value: 'a,b,…', about: 'where to start; default: the problem’s own start' },
    at: {
      value: 'which',
      about:
        'of a run directory: start, checkpoint (the last one, which is the default), best, good, or a step',
    },
    budget: {
      value: 'n',
      about:
        'calls for estimates and trials; default 20000, for more than 64 entries 2000; for networks 1000, for large ones 300',
    },
    tolerance: { value: 'e', about: 'residual at which a trial has converged, as of solve (default 1e-8)' },
    probe: {
      value: 'spec',
      repeats: true,
      about:
        'ask this probe at the start instead, and print what it finds (see list probes); may be repeated; of a problem or a file',
    },
    estimated: { about: 'do without the constants that the problem states' },
    verify: {
      about:
        'run the advice against gda at eight step sizes, or networks against adam, and say whether it was right; the exit status is 1 if it was not',
    },
    data: { value: 'spec|path', about: 'of a training: where the data are, as for train' },
    seed: { value: 'n', about: 'of a training’s start; default 1' },
    engine: { value: 'name', about: 'of a training: what computes; default: the fastest' },
    out: { output: true, value: 'file.html', about: 'write a report with pictures' },
    json: { output: true, about: 'print the diagnosis as JSON' },
    quiet,
  },
  examples: [
    'stillpoint diagnose bilinear',
    "stillpoint diagnose 'polar(a=0.75)' --verify --out polar.html",
    'stillpoint diagnose ring',
    'stillpoint diagnose forsaken --probe jacobian --start 0.5,0.5',
    'stillpoint diagnose run --at checkpoint --json',
  ],
  async run(args) {
    const [argument, ...more] = args.positionals;
    if (argument === undefined || more.length > 0)
      throw new InputError(
        `diagnose takes one problem, preset, file or run directory; found ${argument === undefined ? 'none' : args.positionals.join(' ')}`,
      );
    const probes = args.all('probe');
    if (probes.length > 0) {
      for (const flag of Object.keys(command.flags).filter((name) => !ofProbes.includes(name)))
        if (args.has(flag))
          throw new InputError(`--${flag} is for a diagnosis; --probe asks probes at --start alone`);
      const found = await probedAt(argument, probes, args.text('start'));
      print(args.has('json') ? JSON.stringify(found) : probedInWords(found));
      return 0;
    }
    const out = args.text('out');
    if (out !== undefined) {
      if (!/\.html?$/.test(out))
        throw new InputError(`--out ${out}; expected a file’s name that ends in .html`);
      makeFolders(join(resolve(out), '..'));
      checkWritable('--out', out);
    }
    const target = await targetOf(args, argument);
    try {
      const { found, verified, right } = await ('problem' in target
        ? ofPosed(target, args)
        : target.diagnosed());
      print(
        args.has('json')
          ? JSON.stringify({
              ...found,
              about: target.about,
              ...(args.has('verify') ? { verified, right } : {}),
            })
          : inWords(found, verified),
      );
      if (out !== undefined) {
        const { diagnosisReport } = await loadDrawing();
        const page = pageOf(found, {
          about: target.about,
          verified,
          command: commandLine(command, args),
          environment: environment(version()),
        });
        writeWhole({ [out]: diagnosisReport(page) });
        if (!args.has('quiet')) say(`\nThe report: ${out}\n`);
      }
      return right === false ? 1 : 0;
    } finally {
      await target.free();
    }
  },
};
