import { describe, expect, it } from 'vitest';
import { commandLine, readArguments, type Command } from '../src/command.js';
import { command as compare } from '../src/commands/compare.js';

/**
 * Flags that say where runs are made, where results are kept and how they are shown; every other one changes
 * what they are.
 */
const shows = new Set(
  ['out', 'continue', 'checkpoint-seconds', 'overwrite', 'figures', 'json', 'quiet'].concat([
    'queue',
    'queue-name',
  ]),
);
/** What a shell makes of a line of words and single-quoted parts. */
const split = (line: string): string[] =>
  [...line.matchAll(/(?:[^\s'\\]|'[^']*'|\\')+/g)].map(([word]) =>
    word.replace(/'([^']*)'|\\'/g, (_, inner?: string) => inner ?? "'"),
  );

describe('the command that makes results again', () => {
  it.each(Object.entries(compare.flags))(
    '--%s is in it, unless it changes no result',
    (flag, { value, output = false }) => {
      expect(output).toBe(shows.has(flag));
      const given = value === undefined ? [`--${flag}`] : [`--${flag}`, "a(b=1); it's"];
      const line = commandLine(compare, readArguments(compare, ['ring', ...given]));
      const again = readArguments(compare, split(line).slice(3));
      expect(again.positionals).toEqual(['ring']);
      expect(again.given).toEqual(output ? [] : [[flag, value === undefined ? true : "a(b=1); it's"]]);
    },
  );
  it('holds every flag that was given at once, and values that look like flags', () => {
    const flags = Object.entries(compare.flags).filter(([, { output }]) => !output);
    const args = flags.flatMap(([flag, { value }]) =>
      value === undefined ? [`--${flag}`] : [`--${flag}=-1,2`],
    );
    const first = readArguments(compare, ['x', 'y(z=1)', ...args]);
    const again = readArguments(compare, split(commandLine(compare, first)).slice(3));
    expect([again.positionals, again.given]).toEqual([['x', 'y(z=1)'], first.given]);
    expect(again.given).toHaveLength(flags.length);
  });
  it('prints switches, too', () => {
    const other: Command = { ...compare, name: 'other', flags: { deep: { about: '' } } };
    expect(commandLine(other, readArguments(other, ['a', '--deep']))).toBe('npx stillpoint other a --deep');
  });
});
