import { availableParallelism } from 'node:os';
import { datasetFrom } from '@stillpoint/datasets';
import { findEngines } from '@stillpoint/engine';
import { engineSpeed, speedWords } from '@stillpoint/experiments';
import { InputError, messageOf } from '@stillpoint/operators';
import { say, type Command } from '../command.js';

interface Finding {
  readonly what: string;
  readonly good: boolean;
  readonly found: string;
}

/** What is there and what is missing, with the cure. */
async function examine(): Promise<Finding[]> {
  const engines = await findEngines();
  // auto never takes the others: op by op they are slower than either
  const chosen = engines.find(({ engine, found }) => found && (engine === 'native' || engine === 'wasm'));
  const speeds = new Map<string, string>();
  for (const { engine, found } of engines) {
    if (!found) continue;
    process.stderr.write(`measuring engine ${engine} for a second …\n`);
    speeds.set(engine, await engineSpeed(engine).then((speed) => `${Number(speed.toPrecision(3)).toLocaleString('en')} ${speedWords}`, (error: unknown) => `cannot run: ${messageOf(error)}`));
  }
  const data = async (what: string, spec: string): Promise<Finding> => datasetFrom(spec).then(
    ({ train, test }) => ({ what, good: true, found: `${train.describe}${test ? `, and ${test.count.toLocaleString('en')} held out` : ''}` }),
    (error: unknown) => ({ what, good: false, found: messageOf(error) }),
  );
  return [
    { what: 'node', good: true, found: `${process.version}, ${availableParallelism()} core${availableParallelism() === 1 ? '' : 's'} usable` },
    ...engines.map(({ engine, found, version, reason }) => ({ what: `engine ${engine}`, good: found, found: found ? `${version ?? ''}: ${speeds.get(engine) ?? ''}` : (reason ?? 'not found') })),
    { what: 'engine auto', good: chosen !== undefined, found: chosen === undefined ? 'neither native nor wasm can run' : `takes ${chosen.engine}` },
    await data('data, shipped', 'fashion-mnist'),
    await data('data, full', 'fashion-mnist(source=full)'),
  ];
}

export const command: Command = {
  name: 'doctor',
  about: 'Says which engines and data are found, how fast each engine is here, and what is missing.',
  usage: '',
  flags: { json: { about: 'print the findings as JSON' } },
  examples: ['stillpoint doctor'],
  async run(args) {
    if (args.positionals.length > 0) throw new InputError(`doctor takes no argument; found ${args.positionals.join(' ')}`);
    const findings = await examine();
    const width = Math.max(...findings.map(({ what }) => what.length));
    say(args.has('json') ? JSON.stringify(findings, null, 2) : findings.map(({ what, good, found }) => `${good ? '✓' : '–'} ${what.padEnd(width)}  ${found}`).join('\n'));
    return findings.some(({ what, good }) => what === 'engine auto' && !good) ? 1 : 0;
  },
};
