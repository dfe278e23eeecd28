import { loadCpu, loadNative, loadWasm } from '../load.js';

/** What can run a compiled function: onnxruntime-node, onnxruntime-web, or tfjs's cpu backend op by op. */
export const engineNames = ['native', 'wasm', 'cpu'] as const;
export type EngineName = (typeof engineNames)[number];

/** Whether an engine can be used here, and if not, why and what to do (one line). */
export interface EngineStatus {
  readonly engine: EngineName;
  readonly found: boolean;
  /** Name and version of the runtime, if found. */
  readonly version?: string;
  readonly reason?: string;
}

/** Tries every engine, fastest first; what `stillpoint doctor` prints. Never rejects. */
export async function findEngines(): Promise<readonly EngineStatus[]> {
  const [native, wasm] = await Promise.all([loadNative(), loadWasm()]);
  const status = (engine: EngineName, loaded: typeof native): EngineStatus =>
    loaded.found ? { engine, found: true, version: loaded.version } : { engine, found: false, reason: loaded.reason };
  const cpu = await loadCpu().then(
    (version): EngineStatus => ({ engine: 'cpu', found: true, version }),
    (error: unknown): EngineStatus => ({ engine: 'cpu', found: false, reason: `@tensorflow/tfjs-backend-cpu does not load (${String(error)}); npm install @tensorflow/tfjs-backend-cpu` }),
  );
  return [status('native', native), status('wasm', wasm), cpu];
}
