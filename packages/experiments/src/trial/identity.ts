import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { findEngines, type EngineName } from '@stillpoint/engine';
import type { Data } from '@stillpoint/operators';
import { parseSpec, type Spec } from '@stillpoint/operators';
import type { GanTrial, Keep } from './trial.js';

/** The packages on which a GAN's numbers depend. */
const packages = [
  'operators',
  'optimizers',
  'engine',
  'networks',
  'gans',
  'datasets',
  'metrics',
  'experiments',
] as const;

/** The versions of the packages on which a GAN's numbers depend, by name. */
function versions(): { readonly [name: string]: string } {
  const load = createRequire(import.meta.url);
  return Object.fromEntries(
    packages.map((name) => {
      const about: { readonly version?: unknown } = load(`@stillpoint/${name}/package.json`);
      return [name, String(about.version)];
    }),
  );
}

/** The engine that trials will use, with the version of its runtime. */
export async function engineUsed(engine: EngineName | 'auto'): Promise<string> {
  for (const name of engine === 'auto' ? (['native', 'wasm'] as const) : [engine]) {
    const [status] = await findEngines([name]);
    if (status?.found) return `${name} (${status.version ?? 'of unknown version'})`;
  }
  return 'none';
}

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

/**
 * Where a trial of a GAN keeps what it does: a folder of its own, whose name ends with a hash of everything
 * that its numbers depend on. @param method the method's full spec.
 */
export function keepFor(trial: GanTrial, method: string, shared: Shared): Keep {
  const { preset, seed, calls, steps } = trial;
  const { model, loss, batch, metrics, samples, evaluations, snapshots } = preset;
  const parts: Data = {
    data: shared.data,
    model,
    loss,
    batch,
    method,
    seed,
    budget: steps === undefined ? { calls: calls ?? preset.calls } : { steps },
    measured: { metrics, samples, evaluations, snapshots },
    engine: shared.engine,
    versions: versions(),
  };
  const identity = JSON.stringify(parts);
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 12);
  const name = `${preset.name}-${namesIn(parseSpec(method))}`.replace(/[^\w.-]/g, '_').slice(0, 80);
  return {
    path: join(shared.folder, `${name}-seed-${seed}-${hash}`),
    identity,
    ...(shared.everySeconds === undefined ? {} : { everySeconds: shared.everySeconds }),
  };
}
