import { InputError, formatSpec, type Facts, type Method, type State } from '@stillpoint/operators';
import { methodFrom, specOf } from '@stillpoint/optimizers/registry';
import { methodsIn } from '../trial/method-source.js';
import type { ModuleSource } from '../trial/module-source.js';
import type { TrainConfig } from './config.js';
import { halvedSpec } from './halved.js';

/** Whether a config's method is a file rather than a spec. */
export const isMethodFile = (method: string): boolean => /^[^(]*[./\\]/.test(method);

/** Builds a run's method, with every step size divided by 2^times. */
export type BuildMethod = (times: number) => Method<State>;

/**
 * The method of a config: that of a spec, or the one that a file exports. @throws InputError if it cannot be
 * built, or if a file exports several.
 */
export async function methodBy(
  { method }: TrainConfig,
  facts: Facts,
  file?: ModuleSource,
): Promise<BuildMethod> {
  const spec = method ?? '';
  if (!isMethodFile(spec)) {
    const built = methodFrom(spec, facts);
    return (times) => (times === 0 ? built : methodFrom(halvedSpec(specOf(built), times), facts));
  }
  if (file === undefined) throw new Error(`${spec} is named but not given`);
  const [build, ...more] = await methodsIn(file.module, file.name);
  if (build === undefined || more.length > 0)
    throw new InputError(`${file.name} exports ${more.length + 1} methods; expected one to train with`);
  const own = build(facts);
  return (times) => {
    if (times === 0) return own;
    throw new InputError(
      `the step size of ${file.name} cannot be halved, since it is a method of your own; expected stop, skip or back after a value that is not finite`,
    );
  };
}

/** A method with all its options, as a spec. */
export const methodInWords = (method: Method<State>): string => formatSpec(specOf(method));
