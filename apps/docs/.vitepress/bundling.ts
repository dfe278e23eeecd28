import { fileURLToPath } from 'node:url';
import type { UserConfig } from 'vitepress';

/** How pages and workers are bundled. */
export const bundling = {
  vite: {
    worker: { format: 'es' }, // the engine is loaded when it is needed, for which a worker must be a module
    // The playground runs on wasm alone: without this, 40 MB for other engines would lie in the site unused.
    resolve: {
      alias: { 'onnxruntime-web/webgpu': fileURLToPath(new URL('no-webgpu.js', import.meta.url)) },
    },
  },
} satisfies UserConfig;
