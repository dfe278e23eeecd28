import { availableParallelism } from 'node:os';
import { datasetFrom } from '@stillpoint/datasets';
import { findEngines, usageData, type EngineName } from '@stillpoint/engine';
import { engineSpeed, speedWords } from '@stillpoint/experiments';
import { InputError, messageOf } from '@stillpoint/operators';
import { print, quiet, type Command } from '../command.js';
import { say } from '../say.js';

interface Finding {
  readonly what: string;
  readonly good: boolean;
  readonly found: string;
  /** The packages it needs, and their size. */
  readonly needs?: string;
}

/** Each engine's packages, and their unpacked size in MB, which a test compares with what is installed. */
export const needs: {
  readonly [name in EngineName]: {
    readonly packages: readonly string[];
    readonly megabytes?: number;
    readonly more: string;
  };
} = {
  native: {
    packages: ['onnxruntime-node'],
    megabytes: 290,
    more: 'binaries for all platforms, one of which is used; optional: if its install script fails, npm leaves it out without a message',
  },
  wasm: {
    packages: ['onnxruntime-web'],
    megabytes: 140,
    more: 'all builds for browsers, one of which is used; no install script',
  },
  webgpu: {
    packages: ['onnxruntime-web'],
    more: 'the package of wasm; for pages in browsers with WebGPU, never chosen by auto',
  },
  tensorflow: {
    packages: ['@tensorflow/tfjs-node'],
    more: 'optional, never chosen by auto; its install script downloads TensorFlow, several hundred MB',
  },
  cpu: {
    packages: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu'],
    megabytes: 50,
    more: 'always installed; slow, the reference',
  },
};

function needsOf(engine: EngineName): string {
  const { packages, megabytes, more } = needs[engine];
  return `${packages.join(' and ')}${megabytes === undefined ? '' : `, about ${megabytes} MB`} (${more})`;
}

/** What is found and what is missing, with what it needs. */
async function examine(progress: (text: string) => void): Promise<Finding[]> {
  const engines = await findEngines();
  // auto never takes the others: they run operation by operation and are slower
  const chosen = engines.find(({ engine, found }) => found && (engine === 'native' || engine === 'wasm'));
  const speeds = new Map<string, string>();
  for (const { engine, found } of engines) {
    if (!found) continue;
    const first = engine === 'wasm' ? ', after some seconds until it is compiled to its fast tier' : '';
    progress(`measuring engine ${engine} for a second${first} …\n`);
    speeds.set(
      engine,
      await engineSpeed(engine).then(
        (speed) => `${Number(speed.toPrecision(3)).toLocaleString('en')} ${speedWords}`,
        (error: unknown) => `cannot run: ${messageOf(error)}`,
      ),
    );
  }
  const data = async (what: string, spec: string): Promise<Finding> =>
    datasetFrom(spec).then(
      ({ train, test }) => ({
        what,
        good: true,
        found: `${train.describe}${test ? `, and ${test.count.toLocaleString('en')} held out` : ''}`,
      }),
      (error: unknown) => ({ what, good: false, found: messageOf(error) }),
    );
  return [
    {
      what: 'node',
      good: true,
      found: `${process.version}, ${availableParallelism()} core${
        availableParallelism() === 1 ? '' : 's'
      } usable`,
    },
    ...engines.map(({ engine, found, version, reason }) => ({
      what: `engine ${engine}`,
      good: found,
      found: found ? `${version ?? ''}: ${speeds.get(engine) ?? ''}` : (reason ?? 'not found'),
      needs: needsOf(engine),
    })),
    {
      what: 'engine auto',
      good: chosen !== undefined,
      found: chosen === undefined ? 'neither native nor wasm can run' : `takes ${chosen.engine}`,
    },
    {
      what: 'usage data',
      good: !usageData().on,
      found: `of onnxruntime-node: ${usageData().words}; Stillpoint itself collects none`,
    },
    await data('data, shipped', 'fashion-mnist'),
    await data('data, full', 'fashion-mnist(source=full)'),
  ];
}

function line({ what, good, found, needs: needed }: Finding, width: number): string {
  const first = `${good ? '✓' : '–'} ${what.padEnd(width)}  ${found}`;
  return needed === undefined ? first : `${first}\n  ${' '.repeat(width)}  needs ${needed}`;
}

export const command: Command = {
  name: 'doctor',
  about: 'Prints which engines and data are found, how fast each engine is here, and what is missing.',
  usage: '',
  flags: { json: { about: 'print the findings as JSON' }, quiet },
  examples: ['stillpoint doctor'],
  async run(args) {
    if (args.positionals.length > 0)
      throw new InputError(`doctor takes no argument; found ${args.positionals.join(' ')}`);
    const findings = await examine((text) => {
      if (!args.has('quiet')) say(text);
    });
    const width = Math.max(...findings.map(({ what }) => what.length));
    print(
      args.has('json')
        ? JSON.stringify(findings, null, 2)
        : findings.map((finding) => line(finding, width)).join('\n'),
    );
    return findings.some(({ what, good }) => what === 'engine auto' && !good) ? 1 : 0;
  },
};
