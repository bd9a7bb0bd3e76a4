import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
    // They need a real apiserver: npm run test:e2e.
    exclude: ['test/e2e/**', 'test/deploy/apiserver.test.ts', 'node_modules/**'],
    testTimeout: 30_000,
  },
});
