import { type Loaded, loadCpu, loadNative, loadTensorflow, loadWasm } from '../load.js';

/**
 * What can run a compiled function: onnxruntime-node, onnxruntime-web, or op by op tfjs-node's backend or
 * tfjs's cpu backend.
 */
export const engineNames = ['native', 'wasm', 'tensorflow', 'cpu'] as const;
/** An engine’s name. */
export type EngineName = (typeof engineNames)[number];

/** Whether an engine can be used here, and if not, why and what to do (one line). */
export interface EngineStatus {
  readonly engine: EngineName;
  readonly found: boolean;
  /** Name and version of the runtime, if found. */
  readonly version?: string;
  readonly reason?: string;
}

const loaders: { readonly [name in EngineName]: () => Promise<Loaded<unknown>> } = {
  native: loadNative,
  wasm: loadWasm,
  tensorflow: () => loadTensorflow(1),
  cpu: loadCpu,
};

/**
 * Tries every engine, or only those named, by loading it; what `stillpoint doctor` prints. In the order of
 * `engineNames`, which is that of preference. tfjs's current backend is left as it was. Never rejects.
 */
export async function findEngines(
  names: readonly EngineName[] = engineNames,
): Promise<readonly EngineStatus[]> {
  const found: EngineStatus[] = [];
  for (const engine of engineNames.filter((name) => names.includes(name))) {
    // one after the other: loading tfjs-node switches tfjs's backend for a moment
    const loaded = await loaders[engine]();
    found.push(
      loaded.found
        ? { engine, found: true, version: loaded.version }
        : { engine, found: false, reason: loaded.reason },
    );
  }
  return found;
}
