import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
    // They need a real apiserver: npm run test:e2e.
    exclude: ['test/e2e/**', 'test/deploy/apiserver.test.ts', 'node_modules/**'],
    // Many tests wait: for a clock, a server, a command. Left alone vitest keeps one core free, half of a machine with two.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 30_000,
  },
});
