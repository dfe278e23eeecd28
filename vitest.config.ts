import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Vitest would leave one processor idle, which is half of two.
export default defineConfig({
  test: { projects: ['packages/*', 'apps/*', 'scripts'], maxWorkers: availableParallelism() },
});
