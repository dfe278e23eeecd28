import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { folder } from '../../../testing/folder.js';
import { docs } from './examples.js';

export interface Site {
  /** The folder to be served, in which the site lies under its base. */
  readonly root: string;
  /** The site's own folder. */
  readonly out: string;
  readonly status: number;
  readonly output: string;
  /** Files of the site by their path in it. */
  readonly files: ReadonlyMap<string, string>;
}

/** Builds the site in a folder of its own, so that a build of the site itself is not disturbed. */
export function buildSite(fixture: string, base: string): Site {
  const root = folder();
  const served = join(root, 'served');
  const out = join(served, base);
  mkdirSync(join(root, '.vitepress'));
  symlinkSync(join(docs, 'node_modules'), join(root, 'node_modules'), 'junction');
  symlinkSync(join(docs, '.vitepress', 'theme'), join(root, '.vitepress', 'theme'), 'junction');
  writeFileSync(
    join(root, '.vitepress', 'config.mjs'),
    [
      `import config from ${JSON.stringify(join(docs, '.vitepress', 'config.ts'))};`,
      `export default { ...config, srcDir: ${JSON.stringify(join(docs, 'pages'))}, outDir: ${JSON.stringify(out)} };`,
      '',
    ].join('\n'),
  );
  const vitepress = join(
    dirname(createRequire(import.meta.url).resolve('vitepress/package.json')),
    'bin',
    'vitepress.js',
  );
  const { NODE_ENV: _, VITEST: __, ...environment } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [vitepress, 'build', root], {
    cwd: docs,
    encoding: 'utf8',
    timeout: 230_000,
    env: {
      ...environment,
      DOCS_BASE: base,
      // the build makes much garbage that lives for a short time
      NODE_OPTIONS: `--max-semi-space-size=128 --import ${pathToFileURL(join(docs, 'test', 'fixtures', fixture)).href}`,
    },
  });
  const files = new Map<string, string>();
  if (status === 0)
    for (const name of readdirSync(out, { recursive: true, encoding: 'utf8' }))
      if (/\.(html|js|css)$/.test(name))
        files.set(name.replaceAll('\\', '/'), readFileSync(join(out, name), 'utf8'));
  return { root: served, out, status: status ?? -1, output: stdout + stderr, files };
}

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
