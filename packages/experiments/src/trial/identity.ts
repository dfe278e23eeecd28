import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { findEngines, type EngineName, type EngineStatus } from '@stillpoint/engine';
import { contentHash, pack, parseSpec, type Data, type Problem, type Spec } from '@stillpoint/operators';
import type { GameTrial, GanTrial, Keep, ProblemTrial } from './trial.js';

/** The packages on which a run's numbers depend. */
const packages = [
  'operators',
  'optimizers',
  'engine',
  'networks',
  'gans',
  'datasets',
  'metrics',
  'problems',
  'experiments',
] as const;

/** The versions of the packages on which a run's numbers depend, by name. */
export function versions(): { readonly [name: string]: string } {
  const load = createRequire(import.meta.url);
  return Object.fromEntries(
    packages.map((name) => {
      const about: { readonly version?: unknown } = load(`@stillpoint/${name}/package.json`);
      return [name, String(about.version)];
    }),
  );
}

/** The engine that trials will use; undefined if it is not found. */
async function found(engine: EngineName | 'auto'): Promise<EngineStatus | undefined> {
  for (const name of engine === 'auto' ? (['native', 'wasm'] as const) : [engine]) {
    const [status] = await findEngines([name]);
    if (status?.found) return status;
  }
  return undefined;
}

/** The engine that trials will use, with the version of its runtime. */
export async function engineUsed(engine: EngineName | 'auto'): Promise<string> {
  const status = await found(engine);
  return status ? `${status.engine} (${status.version ?? 'of unknown version'})` : 'none';
}

/**
 * The engine by name that trials will use here, for those that are run elsewhere: `auto` may be another one
 * there, with other numbers.
 */
export const engineNamed = async (engine: EngineName | 'auto'): Promise<EngineName | 'auto'> =>
  (await found(engine))?.engine ?? engine;

/** The names in a spec, the outermost first: `lookahead-alternating-adam`. */
const namesIn = ({ name, inner }: Spec): string => [name, ...inner.map(namesIn)].join('-');

/** What the trials of one comparison share. */
export interface Shared {
  /** The folder of all trials. */
  readonly folder: string;
  /** The data by their content, or their spec. */
  readonly data: Data;
  /** As {@link engineUsed} returns it. */
  readonly engine: string;
  readonly everySeconds?: number;
}

/** What two trials share exactly if their numbers do: NaN, ±∞ and −0 are told apart, and vectors hashed. */
function exactly(parts: Data): string {
  const { text, vectors } = pack(parts);
  const hashes = Object.values(vectors).map((v) =>
    contentHash(new Uint8Array(v.buffer, v.byteOffset, v.byteLength)),
  );
  return hashes.length === 0 ? text : JSON.stringify({ data: text, vectors: hashes });
}

/**
 * A game's identity. Each run holds it, so that a long one, as of a large matrix, is replaced by its hash.
 */
export function briefly({ name, identity = name }: Problem): Data {
  const text = exactly(identity);
  return text.length <= 1000 ? identity : { hash: contentHash(text) };
}

/** The folder that a trial has already, whatever words its name begins with; undefined if it has none. */
const keptIn = (folder: string, hash: string): string | undefined =>
  statSync(folder, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(folder).find((name) => name.endsWith(`-${hash}`))
    : undefined;

/** A folder whose name ends with a hash of everything that a trial’s numbers depend on. */
function keepAt(
  parts: { readonly method: string; readonly seed: number | null; readonly [key: string]: Data },
  name: string,
  { folder, everySeconds }: Shared,
): Keep {
  const identity = exactly({ ...parts, versions: versions() });
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 12);
  const words = `${name}-${namesIn(parseSpec(parts.method))}`.replace(/[^\w.-]/g, '_').slice(0, 80);
  return {
    path: join(
      folder,
      keptIn(folder, hash) ?? `${words}${parts.seed === null ? '' : `-seed-${parts.seed}`}-${hash}`,
    ),
    identity,
    ...(everySeconds === undefined ? {} : { everySeconds }),
  };
}

/**
 * Where a trial of a GAN keeps what it does: a folder of its own, whose name ends with a hash of everything
 * that its numbers depend on. @param method the method's full spec.
 */
export function keepFor(trial: GanTrial, method: string, shared: Shared): Keep {
  const { preset, seed, calls, steps } = trial;
  const { model, loss, batch, metrics, samples, evaluations, snapshots } = preset;
  const parts = {
    data: shared.data,
    model,
    loss,
    batch,
    method,
    seed,
    budget: steps === undefined ? { calls: calls ?? preset.calls } : { steps },
    measured: { metrics, samples, evaluations, snapshots },
    engine: shared.engine,
  };
  return { ...keepAt(parts, preset.name, shared), data: JSON.stringify(shared.data) };
}

/**
 * Where a trial of a problem of one's own keeps what it does. `shared.data` is the problem’s identity with
 * the hash of its file and of what that imports. @param method the method's full spec.
 */
export function keepForProblem(trial: ProblemTrial, method: string, name: string, shared: Shared): Keep {
  const { seed, calls, steps, lipschitz } = trial;
  const budget = calls === undefined ? { steps: steps ?? null } : { calls };
  return keepAt(
    { problem: shared.data, method, seed, lipschitz, budget, engine: shared.engine },
    name,
    shared,
  );
}

/**
 * Where a trial of a game keeps what it does. `shared.data` is the game’s identity with the hash of its file
 * and of what that imports. @param method the method's full spec.
 */
export function keepForGame(trial: GameTrial, method: string, name: string, shared: Shared): Keep {
  const { seed, start, calls, steps, tolerance } = trial;
  const budget = calls === undefined ? { steps: steps ?? null } : { calls };
  return keepAt(
    { game: shared.data, method, seed, start, budget, tolerance, engine: shared.engine },
    name,
    shared,
  );
}

/** Leaves the folder of a method that is given twice to the first of its equal trials. */
export function keptOnce<T extends { readonly keep?: Keep }>(): (trial: T) => T {
  const taken = new Set<string>();
  return (trial) => {
    const { keep, ...rest } = trial;
    if (keep === undefined) return trial;
    const again = taken.has(keep.path);
    taken.add(keep.path);
    return again ? withoutKeep(rest) : trial;
  };
  /** The signature is a cast: a trial without a folder is a trial. */
  function withoutKeep(rest: Omit<T, 'keep'>): T;
  function withoutKeep(rest: unknown): unknown {
    return rest;
  }
}
