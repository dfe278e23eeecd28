import { createRequire } from 'node:module';

/** The version of this package. This file, and the bundle that it is put into, lie one folder deep. */
export function version(): string {
  const found: { readonly version: string } = createRequire(import.meta.url)('../package.json');
  return found.version;
}
