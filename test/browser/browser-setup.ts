import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { LabError } from '../../lab/common/errors.ts';
import { setupTools } from '../../lab/tools/setup-tools.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the tests' browser listens, on loopback. */
    browserEndpoint: string;
  }
}

/** What a page must not owe to: the graphics card, the network, what the browser fetches for itself. */
const args = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/**
 * Starts the one browser of all tests of the pages, and ends it after the last of them, whatever became of them; should
 * vitest be killed, the browser ends with the pipe that connects them. Brings Chromium where there is none and the
 * package manager may be used; else says what a person can do.
 */
export default async function browserSetup(project: TestProject): Promise<() => Promise<void>> {
  const { chromium: tool } = await setupTools(['chromium'], {}, ({ state, text }) => {
    if (state !== 'failed') process.stderr.write(`chromium: ${text}\n`);
  }).catch((error: unknown) => {
    if (!(error instanceof LabError)) throw error;
    throw new Error([error.message, ...error.details].join('\n'), { cause: error });
  });
  // As root Chromium starts without its own sandbox only, which is Playwright's default.
  const server = await chromium.launchServer({ executablePath: tool.path, args, host: '127.0.0.1' });
  project.provide('browserEndpoint', server.wsEndpoint());
  return () => server.close();
}
