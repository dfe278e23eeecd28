import { readFileSync } from 'node:fs';
import { checkedConfig, presets, trainConfig, trainTable, type TrainConfig } from '@stillpoint/experiments';
import { InputError, messageOf, parseJson, unknownName, type Data, type Option } from '@stillpoint/operators';
import { fileAt } from '@stillpoint/tracking/files';
import type { Arguments } from '../command.js';
import { fileOf, isFile } from '../game-argument.js';
import { readData, readPair, refuseTwice } from '../set-flag.js';

type Given = { readonly [key: string]: unknown };

/** The settings in a JSON file. @throws InputError if it cannot be read, or is no JSON object. */
function readConfigFile(path: string): Given {
  if (!fileAt(path, path)?.isFile())
    throw new InputError(`there is no file ${path}; expected a config as {"preset": "ring", "calls": 1000}`);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new InputError(`${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
  const found = parseJson(text, path);
  if (found === null || typeof found !== 'object' || Array.isArray(found))
    throw new InputError(
      `${path} holds no JSON object; expected settings as {"preset": "ring", "calls": 1000}`,
    );
  return { ...found };
}

/** What the first argument of `train` names. */
function readTarget(argument: string): Given {
  if (argument.endsWith('.json')) return readConfigFile(argument);
  if (isFile(argument)) {
    fileOf(argument, 'problem');
    return { file: argument };
  }
  if (presets.some(({ name }) => name === argument)) return { preset: argument };
  throw unknownName(
    'preset',
    argument,
    presets.map(({ name }) => name),
  );
}

const settings: { readonly [name: string]: Option } = trainTable;

/** A setting as a user gives it. @throws InputError that names the flag, if it is not accepted. */
function settingFrom(key: string, text: string, flag: string): Data {
  const option = settings[key]!;
  // a text where the setting takes one
  const value = option.accepts(text) ? text : readData(text);
  if (!option.accepts(value) && !(value === null && option.default === null))
    throw new InputError(`${flag}${text}: expected ${option.expected}`);
  return value;
}

function readSet(pair: string): readonly [key: string, value: Data] {
  const [key, text] = readPair(pair, 'batch=64');
  if (!Object.hasOwn(settings, key)) throw unknownName('setting', key, Object.keys(settings));
  return [key, settingFrom(key, text, `--set ${key}=`)];
}

/** The flags of `train` and `resume` that stand for settings, by the setting. */
const asFlags: { readonly [setting: string]: string } = {
  data: 'data',
  method: 'method',
  calls: 'oracle-calls',
  seed: 'seed',
  engine: 'engine',
};

/** The settings that flags give; a flag and `--set` of the same setting exclude each other. */
export function settingsIn(args: Arguments): Given {
  const set = args.all('set').map(readSet);
  const flags = Object.entries(asFlags).flatMap(([setting, flag]) => {
    const text = args.text(flag);
    if (text === undefined) return [];
    if (set.some(([key]) => key === setting))
      throw new InputError(`--${flag} and --set ${setting}=… are both given; expected one of them`);
    return [[setting, settingFrom(setting, text, `--${flag} `)] as const];
  });
  refuseTwice(set.map(([key]) => key));
  return Object.fromEntries([...set, ...flags]);
}

/** The settings of a new run. @throws InputError for wrong arguments, before any work. */
export async function readConfig(args: Arguments): Promise<TrainConfig> {
  const [target, ...more] = args.positionals;
  if (more.length > 0)
    throw new InputError(`train takes one preset or file; found ${[target, ...more].join(' ')}`);
  const flags = settingsIn(args);
  const given = target === undefined ? {} : readTarget(target);
  const owner = target?.endsWith('.json') ? target : 'the run';
  // data of one's own stand in the place of the preset's
  const config = trainConfig(owner, { ...given, ...flags });
  return checkedConfig(config);
}
