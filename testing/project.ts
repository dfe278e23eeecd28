import { defineProject, type UserWorkspaceConfig } from 'vitest/config';

const conditions = ['@stillpoint/source'];

/** How the tests of a package or of the command line run: on the sources of every package, unbuilt. */
export const project = (name: string): UserWorkspaceConfig =>
  defineProject({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: { name, environment: 'node', include: ['test/**/*.test.ts'], testTimeout: 60_000 },
  });
