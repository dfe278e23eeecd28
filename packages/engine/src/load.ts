// The one file that imports packages which may be absent. Specifiers are not literals: a literal one would fail the type
// check wherever an optional package is not installed. What comes back is checked here and typed by what we use of it.

/** A tensor of onnxruntime. */
export interface OrtTensor {
  readonly data: unknown;
}

export interface OrtSession {
  run(feeds: { readonly [name: string]: OrtTensor }, fetches?: { readonly [name: string]: OrtTensor }): Promise<{ readonly [name: string]: OrtTensor }>;
  release(): Promise<void>;
}

/** What we use of onnxruntime-node and onnxruntime-web: they share one API. */
export interface Ort {
  readonly Tensor: new (type: 'float32', data: Float32Array, shape: readonly number[]) => OrtTensor;
  readonly InferenceSession: { create(bytes: Uint8Array, options: { readonly [name: string]: unknown }): Promise<OrtSession> };
  readonly env: { readonly versions?: { readonly [part: string]: string | undefined }; readonly wasm?: { numThreads?: number } };
}

/** A loaded runtime, or why there is none: one line, with the cure. */
export type Loaded<T> = { readonly found: true; readonly module: T; readonly version: string } | { readonly found: false; readonly reason: string };

const isObject = (value: unknown): value is { readonly [key: string]: unknown } => (typeof value === 'object' || typeof value === 'function') && value !== null;

function isOrt(value: unknown): value is Ort {
  return isObject(value) && typeof value['Tensor'] === 'function' && isObject(value['env'])
    && isObject(value['InferenceSession']) && typeof value['InferenceSession']['create'] === 'function';
}

async function importPackage(name: string): Promise<unknown> {
  return await import(name);
}

const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

function absent(error: unknown): boolean {
  return /Cannot find (package|module)|Failed to resolve|does the file exist/i.test(firstLine(error));
}

async function loadOrt(name: string, part: string, cure: string): Promise<Loaded<Ort>> {
  try {
    const module = await importPackage(name);
    if (!isOrt(module)) return { found: false, reason: `${name} does not export Tensor and InferenceSession; install version 1.20 or later` };
    return { found: true, module, version: `${name} ${module.env.versions?.[part] ?? module.env.versions?.['common'] ?? 'of unknown version'}` };
  } catch (error) {
    return { found: false, reason: `${name} ${absent(error) ? 'is not installed' : `does not load (${firstLine(error)})`}; ${cure}` };
  }
}

const loading = new Map<string, Promise<Loaded<Ort>>>();

function once(name: string, load: () => Promise<Loaded<Ort>>): Promise<Loaded<Ort>> {
  const known = loading.get(name);
  if (known !== undefined) return known;
  const started = load();
  loading.set(name, started);
  return started;
}

/** onnxruntime-node, loaded once. */
export function loadNative(): Promise<Loaded<Ort>> {
  return once('native', () => loadOrt('onnxruntime-node', 'node', 'npm install onnxruntime-node --onnxruntime-node-install=skip (the CPU library is inside the package; there is none for Intel Macs), or use engine wasm'));
}

/** onnxruntime-web, loaded once. */
export function loadWasm(): Promise<Loaded<Ort>> {
  return once('wasm', () => loadOrt('onnxruntime-web', 'web', 'npm install onnxruntime-web (no native code, no install script needed)'));
}

/** Registers tfjs's gradients: tfjs-core has none by itself in Node, and its own file of them does not load there. */
export async function loadGradients(): Promise<void> {
  await importPackage('@tensorflow/tfjs-layers');
}

/** Registers tfjs's cpu backend, and answers its version. */
export async function loadCpu(): Promise<string> {
  const module = await importPackage('@tensorflow/tfjs-backend-cpu');
  const version = isObject(module) ? module['version_cpu'] : undefined;
  return `tfjs-backend-cpu ${typeof version === 'string' ? version : 'of unknown version'}`;
}
