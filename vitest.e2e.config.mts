import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts', 'test/deploy/apiserver.test.ts'],
    globalSetup: ['test/e2e/support/global-setup.ts'],
    // A control plane takes 300 MB and most of a processor while it starts.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
