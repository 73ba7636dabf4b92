import type { Daemon } from './daemon.ts';
import { OWNER_LABEL } from './labels.ts';
import { isGone } from './owner.ts';

/** How many of each were removed. */
export interface Swept {
  containers: number;
  networks: number;
  volumes: number;
}

/**
 * Removes what labs left that are gone, a SIGKILL's for instance: their containers, networks and volumes, told by their
 * owner's label. Those of labs that still run, and of other machines, stay. For where Testcontainers' reaper is off,
 * and for what it could not do; two sweeps at once do no harm.
 */
export async function sweep({ docker }: Daemon): Promise<Swept> {
  const filters = { label: [OWNER_LABEL] };
  const left = <T extends { Labels?: Record<string, string> | null | undefined }>(all: readonly T[]) =>
    all.filter(({ Labels }) => isGone(Labels?.[OWNER_LABEL] ?? ''));
  const containers = left(await docker.listContainers({ all: true, filters }));
  await Promise.all(
    containers.map(async ({ Id }) => {
      const container = docker.getContainer(Id);
      const removed = container.wait({ condition: 'removed' });
      await Promise.all([unlessGone(removed), unlessGone(container.remove({ force: true, v: true }))]);
    }),
  );
  const networks = left(await docker.listNetworks({ filters }));
  await Promise.all(networks.map(({ Id }) => unlessGone(docker.getNetwork(Id).remove())));
  const volumes = left((await docker.listVolumes({ filters })).Volumes ?? []);
  await Promise.all(volumes.map(({ Name }) => unlessGone(docker.getVolume(Name).remove())));
  return { containers: containers.length, networks: networks.length, volumes: volumes.length };
}

/** What another removes, or has removed, at the same time (409 and 404 are the daemon's words for it) is removed. */
async function unlessGone(work: Promise<unknown>): Promise<void> {
  await work.catch((error: { statusCode?: number }) => {
    if (error.statusCode !== 404 && error.statusCode !== 409) throw error;
  });
}
