import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { folder } from '../../../testing/folder.js';
import { docs } from './examples.js';

export interface Site {
  readonly root: string;
  readonly status: number;
  readonly output: string;
  /** Files of the site by their path in it. */
  readonly files: ReadonlyMap<string, string>;
}

/** Runs VitePress in a folder of its own, so that a build of the site itself is not disturbed. */
function build(
  config: (out: string) => readonly string[],
  variables: { readonly [name: string]: string },
): Site {
  const root = folder();
  const out = join(root, 'out');
  mkdirSync(join(root, '.vitepress'));
  symlinkSync(join(docs, 'node_modules'), join(root, 'node_modules'), 'junction');
  symlinkSync(join(docs, '.vitepress', 'theme'), join(root, '.vitepress', 'theme'), 'junction');
  writeFileSync(join(root, '.vitepress', 'config.mjs'), [...config(out), ''].join('\n'));
  const vitepress = join(
    dirname(createRequire(import.meta.url).resolve('vitepress/package.json')),
    'bin',
    'vitepress.js',
  );
  const { NODE_ENV: _, VITEST: __, ...environment } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [vitepress, 'build', root], {
    cwd: docs,
    encoding: 'utf8',
    timeout: 170_000,
    env: { ...environment, ...variables },
  });
  const files = new Map<string, string>();
  if (status === 0)
    for (const name of readdirSync(out, { recursive: true, encoding: 'utf8' }))
      if (/\.(html|js|css)$/.test(name))
        files.set(name.replaceAll('\\', '/'), readFileSync(join(out, name), 'utf8'));
  return { root, status: status ?? -1, output: stdout + stderr, files };
}

const pages = JSON.stringify(join(docs, 'pages'));

/** Builds the whole site, with a module of the fixtures loaded first. */
export const buildSite = (fixture: string, base: string): Site =>
  build(
    (out) => [
      `import config from ${JSON.stringify(join(docs, '.vitepress', 'config.ts'))};`,
      `export default { ...config, srcDir: ${pages}, outDir: ${JSON.stringify(out)} };`,
    ],
    {
      DOCS_BASE: base,
      NODE_OPTIONS: `--import ${pathToFileURL(join(docs, 'test', 'fixtures', fixture)).href}`,
    },
  );

/** Builds the pages of the playground alone, with the site's theme, in a sixth of the time of the whole. */
export const buildPlayground = (): Site =>
  build(
    (out) => [
      `import { bundling } from ${JSON.stringify(join(docs, '.vitepress', 'bundling.ts'))};`,
      "const srcExclude = ['{api,guide,methods,papers,reference}/**', 'index.md'];",
      `export default { ...bundling, srcDir: ${pages}, srcExclude, outDir: ${JSON.stringify(out)} };`,
    ],
    {},
  );

/** What a reader reads in a page: tags gone, entities read. */
export function textOf(html: string): string {
  return html
    .replace(/<(script|style)\b.*?<\/\1>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#(?:39|x27);/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/\u200b/g, '')
    .replace(/\s+/g, ' ');
}
