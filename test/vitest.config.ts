import path from 'node:path';
import { defineConfig } from 'vitest/config';

/**
 * Three projects by what they need: `unit` runs in this process alone, `process` starts real bash and real
 * servers, `e2e` runs the built program in a pty. Files name their project: `x.test.ts`, `x.process.test.ts`,
 * `x.e2e.test.ts`. Tests of real processes race with whatever else the machine does: one that fails is run once more,
 * and the report names it (`retry x1`). One that needs that has a race of its own or has found one: it is to be mended.
 */
export default defineConfig({
  test: {
    globalSetup: [path.join(import.meta.dirname, 'left-over-processes.ts')],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/**/*.process.test.ts', 'test/**/*.e2e.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'process',
          include: ['test/**/*.process.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          retry: 1,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/**/*.e2e.test.ts'],
          // They wait more than they compute; `concurrent: false` says which must not be held up by the test beside.
          sequence: { concurrent: true },
          maxConcurrency: 4,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          retry: 1,
        },
      },
    ],
  },
});
