import { type Loaded, loadCpu, loadNative, loadTensorflow, loadWasm, loadWebgpu } from '../load.js';

/**
 * The engines that can run a compiled function: onnxruntime-node, onnxruntime-web in WebAssembly or (in a
 * page) on WebGPU, and op by op tfjs-node's backend and tfjs's cpu backend.
 */
export const engineNames = ['native', 'wasm', 'webgpu', 'tensorflow', 'cpu'] as const;
/** An engine’s name. */
export type EngineName = (typeof engineNames)[number];

/** Whether an engine can be used here; if not, `reason` says in one line why, and what to do. */
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
  webgpu: loadWebgpu,
  tensorflow: () => loadTensorflow(1),
  cpu: loadCpu,
};

/**
 * Finds out which engines can be used here, by loading every engine or only those named. `stillpoint doctor`
 * prints the result. The order is that of `engineNames`, the order of preference. tfjs's current backend
 * stays as it was. Never rejects.
 */
export async function findEngines(
  names: readonly EngineName[] = engineNames,
): Promise<readonly EngineStatus[]> {
  const found: EngineStatus[] = [];
  for (const engine of engineNames.filter((name) => names.includes(name))) {
    // one after the other, since loading tfjs-node switches tfjs's backend for a moment
    const loaded = await loaders[engine]();
    found.push(
      loaded.found
        ? { engine, found: true, version: loaded.version }
        : { engine, found: false, reason: loaded.reason },
    );
  }
  return found;
}

/** An engine, and a function that describes it in one line. */
export interface Chosen {
  readonly engine: EngineName;
  readonly about: (version: string) => string;
}

/** Chooses the engine: for `auto` native if it loads, else wasm. */
export async function choose(engine: EngineName | 'auto', threads: number): Promise<Chosen> {
  const describe =
    (name: EngineName, why = '') =>
    (version: string): string =>
      `engine ${name}: ${version}, ${threads} thread${threads === 1 ? '' : 's'}${why}`;
  if (engine !== 'auto') return { engine, about: describe(engine) };
  const native = await loadNative();
  return native.found
    ? { engine: 'native', about: describe('native') }
    : { engine: 'wasm', about: describe('wasm', `; not native: ${native.reason}`) };
}
