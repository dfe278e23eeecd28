import { InputError, shown, unknownName } from '@stillpoint/operators';
import type { Network } from '@stillpoint/networks';
import type { GanOptions, RealData } from './gan.js';
import type { GanLoss } from './losses/loss.js';

const names: { readonly [option in keyof Required<GanOptions>]: true } = {
  generator: true,
  discriminator: true,
  data: true,
  batch: true,
  loss: true,
  constraint: true,
  seed: true,
  engine: true,
  threads: true,
};
/** The largest seed: random streams have 32-bit seeds. */
const LARGEST_SEED = 2 ** 32 - 1;

const has = (value: unknown, key: string, type: string): boolean =>
  value !== null && typeof value === 'object' && typeof Reflect.get(value, key) === type;

/** Throws InputError unless the value is a network; for a tfjs model the message names `fromLayersModel`. */
function checkNetwork(what: string, value: unknown): void {
  if (
    has(value, 'apply', 'function') &&
    has(value, 'initialise', 'function') &&
    has(value, 'inputs', 'number') &&
    has(value, 'outputs', 'number')
  )
    return;
  const model = has(value, 'predict', 'function') || has(value, 'getWeights', 'function');
  const found = model
    ? 'a tfjs model; expected fromLayersModel(model)'
    : `${shown(value)}; expected a network, as mlp({ sizes: [2, 16, 2] }), network({ … }) or fromLayersModel(model) return`;
  throw new InputError(`ganGame: ${what} is ${found}`);
}

/**
 * Checks the options of `ganGame`, types included, for JavaScript callers. @throws InputError that names what
 * is wrong.
 */
export function checkGanOptions(options: unknown): void {
  if (options === null || typeof options !== 'object')
    throw new InputError(`ganGame takes { generator, discriminator, data, seed }; found ${shown(options)}`);
  for (const key of Object.keys(options))
    if (!Object.hasOwn(names, key)) throw unknownName('option of ganGame', key, Object.keys(names));
  const get = (key: string): unknown => Reflect.get(options, key);
  checkNetwork('generator', get('generator'));
  checkNetwork('discriminator', get('discriminator'));
  const data = get('data');
  if (!has(data, 'batch', 'function') || !has(data, 'name', 'string') || !has(data, 'shape', 'object'))
    throw new InputError(
      `ganGame: data is ${shown(data)}; expected a data set, as ring() or imageSet({ … }) return`,
    );
  const labels: unknown = Reflect.get(Object(data), 'labels');
  if (labels !== undefined && !Array.isArray(labels) && !ArrayBuffer.isView(labels))
    throw new InputError(
      `ganGame: the data’s labels are ${shown(labels)}; expected the class of each example, as [0, 2, 1]`,
    );
  const loss = get('loss');
  if (loss !== undefined && !(has(loss, 'discriminator', 'function') && has(loss, 'generator', 'function')))
    throw new InputError(
      `ganGame: loss is ${shown(loss)}; expected a loss, as nonSaturating or lossFrom('hinge')`,
    );
  const constraint = get('constraint');
  if (constraint !== undefined) {
    if (constraint === null || typeof constraint !== 'object')
      throw new InputError(
        `ganGame: constraint is ${shown(constraint)}; expected sets by player, as { D: 'box(lower=-0.01, upper=0.01)' }`,
      );
    for (const player of Object.keys(constraint))
      if (player !== 'D' && player !== 'G') throw unknownName('player of a GAN', player, ['D', 'G']);
  }
  const whole = (key: string, from: number, to: number, expected: string): void => {
    const value = get(key);
    if (!(typeof value === 'number' && Number.isSafeInteger(value) && value >= from && value <= to))
      throw new InputError(`ganGame: ${key} is ${shown(value)}; expected ${expected}`);
  };
  whole(
    'seed',
    0,
    LARGEST_SEED,
    `a whole number from 0 to ${LARGEST_SEED}, which the order of the data and the noise depend on`,
  );
  if (get('batch') !== undefined) whole('batch', 1, Number.MAX_SAFE_INTEGER, 'a whole number >= 1');
  if (get('threads') !== undefined) whole('threads', 1, 1024, 'a whole number from 1 to 1024');
}

/**
 * The number of classes of a GAN, if there are labels. @throws InputError if the networks, the loss and the
 * labels of the data do not agree, and for a discriminator with another number of outputs than the loss
 * reads.
 */
export function classesOf({
  generator,
  discriminator,
  loss,
  data,
}: {
  readonly generator: Network;
  readonly discriminator: Network;
  readonly loss: GanLoss;
  readonly data: RealData;
}): number | undefined {
  const { outputs } = discriminator;
  const classifies = loss.classifies === true;
  if (classifies ? outputs < 3 : outputs !== 1)
    throw new InputError(
      `the discriminator has ${outputs} output${outputs === 1 ? '' : 's'}; expected ${
        classifies ? `1 logit and at least 2 class logits, as ${loss.name} reads them` : '1 logit'
      }`,
    );
  const said = [
    { by: 'the generator', classes: generator.classes },
    { by: 'the discriminator', classes: discriminator.classes },
    { by: 'the discriminator’s class logits', classes: classifies ? outputs - 1 : undefined },
  ].flatMap(({ by, classes }) => (classes === undefined ? [] : [{ by, classes }]));
  const [first] = said;
  const other = said.find(({ classes }) => classes !== first?.classes);
  if (first !== undefined && other !== undefined)
    throw new InputError(
      `${first.by} knows ${first.classes} classes, ${other.by} ${other.classes}; expected one number`,
    );
  const { labels } = data;
  let most = -1;
  for (let i = 0; i < (labels?.length ?? 0); i++) {
    const label = labels?.[i];
    const known = first?.classes ?? Infinity;
    if (typeof label !== 'number' || !Number.isInteger(label) || label < 0 || label >= known)
      throw new InputError(
        `${data.name}: label ${i} is ${shown(label)}; expected a whole number from 0${first === undefined ? '' : ` to ${known - 1}, as ${first.by} knows ${known} classes`}`,
      );
    most = Math.max(most, label);
  }
  return first?.classes ?? (most < 0 ? undefined : most + 1);
}
