import type { EngineName } from '@stillpoint/engine';
import { InputError, messageOf, shown, type Game, type Problem } from '@stillpoint/operators';
import type { EngineProblem } from '@stillpoint/networks';
import { userGame } from '@stillpoint/problems';
import type { ModuleHashes } from '@stillpoint/tracking/files';
import { filesOf, type ModuleSource } from './module-source.js';

/** What a user's file exports: a game of plain functions, or a problem that an engine computes. */
export type OwnProblem = { readonly game: Game } | { readonly problem: EngineProblem };

/** Whether a function of that name makes a problem that an engine computes: `aucProblem`, `ganGame`. */
const isMaker = (name: string): boolean => /^problemFrom|Problem$|^ganGame$/.test(name);
/** Of these, those whose problems have the names of their data. */
const namedByData = new Set(['ganGame', 'aucProblem', 'classifierProblem', 'languageProblem']);

/**
 * What a file's function is given, so that it needs no imports: `tf`; everything that @stillpoint/networks,
 * @stillpoint/gans and @stillpoint/datasets export; `normal` and `uniform`, which fill arrays from a stream;
 * `optimiseInitialisation`, which scales a start. A problem without a name of its own has that of the file.
 * Loaded only for such a function. @param engine what computes a problem for which the file names no engine.
 */
async function toolkit(name: string, engine: EngineName | undefined): Promise<object> {
  const [tf, networks, gans, datasets, { normal, uniform }, { optimiseInitialisation }] = await Promise.all([
    import('@stillpoint/networks/tf'),
    import('@stillpoint/networks'),
    import('@stillpoint/gans'),
    import('@stillpoint/datasets'),
    import('@stillpoint/operators'),
    import('@stillpoint/optimizers'),
  ]);
  const computed =
    (make: Function, defaults: object) =>
    (options: unknown): unknown => {
      if (options === null || typeof options !== 'object') return Reflect.apply(make, undefined, [options]);
      const isOpen = !('engine' in options) || options.engine === undefined || options.engine === 'auto';
      const chosen = engine !== undefined && isOpen ? { engine } : {};
      return Reflect.apply(make, undefined, [{ ...defaults, ...options, ...chosen }]);
    };
  const exported: { readonly [name: string]: unknown } = { ...datasets, ...gans, ...networks };
  const makers = Object.entries(exported).flatMap(([key, make]) =>
    isMaker(key) && typeof make === 'function'
      ? [[key, computed(make, namedByData.has(key) ? {} : { name })]]
      : [],
  );
  return {
    ...exported,
    ...Object.fromEntries(makers),
    normal,
    uniform,
    optimiseInitialisation,
    tf,
  };
}

const has = (value: object, key: string, type: string): boolean => typeof Reflect.get(value, key) === type;

/** Whether a value is a problem of `problemFromLosses`, `multilevelProblem`, `ganGame` or their like. */
function isCompiled(value: unknown): value is EngineProblem {
  return (
    value !== null &&
    typeof value === 'object' &&
    ['operator', 'initialise', 'dispose'].every((key) => has(value, key, 'function')) &&
    has(value, 'engine', 'object') &&
    has(value, 'name', 'string')
  );
}

/**
 * Returns the problem that a file exports: a plain game, a compiled problem, or a function of the toolkit
 * that returns either. `name` names the file in errors; `engine` computes it if the file names none.
 * @throws InputError for anything else.
 */
export async function ownFrom(exported: unknown, name: string, engine?: EngineName): Promise<OwnProblem> {
  let value = exported;
  if (typeof exported === 'function') {
    const tools = await toolkit(name, engine);
    try {
      value = await Reflect.apply(exported, undefined, [tools]);
    } catch (cause) {
      if (cause instanceof InputError) throw cause;
      if (messageOf(cause).startsWith('No backend found'))
        throw new InputError(
          `${name}: its function calls tf outside losses, residual or a network, where no engine computes it; make constants inside them, as tf.tensor([[1, 2], [3, 4]]), or give arrays as data`,
          { cause },
        );
      throw new InputError(`${name}: its function throws: ${messageOf(cause)}`, { cause });
    }
    if (value === null || typeof value !== 'object')
      throw new InputError(
        `${name}: its function returns ${shown(value)}; expected a problem, as problemFromLosses({ … }), problemFromResiduals({ … }) or ganGame({ … }) return`,
      );
  }
  return isCompiled(value) ? { problem: value } : { game: userGame(value, name) };
}

/**
 * A problem with an identity that contains the file which exports it, and what that imports: the functions of
 * a problem do not contain the constants that they read.
 */
export function identifiedBy<P extends Problem>(problem: P, files: ModuleHashes): P {
  return { ...problem, identity: { of: problem.identity ?? { problem: problem.name }, files } };
}

/**
 * The problem that a file exports. @throws InputError if it is computed by another engine than that of the
 * source.
 */
export async function ownIn({ module, name, engine }: ModuleSource): Promise<OwnProblem> {
  const loaded: { readonly default?: unknown } = await import(module);
  const own = await ownFrom(loaded.default, name, engine);
  if ('problem' in own && engine !== undefined && own.problem.engine.name !== engine) {
    const { name: here } = own.problem.engine;
    await own.problem.dispose();
    throw new InputError(
      `${name} is computed by the engine ${here} here, and by ${engine} where its runs were asked for; expected one engine: name it in the file, as engine: '${engine}'`,
    );
  }
  const files = await filesOf({ module });
  return 'game' in own
    ? { game: identifiedBy(own.game, files) }
    : { problem: identifiedBy(own.problem, files) };
}
