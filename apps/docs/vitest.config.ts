import { defineProject } from 'vitest/config';

// No source condition: the site and its examples run on what is built, as a reader's would.
export default defineProject({
  test: {
    name: 'docs',
    environment: 'node',
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/build-packages.ts'],
    setupFiles: ['../../testing/remove-folders.ts'],
    testTimeout: 60_000,
    hookTimeout: 240_000,
  },
});
