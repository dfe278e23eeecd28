import { InputError, shown, unknownName } from '@stillpoint/operators';
import type { InnerSteps } from './inner-steps.js';

/** A number for all lower levels, or one for each by name. */
export type PerLevel = number | { readonly [level: string]: number };

/** The most steps of one level: the graph grows with each. */
const MOST_STEPS = 1000;
/** The most numbers of a top level in forward mode: the graph has products for each. */
export const MOST_FORWARD = 64;
const USUAL_STEPS = 10;

/** The steps of each lower level. @throws InputError that names the option and the level. */
export function stepsOf(
  owner: string,
  below: readonly string[],
  {
    steps = USUAL_STEPS,
    stepSize,
  }: { readonly steps?: PerLevel | undefined; readonly stepSize?: PerLevel | undefined },
): readonly InnerSteps[] {
  const read = (
    option: string,
    given: unknown,
    level: string,
    valid: (x: number) => boolean,
    expected: string,
  ): number => {
    const isRecord = given !== null && typeof given === 'object';
    if (isRecord)
      for (const key of Object.keys(given))
        if (!below.includes(key)) throw unknownName(`lower level of ${owner} in its ${option}`, key, below);
    const value: unknown = isRecord ? Reflect.get(given, level) : given;
    const taken = value === undefined && option === 'steps' ? USUAL_STEPS : value;
    if (typeof taken !== 'number' || !valid(taken))
      throw new InputError(
        `${owner}: ${option}${isRecord ? ` of ${level}` : ''} is ${shown(taken)}; expected ${expected}, for all lower levels or by level, as { ${below.map((name) => `${name}: ${option === 'steps' ? 20 : 0.1}`).join(', ')} }`,
      );
    return taken;
  };
  const isCount = (x: number): boolean => Number.isInteger(x) && x >= 1 && x <= MOST_STEPS;
  return below.map((level) => ({
    steps: read('steps', steps, level, isCount, `a whole number from 1 to ${MOST_STEPS}`),
    stepSize: read(
      'stepSize',
      stepSize,
      level,
      (x) => Number.isFinite(x) && x > 0,
      'a number > 0 and below 2/L',
    ),
  }));
}
