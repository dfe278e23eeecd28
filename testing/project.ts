import { defineProject, type UserWorkspaceConfig } from 'vitest/config';

const conditions = ['@stillpoint/source'];

/**
 * The Vitest project of a package or of the command line. Its tests run on the sources of every package,
 * without a build.
 */
export const project = (name: string): UserWorkspaceConfig =>
  defineProject({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: { name, environment: 'node', include: ['test/**/*.test.ts'], testTimeout: 60_000 },
  });
