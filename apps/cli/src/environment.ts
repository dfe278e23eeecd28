import { cpus } from 'node:os';

/** The machine and the version of Node. */
export const machine = (): { readonly [name: string]: string } => ({
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  processor: cpus()[0]?.model ?? 'unknown',
});

/** What a command runs on. */
export const environment = (version: string): { readonly [name: string]: string } => ({
  stillpoint: version,
  ...machine(),
});
