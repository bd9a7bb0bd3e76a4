import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts', 'test/deploy/apiserver.test.ts'],
    globalSetup: ['test/e2e/support/global-setup.ts'],
    // A control plane takes 300 MB and most of a processor while it starts: one file after the other. Where there
    // are processors to spare, --fileParallelism --maxWorkers=2 takes little more than half of the time.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
