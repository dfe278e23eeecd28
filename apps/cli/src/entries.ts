import { unknownName } from '@stillpoint/operators';
import type { Command } from './command.js';

/**
 * A command's entry in the help. Its file is imported only when it is called, so that `solve` does not wait
 * for the modules of `compare`.
 */
export interface Entry {
  readonly group: string;
  readonly about: string;
  load(): Promise<{ readonly command: Command }>;
}

/** Every command, by name. */
export const commands: { readonly [name: string]: Entry } = {
  compare: {
    group: 'Run',
    about: 'run methods against each other and write a report',
    load: () => import('./commands/compare.js'),
  },
  tune: {
    group: 'Run',
    about: 'choose the options of methods by trials on a preset',
    load: () => import('./commands/tune.js'),
  },
  sweep: {
    group: 'Run',
    about: 'compare methods with every combination of values of their options',
    load: () => import('./commands/sweep.js'),
  },
  worker: {
    group: 'Run',
    about: 'make the runs of a queue, for compare, sweep and tune with --queue',
    load: () => import('./commands/worker.js'),
  },
  solve: { group: 'Run', about: 'run one method on one game', load: () => import('./commands/solve.js') },
  train: {
    group: 'Run',
    about: 'train a GAN in a run directory, with checkpoints and pictures',
    load: () => import('./commands/train.js'),
  },
  resume: {
    group: 'Run',
    about: 'go on with a run of train, bit for bit',
    load: () => import('./commands/resume.js'),
  },
  sample: {
    group: 'Run',
    about: 'generate examples from a run of train',
    load: () => import('./commands/sample.js'),
  },
  evaluate: {
    group: 'Run',
    about: 'measure a run of train by every metric',
    load: () => import('./commands/evaluate.js'),
  },
  export: {
    group: 'Run',
    about: 'write the generator of a run as ONNX and safetensors',
    load: () => import('./commands/export.js'),
  },
  report: {
    group: 'Run',
    about: 'make a report again from its results, or of runs side by side',
    load: () => import('./commands/report.js'),
  },
  diagnose: {
    group: 'Run',
    about: 'say what kind of problem it is, and which method to take',
    load: () => import('./commands/diagnose.js'),
  },
  reproduce: {
    group: 'Run',
    about: 'make figures of papers again and judge their claims',
    load: () => import('./commands/reproduce.js'),
  },
  list: {
    group: 'Look up',
    about: 'list games, methods, presets and more, or one of them by name',
    load: () => import('./commands/list.js'),
  },
  cite: {
    group: 'Look up',
    about: 'print the publications of methods and theorems, as text or BibTeX',
    load: () => import('./commands/cite.js'),
  },
  help: {
    group: 'Look up',
    about: 'print what a command does and takes',
    load: () => import('./commands/help.js'),
  },
  doctor: {
    group: 'This machine',
    about: 'print which engines are found and what is missing',
    load: () => import('./commands/doctor.js'),
  },
  completion: {
    group: 'This machine',
    about: 'print a script that completes commands in bash, zsh or fish',
    load: () => import('./commands/completion.js'),
  },
};

/** The help of all commands, in groups. */
export function overview(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const groups = [...new Set(Object.values(commands).map(({ group }) => group))].map((group) =>
    [
      group,
      ...Object.entries(commands)
        .filter(([, entry]) => entry.group === group)
        .map(([name, { about }]) => `  stillpoint ${name.padEnd(width)}  ${about}`),
      '',
    ].join('\n'),
  );
  return [
    'Methods for games and GANs on which gradient steps fail, and fair comparisons of them.',
    '',
    ...groups,
    'stillpoint help <command> says more.',
  ].join('\n');
}

/** Loads the command of that name. @throws InputError for an unknown name, with the nearest. */
export async function commandOf(name: string): Promise<Command> {
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) throw unknownName('command', name, Object.keys(commands));
  return (await entry.load()).command;
}
