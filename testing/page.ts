import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Vite } from 'vitest/node';

const require = createRequire(import.meta.url);

/** Vite, which vitest brings. */
export const vite: typeof Vite = await import(
  pathToFileURL(createRequire(require.resolve('vitest/package.json')).resolve('vite')).href
);

/** What is bundled for a page, and where it is written. */
export interface PageBundle {
  /** The path of a module that exports an async function `results`. */
  readonly work: string;
  readonly outDir: string;
  /** Conditions of exports before a page's own, such as the one that takes packages from their sources. */
  readonly conditions?: readonly string[];
}

/** Bundles a page that sends what `results` returns, as JSON, or the error's stack, to `openPage`. */
export async function bundlePage({ work, outDir, conditions = [] }: PageBundle): Promise<void> {
  await vite.build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('page', import.meta.url)),
    base: './',
    resolve: { conditions: [...conditions, 'module', 'browser'], alias: { work } },
    build: { outDir, target: 'es2022' },
  });
}
