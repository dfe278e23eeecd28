import { InputError, findRow } from '@stillpoint/operators';
import { print, type Command } from '../command.js';
import { commandOf, commands } from '../entries.js';

/** The words that may follow a command: its flags, the names that it takes, and the values of its flags. */
interface Words {
  readonly name: string;
  readonly about: string;
  readonly flags: readonly string[];
  /** The flags that take a value. */
  readonly valued: readonly string[];
  readonly names: readonly string[];
  readonly after: { readonly [flag: string]: readonly string[] };
}

async function gather(): Promise<readonly Words[]> {
  const [
    { problems },
    { methods },
    { gamePresets, presets },
    { papers },
    { engineNames },
    { kindNames },
    { probes },
    { citable },
  ] = await Promise.all([
    import('@stillpoint/problems'),
    import('@stillpoint/optimizers/registry'),
    import('@stillpoint/experiments'),
    import('@stillpoint/experiments/papers'),
    import('@stillpoint/engine'),
    import('./list.js'),
    import('@stillpoint/optimizers/probe-registry'),
    import('./cite.js'),
  ]);
  const names = (rows: readonly { readonly name: string }[]): readonly string[] =>
    rows.map(({ name }) => name);
  const takes: { readonly [command: string]: readonly string[] } = {
    compare: [...names(presets), ...names(gamePresets), ...names(problems)],
    solve: names(problems),
    diagnose: [...names(problems), ...names(presets)],
    list: kindNames,
    reproduce: papers.flatMap(({ name, figures }) => [
      name,
      ...names(figures).map((one) => `${name}/${one}`),
    ]),
    cite: citable,
    help: Object.keys(commands),
    completion: names(shells),
  };
  const after = {
    '--method': names(methods),
    '--methods': names(methods),
    '--engine': ['auto', ...engineNames],
    '--probe': names(probes),
  };
  return Promise.all(
    Object.entries(commands).map(async ([name, { about }]) => {
      const table = Object.entries((await commandOf(name)).flags);
      const flags = [...table.map(([flag]) => flag), 'help'].map((flag) => `--${flag}`);
      const valued = table.filter(([, { value }]) => value !== undefined).map(([flag]) => `--${flag}`);
      return {
        name,
        about,
        flags,
        valued,
        names: takes[name] ?? [],
        after: Object.fromEntries(Object.entries(after).filter(([flag]) => flags.includes(flag))),
      };
    }),
  );
}

/**
 * The script for bash, which zsh also reads, through its bashcompinit. If no word is known, files are
 * offered.
 */
function bash(all: readonly Words[]): string {
  const cases = all.flatMap(({ name, flags, names, after }) => [
    ...Object.entries(after).map(([flag, words]) => `    "${name} ${flag}") words="${words.join(' ')}" ;;`),
    `    "${name} "*) words="${[...flags, ...names].join(' ')}" ;;`,
  ]);
  return [
    '_stillpoint() {',
    '  local current="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" words',
    '  if [ "$COMP_CWORD" -le 1 ]; then before=""; fi',
    '  case "${COMP_WORDS[1]} $before" in',
    ...cases,
    '  esac',
    `  if [ "$COMP_CWORD" -le 1 ]; then words="${all
      .map(({ name }) => name)
      .join(' ')} --help --version"; fi`,
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '}',
    'complete -o default -F _stillpoint stillpoint',
  ].join('\n');
}

function fish(all: readonly Words[]): string {
  const quoted = (text: string): string => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
  return all
    .flatMap(({ name, about, flags, valued, names, after }) => {
      const within = `-n '__fish_seen_subcommand_from ${name}'`;
      return [
        `complete -c stillpoint -n __fish_use_subcommand -a ${name} -d ${quoted(about)}`,
        ...(names.length > 0 ? [`complete -c stillpoint ${within} -a ${quoted(names.join(' '))}`] : []),
        ...flags.map(
          (flag) =>
            `complete -c stillpoint ${within} -l ${flag.slice(2)}${
              after[flag] !== undefined
                ? ` -x -a ${quoted(after[flag].join(' '))}`
                : valued.includes(flag)
                  ? ' -r'
                  : ''
            }`,
        ),
      ];
    })
    .join('\n');
}

const shells: readonly { readonly name: string; print(all: readonly Words[]): string }[] = [
  { name: 'bash', print: bash },
  { name: 'zsh', print: (all) => `autoload -U +X bashcompinit && bashcompinit\n${bash(all)}` },
  { name: 'fish', print: fish },
];

export const command: Command = {
  name: 'completion',
  about:
    'Prints a script that completes commands, flags, games and methods. Load it in the shell’s startup file.',
  usage: '<bash|zsh|fish>',
  flags: {},
  examples: [
    'source <(stillpoint completion bash)',
    'source <(stillpoint completion zsh)',
    'stillpoint completion fish | source',
  ],
  async run({ positionals: [shell, ...more] }) {
    if (shell === undefined || more.length > 0)
      throw new InputError(`completion needs one of: ${shells.map(({ name }) => name).join(', ')}`);
    const chosen = findRow('shell', shells, shell);
    print(chosen.print(await gather()));
    return 0;
  },
};
