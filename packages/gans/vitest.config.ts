import { defineProject } from 'vitest/config';

export default defineProject({
  resolve: { conditions: ['@stillpoint/source'] },
  ssr: { resolve: { conditions: ['@stillpoint/source'], externalConditions: ['@stillpoint/source'] } },
  test: { name: 'gans', environment: 'node', include: ['test/**/*.test.ts'], testTimeout: 60_000 },
});
