import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts', 'test/deploy/apiserver.test.ts'],
    globalSetup: ['test/e2e/support/global-setup.ts'],
    // Each has a control plane of its own, which takes 300 MB, and most of a processor while it starts. Much of the
    // time is spent waiting: two at once take little more than half of the time of one after the other.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
