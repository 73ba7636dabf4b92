import { inject, test } from 'vitest';
import { type Daemon, openDaemon } from './daemon.ts';
import type { TestDocker } from './test-setup.ts';

/** A test of the containers backend: with the tests' own daemon, packed images in it; skipped where there is none. */
export const dockerTest = test.extend<{ daemon: Daemon; own: Extract<TestDocker, { host: string }> }>({
  own: async ({ skip }, use) => {
    const docker = inject('docker');
    if ('missing' in docker) return skip(docker.missing);
    await use(docker);
  },
  daemon: async ({ own }, use) => use(await openDaemon({ DOCKER_HOST: own.host })),
});
