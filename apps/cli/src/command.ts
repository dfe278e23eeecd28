import { parseArgs } from 'node:util';
import { InputError, printable, unknownName } from '@stillpoint/operators';

/** A flag of a command. Without `value` it is a switch. */
export interface Flag {
  readonly about: string;
  readonly value?: string;
  /**
   * Whether it only says where runs are made, and where and how results are shown: it is left out of the
   * command that makes them again.
   */
  readonly output?: boolean;
  /** Whether it may be given several times. */
  readonly repeats?: boolean;
}

/** A command. Its file only parses arguments, calls packages and prints. */
export interface Command {
  readonly name: string;
  readonly about: string;
  /** What follows the name: `<game|file.mjs> --method <spec>`. */
  readonly usage: string;
  readonly flags: { readonly [name: string]: Flag };
  readonly examples: readonly string[];
  /** More for the help: names with a line each, under a heading. */
  readonly more?: { readonly heading: string; readonly rows: readonly (readonly [string, string])[] };
  /** Returns the exit status. */
  run(args: Arguments): Promise<number>;
}

/** Parsed arguments: positional ones, and flags by name. */
export interface Arguments {
  readonly positionals: readonly string[];
  /** The flags that were given, in the order of the command's table; `true` of a switch. */
  readonly given: readonly (readonly [flag: string, value: string | true])[];
  has(flag: string): boolean;
  text(flag: string): string | undefined;
  /** The values of a flag that repeats, in order. */
  all(flag: string): readonly string[];
  /** A whole number >= least, and <= most if that is given. @throws InputError for any other value. */
  whole(flag: string, least: number, most?: number): number | undefined;
  /** A finite number >= 0. @throws InputError for any other value. */
  amount(flag: string): number | undefined;
}

/**
 * Reads argv by a command's table. @throws InputError for an unknown flag (with the nearest), for a missing
 * value, and for one too many.
 */
export function readArguments({ name, flags }: Command, argv: readonly string[]): Arguments {
  const options = Object.fromEntries(
    Object.entries(flags).map(([flag, { value }]) => [
      flag,
      { type: value === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  const { tokens, positionals } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const values = new Map<string, string | true>();
  const repeated = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
    if (flag === undefined)
      throw unknownName(
        `flag of ${name}`,
        token.rawName,
        Object.keys(flags).map((known) => `--${known}`),
      );
    if (values.has(token.name) && !flag.repeats) throw new InputError(`${token.rawName} is given twice`);
    if (flag.value === undefined && token.value !== undefined)
      throw new InputError(`${token.rawName} takes no value; found "${token.value}"`);
    if (flag.value !== undefined && (token.value === undefined || token.value.startsWith('--')))
      throw new InputError(`${token.rawName} needs a value: ${token.rawName} <${flag.value}>`);
    values.set(token.name, token.value ?? true);
    if (token.value !== undefined)
      repeated.set(token.name, [...(repeated.get(token.name) ?? []), token.value]);
  }
  const text = (flag: string): string | undefined => {
    const value = values.get(flag);
    return typeof value === 'string' ? value : undefined;
  };
  const numeric = (flag: string, expected: string, accepts: (x: number) => boolean): number | undefined => {
    const value = text(flag);
    if (value === undefined) return undefined;
    const x = value.trim() === '' ? NaN : Number(value);
    if (!accepts(x)) throw new InputError(`--${flag} is "${value}"; expected ${expected}`);
    return x;
  };
  return {
    positionals,
    given: Object.keys(flags).flatMap((flag) => {
      const value = values.get(flag);
      const all: readonly (string | true)[] = repeated.get(flag) ?? (value === undefined ? [] : [value]);
      return all.map((one) => [flag, one] as const);
    }),
    text,
    all: (flag) => repeated.get(flag) ?? [],
    has: (flag) => values.has(flag),
    whole: (flag, least, most = Infinity) =>
      numeric(
        flag,
        `a whole number >= ${least}${most === Infinity ? '' : ` and <= ${most}`}`,
        (x) => Number.isSafeInteger(x) && x >= least && x <= most,
      ),
    amount: (flag) => numeric(flag, 'a number >= 0', (x) => Number.isFinite(x) && x >= 0),
  };
}

/** A word, quoted for a shell. */
export const quoted = (word: string): string =>
  /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;

/** The command that makes the same results again: what was given, without the flags that only show them. */
export function commandLine({ name, flags }: Command, { positionals, given }: Arguments): string {
  const words = given.flatMap(([flag, value]) => {
    if (flags[flag]?.output) return [];
    if (value === true) return [`--${flag}`];
    // a value that looks like a flag is joined to its flag
    return value.startsWith('-') ? [`--${flag}=${quoted(value)}`] : [`--${flag}`, quoted(value)];
  });
  return ['npx stillpoint', name, ...positionals.map(quoted), ...words].join(' ');
}

/** Writes text and a newline to stdout. Control characters, which a file's name may contain, are escaped. */
export function print(text: string): void {
  process.stdout.write(`${printable(text)}\n`);
}

/** The flag of commands that show progress on stderr. */
export const quiet: Flag = {
  output: true,
  about: 'show no progress on stderr; errors are still shown',
};

/** Rows of a name and a line, one below the other. */
function aligned(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, words]) => `  ${name.padEnd(width)}  ${words}`);
}

/** A command's help, from its table. */
export function helpOf({ name, about, usage, flags, examples, more }: Command): string {
  const rows = Object.entries(flags).map(
    ([flag, { value, about: words }]) => [`--${flag}${value ? ` <${value}>` : ''}`, words] as const,
  );
  const table = aligned(rows);
  return [
    `${about}`,
    '',
    `  stillpoint ${name} ${usage}`.trimEnd(),
    '',
    ...(table.length > 0 ? [...table, ''] : []),
    ...(more ? [more.heading, ...aligned(more.rows), ''] : []),
    ...examples.map((line) => `  ${line}`),
  ].join('\n');
}
