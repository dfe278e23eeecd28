import { cpus } from 'node:os';

/** What a command runs on. */
export const environment = (version: string): { readonly [name: string]: string } => ({
  stillpoint: version,
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  processor: cpus()[0]?.model ?? 'unknown',
});
