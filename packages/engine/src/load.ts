// The one file that imports packages when they are needed. Those that a page can use (onnxruntime-web, tfjs's
// layers and cpu backend) have literal specifiers, which bundlers see. The native ones have not: a literal
// one would fail a bundle, and the type check, where the package is not installed. The imported modules are
// checked here, and typed by the parts that are used.
import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '@stillpoint/operators';

/** A tensor of onnxruntime. */
export interface OrtTensor {
  readonly data: unknown;
  readonly dims: readonly number[];
}

/** A session's description of an input or output. A dimension that a file leaves open is a name. */
export interface OrtPort {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
}

export interface OrtSession {
  /** onnxruntime 1.22 and later. */
  readonly inputMetadata?: readonly OrtPort[];
  readonly outputMetadata?: readonly OrtPort[];
  run(
    feeds: { readonly [name: string]: OrtTensor },
    fetches?: { readonly [name: string]: OrtTensor },
  ): Promise<{ readonly [name: string]: OrtTensor }>;
  release(): Promise<void>;
}

/** The parts used of onnxruntime-node and onnxruntime-web, which share one API. */
export interface Ort {
  readonly Tensor: new (type: string, data: ArrayBufferView, shape: readonly number[]) => OrtTensor;
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: { readonly [name: string]: unknown }): Promise<OrtSession>;
  };
  readonly env: {
    readonly versions?: { readonly [part: string]: string | undefined };
    readonly wasm?: { numThreads?: number };
  };
}

/**
 * A loaded tfjs-node: the number of threads it started with, or undefined if somebody else had loaded it
 * before.
 */
export interface TfjsNode {
  readonly threads: number | undefined;
}

/** A loaded runtime, or the reason why there is none: one line that also says what to do. */
export type Loaded<T> =
  | { readonly found: true; readonly module: T; readonly version: string }
  | { readonly found: false; readonly reason: string };

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  (typeof value === 'object' || typeof value === 'function') && value !== null;

function isOrt(value: unknown): value is Ort {
  return (
    isObject(value) &&
    typeof value['Tensor'] === 'function' &&
    isObject(value['env']) &&
    isObject(value['InferenceSession']) &&
    typeof value['InferenceSession']['create'] === 'function'
  );
}

async function importPackage(name: string): Promise<unknown> {
  return await import(name);
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

function absent(error: unknown, name: string): boolean {
  const line = firstLine(error);
  return (
    line.includes(name) && /Cannot find (package|module)|Failed to resolve|does the file exist/i.test(line)
  );
}

/** Returns the loaded module. Throws with the reason if it did not load: an engine was asked for by name. */
export function need<T>(loaded: Loaded<T>): { readonly module: T; readonly version: string } {
  if (!loaded.found) throw new InputError(loaded.reason);
  return loaded;
}

async function loadOrt(
  name: string,
  load: () => Promise<unknown>,
  part: string,
  cure: string,
): Promise<Loaded<Ort>> {
  try {
    const module = await load();
    if (!isOrt(module))
      return {
        found: false,
        reason: `${name} does not export Tensor and InferenceSession; install version 1.20 or later`,
      };
    return {
      found: true,
      module,
      version: `${name} ${module.env.versions?.[part] ?? module.env.versions?.['common'] ?? 'of unknown version'}`,
    };
  } catch (error) {
    return {
      found: false,
      reason: `${name} ${absent(error, name) ? 'is not installed' : `does not load (${firstLine(error)})`}; ${cure}`,
    };
  }
}

/** Runs `load` at the first call. Later calls, whatever their arguments, return the same promise. */
function once<A extends readonly unknown[], T>(load: (...args: A) => Promise<T>): (...args: A) => Promise<T> {
  let loading: Promise<T> | undefined;
  return (...args) => (loading ??= load(...args));
}

/**
 * The variable that turns usage data off. onnxruntime-node collects usage data for its maker: it writes a log
 * to the temporary folder and a device id and a database to the user's cache folder, and looks up a host to
 * send them to. It reads this variable once, when its library loads. A value that the user has set stays.
 */
const TELEMETRY = 'ORT_DISABLE_TELEMETRY';

function disableTelemetry(): void {
  const environment = globalThis.process?.env;
  if (environment !== undefined) environment[TELEMETRY] ??= '1';
}

/**
 * Whether onnxruntime-node may collect usage data in this process. `words` says so with the variable that
 * decides it: `off (ORT_DISABLE_TELEMETRY=1)`.
 */
export function usageData(): { readonly on: boolean; readonly words: string } {
  const value = globalThis.process?.env[TELEMETRY] ?? '1';
  const on = !/^(1|true|yes|on)$/i.test(value); // as onnxruntime-node 1.30.0 reads it, found by experiment
  return { on, words: `${on ? 'left on' : 'off'} (${TELEMETRY}=${value})` };
}

/** Loads onnxruntime-node once, with its usage data off unless the user has turned it on. */
export const loadNative: () => Promise<Loaded<Ort>> = once(() => {
  disableTelemetry();
  return loadOrt(
    'onnxruntime-node',
    () => importPackage('onnxruntime-node'),
    'node',
    'npm install onnxruntime-node --ignore-scripts (its CPU library is inside the package, its script only fetches GPU parts; if that fails, npm leaves the package out without a message; there is no package for Intel Macs), or use engine wasm',
  );
});

/**
 * Loads onnxruntime-web once. A page gets its part for wasm alone, half as large as the whole (`imports` in
 * package.json). Node gets its main entry, since the part does not load there in old versions.
 */
export const loadWasm: () => Promise<Loaded<Ort>> = once(() =>
  loadOrt(
    'onnxruntime-web',
    () => import('#onnxruntime-web'),
    'web',
    'npm install onnxruntime-web (no native code, no install script needed)',
  ),
);

/**
 * The first version of onnxruntime-web whose numbers on WebGPU were compared with those of wasm. Older ones
 * have other implementations of WebGPU, one of which computed wrong gradients.
 */
const webgpuFrom = [1, 30] as const;

function isTooOld({ env }: Ort): boolean {
  const [major = 0, minor = 0] = (env.versions?.['web'] ?? '').split('.').map(Number);
  return !(major > webgpuFrom[0] || (major === webgpuFrom[0] && minor >= webgpuFrom[1]));
}

const importWebgpu: () => Promise<Loaded<Ort>> = once(async () => {
  const loaded = await loadOrt(
    'onnxruntime-web',
    () => import('onnxruntime-web/webgpu'),
    'web',
    `npm install onnxruntime-web, version ${webgpuFrom.join('.')} or later`,
  );
  if (!loaded.found || !isTooOld(loaded.module)) return loaded;
  return {
    found: false,
    reason: `engine webgpu needs onnxruntime-web ${webgpuFrom.join('.')} or later, and found ${loaded.version}; install that, or use engine wasm`,
  };
});

/** What WebGPU says about an adapter: `google swiftshader`. */
function adapterName(adapter: { readonly [key: string]: unknown }): string {
  const info = isObject(adapter['info']) ? adapter['info'] : {};
  const words = [info['vendor'], info['architecture']].filter((word) => typeof word === 'string' && word);
  return words.length > 0 ? words.join(' ') : 'an adapter without a name';
}

/**
 * Loads onnxruntime-web's part for WebGPU, in a page or a worker that has WebGPU and an adapter. Node has
 * none; there nothing is loaded. The part is a runtime of its own beside that of wasm. A missing adapter is
 * looked for again at the next call.
 */
export async function loadWebgpu(): Promise<Loaded<Ort>> {
  const missing = (what: string): Loaded<Ort> => ({
    found: false,
    reason: `engine webgpu needs a page with WebGPU: ${what}; use engine wasm`,
  });
  const navigator: unknown = Reflect.get(globalThis, 'navigator');
  const gpu = isObject(navigator) ? navigator['gpu'] : undefined;
  if (!isObject(gpu) || typeof gpu['requestAdapter'] !== 'function')
    return missing('there is no navigator.gpu here (Node has none, pages only over https or on localhost)');
  try {
    const adapter: unknown = await Reflect.apply(gpu['requestAdapter'], gpu, []);
    if (!isObject(adapter)) return missing('the browser found no adapter, that is, no graphics processor');
    const loaded = await importWebgpu();
    return loaded.found
      ? { ...loaded, version: `${loaded.version} (WebGPU on ${adapterName(adapter)})` }
      : loaded;
  } catch (error) {
    return missing(`the request for an adapter failed (${firstLine(error)})`);
  }
}

const tfjsNode = '@tensorflow/tfjs-node';

/**
 * Runs `body` with environment variables that TensorFlow's C library reads once, when it starts: the number
 * of its threads, and no start message on stderr.
 */
async function withTensorflowEnvironment<T>(threads: number, body: () => Promise<T>): Promise<T> {
  const environment = globalThis.process?.env ?? {};
  const given = {
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_CPP_MIN_LOG_LEVEL: environment['TF_CPP_MIN_LOG_LEVEL'] ?? '1',
  };
  const before = Object.keys(given).map((name) => [name, environment[name]] as const);
  Object.assign(environment, given);
  try {
    return await body();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete environment[name];
      else environment[name] = value;
    }
  }
}

/** Node 23 dropped util.isNullOrUndefined, which tfjs-node 4.22 calls in most operations. */
async function restoreIsNullOrUndefined(): Promise<void> {
  const namespace = await importPackage('node:util');
  const util = isObject(namespace) ? namespace['default'] : undefined;
  if (isObject(util) && util['isNullOrUndefined'] === undefined)
    Reflect.set(util, 'isNullOrUndefined', (value: unknown) => value == null);
}

/**
 * Name and version of tfjs-node and of TensorFlow, such as `tfjs-node 4.22.0 (TensorFlow 2.15.1)`, as far as
 * they are known.
 */
function versionOf(exports: { readonly [key: string]: unknown }): string {
  const versions = exports['version'];
  const version =
    isObject(versions) && typeof versions['tfjs-node'] === 'string'
      ? versions['tfjs-node']
      : 'of unknown version';
  const backend: unknown = tf.findBackend('tensorflow');
  const binding = isObject(backend) ? backend['binding'] : undefined;
  const library = isObject(binding) ? binding['TF_Version'] : undefined;
  return `tfjs-node ${version}${typeof library === 'string' ? ` (TensorFlow ${library})` : ''}`;
}

/**
 * Runs `load`, which may register tfjs-node's backend. Registering makes it current, and the one that tfjs
 * prefers if none is current; both effects are undone.
 */
async function keepingBackend<T>(load: () => Promise<T>): Promise<T> {
  const before: string | null | undefined = tf.getBackend();
  try {
    return await load();
  } finally {
    const make: (() => tf.KernelBackend | Promise<tf.KernelBackend>) | null | undefined =
      tf.findBackendFactory('tensorflow');
    if (make != null) {
      const switched = tf.getBackend() === 'tensorflow';
      tf.removeBackend('tensorflow');
      tf.registerBackend('tensorflow', make, 0);
      if (switched && before != null) void tf.setBackend(before);
    }
  }
}

/**
 * Loads tfjs-node by `load`, and checks that it works here. tfjs's current backend stays the same, and so
 * does a tfjs-node backend that the user has registered.
 */
export async function loadTfjsNode(load: () => Promise<unknown>, threads: number): Promise<Loaded<TfjsNode>> {
  const known = tf.findBackendFactory('tensorflow') != null;
  try {
    const module = await (known ? load() : keepingBackend(() => withTensorflowEnvironment(threads, load)));
    const exports = isObject(module) && isObject(module['default']) ? module['default'] : module;
    if (!isObject(exports) || exports['Tensor'] !== tf.Tensor) {
      return {
        found: false,
        reason: `${tfjsNode} uses another copy of @tensorflow/tfjs-core than the engine; install both at version ${tf.version_core}, so that npm ls @tensorflow/tfjs-core shows one`,
      };
    }
    await restoreIsNullOrUndefined();
    return { found: true, module: { threads: known ? undefined : threads }, version: versionOf(exports) };
  } catch (error) {
    const cure = absent(error, tfjsNode)
      ? `is not installed; npm install ${tfjsNode}@${tf.version_core} (its install script downloads TensorFlow; in a checkout of Stillpoint npm run tfjs-node builds it without)`
      : `does not load (${firstLine(error).trim()}); its install script has not run or has failed: npm rebuild ${tfjsNode} runs it again`;
    return { found: false, reason: `${tfjsNode} ${cure}, or use engine native or wasm` };
  }
}

/** Loads tfjs-node once. Its operations use the number of threads of the first call. */
export const loadTensorflow: (threads: number) => Promise<Loaded<TfjsNode>> = once((threads: number) =>
  loadTfjsNode(() => importPackage(tfjsNode), threads),
);

/**
 * Registers tfjs's gradients. In Node tfjs-core has none by itself, and its own file of gradients does not
 * load.
 */
export async function loadGradients(): Promise<void> {
  await import('@tensorflow/tfjs-layers');
}

/** Registers tfjs's cpu backend. */
export async function loadCpu(): Promise<Loaded<undefined>> {
  try {
    const { version_cpu: version }: { readonly version_cpu?: unknown } =
      await import('@tensorflow/tfjs-backend-cpu');
    return {
      found: true,
      module: undefined,
      version: `tfjs-backend-cpu ${typeof version === 'string' ? version : 'of unknown version'}`,
    };
  } catch (error) {
    return {
      found: false,
      reason: `@tensorflow/tfjs-backend-cpu does not load (${firstLine(error)}); npm install @tensorflow/tfjs-backend-cpu`,
    };
  }
}
