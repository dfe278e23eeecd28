import { fileURLToPath } from 'node:url';
import { defineProject, type UserWorkspaceConfig } from 'vitest/config';

const conditions = ['@stillpoint/source'];

/**
 * The Vitest project of a package or of the command line. Its tests run on the sources of every package,
 * without a build.
 * @param isolate whether each file of tests loads all modules anew: only where a test depends on what was
 *   loaded or set before. Without it, tests need about two thirds of the time.
 */
export const project = (name: string, { isolate = false } = {}): UserWorkspaceConfig =>
  defineProject({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      name,
      isolate,
      environment: 'node',
      include: ['test/**/*.test.ts'],
      setupFiles: [fileURLToPath(new URL('setup.ts', import.meta.url))],
      testTimeout: 60_000,
    },
  });
