import type { TestProject } from 'vitest/node';
import { messageOf } from '../common/errors.ts';
import { openDaemon } from './daemon.ts';
import { allRecipes, packedArch } from './pack/all-recipes.ts';
import { packImages } from './pack/pack-images.ts';
import { startTestDaemon } from './test-daemon.ts';

/** The Docker daemon of the tests, with packed images in it, or why there is none. */
export type TestDocker = { host: string; unseen: string; pid: number } | { missing: string };

declare module 'vitest' {
  interface ProvidedContext {
    docker: TestDocker;
  }
}

/**
 * Starts the one Docker daemon of all tests that need one, packs the images into it, and ends it after the last test;
 * should vitest be killed, the daemon and all it started end too. Where none can be had the tests are skipped with
 * the reason, which is also printed.
 */
export default async function testSetup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const say = (text: string) => process.stderr.write(`docker: ${text}\n`);
  const daemon = await startTestDaemon().catch((error: unknown) => {
    const missing = messageOf(error);
    say(`its tests are skipped: ${missing}`);
    project.provide('docker', { missing });
  });
  if (daemon === undefined) return undefined;
  try {
    const onProgress = ({ kit, text }: { kit: string; text: string }) => say(`${kit}: ${text}`);
    const recipes = await allRecipes({ onLeftOut: say, onProgress });
    await packImages(recipes, packedArch(), { daemon: await openDaemon({ DOCKER_HOST: daemon.host }) });
  } catch (error) {
    await daemon.stop();
    throw error;
  }
  // Its port is in the daemon's own network namespace, where the lab does not come.
  process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';
  const { host, unseen, pid } = daemon;
  project.provide('docker', { host, unseen, pid });
  return () => daemon.stop();
}
