import { defineConfig } from 'vitest/config';

// What the package's own name means inside it: its sources.
const alias = [
  { find: /^failover-lab\/vitest$/, replacement: `${import.meta.dirname}/lab/testing.ts` },
  { find: /^failover-lab$/, replacement: `${import.meta.dirname}/lab/index.ts` },
];

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['{lab,reports,bench,scripts}/**/*.test.ts', 'test/import-rules.test.ts'],
          exclude: ['reports/runs/**', '**/*.docker.test.ts'],
          maxWorkers: 2,
          // What is waited for has limits of its own, which say what did not come.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        resolve: { alias },
        test: {
          // The lab as users have it: whole runs, the README, the package.
          name: 'whole',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{import-rules,package}.test.ts', 'test/browser/**', '**/*.docker.test.ts'],
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        resolve: { alias },
        test: {
          // The pages in a real Chromium: one browser, which the set-up finds or brings, starts and ends.
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/browser/browser-setup.ts'],
          maxWorkers: 1,
          testTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        resolve: { alias },
        test: {
          // Containers, on a Docker daemon of the tests' own, which the set-up starts, fills and ends.
          name: 'docker',
          include: ['{lab,test,scripts}/**/*.docker.test.ts'],
          globalSetup: ['lab/docker/test-setup.ts'],
          maxWorkers: 1,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 3 },
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'scenarios',
          include: ['scenarios/**/*.test.ts'],
          // They measure times: two runs at a time, which is how their bounds were measured, and after everything else.
          maxWorkers: 1,
          fileParallelism: false,
          maxConcurrency: 2,
          sequence: { concurrent: true, groupOrder: 4 },
        },
      },
      {
        resolve: { alias },
        test: {
          // Packs and installs it: half a minute, and last.
          name: 'package',
          include: ['test/package.test.ts'],
          testTimeout: 120_000,
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
});
